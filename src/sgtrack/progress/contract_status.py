"""Computes the status of a contract at a date: progress, proven progress and open groups."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from sgtrack.model.contract import Indicator, Item, Per, Project
from sgtrack.model.figures import FigureQuery, Figures
from sgtrack.model.units import is_distinct
from sgtrack.progress.indicator_progress import (
    CategoryProgress,
    Due,
    Progress,
    ProjectProgress,
    State,
    mean,
)
from sgtrack.progress.kinds import kind_of
from sgtrack.progress.kinds.indicator_kind import Evaluation
from sgtrack.progress.periods import Owed, owed_periods, windows
from sgtrack.progress.tally import Series, Tallies, tally


@dataclass(frozen=True, slots=True)
class OpenSeries:
    """A group or case that has begun and is not yet closed."""

    item: Item
    series: Series


@dataclass(frozen=True, slots=True)
class ContractStatus:
    """The status of a contract at a date; ``proven`` includes only activities with all evidence."""

    claimed: ProjectProgress
    proven: ProjectProgress
    open_series: tuple[OpenSeries, ...]

    @property
    def project(self) -> Project:
        """The contract in force at the date."""
        return self.claimed.project

    def pairs(self) -> Iterator[tuple[Progress, Progress]]:
        """Yield the claimed and the proven progress of every indicator, in contract order."""
        return zip(self.claimed.indicators, self.proven.indicators, strict=True)


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """The percentages at the end of a reporting month.

    For the current month, ``actual`` is the percentage so far. For a month that has not begun, it
    is None.
    """

    label: str
    planned: float
    actual: float | None


def compute_status(project: Project, figures: Figures, as_of: date) -> ContractStatus:
    """Compute the status of a contract at the end of a day from the figures of the ledger."""
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
    """Compute the progress of the contract in force on a day, at the end of that day."""
    project = project.at(as_of)
    categories = []
    for category in project.categories:
        indicators = tuple(
            _evaluate(project, item, indicator, tallies, as_of)
            for item in category.items
            for indicator in item.indicators
        )
        categories.append(CategoryProgress(category, _mean_percent(indicators), indicators))
    overall = _mean_percent(p for category in categories for p in category.indicators)
    return ProjectProgress(project, as_of, overall, tuple(categories))


def _mean_percent(indicators: Iterable[Progress]) -> Decimal:
    """Return the mean percentage, without indicators that a change ended."""
    return mean(progress.percent for progress in indicators if progress.state is not State.ENDED)


def compute_item_progress(
    project: Project, codes: Collection[str], tallies: Tallies, as_of: date
) -> tuple[Progress, ...]:
    """Compute the progress of the indicators of some items at the end of a day."""
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
    """List what is overdue, or due at most ``days`` days after ``progress.as_of``, earliest first.

    A periodic indicator has one element for each incomplete period. Every other incomplete
    indicator has one element. Indicators that a change ended are left out.
    """
    until = progress.as_of + timedelta(days=days)
    dues = [
        due
        for indicator in progress.indicators
        if indicator.state is not State.ENDED
        for due in kind_of(indicator.indicator).due(indicator, progress.as_of, until)
    ]
    return tuple(sorted(dues, key=lambda due: due.deadline))


def find_due_brief(progress: ProjectProgress) -> Owed | None:
    """Return the month whose brief is due within ``Pace.remind_days`` days; None if none is."""
    for indicator in progress.indicators:
        if not indicator.item.is_brief or indicator.state is State.ENDED:
            continue
        for period in indicator.periods:
            days = (period.owed.deadline - progress.as_of).days
            if not period.met and 0 <= days <= progress.project.pace.remind_days:
                return period.owed
    return None


def compute_month_ends(project: Project, tallies: Tallies, as_of: date) -> tuple[MonthEnd, ...]:
    """Compute the planned and actual percentage at the end of every reporting month.

    The planned percentage is the share of the project's days that have passed by then. For the
    month of the day ``as_of``, the actual percentage is that of this day.
    """
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


def figure_query_of(
    project: Project, days: Iterable[date], only: Collection[str] | None = None
) -> FigureQuery:
    """Build the query for the figures needed to compute progress at the end of some days.

    ``only`` limits the query to some items and their parts (其中). The boundaries are the given
    days, the day before the project begins, the day before each change, and the original and
    extended ends of the project. For yearly items, the last day of each project year is also a
    boundary.
    """
    starts = [project.period.start, *(change.start for change in project.changes)]
    ends = [project.period.end, *(extension.before for extension in project.extensions)]
    years = owed_periods(project.period, Per.YEAR)
    chosen = _served(project, lambda item, _: only is None or item.code in only)

    def chosen_where(condition: Callable[[Item, Indicator], bool]) -> frozenset[str]:
        return chosen & _served(project, condition)

    return FigureQuery(
        only=None if only is None else chosen,
        one_by_one=chosen & project.one_by_one,
        monthly=chosen_where(lambda _, i: i.per in (Per.MONTH, Per.QUARTER)),
        yearly=chosen_where(lambda _, i: i.per is Per.YEAR or kind_of(i).by_year),
        typed=chosen_where(lambda _, i: kind_of(i).by_label),
        titled=chosen_where(lambda item, _: item.series),
        named=chosen_where(
            lambda item, i: item.once_per_person or is_distinct(i.unit) or kind_of(i).by_name
        ),
        boundaries=frozenset({*days, *ends, *(start - timedelta(days=1) for start in starts)}),
        years=frozenset(year.period.end for year in years),
    )


def _served(project: Project, condition: Callable[[Item, Indicator], bool]) -> frozenset[str]:
    """Return the codes of items with an indicator that fulfils a condition, and of their parts."""
    fulfilling = {
        item.code for _, _, item, indicator in project.indicators() if condition(item, indicator)
    }
    return frozenset(
        code for code in project.items if not fulfilling.isdisjoint(project.with_ancestors(code))
    )
