"""The use case of ``plan``: compute the fewest activities that complete each contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sgtrack.app.context import AppContext
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
    """The plan of each community, starting on ``first_day``."""

    first_day: date
    plans: tuple[Plan, ...]


def make_plans(
    context: AppContext, community: str | None, first_day: str | None, most: int | None
) -> PlanResult:
    """Plan the rest of each contract from a day on.

    ``most`` is the maximum number of activities a month; None means no limit.

    Raises:
        Refused: the day is invalid, or the solver fails.
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
            plans.append(compute_plan(progress, tallies, activities, day, most=most))
        except NotSolved as error:
            raise Refused(
                f"无法计算{project.name}的计划（{error}）",
                "重新安装 sgtrack 试试（pip install highspy）；其他命令不受影响",
            ) from error
    return PlanResult(day, tuple(plans))
