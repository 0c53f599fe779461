"""Gathers what a report is composed from."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sgtrack.brief.window import month_ends
from sgtrack.ledger import chain
from sgtrack.ledger.database import reading
from sgtrack.ledger.figures import figures
from sgtrack.ledger.issued import issued
from sgtrack.ledger.reading import Wanted, entries
from sgtrack.progress.detail import detail_of
from sgtrack.progress.persons import persons_of
from sgtrack.progress.standing import standing_of
from sgtrack.progress.tally import tally
from sgtrack.report.composition import ReportMaterial
from sgtrack.report.months import month_columns
from sgtrack.targets.model import Project


def gather(
    ledger: Path, project: Project, as_of: date, today: date, *, with_names: bool
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
