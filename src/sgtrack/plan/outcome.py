"""Turns a solution into a plan: the activities of each month, and the amounts that stay missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from operator import itemgetter

from sgtrack.model.contract import Indicator, Item, Period, Project
from sgtrack.plan.activity_types import Form
from sgtrack.plan.formulate import lies_within
from sgtrack.plan.problem import (
    Demand,
    PlanningProblem,
    Pool,
    TimeSlot,
    counted,
    groups_count,
)
from sgtrack.progress.kinds import kind_of
from sgtrack.progress.periods import Window
from sgtrack.progress.tally import ZERO


@dataclass(frozen=True, slots=True)
class Planned:
    """Planned activities of one form on the same days of a month.

    ``days`` is the period in which they should take place. ``deadline`` is true if the last day is
    a deadline of the contract; ``late`` is true if the deadline has passed. ``types`` are the
    missing activity types that they should cover. ``groups`` is the number of groups or cases that
    they complete.
    """

    form: Form
    count: int
    days: Period
    deadline: bool = False
    late: bool = False
    types: tuple[str, ...] = ()
    groups: int = 0


@dataclass(frozen=True, slots=True)
class PlannedMonth:
    """A reporting month and its activities, in contract order."""

    month: Window
    activities: tuple[Planned, ...]

    @property
    def count(self) -> int:
        """Return the number of activities in the month, without submissions of briefs."""
        return sum(a.count for a in self.activities if not a.form.item.is_brief)


@dataclass(frozen=True, slots=True)
class Shortage:
    """The amount that an indicator still lacks after the plan.

    ``missing`` is in the unit of the indicator. ``periods`` names the months, quarters or years in
    which the amount is missing, for a periodic or per-person indicator. ``gone`` is true if it is
    too late for activities that count, and false if the open months have no room for the missing
    amount.
    """

    item: Item
    indicator: Indicator
    missing: Decimal
    periods: tuple[str, ...]
    gone: bool


@dataclass(frozen=True)
class Plan:
    """A plan from a day to the end of a contract.

    ``most`` is the maximum number of activities in a month, or None. ``fewest`` is true if it is
    proven that no plan with fewer activities reaches the same amounts. ``even`` is true if it is
    proven that the activities cannot be spread more evenly over the months, or placed nearer to
    their target days.
    """

    project: Project
    as_of: date
    months: tuple[PlannedMonth, ...]
    short: tuple[Shortage, ...]
    most: int | None = None
    fewest: bool = True
    even: bool = True

    @property
    def count(self) -> int:
        """Return the number of activities, without submissions of briefs."""
        return sum(month.count for month in self.months)

    @property
    def planned(self) -> tuple[Planned, ...]:
        """Return the planned activities of all months, the earliest month first."""
        return tuple(planned for month in self.months for planned in month.activities)


Counts = Mapping[tuple[int, TimeSlot], int]
"""The number of activities by form and slot."""


def reached(problem: PlanningProblem, held: Counts) -> tuple[Decimal, ...]:
    """Compute the amount that activities bring to each demand, limited to the demand's ``rest``."""
    completed = {pool.form.item.code: _completed_groups(pool, held) for pool in problem.pools}
    return tuple(min(_contributed(problem, d, held, completed), d.rest) for d in problem.demands)


def plan_months(problem: PlanningProblem, held: Counts) -> tuple[PlannedMonth, ...]:
    """List the activities of each month in contract order, with the types that they should have."""
    missing = {n: list(demand.types) for n, demand in enumerate(problem.demands) if demand.types}
    completed = {pool.form.item.code: _completed_groups(pool, held) for pool in problem.pools}
    months: list[list[tuple[int, Planned]]] = [[] for _ in problem.months]
    for n, slot in sorted(held, key=lambda key: (key[1].days.start, key[0])):
        count = held[n, slot]
        form = problem.forms[n]
        types: list[str] = []
        for demand, missing_types in missing.items():
            if counted(form, problem.demands[demand]):
                types += missing_types[:count]
                del missing_types[:count]
        groups = completed.get(form.item.code, {}).get(slot, 0) if form.is_plain else 0
        serving = [
            demand
            for demand in problem.demands
            if counted(form, demand) and lies_within(slot.days, demand.days)
        ]
        deadline = any(d.timed and d.days.end == slot.days.end for d in serving)
        late = any(d.late for d in serving)
        planned = Planned(form, count, slot.days, deadline, late, tuple(types), groups)
        months[slot.month].append((n, planned))
    return tuple(
        PlannedMonth(month, tuple(planned for _, planned in sorted(pairs, key=itemgetter(0))))
        for month, pairs in zip(problem.months, months, strict=True)
    )


def list_shortages(
    problem: PlanningProblem, reach: Sequence[Decimal], gone: Iterable[Demand]
) -> tuple[Shortage, ...]:
    """List the amounts that stay missing, by indicator.

    ``reach`` has the amount that the plan brings to each demand of the problem. ``gone`` are
    further demands, whose days have passed; an indicator has a separate shortage for them. For a
    target per person, the missing amount of a year is that of the person with the lowest amount,
    and the shortage has the largest missing amount of all years.
    """
    open_demands = zip(problem.demands, reach, strict=True)
    lacks = [(demand, demand.rest) for demand in gone]
    lacks += [(demand, demand.rest - amount) for demand, amount in open_demands]
    shortages: dict[tuple[tuple[str, str, str, str], bool], Shortage] = {}
    for demand, missing in lacks:
        if not missing:
            continue
        indicator = demand.indicator
        key = (indicator.key, demand.gone)
        before = shortages.get(key, Shortage(demand.item, indicator, ZERO, (), demand.gone))
        per_person = kind_of(indicator).per_person
        shortages[key] = replace(
            before,
            missing=max(before.missing, missing) if per_person else before.missing + missing,
            periods=(*before.periods, *([demand.on_screen] if demand.on_screen else [])),
        )
    return tuple(shortages.values())


def _contributed(
    problem: PlanningProblem,
    demand: Demand,
    held: Counts,
    completed: Mapping[str, Mapping[TimeSlot, int]],
) -> Decimal:
    if demand.counts_groups:
        return Decimal(
            sum(
                count
                for pool in problem.pools
                if groups_count(pool.form, demand.item)
                for slot, count in completed[pool.form.item.code].items()
                if lies_within(slot.days, demand.days)
            )
        )
    return sum(
        (
            counted(problem.forms[form], demand) * count
            for (form, slot), count in held.items()
            if lies_within(slot.days, demand.days)
        ),
        ZERO,
    )


def _completed_groups(pool: Pool, held: Counts) -> dict[TimeSlot, int]:
    """Count the groups completed in each slot; groups that lack the fewest sessions come first."""
    lacking = sorted(pool.lacking)
    completed = {}
    before = 0
    for slot in pool.slots:
        sessions = sum(
            count
            for (form, when), count in held.items()
            if form in pool.forms and when.days.end <= slot.days.end
        )
        complete = _groups_of(sessions, lacking, pool.form.item.sessions)
        completed[slot], before = complete - before, complete
    return completed


def _groups_of(sessions: int, lacking: Sequence[int], each: int) -> int:
    groups = 0
    for needed in lacking:
        if sessions < needed:
            return groups
        sessions -= needed
        groups += 1
    return groups + sessions // each
