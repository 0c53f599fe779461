"""Compares the communities of a county and computes their totals."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sgtrack.model.contract import Indicator
from sgtrack.progress.contract_status import ContractStatus
from sgtrack.progress.indicator_progress import CategoryProgress, Progress, State, mean
from sgtrack.progress.kinds import kind_of
from sgtrack.progress.tally import ZERO

Column = tuple[str, str]
"""The code and name of a category, which identify it in the contracts of all communities."""


@dataclass(frozen=True, slots=True)
class CategoryCell:
    """The percentage of a community in a category, and the worst state of an indicator in it."""

    percent: Decimal
    worst: State


@dataclass(frozen=True, slots=True)
class IndicatorTotal:
    """The totals of an indicator over the communities that have it.

    ``communities`` is the number of these communities. ``target`` and ``actual`` are sums of the
    results of ``IndicatorKind.count``: amounts, periods, people or communities. ``percent`` and
    ``proven`` are mean percentages; ``proven`` includes only activities with all evidence.
    """

    code: str
    name: str
    indicator: Indicator
    communities: int
    target: Decimal
    actual: Decimal
    percent: Decimal
    proven: Decimal
    states: dict[State, int]


@dataclass(frozen=True, slots=True)
class CategoryTotal:
    """The totals of a category over the communities that have it."""

    column: Column
    percent: Decimal
    indicators: tuple[IndicatorTotal, ...]


@dataclass(frozen=True, slots=True)
class County:
    """The communities of a county at a date, the most urgent first, and their totals."""

    as_of: date
    standings: tuple[ContractStatus, ...]
    percent: Decimal
    proven: Decimal
    categories: tuple[CategoryTotal, ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        """The categories of all contracts, sorted by code and name."""
        return tuple(category.column for category in self.categories)


def county_of(statuses: Iterable[ContractStatus], as_of: date) -> County:
    """Sort communities, the most urgent first, and compute their totals."""
    standings = tuple(sorted(statuses, key=_need))
    grouped: dict[Column, list[tuple[ContractStatus, CategoryProgress]]] = {}
    for standing in sorted(standings, key=lambda status: status.project.slug):
        for category in standing.claimed.categories:
            grouped.setdefault(_column(category), []).append((standing, category))
    return County(
        as_of,
        standings,
        mean(status.claimed.percent for status in standings),
        mean(status.proven.percent for status in standings),
        tuple(
            CategoryTotal(column, mean(c.percent for _, c in members), _indicators(members))
            for column, members in sorted(grouped.items(), key=lambda pair: _order(pair[0]))
        ),
    )


def _need(status: ContractStatus) -> tuple[int, Decimal, int, str]:
    """Return a sort key: most overdue first, then the lowest percentage, then most behind."""
    states, percent = states_of(status), status.claimed.percent
    return (-states[State.OVERDUE], percent, -states[State.BEHIND], status.project.slug)


def states_of(standing: ContractStatus) -> dict[State, int]:
    """Return the number of indicators of a community in each state."""
    return _count(standing.claimed.indicators)


def cells_of(standing: ContractStatus) -> dict[Column, CategoryCell]:
    """Return the percentage and the worst state of a community in each category."""
    return {
        _column(category): CategoryCell(
            category.percent,
            max((p.state for p in category.indicators), key=list(State).index, default=State.DONE),
        )
        for category in standing.claimed.categories
    }


def _column(category: CategoryProgress) -> Column:
    return category.category.code, category.category.name


def _order(column: Column) -> tuple[bool, int, str]:
    code = column[0]
    return (not code.isdigit(), int(code) if code.isdigit() else 0, column[1])


def _count(indicators: Iterable[Progress]) -> dict[State, int]:
    states = Counter(progress.state for progress in indicators)
    return {state: states[state] for state in State}


def _indicators(
    members: Sequence[tuple[ContractStatus, CategoryProgress]],
) -> tuple[IndicatorTotal, ...]:
    grouped: dict[tuple[object, ...], list[tuple[Progress, Progress]]] = defaultdict(list)
    for standing, category in members:
        proven = {progress.indicator.key: progress for progress in standing.proven.indicators}
        for claimed in category.indicators:
            key = (claimed.item.name, *claimed.indicator.key)
            grouped[key].append((claimed, proven[claimed.indicator.key]))
    totals = []
    for pairs in grouped.values():
        first = pairs[0][0]
        counted = [kind_of(claimed.indicator).count(claimed) for claimed, _ in pairs]
        totals.append(
            IndicatorTotal(
                first.item.code,
                first.item.name,
                first.indicator,
                len(pairs),
                target=sum((target for target, _ in counted), ZERO),
                actual=sum((actual for _, actual in counted), ZERO),
                percent=mean(claimed.percent for claimed, _ in pairs),
                proven=mean(proven.percent for _, proven in pairs),
                states=_count(claimed for claimed, _ in pairs),
            )
        )
    return tuple(totals)
