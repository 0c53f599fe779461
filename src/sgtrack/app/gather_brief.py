"""Gathers from the ledger what a month's brief is composed from."""

from __future__ import annotations

from datetime import date, timedelta

from sgtrack.brief.brief_composition import Month
from sgtrack.ledger.entry_reads import read_entries
from sgtrack.ledger.figure_reads import read_figures
from sgtrack.ledger.issued_briefs import (
    read_issued_briefs,
    read_new_entries,
    read_unreported_changes,
)
from sgtrack.model.contract import Project
from sgtrack.model.issued import IssuedBrief, UnreportedChanges
from sgtrack.model.queries import EntryFilter
from sgtrack.plan.integer_program import NotSolved
from sgtrack.plan.outcome import PlannedMonth
from sgtrack.plan.planner import RECENT, compute_plan
from sgtrack.progress.contract_status import compute_month_ends, compute_progress
from sgtrack.progress.figure_query import figure_query_of
from sgtrack.progress.indicator_progress import ProjectProgress
from sgtrack.progress.reporting_window import Window, month_ends, windows
from sgtrack.progress.tally import Tallies, tally
from sgtrack.store.connection import Connection

_PLANNING = 5.0
"""How many seconds a brief may wait for the plan of the next month."""


def gather_month(db: Connection, project: Project, window: Window, today: date) -> Month:
    """What the brief of a reporting month says, up to today where the month is still open.

    The month after the last issued brief begins where that one ended: its figures are what has
    come to those that were issued, late entries and corrections included. Any other month is a
    look at its own days.
    """
    as_of = min(max(today, window.period.start), window.period.end)
    tallies = tally(
        project,
        read_figures(db, project.slug, figure_query_of(project, [as_of, *month_ends(project)])),
    )
    now = compute_progress(project, tallies, as_of)
    last = follows(project, window, read_issued_briefs(db, project.slug))
    if last is not None:
        before, reported = last.totals, last.last_day
        found = read_unreported_changes(db, project.slug, as_of)
    else:
        reported = window.period.start - timedelta(days=1)
        earlier = compute_progress(project, tallies, reported)
        before = {one.indicator.key: one.actual for one in earlier.indicators}
        found = UnreportedChanges(read_new_entries(db, project.slug, window.period.start, as_of))
    return Month(
        project=project,
        window=window,
        since=reported + timedelta(days=1),
        today=today,
        now=now,
        before=before,
        regular=tuple(e for e in found.entries if e.activity.day > reported),
        late=tuple(e for e in found.entries if e.activity.day <= reported),
        corrections=found.corrections,
        pace=compute_month_ends(project, tallies, as_of),
        planned=_planned(db, now, tallies, window),
    )


def _planned(
    db: Connection, now: ProjectProgress, tallies: Tallies, window: Window
) -> tuple[PlannedMonth, ...] | None:
    """What is planned up to the end of the next month; None where there is no solver."""
    project, tomorrow = now.project, now.as_of + timedelta(days=1)
    months = windows(project)
    until = next((w.period.end for w in months if w.number == window.number + 1), None)
    if until is None:
        return None
    logged = read_entries(db, EntryFilter((project.slug,), end=now.as_of, last=RECENT))
    try:
        plan = compute_plan(
            now, tallies, [entry.activity for entry in logged], tomorrow, seconds=_PLANNING
        )
    except NotSolved:
        return None
    return tuple(month for month in plan.months if month.month.days.end <= until)


def follows(
    project: Project, window: Window, briefs: tuple[IssuedBrief, ...]
) -> IssuedBrief | None:
    """The last issued brief, where the window is the month after it."""
    if not briefs:
        return None
    labels = [one.label for one in windows(project)]
    last = briefs[-1]
    if last.month in labels and labels.index(window.label) == labels.index(last.month) + 1:
        return last
    return None
