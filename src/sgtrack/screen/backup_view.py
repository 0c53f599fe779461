"""Backups and what was recovered, on the screen and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rich.console import RenderableType
from rich.table import Column
from rich.text import Text

from sgtrack.model.entries import short_id
from sgtrack.model.record_kinds import KIND_LABELS
from sgtrack.recovery.backups import Backup, Reason
from sgtrack.recovery.recover import Lost, Recovered
from sgtrack.screen.console import grid

_REASONS = {
    Reason.DAILY: "每天",
    Reason.MIGRATION: "升级以前",
    Reason.MANUAL: "手工",
    Reason.REPLACED: "恢复以前",
    Reason.DAMAGED: "损坏的原件",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A backup with its size in bytes and whether it is sound."""

    backup: Backup
    size: int
    sound: bool


def backup_table(found: list[Shown]) -> RenderableType:
    """Every backup, the newest first."""
    table = grid(
        Column("名称", no_wrap=True),
        Column("时间", no_wrap=True),
        Column("为什么", no_wrap=True),
        Column("大小", no_wrap=True, justify="right"),
        Column("状态", no_wrap=True),
    )
    for one in found:
        table.add_row(
            one.backup.name,
            f"{one.backup.at:%Y-%m-%d %H:%M}",
            _REASONS[one.backup.reason],
            f"{max(one.size // 1024, 1)} KB",
            "完好" if one.sound else Text("损坏", style="red"),
        )
    return table


def backup_json(one: Shown) -> dict[str, Any]:
    """A backup for other programs."""
    return {
        "name": one.backup.name,
        "at": one.backup.at.isoformat(),
        "reason": one.backup.reason.value,
        "size": one.size,
        "sound": one.sound,
    }


def recovered_words(found: Recovered) -> Iterator[str]:
    """What was saved and what was not, in sentences."""
    if found.chained:
        whole = "每条都和写入时一样" if found.saved else ""
        yield f"救回 {found.saved} 条记录" + (f"，{whole}" if whole else "")
    if found.base is not None:
        yield f"其中 {found.only_in_backup} 条来自 {found.base.at:%Y-%m-%d %H:%M} 的备份"
    if found.unproven:
        yield f"还读出 {len(found.unproven)} 条，没有校验码可以核对，请对照签到表等材料："
        yield from _listed(found.unproven)
    if found.lost:
        yield f"没有救回 {len(found.lost)} 条，要重新记："
        yield from _listed(found.lost)
    if found.nameless:
        yield f"另有 {found.nameless} 条连编号也读不出来"
    if not found.chained:
        yield "校验链没有读出来，从现在起重新开始；以前简报上的校验码对不上了"
    elif found.lost or found.nameless or found.unproven:
        yield "sgtrack verify 以后会一直说明这次的损失"


def _listed(records: tuple[Lost, ...]) -> Iterator[str]:
    for one in records:
        kind = KIND_LABELS.get(one.kind, one.kind)
        yield f"    {kind}  {short_id(one.record_id)}  {one.readable or '内容读不出来'}"
