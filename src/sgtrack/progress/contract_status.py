"""Where a contract stands at a date: progress, what of it is proven, what is due and open."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sgtrack.model.contract import Indicator, Item, Project
from sgtrack.model.figures import Figures
from sgtrack.progress.indicator_progress import (
    CategoryProgress,
    Due,
    Progress,
    ProjectProgress,
    State,
    mean_percent,
)
from sgtrack.progress.kinds import kind_of
from sgtrack.progress.kinds.indicator_kind import Evaluation
from sgtrack.progress.periods import windows
from sgtrack.progress.tally import Series, Tallies, tally


@dataclass(frozen=True, slots=True)
class OpenSeries:
    """A group or case that has begun and is not closed."""

    item: Item
    series: Series


@dataclass(frozen=True, slots=True)
class ContractStatus:
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


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """The percentage at the end of a month, planned and actual; None for months to come."""

    label: str
    planned: float
    actual: float | None


def compute_status(project: Project, figures: Figures, as_of: date) -> ContractStatus:
    """Compare the figures of the ledger with the contract at the end of a day."""
    tallies = tally(project, figures)
    proven = tally(project, figures.proven(project.needs))
    return ContractStatus(
        compute_progress(project, tallies, as_of),
        compute_progress(project, proven, as_of),
        tuple(
            OpenSeries(item, series)
            for item in project.items.values()
            if item.series
            for series in tallies.series(item.code, as_of)
            if not series.closed
        ),
    )


def compute_progress(project: Project, tallies: Tallies, as_of: date) -> ProjectProgress:
    """Every indicator of the contract in force on a day, at the end of that day."""
    project = project.at(as_of)
    categories = []
    for category in project.categories:
        indicators = tuple(
            _evaluate(project, item, indicator, tallies, as_of)
            for item in category.items
            for indicator in item.indicators
        )
        categories.append(CategoryProgress(category, mean_percent(indicators), indicators))
    overall = mean_percent(one for category in categories for one in category.indicators)
    return ProjectProgress(project, as_of, overall, tuple(categories))


def compute_item_progress(
    project: Project, codes: Collection[str], tallies: Tallies, as_of: date
) -> tuple[Progress, ...]:
    """Every indicator of some items that the contract in force on a day has, in its order."""
    project = project.at(as_of)
    return tuple(
        _evaluate(project, item, indicator, tallies, as_of)
        for _, _, item, indicator in project.indicators()
        if item.code in codes
    )


def _evaluate(
    project: Project, item: Item, indicator: Indicator, tallies: Tallies, as_of: date
) -> Progress:
    evaluation = Evaluation(project, item, indicator, tallies, as_of)
    progress = kind_of(indicator).progress(evaluation)
    return replace(progress, state=State.ENDED, near=False) if indicator.ended else progress


def compute_due(progress: ProjectProgress, days: int) -> tuple[Due, ...]:
    """What is owed within some days of the date of ``progress``, and what was missed before.

    Every open month, quarter and year of a rhythm, every milestone, and the targets of the whole
    project once its end is near. The earliest comes first.
    """
    until = progress.as_of + timedelta(days=days)
    dues = [
        due
        for one in progress.indicators
        if one.state is not State.ENDED
        for due in kind_of(one.indicator).due(one, progress.as_of, until)
    ]
    return tuple(sorted(dues, key=lambda due: due.deadline))


def compute_month_ends(project: Project, tallies: Tallies, as_of: date) -> tuple[MonthEnd, ...]:
    """Every month of a project; planned is the share of the project's time that has passed."""
    project = project.at(as_of)
    month_ends = []
    for window in windows(project):
        end = window.period.end
        actual = None
        if window.period.start <= as_of:
            actual = float(compute_progress(project, tallies, min(end, as_of)).percent)
        passed = (end - project.period.start).days + 1
        planned = round(100 * passed / project.period.days, 1)
        month_ends.append(MonthEnd(f"{window.month}月", planned, actual))
    return tuple(month_ends)
