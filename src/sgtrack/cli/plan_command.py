"""``plan``: compute the smallest number of activities that completes the contract."""

from __future__ import annotations

from typing import Annotated

import typer

from sgtrack.app.make_plan import make_plans
from sgtrack.cli.options import AsJson, Community, app_context
from sgtrack.screen.console import print_apart, print_json
from sgtrack.screen.plan_view import month_sheet, plan_sheet, plans_json


def plan(
    ctx: typer.Context,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--from",
            "--as-of",
            metavar="日期",
            help="从哪一天起安排，按截至这天的记录测算；不写就是今天",
        ),
    ] = None,
    most: Annotated[
        int | None,
        typer.Option(
            "--most", metavar="次数", help="每月最多开展几次活动；无法完成的列明差额", min=1
        ),
    ] = None,
    month: Annotated[
        str | None,
        typer.Option(
            "--month", "-m", metavar="月份", help="只看一个月：7 或 2026-07；不写就是全部"
        ),
    ] = None,
    as_json: AsJson = False,
    community: Community = None,
) -> None:
    """测算完成合同至少还需开展多少次活动，按月排列；无法完成的列明差额。

    每次活动的数量，先取台账中的中位数，再取目标文件里写的 usually，都没有的按合同数量估算。
    按简报的统计月排列。

    例：sgtrack plan

    例：sgtrack plan --month 7

    例：sgtrack plan --from 7-1 --most 20 -c 三里
    """
    result = make_plans(app_context(ctx), community, as_of, most, month)
    if as_json:
        print_json(plans_json(result))
        return
    sheet = month_sheet if result.one_month else plan_sheet
    print_apart(sheet(plan) for plan in result.plans)
