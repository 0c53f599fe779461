"""Which figures of the ledger the progress of a contract needs, and at what granularity."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date, timedelta

from sgtrack.model.contract import Item, Per, Project
from sgtrack.model.figures import FigureQuery
from sgtrack.model.units import is_distinct
from sgtrack.progress.kinds import kind_of
from sgtrack.progress.periods import owed_periods


def figure_query_of(
    project: Project, days: Iterable[date], only: Collection[str] | None = None
) -> FigureQuery:
    """Build the query for the progress at the end of some days.

    Figures are summed between boundaries: the given days, the day before the project begins or a
    change comes into force, the end of the project and, for yearly items, of its years.

    ``only`` limits the query to some items.
    """
    starts = [project.period.start, *(change.start for change in project.changes)]
    ends = [project.period.end, *(extension.before for extension in project.extensions)]
    years = owed_periods(project.period, Per.YEAR)
    chosen = _served(project, lambda item: only is None or item.code in only)
    return FigureQuery(
        only=None if only is None else chosen,
        one_by_one=chosen & project.one_by_one,
        monthly=chosen & _served(project, _needs_months),
        yearly=chosen & _served(project, _needs_years),
        typed=chosen & _served(project, _needs_labels),
        titled=chosen & _served(project, lambda item: item.series),
        named=chosen & _served(project, _needs_names),
        boundaries=frozenset({*days, *ends, *(start - timedelta(days=1) for start in starts)}),
        years=frozenset(year.period.end for year in years),
    )


def _needs_months(item: Item) -> bool:
    return any(one.per in (Per.MONTH, Per.QUARTER) for one in item.indicators)


def _needs_years(item: Item) -> bool:
    return any(one.per is Per.YEAR or kind_of(one).by_year for one in item.indicators)


def _needs_labels(item: Item) -> bool:
    return any(kind_of(one).by_label for one in item.indicators)


def _needs_names(item: Item) -> bool:
    return item.once_per_person or any(
        is_distinct(one.unit) or kind_of(one).by_name for one in item.indicators
    )


def _served(project: Project, condition: Callable[[Item], bool]) -> frozenset[str]:
    """The items that fulfil a condition, or are part of one that does."""
    return frozenset(
        code
        for code in project.items
        if any(condition(project.items[over]) for over in project.with_ancestors(code))
    )
