"""``undo``: take back the last command."""

from __future__ import annotations

from typing import Annotated

import typer

from sgtrack.cli.options import AsJson, app_context
from sgtrack.cli.prompts import ask_yes, can_ask
from sgtrack.model.errors import Refused


def undo(
    ctx: typer.Context,
    certain: Annotated[bool, typer.Option("--yes", "-y", help="无需再确认")] = False,
    as_json: AsJson = False,
) -> None:
    """撤销自己的上一个命令：先看要撤销什么，再确认；再撤销一次就是再往前一个。

    记录作废，更正改回原样，作废的恢复，导入的整批作废；原因都写“撤销”，经过留在
    台账里。发出的简报、合并和隐去姓名不能撤销。

    例：sgtrack undo

    例：sgtrack undo --yes
    """
    # These imports take half a second (SQLModel and Rich); completion and help do not need them.
    from sgtrack.app.undo import read_last_command, undo_last_command
    from sgtrack.screen.console import print_json
    from sgtrack.screen.movement_view import show_movement
    from sgtrack.screen.undo_view import reversal_lines, undone_json, undone_lines

    context = app_context(ctx)
    shown = read_last_command(context)
    lines = "\n".join(reversal_lines(shown))
    typer.echo(lines, err=as_json)
    if not certain:
        if not can_ask():
            raise Refused("没有撤销：尚未确认", "确认无误就加 --yes")
        if not ask_yes("确认撤销"):
            typer.echo("没有撤销")
            raise typer.Exit(1)
    undone = undo_last_command(context, shown)
    if undone is None:
        raise Refused("刚才另一个程序写了台账，没有撤销", "再运行一次 sgtrack undo，看清楚再确认")
    if as_json:
        print_json(undone_json(shown, undone))
        return
    typer.echo("\n".join(undone_lines(shown, undone)))
    for movement in undone.movements:
        show_movement(movement)
