"""What so many activities of each kind in each stretch of days bring, computed exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from sgtrack.plan.activity_types import Form
from sgtrack.plan.demands import Demand, Missed, counts_groups
from sgtrack.plan.formulate import within
from sgtrack.plan.plan import Planned, PlannedMonth, Short
from sgtrack.plan.problem import Pool, Problem, Slot, counted, groups_count
from sgtrack.progress.kinds import kind_of
from sgtrack.progress.tally import ZERO

Held = Mapping[tuple[int, Slot], int]
"""How many activities of a form there are in a stretch of days."""


def reached(problem: Problem, held: Held) -> tuple[Decimal, ...]:
    """How much of each demand the activities bring, in its unit, and no more than is missing."""
    completed = {pool.form.item.code: _completed(pool, held) for pool in problem.pools}
    return tuple(min(_brought(problem, d, held, completed), d.rest) for d in problem.demands)


def months_with(problem: Problem, held: Held) -> tuple[PlannedMonth, ...]:
    """The activities of each month in contract order, and which types they should be of."""
    missing = {n: list(demand.types) for n, demand in enumerate(problem.demands) if demand.types}
    completed = {pool.form.item.code: _completed(pool, held) for pool in problem.pools}
    months: list[list[tuple[int, Planned]]] = [[] for _ in problem.months]
    for (n, slot), count in sorted(held.items(), key=lambda one: (one[0][1].days.start, one[0][0])):
        form = problem.forms[n]
        types: list[str] = []
        for demand, untold in missing.items():
            if counted(form, problem.demands[demand]):
                types += untold[:count]
                del untold[:count]
        groups = completed.get(form.item.code, {}).get(slot, 0) if form.is_plain else 0
        planned = _planned(problem, form, slot, count)
        months[slot.month].append((n, replace(planned, types=tuple(types), groups=groups)))
    return tuple(
        PlannedMonth(month, tuple(one for _, one in sorted(found, key=lambda pair: pair[0])))
        for month, found in zip(problem.months, months, strict=True)
    )


def short_of(
    problem: Problem, reach: Sequence[Decimal], missed: Sequence[Missed]
) -> tuple[Short, ...]:
    """What stays missing, by indicator: what was missed before, and what there is no room for.

    Of a target per person it is what the person with the least misses most in a year.
    """
    parts = [(one.item, one.indicator, one.missing, one.on_screen, True) for one in missed]
    parts += [
        (one.item, one.indicator, one.rest - amount, one.on_screen, False)
        for one, amount in zip(problem.demands, reach, strict=True)
        if amount < one.rest
    ]
    found: dict[tuple[tuple[str, str, str, str], bool], Short] = {}
    for item, indicator, missing, on_screen, gone in parts:
        key = (indicator.key, gone)
        known = found.get(key, Short(item, indicator, ZERO, (), gone))
        per_person = kind_of(indicator).per_person
        found[key] = replace(
            known,
            missing=max(known.missing, missing) if per_person else known.missing + missing,
            periods=(*known.periods, on_screen) if on_screen else known.periods,
        )
    return tuple(found.values())


def _planned(problem: Problem, form: Form, slot: Slot, count: int) -> Planned:
    serving = [
        demand
        for demand in problem.demands
        if counted(form, demand) and within(slot.days, demand.days)
    ]
    return Planned(
        form,
        count,
        slot.days,
        deadline=any(d.timed and d.days.end == slot.days.end for d in serving),
        late=any(d.late for d in serving),
    )


def _brought(
    problem: Problem,
    demand: Demand,
    held: Held,
    completed: Mapping[str, Mapping[Slot, int]],
) -> Decimal:
    if counts_groups(demand.item, demand.indicator):
        return Decimal(
            sum(
                count
                for pool in problem.pools
                if groups_count(pool.form, demand.item)
                for slot, count in completed[pool.form.item.code].items()
                if within(slot.days, demand.days)
            )
        )
    return sum(
        (
            counted(problem.forms[form], demand) * count
            for (form, slot), count in held.items()
            if within(slot.days, demand.days)
        ),
        ZERO,
    )


def _completed(pool: Pool, held: Held) -> dict[Slot, int]:
    """The groups that are complete at the end of each stretch; the nearest to it go first."""
    lacking = sorted(pool.lacking)
    found = {}
    before = 0
    for slot in pool.slots:
        sessions = sum(
            count
            for (form, when), count in held.items()
            if form in pool.forms and when.days.end <= slot.days.end
        )
        complete = _groups_of(sessions, lacking, pool.form.item.sessions)
        found[slot], before = complete - before, complete
    return found


def _groups_of(sessions: int, lacking: Sequence[int], each: int) -> int:
    groups = 0
    for needed in lacking:
        if sessions < needed:
            return groups
        sessions -= needed
        groups += 1
    return groups + sessions // each
