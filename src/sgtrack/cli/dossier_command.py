"""``dossier``: everything for the evaluator in one zip file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from sgtrack.cli.command_context import app_context
from sgtrack.cli.options import AsOf, Community, WithNames
from sgtrack.model.errors import Refused


def dossier(
    ctx: typer.Context,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="文件",
            help="压缩包的名字；不写就放在 reports 文件夹",
            show_default=False,
        ),
    ] = None,
    as_of: AsOf = None,
    with_names: WithNames = False,
    community: Community = None,
) -> None:
    """把评估材料打成一个压缩包：按合同顺序分文件夹，上面有 Excel 和网页索引。

    例：sgtrack dossier -o 评估材料.zip

    例：sgtrack dossier --as-of 6-30 -c 三里
    """
    from sgtrack.app.build_dossier import make_dossier  # loads jinja2 and xlsxwriter

    context = app_context(ctx)
    project = context.project(community)
    until = context.past_day(as_of, project)
    target = output or context.workspace.reports / f"{project.slug}-dossier.zip"
    if target.suffix.lower() != ".zip":
        raise Refused(f"“{target.name}”不是压缩包的名字", "文件名以 .zip 结尾，如 评估材料.zip")
    if target.is_dir():
        raise Refused(f"{target} 是文件夹", "写压缩包的文件名，如 评估材料.zip")
    with _progress() as started:
        made = make_dossier(context, project, until, target, with_names=with_names, started=started)
    typer.echo(f"{target}：{made.entries} 条记录，{made.files} 个文件，打开里面的 索引.html 查看")
    if made.damaged:
        typer.echo(f"注意：{made.damaged} 个文件不见了或被改动，索引里标红")
    if made.lacking:
        typer.echo("注意：有记录缺佐证，索引里标红；sgtrack check 列出")


@contextmanager
def _progress() -> Iterator[Callable[[int], Callable[[int], None]]]:
    """A bar on the terminal while files are copied; nothing where nobody looks."""
    if not sys.stderr.isatty():
        yield lambda total: lambda size: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True)
    with Progress(
        "打包", BarColumn(), DownloadColumn(), TimeRemainingColumn(), console=console
    ) as shown:

        def started(total: int) -> Callable[[int], None]:
            task = shown.add_task("", total=total)
            return lambda size: shown.advance(task, size)

        yield started
