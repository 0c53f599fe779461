"""Plans the rest of a contract with the fewest activities, spread evenly over the months."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil

from sgtrack.model.contract import Period
from sgtrack.model.entries import Activity
from sgtrack.plan import formulate
from sgtrack.plan.activity_types import list_forms
from sgtrack.plan.integer_program import Answer, solve
from sgtrack.plan.outcome import Counts, Plan, list_shortages, plan_months, reached
from sgtrack.plan.problem import (
    PlanningProblem,
    TimeSlot,
    compute_demands,
    counted,
    missing_sessions,
    open_months,
    with_brief_forms,
)
from sgtrack.progress.indicator_progress import ProjectProgress
from sgtrack.progress.tally import Tallies

SECONDS = 20.0
"""The time limit of the solver, in seconds; after it, the best plan found so far is returned."""
RECENT = 1000
"""The maximum number of recent activities from which typical amounts are computed."""


def compute_plan(
    progress: ProjectProgress,
    tallies: Tallies,
    logged: Iterable[Activity],
    first_day: date,
    *,
    most: int | None = None,
    seconds: float = SECONDS,
) -> Plan:
    """Compute the fewest activities that complete a contract, and when they take place.

    Amounts that can no longer be reached are listed as shortages. If ``most`` activities a month
    are too few, the sum of the missing shares of all indicators is minimized.

    ``progress`` was computed from ``tallies``. ``logged`` are the latest ``RECENT`` activities in
    the ledger. All planned activities take place on ``first_day`` or later. ``most`` is the maximum
    number of activities in a month. ``seconds`` is the time limit of the solver.

    Raises:
        NotSolved: no solver is installed, or it found no plan.
    """
    demands = compute_demands(progress, tallies, first_day)
    open_demands = tuple(demand for demand in demands if not demand.gone)
    forms = with_brief_forms(list_forms(progress.project, tuple(logged)), open_demands)
    months = open_months(progress.project, max(first_day, progress.project.period.start))
    lacking = missing_sessions(progress.project, tallies, progress.as_of)
    problem = PlanningProblem(months, forms, open_demands, lacking, most)
    held: Counts = {}
    fewest = even = True
    if problem.demands:
        held, fewest, even = _solve(problem, time.monotonic() + seconds)
    reach = reached(problem, held)
    return Plan(
        progress.project,
        progress.as_of,
        plan_months(problem, held),
        list_shortages(problem, reach, (demand for demand in demands if demand.gone)),
        most,
        fewest,
        even,
    )


def _solve(problem: PlanningProblem, deadline: float) -> tuple[Counts, bool, bool]:
    reach: Sequence[Decimal] = [demand.rest for demand in problem.demands]
    proven = True
    if problem.most is not None:
        written = formulate.write(problem, reach, elastic=True)
        answer = solve(written.program, formulate.loss(written, problem), deadline)
        reach = reached(problem, _read_counts(written, answer))
        proven = answer.proven
    written = formulate.write(problem, reach)
    answer = solve(written.program, written.activities, deadline)
    proven = proven and answer.proven
    total = sum(_read_counts(written, answer).values())
    written.program.at_most(written.activities, total)
    extra = formulate.count_extra_items(written, problem)
    if extra:
        answer = solve(written.program, extra, deadline)
        written.program.at_most(extra, sum(c * answer.whole(n) for n, c in extra.items()))
    loads = solve(written.program, formulate.spread_evenly(written, problem, total), deadline)
    placed, put_in_order = _place_in_order(problem, reach, written, loads, deadline)
    return placed, proven, loads.proven and put_in_order


def _place_in_order(
    problem: PlanningProblem,
    reach: Sequence[Decimal],
    before: formulate.Formulation,
    loads: Answer,
    deadline: float,
) -> tuple[Counts, bool]:
    """Move activities to other slots, as near as possible to their target days.

    The number of activities of each form does not change. The number of activities in each month,
    without submissions of briefs, does not change either.
    """
    chosen = _read_counts(before, loads)
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
    days = _target_days(problem, counts)
    answer = solve(written.program, formulate.put_in_order(written, problem, days), deadline)
    return _read_counts(written, answer), answer.proven


def _target_days(problem: PlanningProblem, counts: Sequence[int]) -> dict[int, list[date]]:
    """Choose the target days for the activities of each form.

    If a form serves a late demand, its activities get the first day. If it has a deadline, they are
    spread over the days on which they count. Otherwise they are spread over all open days. Forms
    with a single activity and no deadline share all open days, in contract order.
    """
    open_days = Period(problem.months[0].period.start, problem.months[-1].period.end)
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
    """Return ``count`` days spread evenly over a period, half a step away from its ends."""
    step = Fraction(days.days, count) if count else Fraction(0)
    return [days.start + timedelta(days=int(step * (2 * n + 1) / 2)) for n in range(count)]


def _read_counts(written: formulate.Formulation, answer: Answer) -> dict[tuple[int, TimeSlot], int]:
    counts = {key: answer.whole(column) for key, column in written.held.items()}
    return {key: count for key, count in counts.items() if count}
