"""The use case of ``plan``: compute the fewest activities that complete each contract."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from sgtrack.app.context import AppContext
from sgtrack.entry.date_parsing import read_month
from sgtrack.model.entries import EntryFilter
from sgtrack.model.errors import Refused
from sgtrack.plan.integer_program import NotSolved
from sgtrack.plan.outcome import Plan
from sgtrack.plan.planner import RECENT, compute_plan
from sgtrack.progress.contract_status import compute_progress
from sgtrack.progress.periods import month_ends
from sgtrack.progress.tally import tally


@dataclass(frozen=True, slots=True)
class PlanResult:
    """The plan of each community, starting on ``first_day``.

    ``one_month`` is true if the plans contain only the month that was asked for.
    """

    first_day: date
    plans: tuple[Plan, ...]
    one_month: bool = False


def make_plans(
    context: AppContext,
    community: str | None,
    first_day: str | None,
    most: int | None,
    month: str | None = None,
) -> PlanResult:
    """Plan the rest of each contract from a day on.

    ``most`` is the maximum number of activities a month; None means no limit. ``month`` selects
    one reporting month of the plans; None selects all.

    Raises:
        Refused: the day or the month is invalid, or the solver fails.
    """
    projects = context.projects(community)
    day = context.day(first_day, projects[0])
    states = []
    with context.snapshot() as snapshot:
        for project in projects:
            tallies = tally(project, snapshot.figures(project, day, *month_ends(project)))
            recent = snapshot.entries(EntryFilter((project.slug,), end=day, last=RECENT))
            states.append((project, tallies, [entry.activity for entry in recent]))
    # Solving takes seconds, so it starts only after the ledger is closed.
    plans = []
    for project, tallies, activities in states:
        progress = compute_progress(project, tallies, day)
        try:
            plan = compute_plan(progress, tallies, activities, day, most=most)
        except NotSolved as error:
            raise Refused(
                f"无法计算{project.name}的计划（{error}）",
                "重新安装 sgtrack 试试（pip install highspy）；其他命令不受影响",
            ) from error
        plans.append(plan if month is None else _only(plan, month, context.today))
    return PlanResult(day, tuple(plans), month is not None)


def _only(plan: Plan, month: str, today: date) -> Plan:
    """Return the plan of one reporting month.

    A month without a year is the next one of the plan.
    """
    wanted = read_month(month, today, plan.project.period)
    has_year = re.search(r"\d{4}", month) is not None
    for planned in plan.months:
        window = planned.month
        if (window.year, window.month) == wanted or (not has_year and window.month == wanted[1]):
            return replace(plan, months=(planned,))
    first, last = plan.months[0].month.label, plan.months[-1].month.label
    raise Refused(f"“{month}”不在计划的月份内", f"写 {first} 至 {last} 之间的月份")
