"""Options that several commands share, and the shell completion of their values."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sgtrack.cli.command_context import app_context
from sgtrack.model.errors import Refused

if TYPE_CHECKING:
    from sgtrack.model.contract import Project

_NEWEST, _AMONG = 20, 500
"""How many entries are offered, and of how many; older ones are found with ``sgtrack list``."""
LISTED, EXPLAINED = 50, 20
"""How many entries a list has, and an explained figure, where nobody asked for more."""


Candidate = tuple[str, str]
"""A value that completes what was typed, and what it means."""


def _described(found: list[Candidate]) -> list[Candidate]:
    """Candidates for the shell. Bash shows values only, so there they say what they mean.

    Bash puts in what all candidates begin with; a single one must therefore be the bare value.
    """
    if len(found) > 1 and os.environ.get("_SGTRACK_COMPLETE") == "complete_bash":
        return [(f"{value}  {meaning}", meaning) for value, meaning in found]
    return found


def _projects(ctx: typer.Context, community: str | None) -> tuple[Project, ...]:

    try:
        return app_context(ctx.find_root()).projects(community)  # type: ignore[arg-type]
    except Refused:
        return ()


def complete_community(ctx: typer.Context, incomplete: str) -> list[Candidate]:
    """The communities whose short name begins as typed."""
    return _described(
        [
            (project.slug, project.full_name)
            for project in _projects(ctx, None)
            if project.slug.startswith(incomplete)
        ]
    )


def complete_item(ctx: typer.Context, incomplete: str) -> list[Candidate]:
    """The items whose code begins as typed, or whose name has what was typed."""
    found = []
    for project in _projects(ctx, ctx.params.get("community"))[:1]:
        for code, item in project.items.items():
            if code.startswith(incomplete):
                found.append((code, item.name))
            elif incomplete and incomplete in item.name:
                found.append((item.name, code))
    return _described(found)


def complete_entry(ctx: typer.Context, incomplete: str) -> list[Candidate]:
    """The newest entries whose short id begins as typed, with their day, item and title."""
    from sgtrack.ledger.entry_reads import read_entries
    from sgtrack.model.ids import short
    from sgtrack.model.queries import EntryFilter

    projects = {project.slug: project for project in _projects(ctx, ctx.params.get("community"))}
    context = app_context(ctx.find_root())  # type: ignore[arg-type]
    try:
        entries = read_entries(context.workspace.ledger, EntryFilter(tuple(projects), last=_AMONG))
    except Refused:
        return []
    found = []
    for entry in sorted(entries, key=lambda one: one.id, reverse=True):
        activity = entry.activity
        if not short(entry.id).startswith(incomplete.upper()):
            continue
        item = projects[activity.community].items.get(activity.item)
        name = activity.title or (item.name if item else "")
        found.append((short(entry.id), f"{activity.day} {activity.item} {name}"))
    return _described(context.without_names(found[:_NEWEST]))


Community = Annotated[
    str | None,
    typer.Option(
        "--community",
        "-c",
        metavar="社区",
        help="社区：代号、名称或拼音首字母",
        autocompletion=complete_community,
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON，供其他程序读取")]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="日期", help="截至哪一天，不写就是今天", show_default=False),
]
Reason = Annotated[
    str, typer.Option("--reason", "-r", metavar="原因", help="为什么，写给评估的人看")
]
WithNames = Annotated[bool, typer.Option("--with-names", help="同时显示姓名（默认只显示人数）")]


def _last(usual: int) -> Any:
    return typer.Option(
        "--last",
        "-n",
        metavar="条数",
        help=f"只列最近几条，0 列出全部；不写就是 {usual}，--json 不写是全部",
        min=0,
        show_default=False,
    )


LastListed = Annotated[int | None, _last(LISTED)]
LastExplained = Annotated[int | None, _last(EXPLAINED)]
Item = Annotated[
    str,
    typer.Argument(
        metavar="服务项",
        help="编号（5.1）、名称里的几个字（殡葬）或拼音首字母（bz）",
        autocompletion=complete_item,
        show_default=False,
    ),
]
Amounts = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="数量",
        help="数字加单位，如 80人次 100份；只有一个单位时可以不写单位",
        show_default=False,
    ),
]
Day = Annotated[
    str | None,
    typer.Option(
        "--date", "-d", metavar="日期", help="3-12、3月12日、昨天；不写就是今天", show_default=False
    ),
]
Title = Annotated[
    str | None,
    typer.Option(
        "--title", "-t", metavar="标题", help="活动名称；小组和个案必写", show_default=False
    ),
]
Place = Annotated[
    str | None, typer.Option("--place", metavar="地点", help="在哪里", show_default=False)
]
Who = Annotated[
    list[str] | None,
    typer.Option(
        "--who", metavar="姓名", help="参加的人或组织：甲、乙 或 甲 乙", show_default=False
    ),
]
Type = Annotated[
    str | None,
    typer.Option("--type", metavar="类型", help="类型，合同列了类型的才写", show_default=False),
]
Also = Annotated[
    list[str] | None,
    typer.Option(
        "--also",
        metavar="服务项",
        help="同一次活动还计入的服务项",
        autocompletion=complete_item,
        show_default=False,
    ),
]
Files = Annotated[
    list[Path] | None,
    typer.Option(
        "--evidence",
        "-e",
        metavar="文件",
        help="佐证材料，可以写几个：-e 签到表.jpg 现场.jpg",
        show_default=False,
        readable=False,  # whether it can be read is seen, and said, by its reader
    ),
]
Close = Annotated[bool, typer.Option("--close", help="小组、个案到这次结束（结案）")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="只看结果，不写入")]
Again = Annotated[bool, typer.Option("--again", help="同一天确实有两场同样的活动，照样记")]
EntryId = Annotated[
    str,
    typer.Argument(
        metavar="编号",
        help="记录的编号，写最后 6 位即可",
        autocompletion=complete_entry,
        show_default=False,
    ),
]
Note = Annotated[
    str | None,
    typer.Option("--note", metavar="备注", help="备注，会写进简报", show_default=False),
]


def at_most(last: int | None, usual: int, *, as_json: bool) -> int | None:
    """How many entries to list, as asked with ``--last``; None for all."""
    if last is None:
        return None if as_json else usual
    return last or None
