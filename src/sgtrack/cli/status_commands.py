"""``status``, ``due`` and ``explain``: show progress, deadlines and the entries behind figures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sgtrack.app.status import explain_item, read_dues, read_status, write_status_page
from sgtrack.cli.options import (
    EXPLAINED,
    AsJson,
    AsOf,
    Community,
    Item,
    LastExplained,
    app_context,
    at_most,
)
from sgtrack.screen.console import print_apart, print_json, print_open_decisions
from sgtrack.screen.status_view import due_sheet, dues_json, print_status, result_json


def status(
    ctx: typer.Context,
    which: Annotated[
        str | None,
        typer.Argument(metavar="服务项或类别", help="只看一个服务项（5.1、殡葬）或类别（5）"),
    ] = None,
    as_of: AsOf = None,
    everything: Annotated[bool, typer.Option("--all", help="列出全部指标")] = False,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="文件", help="生成一个网页，手机和电脑均可查看")
    ] = None,
    as_json: AsJson = False,
    community: Community = None,
) -> None:
    """看指标完成情况：先看各类别，再看最紧急的；社区多的时候每个社区一行。

    总体完成率是所有指标完成率的平均数，每个指标最多算 100%，超额完成的不能抵别的指标；
    每月、每季度、每人的指标在各月、各季度、各人之间也不能互相抵。

    例：sgtrack status

    例：sgtrack status 5 --as-of 6-30

    例：sgtrack status --html 进度.html
    """
    context = app_context(ctx)
    if html is not None:
        day = write_status_page(context, community, as_of, html)
        typer.echo(f"已生成 {html}（截至 {day}）")
        return
    result = read_status(context, community, which, as_of)
    if as_json:
        print_json(result_json(result))
        return
    print_status(result, brief=which is None and not everything)
    print_open_decisions(result.open_decisions)


def due(
    ctx: typer.Context,
    weeks: Annotated[
        int, typer.Option("--weeks", "-w", metavar="周数", help="看几周以内的", min=1, max=60)
    ] = 4,
    as_json: AsJson = False,
    community: Community = None,
) -> None:
    """查看近几周到期的任务：25日前的简报、本季度的培训、本月的宣传报道。

    例：sgtrack due

    例：sgtrack due --weeks 8 -c 三里
    """
    context = app_context(ctx)
    communities = read_dues(context, community, weeks)
    if as_json:
        print_json(dues_json(communities))
        return
    print_apart(due_sheet(dues, weeks, context.today) for dues in communities)


def explain(
    ctx: typer.Context,
    item: Item,
    as_of: AsOf = None,
    last: LastExplained = None,
    as_json: AsJson = False,
    community: Community = None,
) -> None:
    """说明一个数字由哪些记录组成、按什么规则计算。

    例：sgtrack explain 7.3

    例：sgtrack explain 社会组织 -c 三里
    """
    # This import would slow down ``status``, the most frequent command, which does not need it.
    from sgtrack.screen.explanation_view import explanation_json, explanation_sheet

    limit = at_most(last, EXPLAINED, as_json=as_json)
    pages = explain_item(app_context(ctx), community, item, as_of, limit)
    if as_json:
        print_json([explanation_json(page) for page in pages])
        return
    print_apart(explanation_sheet(page) for page in pages)
