"""Plans what is left of a contract: the fewest activities, then spread evenly, then in order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil

from sgtrack.model.contract import Period
from sgtrack.model.entries import Activity
from sgtrack.plan import formulate
from sgtrack.plan.activity_types import forms_of
from sgtrack.plan.demands import left_of
from sgtrack.plan.outcome import Held, months_with, reached, short_of
from sgtrack.plan.plan import Plan
from sgtrack.plan.problem import (
    Problem,
    Slot,
    counted,
    for_each_month,
    lacking_sessions,
    months_of,
)
from sgtrack.plan.solver import Answer, Clock, solve
from sgtrack.progress.indicator_progress import ProjectProgress
from sgtrack.progress.tally import Tallies

SECONDS = 20.0
"""How long a plan may take before the best one found is given."""


RECENT = 1000
"""From how many of the latest activities the usual amounts are taken: years of most stations."""


def plan_of(
    found: ProjectProgress,
    tallies: Tallies,
    logged: Iterable[Activity],
    first_day: date,
    *,
    most: int | None = None,
    seconds: float = SECONDS,
) -> Plan:
    """The smallest set of activities that completes a contract, month by month.

    Args:
        found: where the contract stands.
        tallies: what that was computed from.
        logged: the activities in the ledger up to that day, or the latest of them (``RECENT``).
        first_day: the first day on which something can still be done.
        most: how many activities a month may have.
        seconds: how long the solver may take.

    Raises:
        NotSolved: there is no solver, or it found nothing.
    """
    left = left_of(found, tallies, first_day)
    forms = for_each_month(forms_of(found.project, tuple(logged)), left.demands)
    months = months_of(found.project, max(first_day, found.project.period.start))
    lacking = lacking_sessions(found.project, tallies, found.as_of)
    problem = Problem(months, forms, left.demands, lacking, most)
    held: Held = {}
    fewest = even = True
    if problem.demands:
        held, fewest, even = _solved(problem, Clock(seconds))
    reach = reached(problem, held)
    return Plan(
        found.project,
        found.as_of,
        months_with(problem, held),
        short_of(problem, reach, left.missed),
        most,
        fewest,
        even,
    )


def _solved(problem: Problem, clock: Clock) -> tuple[Held, bool, bool]:
    reach: Sequence[Decimal] = [demand.rest for demand in problem.demands]
    proven = True
    if problem.most is not None:
        written = formulate.write(problem, reach, elastic=True)
        answer = solve(written.program, formulate.loss(written, problem), clock)
        reach = reached(problem, _held(written, answer))
        proven = answer.proven
    written = formulate.write(problem, reach)
    answer = solve(written.program, written.activities, clock)
    proven = proven and answer.proven
    total = sum(_held(written, answer).values())
    written.program.at_most(written.activities, total)
    twice = formulate.further(written, problem)
    if twice:
        answer = solve(written.program, twice, clock)
        written.program.at_most(twice, sum(c * answer.whole(n) for n, c in twice.items()))
    loads = solve(written.program, formulate.evenly(written, problem, total), clock)
    placed, in_order = _placed(problem, reach, written, loads, clock)
    return placed, proven, loads.proven and in_order


def _placed(
    problem: Problem,
    reach: Sequence[Decimal],
    before: formulate.Written,
    loads: Answer,
    clock: Clock,
) -> tuple[Held, bool]:
    """The same activities and the same number in each month, each kind spread over the time."""
    chosen = _held(before, loads)
    written = formulate.write(problem, reach)
    counts = [0] * len(problem.forms)
    months = [0] * len(problem.months)
    for (form, slot), count in chosen.items():
        counts[form] += count
        months[slot.month] += 0 if problem.forms[form].item.is_brief else count
    for form, count in enumerate(counts):
        written.program.exactly(written.of_form(form), count)
    for month, count in enumerate(months):
        written.program.exactly(written.in_month(problem, month), count)
    days = _wanted_days(problem, counts)
    answer = solve(written.program, formulate.in_order(written, problem, days), clock)
    return _held(written, answer), answer.proven


def _wanted_days(problem: Problem, counts: Sequence[int]) -> dict[int, list[date]]:
    """The day each activity of a form should be near to.

    What has a deadline is spread over its days, what else is held several times over the days left;
    what is held once comes in the order of the contract; what is late comes at once.
    """
    open_days = Period(problem.months[0].days.start, problem.months[-1].days.end)
    days: dict[int, list[date]] = {}
    single = []
    for form, count in enumerate(counts):
        serving = [d for d in problem.demands if count and counted(problem.forms[form], d)]
        timed = sorted((d for d in serving if d.timed), key=lambda d: (d.days.days, d.days.start))
        due = [
            day
            for demand in timed
            for day in _spread(
                demand.days, ceil(demand.rest / counted(problem.forms[form], demand))
            )
        ][:count]
        if any(demand.late for demand in serving):
            days[form] = [open_days.start] * count
        elif count == 1 and not due:
            single.append(form)
        elif count:
            days[form] = due + _spread(open_days, count - len(due))
    return days | {
        form: [day] for form, day in zip(single, _spread(open_days, len(single)), strict=True)
    }


def _spread(days: Period, count: int) -> list[date]:
    """So many days that part a stretch evenly, as far from its ends as half from each other."""
    step = Fraction(days.days, count) if count else Fraction(0)
    return [days.start + timedelta(days=int(step * (2 * n + 1) / 2)) for n in range(count)]


def _held(written: formulate.Written, answer: Answer) -> dict[tuple[int, Slot], int]:
    found = {key: answer.whole(column) for key, column in written.held.items()}
    return {key: count for key, count in found.items() if count}
