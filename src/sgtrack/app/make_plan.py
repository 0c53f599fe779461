"""Use case of ``plan``: the fewest activities that complete each contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sgtrack.app.context import AppContext
from sgtrack.app.snapshot import Snapshot
from sgtrack.model.contract import Project
from sgtrack.model.entries import Activity, EntryFilter
from sgtrack.model.errors import Refused
from sgtrack.plan.integer_program import NotSolved
from sgtrack.plan.outcome import Plan
from sgtrack.plan.planner import RECENT, compute_plan
from sgtrack.progress.contract_status import compute_progress
from sgtrack.progress.periods import month_ends
from sgtrack.progress.tally import Tallies, tally


@dataclass(frozen=True, slots=True)
class PlanResult:
    """The plan of each community from a day on."""

    first_day: date
    plans: tuple[Plan, ...]


def make_plans(
    context: AppContext, community: str | None, first_day: str | None, most: int | None
) -> PlanResult:
    """Plan the rest of the contract of the chosen communities.

    Args:
        context: the workspace and the day.
        community: the community the officer named.
        first_day: the day to plan from, as typed; None for today.
        most: the number of activities that fit into a month; None for any.

    Raises:
        Refused: the day is none, or the solver fails.
    """
    projects = context.projects(community)
    day = context.day(first_day, projects[0])
    with context.snapshot() as snapshot:
        # Solving takes seconds; the ledger is not held meanwhile.
        states = [_read(snapshot, project, day) for project in projects]
    plans = tuple(
        _plan(project, tallies, activities, day, most)
        for project, (tallies, activities) in zip(projects, states, strict=True)
    )
    return PlanResult(day, plans)


def _read(snapshot: Snapshot, project: Project, day: date) -> tuple[Tallies, list[Activity]]:
    tallies = tally(project, snapshot.figures(project, day, *month_ends(project)))
    recent = snapshot.entries(EntryFilter((project.slug,), end=day, last=RECENT))
    return tallies, [entry.activity for entry in recent]


def _plan(
    project: Project, tallies: Tallies, activities: list[Activity], day: date, most: int | None
) -> Plan:
    progress = compute_progress(project, tallies, day)
    try:
        return compute_plan(progress, tallies, activities, day, most=most)
    except NotSolved as error:
        raise Refused(
            f"算不出{project.name}的计划（{error}）",
            "重新安装 sgtrack 试试（pip install highspy）；其他命令不受影响",
        ) from error
