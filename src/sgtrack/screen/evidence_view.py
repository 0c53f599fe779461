"""Shows evidence on the screen and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import RenderableType
from rich.table import Column

from sgtrack.evidence.evidence_store import CONDITION_ON_SCREEN, DamagedEvidence
from sgtrack.model.entries import Entry, short_id
from sgtrack.screen.console import grid


def evidence_table(entries: Iterable[Entry]) -> RenderableType:
    """Build a table of evidence files and the activities that they prove."""
    table = grid("日期", "活动编号", "服务项", "种类", Column("文件"), "材料编号")
    for entry in entries:
        for evidence in entry.evidence:
            table.add_row(
                entry.activity.day.isoformat(),
                short_id(entry.id),
                entry.activity.item,
                evidence.kind,
                evidence.name,
                short_id(evidence.id),
            )
    return table


def evidence_json(entry: Entry) -> list[dict[str, Any]]:
    """Return the evidence of an entry as JSON values."""
    return [
        {
            "id": evidence.id,
            "entry": entry.id,
            "community": entry.activity.community,
            "date": entry.activity.day.isoformat(),
            "item": entry.activity.item,
            "kind": evidence.kind,
            "name": evidence.name,
            "size": evidence.size,
            "sha256": evidence.sha256,
        }
        for evidence in entry.evidence
    ]


def evidence_verification_json(files: int, damages: Iterable[DamagedEvidence]) -> dict[str, Any]:
    """Return the number of files that were read and the damaged ones as JSON values."""
    return {
        "files": files,
        "damaged": [
            {
                "id": damage.evidence.id,
                "entry": damage.entry.id,
                "community": damage.entry.activity.community,
                "kind": damage.evidence.kind,
                "name": damage.evidence.name,
                "condition": damage.condition.value,
            }
            for damage in damages
        ],
    }


def damage_words(damage: DamagedEvidence) -> str:
    """Describe a missing or changed evidence file and its activity."""
    activity = damage.entry.activity
    return (
        f"{file_words(damage)}"
        f"（{activity.day} {activity.item} {activity.title}，{short_id(damage.entry.id)}）"
    )


def file_words(damage: DamagedEvidence) -> str:
    """Describe a missing or changed evidence file."""
    evidence = damage.evidence
    return f"{CONDITION_ON_SCREEN[damage.condition]}：{evidence.kind} {evidence.name}"
