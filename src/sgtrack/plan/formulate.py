"""Formulates a planning problem as an integer program, by the formulas of docs/planning.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

from sgtrack.model.contract import Period
from sgtrack.plan.integer_program import Program, Terms, ones
from sgtrack.plan.problem import (
    Demand,
    PlanningProblem,
    Pool,
    TimeSlot,
    counted,
    groups_count,
)

HUNDRED = 100
"""The factor that converts amounts to hundredths, because all coefficients are integers."""
_WHOLE_INDICATOR = 10**7
"""The cost of missing an indicator completely; a partial shortage costs its share."""
_USUAL_DAYS = 30
"""The maximum number of days that a month counts in :func:`spread_evenly`."""


@dataclass
class Formulation:
    """An integer program, and the meaning of its columns.

    ``held`` maps each form and slot to the column for the number of activities. ``groups`` maps
    each item code and slot to the columns for the number of completed groups. ``lacks`` maps each
    demand to the column for its missing amount, in hundredths of its unit; it is empty if the
    program must reach the whole amounts. Forms and demands are given by index.
    """

    program: Program
    held: dict[tuple[int, TimeSlot], int]
    groups: dict[str, dict[TimeSlot, list[int]]]
    lacks: dict[int, int]

    @property
    def activities(self) -> dict[int, int]:
        """Return the terms for the number of all activities."""
        return ones(self.held.values())

    def of_form(self, form: int) -> dict[int, int]:
        """Return the terms for the number of activities of a form."""
        return ones(column for (n, _), column in self.held.items() if n == form)

    def in_month(self, problem: PlanningProblem, month: int) -> dict[int, int]:
        """Return the terms for the number of activities in a month, without brief submissions."""
        return ones(
            column
            for (form, slot), column in self.held.items()
            if slot.month == month and not problem.forms[form].item.is_brief
        )


def write(
    problem: PlanningProblem, reach: Sequence[Decimal], *, elastic: bool = False
) -> Formulation:
    """Formulate a planning problem as an integer program.

    The program has a column for each form and slot in which an activity counts for a demand or is a
    session of a group. It has a row for each demand that an activity can serve, and rows for groups
    and for the maximum number of activities in a month. ``reach`` has the amount to reach for each
    demand. If ``elastic`` is true, the program may reach less, at the cost of :func:`loss`.
    """
    written = Formulation(Program(), {}, {}, {})
    for k, form in enumerate(problem.forms):
        served = [demand for demand in problem.demands if counted(form, demand) > 0]
        is_pooled = any(k in pool.forms for pool in problem.pools)
        for slot in problem.slots[k]:
            if is_pooled or any(lies_within(slot.days, demand.days) for demand in served):
                written.held[k, slot] = written.program.column()
    for pool in problem.pools:
        _sessions(written, pool)
    for n, (demand, amount) in enumerate(zip(problem.demands, reach, strict=True)):
        terms = _contributed(written, problem, demand)
        rest = hundredths(amount)
        if elastic:
            written.lacks[n] = written.program.column(rest)
            terms[written.lacks[n]] = 1
        written.program.at_least(terms, rest)
    if problem.most is not None:
        for month in range(len(problem.months)):
            written.program.at_most(written.in_month(problem, month), problem.most)
    return written


def loss(written: Formulation, problem: PlanningProblem) -> Terms:
    """Return the cost of missing amounts: the sum of the missing shares of all indicators."""
    return {
        column: max(round(_WHOLE_INDICATOR * demand.weight / hundredths(demand.target)), 1)
        for n, column in written.lacks.items()
        for demand in (problem.demands[n],)
    }


def count_extra_items(written: Formulation, problem: PlanningProblem) -> Terms:
    """Return the terms for the number of further items that activities count for."""
    return {
        column: len(problem.forms[form].counts_for)
        for (form, _), column in written.held.items()
        if problem.forms[form].counts_for
    }


def spread_evenly(written: Formulation, problem: PlanningProblem, total: int) -> Terms:
    """Add columns for the number of activities of each month, and return their cost.

    The cost of a month grows with the square of its number of activities, divided by its days (at
    most 30). Minimizing the cost spreads the activities evenly. To keep the cost linear, each month
    has ``total`` columns of rising cost, one for each activity.
    """
    cost: dict[int, int] = {}
    for n, month in enumerate(problem.months):
        share = HUNDRED * _USUAL_DAYS // min(month.period.days, _USUAL_DAYS)
        steps = [written.program.column(1, whole=False) for _ in range(total)]
        cost |= {step: (2 * k + 1) * share for k, step in enumerate(steps)}
        written.program.exactly(written.in_month(problem, n) | dict.fromkeys(steps, -1), 0)
    return cost


def put_in_order(
    written: Formulation, problem: PlanningProblem, wanted: Mapping[int, Sequence[date]]
) -> dict[int, int]:
    """Add columns that assign activities to target days, and return the cost of the distances.

    The cost of an activity is the squared number of days between its target day and the middle of
    its slot. ``wanted`` maps each form to its target days, one for each activity.
    """
    program = written.program
    cost: dict[int, int] = {}
    for form, days in wanted.items():
        slots = [slot for slot in problem.slots[form] if (form, slot) in written.held]
        placed: dict[TimeSlot, list[int]] = {slot: [] for slot in slots}
        for day in days:
            choice = {slot: program.column(1, whole=False) for slot in slots}
            program.exactly(ones(choice.values()), 1)
            for slot, column in choice.items():
                placed[slot].append(column)
                middle = slot.days.start + timedelta(days=slot.days.days // 2)
                cost[column] = (middle - day).days ** 2
        for slot, columns in placed.items():
            program.exactly({written.held[form, slot]: -1} | ones(columns), 0)
    return cost


def hundredths(amount: Decimal) -> int:
    """Convert an amount to hundredths, rounded up to an integer."""
    return int((amount * HUNDRED).to_integral_value(ROUND_CEILING))


def _sessions(written: Formulation, pool: Pool) -> None:
    """Add columns for the groups that a pool of sessions completes, and rows that limit them.

    At the end of each slot, the sessions held must suffice for all groups completed until then. An
    open group needs only its missing sessions. The program does not assign sessions to groups.
    """
    program = written.program
    groups = written.groups[pool.form.item.code] = {}
    needed: dict[int, int] = {}
    begun: list[list[int]] = [[] for _ in pool.lacking]
    for slot in pool.slots:
        new = program.column()
        needed[new] = pool.form.item.sessions
        groups[slot] = [new]
        for group, lacks in zip(begun, pool.lacking, strict=True):
            done = program.column(1)
            group.append(done)
            needed[done] = lacks
            groups[slot].append(done)
        sessions = {
            column: 1
            for (form, when), column in written.held.items()
            if form in pool.forms and when.days.end <= slot.days.end
        }
        program.at_least(sessions | {column: -n for column, n in needed.items()}, 0)
    for group in begun:
        program.at_most(ones(group), 1)


def _contributed(written: Formulation, problem: PlanningProblem, demand: Demand) -> dict[int, int]:
    """Return the terms for the amount that activities bring to a demand, in hundredths."""
    if demand.counts_groups:
        return {
            column: HUNDRED
            for pool in problem.pools
            if groups_count(pool.form, demand.item)
            for slot, columns in written.groups[pool.form.item.code].items()
            if lies_within(slot.days, demand.days)
            for column in columns
        }
    return {
        column: hundredths(counted(problem.forms[form], demand))
        for (form, slot), column in written.held.items()
        if lies_within(slot.days, demand.days) and counted(problem.forms[form], demand) > 0
    }


def lies_within(inner: Period, outer: Period) -> bool:
    """Return whether a period lies within another period."""
    return outer.start <= inner.start and inner.end <= outer.end
