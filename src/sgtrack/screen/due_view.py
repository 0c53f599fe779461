"""What the coming weeks ask for, on the screen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Column
from rich.text import Text

from sgtrack.app.status import CommunityDues
from sgtrack.model.units import number, plain
from sgtrack.screen.console import grid


def due_sheet(community: CommunityDues, weeks: int, today: date) -> RenderableType:
    """What a community owes in the coming weeks, the earliest first; late dues are only counted."""
    heading = Text(f"{community.project.full_name}  {weeks} 周以内", style="bold")
    late = sum(1 for due in community.dues if due.late)
    missed = [Text(f"另有 {late} 期已经逾期，sgtrack status 里看", style="red")] if late else []
    coming = [due for due in community.dues if not due.late]
    if not coming:
        return Group(heading, Text("这段时间没有要交的", style="green"), *missed)
    table = grid(
        Column("截止", no_wrap=True),
        Column("还有", justify="right", no_wrap=True),
        Column("服务项"),
        Column("要做"),
    )
    for due in coming:
        unit = due.progress.indicator.unit
        amount = f"{plain(due.amount)}{unit}" if unit else "完成"
        days = (due.deadline - today).days
        row = (f"{days}天", due.progress.item.label, f"{due.label}{amount}")
        table.add_row(due.deadline.isoformat(), *row)
    return Group(heading, table, *missed)


def dues_json(communities: Iterable[CommunityDues]) -> list[dict[str, Any]]:
    """The same for other programs."""
    return [
        {
            "community": community.project.slug,
            "item": due.progress.item.code,
            "name": due.progress.item.name,
            "unit": due.progress.indicator.unit,
            "amount": number(due.amount),
            "deadline": due.deadline.isoformat(),
            "late": due.late,
        }
        for community in communities
        for due in community.dues
    ]
