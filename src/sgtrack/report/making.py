"""Gathers what a report is composed from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sgtrack.brief.window import month_ends
from sgtrack.ledger import chain
from sgtrack.ledger.connection import Location
from sgtrack.ledger.database import reading
from sgtrack.ledger.figures import Detail, figures
from sgtrack.ledger.issued import issued
from sgtrack.ledger.reading import Wanted, entries
from sgtrack.progress.detail import detail_of
from sgtrack.progress.persons import persons_of
from sgtrack.progress.standing import standing_of
from sgtrack.progress.tally import tally
from sgtrack.report.composition import MEDIA_EVIDENCE, ReportMaterial
from sgtrack.report.county import CommunityMaterial
from sgtrack.report.months import month_columns
from sgtrack.targets.model import Project


def gather_county(
    ledger: Location, projects: Sequence[Project], as_of: date
) -> tuple[tuple[CommunityMaterial, ...], str]:
    """What the report on a county at a day is composed from, and the end of the chain."""
    with reading(ledger) as db:
        communities = []
        for project in projects:
            found = figures(db, project.slug, detail_of(project, [as_of]))
            media = tuple(
                code for code in project.items if MEDIA_EVIDENCE in project.needs_of(code)
            )
            wanted = Wanted((project.slug,), media, end=as_of)
            every = Detail(typed=frozenset(project.items), cuts=frozenset({as_of}))
            communities.append(
                CommunityMaterial(
                    standing_of(project, found, as_of),
                    figures(db, project.slug, every),
                    entries(db, wanted) if media else (),
                )
            )
        return tuple(communities), chain.head_of(db) if ledger.exists() else ""


def gather(
    ledger: Location, project: Project, as_of: date, today: date, *, with_names: bool
) -> ReportMaterial:
    """What a report at a day says of a community."""
    with reading(ledger) as db:
        found = figures(db, project.slug, detail_of(project, [as_of, *month_ends(project)]))
        tallies = tally(project, found)
        briefs = issued(db, project.slug)
        return ReportMaterial(
            standing=standing_of(project, found, as_of),
            months=month_columns(project, tallies, briefs, as_of),
            entries=entries(db, Wanted((project.slug,), end=as_of)),
            series=tuple(
                (item, one)
                for item in project.items.values()
                if item.series
                for one in tallies.series(item.code, as_of)
            ),
            people=persons_of(project, tallies, as_of),
            briefs=tuple(brief for brief in briefs if brief.issued <= as_of),
            head=chain.head_of(db),
            today=today,
            with_names=with_names,
        )
