"""``plan``: the fewest activities that complete what is left of the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sgtrack.app.context import AppContext
from sgtrack.cli.command_context import app_context
from sgtrack.cli.options import AsJson, Community
from sgtrack.model.errors import Refused

if TYPE_CHECKING:
    from datetime import date

    from sgtrack.model.contract import Project
    from sgtrack.plan.outcome import Plan


def plan(
    ctx: typer.Context,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--from",
            "--as-of",
            metavar="日期",
            help="从哪一天起安排，按到这天为止的记录算；不写就是今天",
            show_default=False,
        ),
    ] = None,
    most: Annotated[
        int | None,
        typer.Option(
            "--most",
            metavar="次数",
            help="每月最多办几次活动；办不完的会说差多少",
            min=1,
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
    community: Community = None,
) -> None:
    """算出完成合同最少还要办多少次活动，按月排好；完成不了的说明差多少。

    每次活动能带来多少，先看台账里的中位数，再看目标文件里写的 usually，都没有就按
    合同数字估计。按简报的统计月排。

    例：sgtrack plan

    例：sgtrack plan --from 7-1 --most 20 -c 三里
    """
    from sgtrack.screen.console import out, print_json
    from sgtrack.screen.plan_view import plan_json, plan_sheet

    context = app_context(ctx)
    projects = context.projects(community)
    first_day = context.day(as_of, projects[0])
    plans = [_planned(context, project, first_day, most) for project in projects]
    if as_json:
        print_json({"as_of": first_day.isoformat(), "communities": [plan_json(p) for p in plans]})
        return
    console = out()
    for n, one in enumerate(plans):
        if n:
            console.print()
        console.print(plan_sheet(one))


def _planned(context: AppContext, project: Project, first_day: date, most: int | None) -> Plan:
    from sgtrack.ledger.entry_reads import read_entries
    from sgtrack.model.queries import EntryFilter
    from sgtrack.plan.integer_program import NotSolved
    from sgtrack.plan.planner import RECENT, compute_plan
    from sgtrack.progress.contract_status import compute_progress
    from sgtrack.progress.reporting_window import month_ends
    from sgtrack.progress.tally import tally

    tallies = tally(project, context.figures(project, first_day, *month_ends(project)))
    wanted = EntryFilter((project.slug,), end=first_day, last=RECENT)
    logged = [entry.activity for entry in read_entries(context.workspace.ledger, wanted)]
    found = compute_progress(project, tallies, first_day)
    try:
        return compute_plan(found, tallies, logged, first_day, most=most)
    except NotSolved as error:
        raise Refused(
            f"算不出{project.name}的计划（{error}）",
            "重新安装 sgtrack 试试（pip install highspy）；其他命令不受影响",
        ) from error
