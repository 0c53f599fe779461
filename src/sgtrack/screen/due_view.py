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
from sgtrack.progress.indicator_progress import Due
from sgtrack.progress.progress_wording import label
from sgtrack.screen.console import grid


def due_table(due: tuple[Due, ...], as_of: date) -> RenderableType:
    """What the coming weeks ask for, the earliest first; what was missed before is only counted."""
    late = sum(1 for one in due if one.late)
    missed = [Text(f"另有 {late} 期已经逾期，sgtrack status 里看", style="red")] if late else []
    due = tuple(one for one in due if not one.late)
    if not due:
        return Group(Text("这段时间没有要交的", style="green"), *missed)
    table = grid(
        Column("截止", no_wrap=True),
        Column("还有", justify="right", no_wrap=True),
        Column("服务项"),
        Column("要做"),
    )
    for one in due:
        days = (one.deadline - as_of).days
        unit = one.progress.indicator.unit
        what = f"{plain(one.amount)}{unit}" if unit else "完成"
        table.add_row(
            one.deadline.isoformat(),
            f"{days}天",
            label(one.progress),
            f"{one.label}{what}",
        )
    return Group(table, *missed)


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
