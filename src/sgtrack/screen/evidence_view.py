"""Evidence on the screen and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import RenderableType
from rich.table import Column

from sgtrack.evidence.evidence_store import CONDITION_ON_SCREEN, DamagedEvidence
from sgtrack.model.entries import Entry, short_id
from sgtrack.screen.console import grid


def evidence_table(entries: Iterable[Entry]) -> RenderableType:
    """Every file with the activity it proves."""
    table = grid(
        Column("日期", no_wrap=True),
        Column("活动编号", no_wrap=True),
        Column("服务项", no_wrap=True),
        Column("种类", no_wrap=True),
        Column("文件"),
        Column("材料编号", no_wrap=True),
    )
    for entry in entries:
        for one in entry.evidence:
            table.add_row(
                entry.activity.day.isoformat(),
                short_id(entry.id),
                entry.activity.item,
                one.kind,
                one.name,
                short_id(one.id),
            )
    return table


def evidence_json(entry: Entry) -> list[dict[str, Any]]:
    """The evidence of an entry for other programs."""
    return [
        {
            "id": one.id,
            "entry": entry.id,
            "community": entry.activity.community,
            "date": entry.activity.day.isoformat(),
            "item": entry.activity.item,
            "kind": one.kind,
            "name": one.name,
            "size": one.size,
            "sha256": one.sha256,
        }
        for one in entry.evidence
    ]


def damage_words(damage: DamagedEvidence) -> str:
    """What happened to which file of which activity."""
    activity = damage.entry.activity
    return (
        f"{file_words(damage)}"
        f"（{activity.day} {activity.item} {activity.title}，{short_id(damage.entry.id)}）"
    )


def file_words(damage: DamagedEvidence) -> str:
    """What happened to which file."""
    evidence = damage.evidence
    return f"{CONDITION_ON_SCREEN[damage.condition]}：{evidence.kind} {evidence.name}"
