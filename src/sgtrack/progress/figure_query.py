"""Which figures of the ledger the progress of a contract needs, and at what granularity."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date, timedelta

from sgtrack.model.contract import Indicator, Item, Per, Project
from sgtrack.model.figures import FigureQuery
from sgtrack.model.units import is_distinct
from sgtrack.progress.kinds import kind_of
from sgtrack.progress.periods import owed_periods

_Condition = Callable[[Item, Indicator], bool]


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
    chosen = _served(project, lambda item, _: only is None or item.code in only)

    def chosen_where(condition: _Condition) -> frozenset[str]:
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


def _served(project: Project, condition: _Condition) -> frozenset[str]:
    """The items with an indicator that fulfils a condition, and those that are part of them."""
    fulfilling = {
        item.code for _, _, item, indicator in project.indicators() if condition(item, indicator)
    }
    return frozenset(
        code for code in project.items if not fulfilling.isdisjoint(project.with_ancestors(code))
    )
