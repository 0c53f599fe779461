"""Written and issued briefs on the screen and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Group, RenderableType
from rich.table import Column
from rich.text import Text

from sgtrack.evidence.evidence_store import CONDITION_ON_SCREEN, Condition, check_condition
from sgtrack.model.contract import Project
from sgtrack.model.errors import Refused
from sgtrack.model.issued import IssuedBrief, head_code
from sgtrack.model.units import number
from sgtrack.screen.console import grid, print_apart, print_json

if TYPE_CHECKING:  # it loads jinja2
    from sgtrack.app.draft_brief import BriefResult, MonthBrief


def print_remarks(brief: MonthBrief, *, is_issuing: bool, as_json: bool) -> None:
    """Print that a brief is issued, and what it lacks; beside JSON on stderr."""
    remarks = []
    if is_issuing and (issued := brief.issued):
        late = f"迟交 {issued.days_late} 天（应于 {issued.due} 前）" if issued.days_late else "按时"
        remarks.append(
            f"已发出 {brief.project.name} 第{issued.number}期（{issued.month}）："
            f"{issued.issued} 提交，{late}，校验码 {head_code(issued.head)}"
        )
        if issued.last_day < brief.window.period.end:
            remarks.append(f"注意：只统计到 {issued.last_day}，这以后的活动写进下一期")
    for remark in [*remarks, *brief.remarks]:
        typer.echo(remark, err=as_json)


def print_briefs(result: BriefResult, *, is_issuing: bool, as_json: bool) -> None:
    """Print the title and path of every written file."""
    written = [(brief, path) for brief in result.briefs for path in brief.paths.values()]
    if as_json:
        print_json([{"month": brief.window.label, "file": str(path)} for brief, path in written])
        return
    for brief, path in written:
        typer.echo(f"{_title(brief, is_issuing)}：{path}")


def _title(brief: MonthBrief, is_issuing: bool) -> str:
    title = f"{brief.project.name} {brief.window.label} 简报"
    if is_issuing:
        return title
    if brief.issued is not None:
        return f"{title}（第{brief.issued.number}期，{brief.issued.issued} 发出，内容不再变）"
    return f"{title}草稿（{brief.window.period.start} 至 {brief.window.period.end}）"


def refusal_of(failed: Sequence[tuple[Project, Refused]], *, is_issuing: bool) -> Refused:
    """The refusal that names every community whose brief was refused."""
    listed = "\n".join(f"    {project.name}：{refused.message}" for project, refused in failed)
    done = "发出" if is_issuing else "写成"
    return Refused(f"{len(failed)} 个社区没有{done}：\n{listed}", failed[0][1].hint)


def print_brief_tables(
    listed: Iterable[tuple[Project, tuple[IssuedBrief, ...]]], store: Path
) -> None:
    """Print the issued briefs of each community."""
    print_apart(brief_table(project, briefs, store) for project, briefs in listed)


def brief_table(project: Project, briefs: tuple[IssuedBrief, ...], store: Path) -> RenderableType:
    """Every issued brief of a community."""
    title = Text(project.full_name, style="bold")
    if not briefs:
        return Group(title, Text("还没有发出简报：sgtrack brief --month 月份 --issue", style="dim"))
    table = grid(
        Column("期号", no_wrap=True),
        Column("月份", no_wrap=True),
        Column("统计到", no_wrap=True),
        Column("提交", no_wrap=True),
        Column("按时", no_wrap=True),
        Column("校验码", no_wrap=True),
        Column("文件", no_wrap=True),
    )
    for brief in briefs:
        table.add_row(
            f"第{brief.number}期",
            brief.month,
            f"{brief.last_day:%m-%d}",
            brief.issued.isoformat(),
            Text(f"迟{brief.days_late}天", style="red") if brief.days_late else "按时",
            head_code(brief.head),
            _files(brief, store),
        )
    return Group(title, table)


def _files(brief: IssuedBrief, store: Path) -> Text:
    states = {check_condition(store, file.sha256) for file in brief.files} - {Condition.INTACT}
    words = "、".join(CONDITION_ON_SCREEN[state] for state in sorted(states))
    return Text(words or "完好", style="red" if words else "")


def brief_json(brief: IssuedBrief, store: Path) -> dict[str, Any]:
    """An issued brief for other programs."""
    return {
        "community": brief.community,
        "number": brief.number,
        "month": brief.month,
        "start": brief.first_day.isoformat(),
        "end": brief.last_day.isoformat(),
        "due": brief.due.isoformat(),
        "issued": brief.issued.isoformat(),
        "days_late": brief.days_late,
        "code": head_code(brief.head),
        "submission": brief.submission,
        "figures": [
            {
                "item": item,
                "kind": kind,
                "unit": unit or None,
                "per": per or None,
                "gain": number(brief.gains[item, kind, unit, per]),
                "total": number(total),
            }
            for (item, kind, unit, per), total in brief.totals.items()
        ],
        "files": [
            {
                "format": file.format,
                "sha256": file.sha256,
                "state": check_condition(store, file.sha256).value,
            }
            for file in brief.files
        ],
    }
