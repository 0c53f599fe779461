"""How finely the ledger has to be read for a contract to be held against it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date, timedelta

from sgtrack.model.contract import Item, Per, Project
from sgtrack.model.queries import FigureQuery
from sgtrack.model.units import is_distinct
from sgtrack.progress.kinds import kind_of
from sgtrack.progress.periods import owed_periods


def figure_query_of(
    project: Project, days: Iterable[date], only: Collection[str] | None = None
) -> FigureQuery:
    """What progress at the end of each of some days needs to know, or that of some items only.

    Months and quarters are those of the calendar. Besides the days asked for, a stretch can end
    before the project begins or a change comes into force, and where it matters with a year of the
    project.
    """
    eves = [project.period.start, *(change.start for change in project.changes)]
    ends = [
        project.period.end,
        *(extension.before for extension in project.extensions),
    ]
    years = owed_periods(project.period, Per.YEAR)
    among = _served(project, lambda item: only is None or item.code in only)
    return FigureQuery(
        only=None if only is None else among,
        one_by_one=among & project.one_by_one,
        monthly=among & _served(project, _has_rhythm),
        yearly=among & _served(project, _is_told_apart_by_years),
        typed=among & _served(project, _asks_for_a_type_or_a_day),
        titled=among & _served(project, lambda item: item.series),
        named=among & _served(project, _counts_names),
        cuts=frozenset({*days, *ends, *(eve - timedelta(days=1) for eve in eves)}),
        years=frozenset(year.period.end for year in years),
    )


def _has_rhythm(item: Item) -> bool:
    return any(one.per in (Per.MONTH, Per.QUARTER) for one in item.indicators)


def _is_told_apart_by_years(item: Item) -> bool:
    return any(one.per is Per.YEAR or kind_of(one).by_year for one in item.indicators)


def _asks_for_a_type_or_a_day(item: Item) -> bool:
    return any(kind_of(one).by_label for one in item.indicators)


def _counts_names(item: Item) -> bool:
    return item.once_per_person or any(
        is_distinct(one.unit) or kind_of(one).by_name for one in item.indicators
    )


def _served(project: Project, wanted: Callable[[Item], bool]) -> frozenset[str]:
    """The items whose activities count for one that is wanted, itself or what it is part of."""
    return frozenset(
        code
        for code in project.items
        if any(wanted(project.items[over]) for over in project.with_ancestors(code))
    )
