"""Where a contract stands: what is claimed, what of it has its evidence, what is still open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sgtrack.model.contract import Item, Project
from sgtrack.model.figures import Figures
from sgtrack.progress.indicator_progress import Progress, ProjectProgress, progress_of
from sgtrack.progress.tally import Series, tally


@dataclass(frozen=True, slots=True)
class OpenSeries:
    """A group or case that has begun and is not closed."""

    item: Item
    series: Series


@dataclass(frozen=True, slots=True)
class Standing:
    """A contract at a date: ``proven`` is computed from the activities that have all evidence."""

    claimed: ProjectProgress
    proven: ProjectProgress
    open_series: tuple[OpenSeries, ...]

    @property
    def project(self) -> Project:
        """The contract."""
        return self.claimed.project

    def pairs(self) -> Iterator[tuple[Progress, Progress]]:
        """Every indicator as claimed and as proven, in contract order."""
        return zip(self.claimed.indicators, self.proven.indicators, strict=True)


def standing_of(project: Project, figures: Figures, as_of: date) -> Standing:
    """Hold what the ledger says against the contract at the end of a day."""
    tallies = tally(project, figures)
    proven = tally(project, figures.proven(project.needs))
    return Standing(
        progress_of(project, tallies, as_of),
        progress_of(project, proven, as_of),
        tuple(
            OpenSeries(item, one)
            for item in project.items.values()
            if item.series
            for one in tallies.series(item.code, as_of)
            if not one.closed
        ),
    )
