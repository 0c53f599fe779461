"""``check`` and ``verify``: find what an evaluator may question; detect altered records."""

from __future__ import annotations

from typing import Annotated

import typer

from sgtrack.app.run_checks import check_entries, verify_ledger
from sgtrack.cli.options import AsJson, Community, WithNames, app_context
from sgtrack.screen.check_view import (
    check_json,
    fault_words,
    intact_words,
    integrity_json,
    place_words,
    print_findings,
)
from sgtrack.screen.console import print_json
from sgtrack.workspace import warn_of_readers


def check(
    ctx: typer.Context,
    with_names: WithNames = False,
    as_json: AsJson = False,
    community: Community = None,
) -> None:
    """检查台账中评估时可能被问到的地方；没有问题时不显示内容。

    缺佐证、文件有变、一个文件用于多次活动、合同外的服务项、只有人数没有姓名、同一个人两种写法、
    一次活动同时计入几项、数量明显异常、活动没有达到合同对每次的要求、
    目标文件改了却没有写变更、几台电脑的台账合并后互相矛盾的地方。

    例：sgtrack check

    例：sgtrack check -c 三里 --with-names
    """
    context = app_context(ctx)
    if message := warn_of_readers(context.workspace):
        typer.echo(f"注意：{message}", err=True)
    result = check_entries(context, community, with_names=with_names)
    if as_json:
        print_json(check_json(result, with_names))
    else:
        print_findings(result, with_names)
    if not result.is_clean:
        raise typer.Exit(1)


def verify(
    ctx: typer.Context,
    code: Annotated[
        str | None, typer.Argument(metavar="校验码", help="简报上印的校验码，看它在台账的哪里")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """证明台账和佐证材料没有被 sgtrack 以外的程序改过。

    例：sgtrack verify

    例：sgtrack verify 3f2a-91bc-0d47-88e1
    """
    integrity, place = verify_ledger(app_context(ctx), code)
    if place is not None:
        typer.echo(place_words(place))
    if as_json:
        print_json(integrity_json(integrity))
    else:
        for fault in integrity.faults:
            typer.echo(fault_words(fault))
        for remark in integrity.remarks:
            typer.echo(f"注意：{remark}")
    if integrity.faults:
        count = len(integrity.faults)
        typer.echo(f"台账、简报或佐证材料被改动，共 {count} 处，最早的一处列在最前", err=True)
        raise typer.Exit(1)
    if not as_json:
        typer.echo(intact_words(integrity))
