"""``plan``: compute the smallest number of activities that completes the contract."""

from __future__ import annotations

from typing import Annotated

import typer

from sgtrack.app.make_plan import make_plans
from sgtrack.cli.options import AsJson, Community, app_context
from sgtrack.screen.console import print_apart, print_json
from sgtrack.screen.plan_view import plan_sheet, plans_json


def plan(
    ctx: typer.Context,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--from",
            "--as-of",
            metavar="日期",
            help="从哪一天起安排，按到这天为止的记录算；不写就是今天",
        ),
    ] = None,
    most: Annotated[
        int | None,
        typer.Option(
            "--most", metavar="次数", help="每月最多办几次活动；办不完的会说差多少", min=1
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
    result = make_plans(app_context(ctx), community, as_of, most)
    if as_json:
        print_json(plans_json(result))
        return
    print_apart(plan_sheet(plan) for plan in result.plans)
