"""``open``: show the workspace, a brief or the evidence of an entry in another program."""

from __future__ import annotations

from typing import Annotated

import typer

from sgtrack.app.open_files import copy_evidence, find_brief
from sgtrack.cli.completion import complete_entry
from sgtrack.cli.launcher import launch
from sgtrack.cli.options import Community, app_context
from sgtrack.model.errors import Refused


def open_(
    ctx: typer.Context,
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="打开什么",
            help="brief 是简报，编号是那条记录的佐证材料；不写就是工作文件夹",
            autocompletion=complete_entry,
        ),
    ] = None,
    month: Annotated[
        str | None,
        typer.Option(
            "--month", "-m", metavar="月份", help="哪个月的简报：2026-03 或 3；不写就是最近写的一份"
        ),
    ] = None,
    community: Community = None,
) -> None:
    """打开工作文件夹、最近的简报，或一条记录的佐证材料。

    佐证材料打开的是副本，改了不影响存下的原件；有几份时，打开装着它们的文件夹。

    例：sgtrack open

    例：sgtrack open brief --month 3 -c 三里

    例：sgtrack open 7K3QF2
    """
    context = app_context(ctx)
    if month is not None and what != "brief":
        raise Refused("--month 只和 brief 一起用", "写成 sgtrack open brief --month 3", exit_code=2)
    if what == "brief":
        path = shown = find_brief(context, community, month)
    elif what is not None:
        path, damaged = copy_evidence(context, what)
        shown = path if path.is_dir() else path.parent  # a file name can contain a person's name
        for words in damaged:
            typer.echo(f"注意：{words}", err=True)
    else:
        path = shown = context.workspace.root
    if launch(path):
        typer.echo(f"已打开：{shown}")
    else:
        typer.echo(f"这里没有能打开它的程序，请自己打开：{shown}")
