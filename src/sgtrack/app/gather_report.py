"""Gathers what a report is composed from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sgtrack.ledger import chain
from sgtrack.ledger.entry_reads import entries
from sgtrack.ledger.figure_reads import figures
from sgtrack.ledger.issued_briefs import issued
from sgtrack.model.contract import Project
from sgtrack.model.queries import EntryFilter, FigureQuery
from sgtrack.progress.contract_status import compute_status
from sgtrack.progress.figure_query import figure_query_of
from sgtrack.progress.kinds.per_person_kind import compute_person_progress
from sgtrack.progress.reporting_window import month_ends
from sgtrack.progress.tally import tally
from sgtrack.report.county_report import CommunityMaterial
from sgtrack.report.monthly_table import month_columns
from sgtrack.report.report_composition import MEDIA_EVIDENCE, ReportMaterial
from sgtrack.store.connection import Connection


def gather_county(
    db: Connection, projects: Sequence[Project], as_of: date
) -> tuple[tuple[CommunityMaterial, ...], str]:
    """What the report on a county at a day is composed from, and the end of the chain."""
    communities = []
    for project in projects:
        found = figures(db, project.slug, figure_query_of(project, [as_of]))
        media = tuple(code for code in project.items if MEDIA_EVIDENCE in project.needs_of(code))
        wanted = EntryFilter((project.slug,), media, end=as_of)
        every = FigureQuery(typed=frozenset(project.items), cuts=frozenset({as_of}))
        communities.append(
            CommunityMaterial(
                compute_status(project, found, as_of),
                figures(db, project.slug, every),
                entries(db, wanted) if media else (),
            )
        )
    return tuple(communities), chain.head_of(db)


def gather(
    db: Connection, project: Project, as_of: date, today: date, *, with_names: bool
) -> ReportMaterial:
    """What a report at a day says of a community."""
    found = figures(db, project.slug, figure_query_of(project, [as_of, *month_ends(project)]))
    tallies = tally(project, found)
    briefs = issued(db, project.slug)
    return ReportMaterial(
        standing=compute_status(project, found, as_of),
        months=month_columns(project, tallies, briefs, as_of),
        entries=entries(db, EntryFilter((project.slug,), end=as_of)),
        series=tuple(
            (item, one)
            for item in project.items.values()
            if item.series
            for one in tallies.series(item.code, as_of)
        ),
        people=compute_person_progress(project, tallies, as_of),
        briefs=tuple(brief for brief in briefs if brief.issued <= as_of),
        head=chain.head_of(db),
        today=today,
        with_names=with_names,
    )
