"""What a merging brought, and what the laptops do not agree on, on the screen and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Column
from rich.text import Text

from sgtrack.merging.merge import MergedLedger, MergeResult
from sgtrack.model.entries import Conflict, Conflicts, short_id
from sgtrack.model.record_kinds import KIND_LABELS, RECORD_KINDS
from sgtrack.model.units import amount_words
from sgtrack.screen.console import grid


def merged_words(one: MergedLedger) -> Iterator[str]:
    """What was taken from one ledger, and what was noticed."""
    name = one.path.name or str(one.path)
    if one.new:
        kinds = [
            f"{KIND_LABELS[kind]} {one.counts[kind]} 条"
            for kind in RECORD_KINDS
            if one.counts[kind] and kind != "merge"
        ]
        rewritten = [f"姓名有变的记录 {one.rewritten} 条"] if one.rewritten else []
        files = [f"佐证文件 {one.files} 个"] if one.files else []
        yield f"{name}：收下 {'、'.join([*kinds, *rewritten, *files]) or '它的合并经过'}"
    else:
        yield f"{name}：没有新的，都已经有了"
    if one.older:
        yield "        这一份比已经并进来的旧"
    if one.forked:
        yield "        和台账里的同一份是复制后各自记的，两边的记录都留下了；最好每台电脑各建各的"
    if one.absent:
        yield f"        {one.absent} 个佐证文件没有一起来，还在原来的电脑上"


def merged_json(found: MergeResult) -> dict[str, Any]:
    """The outcome of a merging for other programs."""
    return {
        "merged": [
            {
                "file": str(one.path),
                "records": dict(one.counts),
                "rewritten": one.rewritten,
                "files": one.files,
                "absent_files": one.absent,
                "older": one.older,
                "forked": one.forked,
            }
            for one in found.merged
        ],
        **conflicts_json(found.conflicts),
    }


def conflicts_json(found: Conflicts) -> dict[str, Any]:
    """What is in conflict for other programs."""
    return {
        "conflicts": [
            {
                "entry": one.entry.id,
                "community": one.entry.activity.community,
                "corrections": [entry.id for entry in one.corrections],
                "voids": list(one.voids),
                "counts": one.counts,
            }
            for one in found.decisions
        ],
        "double_briefs": [
            {"community": one.community, "month": one.month, "issued": list(one.issued)}
            for one in found.briefs
        ],
    }


def conflict_table(found: Conflicts) -> RenderableType:
    """Every conflict with the decisions on it, and which of them counts for now."""
    parts: list[RenderableType] = []
    if found.decisions:
        parts.append(
            Text(
                f"几台电脑的更正不一致 {len(found.decisions)} 处"
                "（先做的先算数；用 sgtrack resolve 编号 -r 原因 决定）",
                style="bold",
            )
        )
        for one in found.decisions:
            parts.append(_decisions(one))
    if found.briefs:
        parts.append(Text(f"同一个月在几台电脑上都发出了简报 {len(found.briefs)} 期", style="bold"))
        table = grid(Column("", no_wrap=True), Column("", ratio=1), heading=False)
        for brief in found.briefs:
            table.add_row(
                f"{brief.community} {brief.month}",
                f"{'、'.join(brief.issued)} 发出，以先发出的为准；后一份里独有的活动写进下一期",
            )
        parts.append(table)
    return Group(*parts)


def _decisions(one: Conflict) -> RenderableType:
    activity = one.entry.activity
    table = grid(
        Column("", no_wrap=True),
        Column("", no_wrap=True),
        Column("", ratio=1),
        heading=False,
    )
    table.add_row(
        short_id(one.entry.id),
        "原来",
        f"{activity.community} {activity.day} {activity.item} {activity.title} "
        f"{amount_words(activity.amounts)}",
    )
    for entry in one.corrections:
        new = entry.activity
        table.add_row(
            short_id(entry.id),
            "更正",
            f"{new.day} {new.item} {amount_words(new.amounts)}，{entry.reason}"
            f"{_now(one, entry.id)}",
        )
    for void in one.voids:
        table.add_row(short_id(void), "作废", _now(one, void).lstrip("，") or "")
    return table


def _now(one: Conflict, decision: str) -> str:
    return "，现在算数" if decision == one.counts else "，现在不算"
