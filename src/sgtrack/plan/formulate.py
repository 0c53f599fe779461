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
"""Amounts enter the program as whole hundredths, as in the ledger."""
_WHOLE_INDICATOR = 10**7
"""The cost of missing a whole indicator; a part costs its share."""
_USUAL_DAYS = 30
"""The days of a full month; longer months take no more activities."""


@dataclass
class Formulation:
    """A program, and the columns for certain quantities.

    ``held`` has the number of activities by form and slot, ``groups`` the completed groups by item
    and slot, ``lacks`` the missing amount by demand, in hundredths of its unit.
    """

    program: Program
    held: dict[tuple[int, TimeSlot], int]
    groups: dict[str, dict[TimeSlot, list[int]]]
    lacks: dict[int, int]

    @property
    def activities(self) -> dict[int, int]:
        """The number of activities."""
        return ones(self.held.values())

    def of_form(self, form: int) -> dict[int, int]:
        """The number of activities of a form."""
        return ones(column for (n, _), column in self.held.items() if n == form)

    def in_month(self, problem: PlanningProblem, month: int) -> dict[int, int]:
        """The number of activities in a month, without the submission of briefs."""
        return ones(
            column
            for (form, slot), column in self.held.items()
            if slot.month == month and not problem.forms[form].item.is_brief
        )


def write(
    problem: PlanningProblem, reach: Sequence[Decimal], *, elastic: bool = False
) -> Formulation:
    """Formulate every demand as a row, over a column for each form and slot that serves one.

    ``reach`` is the amount to reach of each demand. If the program is ``elastic``, it may reach
    less, at the cost of :func:`loss`.
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
    """The cost of unmet demands: the missing share of each indicator, summed."""
    return {
        column: max(round(_WHOLE_INDICATOR * demand.weight / hundredths(demand.target)), 1)
        for n, column in written.lacks.items()
        for demand in (problem.demands[n],)
    }


def count_extra_items(written: Formulation, problem: PlanningProblem) -> Terms:
    """Count how many further items activities serve."""
    return {
        column: len(problem.forms[form].counts_for)
        for (form, _), column in written.held.items()
        if problem.forms[form].counts_for
    }


def spread_evenly(written: Formulation, problem: PlanningProblem, total: int) -> Terms:
    """Add the load of each month in steps of rising cost, and return the cost.

    The cost of a month is the square of its load divided by its days, so that the load spreads
    evenly over the days that are left.
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
    """Assign every activity to a target day, and return the cost of its distance.

    The cost is the squared number of days between the target day and the middle of the activity's
    slot. ``wanted`` has the target days by form, one for each activity.
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
    """Convert an amount to hundredths, rounded up."""
    return int((amount * HUNDRED).to_integral_value(ROUND_CEILING))


def _sessions(written: Formulation, pool: Pool) -> None:
    """Count each group in the first slot at whose end its sessions are complete.

    Open groups need fewer; how sessions are divided among groups does not matter.
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
    """The amount of a demand that each column brings, in hundredths."""
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
    """Whether a period lies within another."""
    return outer.start <= inner.start and inner.end <= outer.end
