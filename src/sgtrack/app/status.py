"""The use cases of ``status``, ``due`` and ``explain``: figures and the entries behind them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sgtrack.app.context import AppContext, select_communities
from sgtrack.app.snapshot import Snapshot
from sgtrack.model.contract import Item, Project
from sgtrack.model.entries import EntryFilter
from sgtrack.model.errors import Refused
from sgtrack.outputs import write_outputs
from sgtrack.progress.contract_status import (
    ContractStatus,
    compute_due,
    compute_item_progress,
    compute_progress,
    compute_status,
    find_due_brief,
)
from sgtrack.progress.indicator_progress import Due, Progress
from sgtrack.progress.periods import Owed, month_ends
from sgtrack.progress.tally import tally
from sgtrack.targets.lookup import find_category, find_item

if TYPE_CHECKING:
    from sgtrack.progress.explanation import Explanation


@dataclass(frozen=True, slots=True)
class SelectedStatus:
    """The status of a contract; ``codes`` are the items to show, or None for all items."""

    status: ContractStatus
    codes: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class StatusResult:
    """The status of each community; ``open_decisions`` counts entries with unresolved conflicts."""

    as_of: date
    communities: tuple[SelectedStatus, ...]
    open_decisions: int


@dataclass(frozen=True, slots=True)
class CommunityDues:
    """A community's incomplete indicators and periods that are overdue or due soon.

    They are sorted by deadline. ``brief`` is the month whose brief is due within some days.
    """

    project: Project
    dues: tuple[Due, ...]
    brief: Owed | None


@dataclass(frozen=True, slots=True)
class ExplainedItem:
    """An item of a community with the progress and explanation of each indicator, as of a day."""

    project: Project
    item: Item
    as_of: date
    indicators: tuple[tuple[Progress, Explanation], ...]


def read_status(
    context: AppContext, community: str | None, which: str | None, as_of: str | None
) -> StatusResult:
    """Compute the status of the chosen communities as of a day.

    ``which`` is the item, clause or category to show; None shows the whole contract.

    Raises:
        Refused: no community has this item, clause or category, or the day is invalid.
    """
    projects = context.projects(community)
    day = context.day(as_of, projects[0])
    selection = select_communities(projects, partial(_item_codes, which=which))
    with context.snapshot() as snapshot:
        # Computing one community at a time keeps the figures of only one in memory.
        statuses = [
            compute_status(project, snapshot.figures(project, day), day) for project, _ in selection
        ]
        open_series = [status.open_series for status in statuses]
        if any(open_series):  # titles of series can contain names of people
            masked = zip(statuses, snapshot.mask(open_series), strict=True)
            statuses = [replace(status, open_series=series) for status, series in masked]
        open_decisions = snapshot.count_open_decisions({project.slug for project in projects})
    communities = tuple(
        SelectedStatus(status, codes)
        for status, (_, codes) in zip(statuses, selection, strict=True)
    )
    return StatusResult(day, communities, open_decisions)


def write_status_page(
    context: AppContext, community: str | None, as_of: str | None, path: Path
) -> date:
    """Write the status of the chosen communities to an HTML file, and return the status day.

    Raises:
        Refused: the day is invalid, the file name does not end with .html or .htm, or the file
            cannot be written.
    """
    from sgtrack.brief.rendering import render_document  # slow, loads Jinja
    from sgtrack.report.report_composition import compose_status_page

    projects = context.projects(community)
    day = context.day(as_of, projects[0])
    if path.suffix.lower() not in (".html", ".htm"):
        raise Refused(f"“{path.name}”不是网页的文件名", "文件名以 .html 结尾，如 进度.html")
    with context.snapshot() as snapshot:
        figures = [snapshot.figures(project, day, *month_ends(project)) for project in projects]
    pairs = [
        (compute_status(project, read, day), read)
        for project, read in zip(projects, figures, strict=True)
    ]
    values = compose_status_page(pairs, day)
    page = render_document("status", context.workspace.templates, values, ("html",))["html"]
    write_outputs(context.workspace, {path: page})
    return day


def read_dues(context: AppContext, community: str | None, weeks: int) -> tuple[CommunityDues, ...]:
    """Return the overdue indicators and periods of each community, and those due soon.

    An indicator or period is due soon if its deadline is at most ``weeks`` weeks after today.
    """
    projects = context.projects(community)
    today = context.today
    with context.snapshot() as snapshot:
        statuses = [
            compute_progress(project, tally(project, snapshot.figures(project, today)), today)
            for project in projects
        ]
    return tuple(
        CommunityDues(project, compute_due(now, weeks * 7), find_due_brief(now))
        for project, now in zip(projects, statuses, strict=True)
    )


def explain_item(
    context: AppContext, community: str | None, which: str, as_of: str | None, limit: int | None
) -> tuple[ExplainedItem, ...]:
    """Explain the figures of an item in each chosen community that has the item.

    Each explanation lists at most the latest ``limit`` entries, or all if ``limit`` is None.

    Raises:
        Refused: no community has this item, the item is added to the contract only after ``as_of``,
            or the day is invalid.
    """
    selection = context.items(community, which)
    day = context.day(as_of, selection[0][0])
    with context.snapshot() as snapshot:
        return tuple(
            _explain_in(snapshot, project, codes, day, limit) for project, codes in selection
        )


def _item_codes(project: Project, which: str | None) -> frozenset[str] | None:
    """Return the codes of the selected items, including parts, or None for all items.

    ``which`` is a category, clause or item; None selects all items.
    """
    if which is None:
        return None
    category = find_category(project, which)
    if category is not None:
        return frozenset(item.code for item in category.items)
    clause = project.clauses.get(which)
    codes = {i.code for i in clause.items} if clause else {find_item(project, which).code}
    return frozenset(c for c in project.items if codes.intersection(project.with_ancestors(c)))


def _explain_in(
    snapshot: Snapshot, project: Project, codes: tuple[str, ...], day: date, limit: int | None
) -> ExplainedItem:
    """Explain an item; ``codes`` are its own code, followed by the codes of its parts."""
    code = codes[0]
    item = project.at(day).items.get(code)
    if item is None:
        later = project.items[code]
        since = later.added.start if later.added else day
        raise Refused(
            f"{code} {later.name} 自 {since} 起列入合同", f"--as-of 写 {since} 或以后的日期"
        )
    entries = snapshot.entries(
        EntryFilter((project.slug,), codes, start=project.period.start, end=day)
    )
    tallies = tally(project, snapshot.figures(project, day, only={item.code}))
    progress = compute_item_progress(project, {item.code}, tallies, day)
    from sgtrack.progress.explanation import explain  # only ``explain`` needs it

    explanations = explain(project.at(day), item, entries, snapshot.roster(project.slug))
    if limit is not None:
        explanations = tuple(explanation.latest(limit) for explanation in explanations)
    indicators = tuple(zip(progress, snapshot.mask(explanations), strict=True))
    return ExplainedItem(project, item, day, indicators)
