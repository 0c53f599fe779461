"""Prints the briefs that ``brief`` wrote and issued, without loading Rich."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from sgtrack.model.contract import Project
from sgtrack.model.errors import Refused
from sgtrack.model.issued import head_code
from sgtrack.progress.periods import is_last_window

if TYPE_CHECKING:  # The import loads jinja2.
    from sgtrack.app.draft_brief import BriefResult, MonthBrief


def print_remarks(brief: MonthBrief, *, is_issuing: bool, as_json: bool) -> None:
    """Print that a brief was issued, and the remarks on it; use stderr if stdout has JSON."""
    remarks = []
    if is_issuing and (issued := brief.issued):
        late = f"迟交 {issued.days_late} 天（应于 {issued.due} 前）" if issued.days_late else "按时"
        remarks.append(
            f"已发出 {brief.project.name} 第{issued.number}期（{issued.label}）："
            f"{issued.issued} 提交，{late}，校验码 {head_code(issued.head)}"
        )
        if issued.last_day < brief.window.period.end:
            is_last = is_last_window(brief.project, brief.window)
            following = "补充简报（sgtrack brief --supplement）" if is_last else "下一期"
            remarks.append(f"注意：只统计到 {issued.last_day}，此后的活动列入{following}")
    for remark in [*remarks, *brief.remarks]:
        typer.echo(remark, err=as_json)


def print_briefs(result: BriefResult, *, is_issuing: bool, as_json: bool) -> None:
    """Print the title and the path of every written file, or the months and paths as JSON."""
    written = [(brief, path) for brief in result.briefs for path in brief.paths.values()]
    if as_json:
        from sgtrack.screen.console import print_json  # noqa: PLC0415 - loads Rich

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
    return f"{title}草稿（{brief.first_day} 至 {brief.window.period.end}）"


def refusal_of(failed: Sequence[tuple[Project, Refused]], *, is_issuing: bool) -> Refused:
    """Return a refusal that lists every community whose brief was refused, with the reason."""
    listed = "\n".join(f"    {project.name}：{refused.message}" for project, refused in failed)
    done = "发出" if is_issuing else "写成"
    return Refused(f"{len(failed)} 个社区没有{done}：\n{listed}", failed[0][1].hint)
