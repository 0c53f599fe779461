"""The context and the options that the commands share."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from sgtrack.app.context import AppContext, default_hint, listed_communities
from sgtrack.cli.completion import (
    complete_community,
    complete_entry,
    complete_item,
    complete_type,
)
from sgtrack.cli.error_handling import COMMAND_LINE
from sgtrack.model.contract import Project
from sgtrack.model.errors import Refused
from sgtrack.targets.lookup import find_project
from sgtrack.workspace import Workspace

LISTED, EXPLAINED = 50, 20
"""Default number of entries that ``list`` and ``explain`` print."""


def app_context(ctx: typer.Context) -> AppContext:
    """Return the ``AppContext`` of a command.

    Set the command line that was typed and, on a terminal, the prompt for a community.
    """
    context = ctx.ensure_object(AppContext)
    context.command_line = ctx.meta.get(COMMAND_LINE, context.command_line)
    if sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty():
        context.choose_community = _choose_community
    return context


def _choose_community(projects: tuple[Project, ...], workspace: Workspace) -> Project:
    hint = default_hint(projects, workspace)
    typer.echo(f"记到哪个社区？{listed_communities(projects)}\n{hint}", err=True)
    while True:
        try:
            return find_project(projects, typer.prompt("社区", err=True))
        except Refused as refused:
            typer.echo(f"{refused.message}。{refused.hint}", err=True)


Community = Annotated[
    str | None,
    typer.Option(
        "--community",
        "-c",
        metavar="社区",
        help="社区：代号、名称或拼音首字母",
        autocompletion=complete_community,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON，供其他程序读取")]
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="日期", help="截至哪一天，不写就是今天")
]
Reason = Annotated[str, typer.Option("--reason", "-r", metavar="原因", help="原因，供评估人员查阅")]
WithNames = Annotated[bool, typer.Option("--with-names", help="同时显示姓名（默认只显示人数）")]


def _last(usual: int) -> Any:
    return typer.Option(
        "--last",
        "-n",
        metavar="条数",
        help=f"只列最近几条，0 列出全部；不写就是 {usual}，--json 不写是全部",
        min=0,
    )


LastListed = Annotated[int | None, _last(LISTED)]
LastExplained = Annotated[int | None, _last(EXPLAINED)]
Item = Annotated[
    str,
    typer.Argument(
        metavar="服务项",
        help="编号（5.1）、名称里的几个字（殡葬）或拼音首字母（bz）",
        autocompletion=complete_item,
    ),
]
Amounts = Annotated[
    list[str] | None,
    typer.Argument(metavar="数量", help="数字加单位，如 80人次 100份；只有一个单位时可以不写单位"),
]
Day = Annotated[
    str | None,
    typer.Option("--date", "-d", metavar="日期", help="3-12、3月12日、昨天；不写就是今天"),
]
Title = Annotated[
    str | None, typer.Option("--title", "-t", metavar="标题", help="活动名称；小组和个案必写")
]
Place = Annotated[str | None, typer.Option("--place", metavar="地点", help="在哪里")]
Who = Annotated[
    list[str] | None, typer.Option("--who", metavar="姓名", help="参加的人或组织：甲、乙 或 甲 乙")
]
Type = Annotated[
    str | None,
    typer.Option(
        "--type",
        metavar="类型",
        help="类型，合同列明类型的须填写",
        autocompletion=complete_type,
    ),
]
Also = Annotated[
    list[str] | None,
    typer.Option(
        "--also", metavar="服务项", help="同一次活动还计入的服务项", autocompletion=complete_item
    ),
]
Files = Annotated[
    list[Path] | None,
    typer.Option(
        "--evidence",
        "-e",
        metavar="文件",
        help="佐证材料，可以写几个：-e 签到表.jpg 现场.jpg",
        readable=False,  # ``inspect`` checks this, with a message in Chinese
    ),
]
Effect = Annotated[
    str | None,
    typer.Option("--effect", metavar="成效", help="成效：带来了什么变化，写进简报；补写不算更正"),
]
Attendance = Annotated[
    str | None,
    typer.Option("--attendance", metavar="人次", help="到场的人次，只作记录，不计入指标"),
]
CloseOrReopen = Annotated[
    bool | None,
    typer.Option("--close/--reopen", help="小组、个案本次结束（结案）；或撤销误记的结束，继续开展"),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="只看结果，不写入")]
Again = Annotated[bool, typer.Option("--again", help="同一天确有两场相同的活动，仍予登记")]
EntryId = Annotated[
    str,
    typer.Argument(
        metavar="编号", help="记录的编号，写最后 6 位即可", autocompletion=complete_entry
    ),
]
Note = Annotated[str | None, typer.Option("--note", metavar="备注", help="备注，会写进简报")]


def at_most(last: int | None, usual: int, *, as_json: bool) -> int | None:
    """Return the maximum number of entries to list, or None for all.

    ``last`` is the value of ``--last``; 0 means all. If it is None, the result
    is ``usual``, or None for JSON output.
    """
    if last is None:
        return None if as_json else usual
    return last or None
