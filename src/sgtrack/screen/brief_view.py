"""Shows issued briefs on the screen and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from sgtrack.app.read_entries import ListedBriefs
from sgtrack.evidence.evidence_store import CONDITION_ON_SCREEN, Condition, check_condition
from sgtrack.model.contract import Project
from sgtrack.model.issued import IssuedBrief, head_code
from sgtrack.model.units import number
from sgtrack.screen.console import grid, print_apart


def print_brief_tables(listed: Iterable[ListedBriefs], store: Path) -> None:
    """Print the issued briefs of each community."""
    print_apart(brief_table(one.project, one.briefs, store) for one in listed)


def brief_table(project: Project, briefs: tuple[IssuedBrief, ...], store: Path) -> RenderableType:
    """Build a table of the issued briefs of a community."""
    title = Text(project.full_name, style="bold")
    if not briefs:
        return Group(title, Text("还没有发出简报：sgtrack brief --month 月份 --issue", style="dim"))
    table = grid("期号", "月份", "统计到", "提交", "按时", "校验码", "文件")
    for brief in briefs:
        states = {check_condition(store, file.sha256) for file in brief.files}
        faults = "、".join(CONDITION_ON_SCREEN[s] for s in sorted(states - {Condition.INTACT}))
        table.add_row(
            brief.number_words,
            brief.month,
            f"{brief.last_day:%m-%d}",
            brief.issued.isoformat(),
            _delivery(brief),
            head_code(brief.head),
            Text(faults, style="red") if faults else "完好",
        )
    return Group(title, table)


def _delivery(brief: IssuedBrief) -> Text:
    """Describe whether a brief was withdrawn or in time, and why it was issued early."""
    if brief.withdrawn:
        return Text(f"已撤回：{brief.withdrawn}", style="yellow")
    if brief.days_late:
        return Text(f"迟{brief.days_late}天", style="red")
    return Text(f"按时（提前发出：{brief.early}）" if brief.early else "按时")


def brief_json(brief: IssuedBrief, store: Path) -> dict[str, Any]:
    """Return an issued brief as JSON values."""
    return {
        "community": brief.community,
        "number": brief.number,
        "month": brief.month,
        "supplement": brief.part - 1,
        "start": brief.first_day.isoformat(),
        "end": brief.last_day.isoformat(),
        "due": brief.due.isoformat(),
        "issued": brief.issued.isoformat(),
        "days_late": brief.days_late,
        "early": brief.early,
        "withdrawn": brief.withdrawn,
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
