"""Shows merged ledgers and conflicts between laptops, on the screen and as JSON."""

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


def merged_words(ledger: MergedLedger) -> Iterator[str]:
    """Describe the merged records, with warnings about old or forked copies and missing files."""
    name = ledger.path.name or str(ledger.path)
    if ledger.new:
        kinds = [
            f"{KIND_LABELS[kind]} {ledger.counts[kind]} 条"
            for kind in RECORD_KINDS
            if ledger.counts[kind] and kind != "merge"
        ]
        rewritten = [f"姓名有变的记录 {ledger.rewritten} 条"] if ledger.rewritten else []
        files = [f"佐证文件 {ledger.files} 个"] if ledger.files else []
        yield f"{name}：已接收 {'、'.join([*kinds, *rewritten, *files]) or '它的合并经过'}"
    else:
        yield f"{name}：没有新的记录，均已存在"
    if ledger.unchanged:
        yield (
            f"        那边隐去过姓名的记录里，有 {ledger.unchanged} 条是这里记的，没有改；"
            "这里也要隐去，就运行 sgtrack forget 姓名"
        )
    if ledger.older:
        yield "        这一份早于已合并的一份"
    if ledger.forked:
        yield "        和台账里的同一份是复制后各自记的，两边的记录都留下了；最好每台电脑各建各的"
    if ledger.absent:
        yield f"        {ledger.absent} 个佐证文件没有一起来，还在原来的电脑上"


def merged_json(result: MergeResult) -> dict[str, Any]:
    """Return the result of a merge as JSON values."""
    return {
        "merged": [
            {
                "file": str(ledger.path),
                "records": dict(ledger.counts),
                "rewritten": ledger.rewritten,
                "unchanged": ledger.unchanged,
                "files": ledger.files,
                "absent_files": ledger.absent,
                "older": ledger.older,
                "forked": ledger.forked,
            }
            for ledger in result.merged
        ],
        **conflicts_json(result.conflicts),
    }


def conflicts_json(conflicts: Conflicts) -> dict[str, Any]:
    """Return the conflicts as JSON values."""
    return {
        "conflicts": [
            {
                "entry": conflict.entry.id,
                "community": conflict.entry.activity.community,
                "corrections": [entry.id for entry in conflict.corrections],
                "voids": list(conflict.voids),
                "counts": conflict.counts,
            }
            for conflict in conflicts.decisions
        ],
        "double_briefs": [
            {"community": brief.community, "month": brief.month, "issued": list(brief.issued)}
            for brief in conflicts.briefs
        ],
    }


def conflict_table(conflicts: Conflicts) -> RenderableType:
    """Build tables of the conflicts.

    Each conflicting decision is marked as counted or not counted. A month with several briefs is
    listed with the days on which they were issued.
    """
    parts: list[RenderableType] = []
    if conflicts.decisions:
        parts.append(
            Text(
                f"几台电脑的更正不一致 {len(conflicts.decisions)} 处"
                "（以先作出的为准；用 sgtrack resolve 编号 -r 原因 决定）",
                style="bold",
            )
        )
        parts += map(_decisions, conflicts.decisions)
    if conflicts.briefs:
        parts.append(
            Text(f"同一个月在几台电脑上都发出了简报 {len(conflicts.briefs)} 期", style="bold")
        )
        table = grid("", Column("", ratio=1), heading=False)
        for brief in conflicts.briefs:
            table.add_row(
                f"{brief.community} {brief.month}",
                f"{'、'.join(brief.issued)} 发出，以先发出的为准；后一份里独有的活动写进下一期",
            )
        parts.append(table)
    return Group(*parts)


def _decisions(conflict: Conflict) -> RenderableType:
    def state_words(decision: str) -> str:
        return "现行有效" if decision == conflict.counts else "现未采用"

    activity = conflict.entry.activity
    table = grid("", "", Column("", ratio=1), heading=False)
    table.add_row(
        short_id(conflict.entry.id),
        "原来",
        f"{activity.community} {activity.day} {activity.item} {activity.title} "
        f"{amount_words(activity.amounts)}",
    )
    for entry in conflict.corrections:
        new = entry.activity
        words = f"{new.day} {new.item} {amount_words(new.amounts)}，{entry.reason}"
        table.add_row(short_id(entry.id), "更正", f"{words}，{state_words(entry.id)}")
    for void in conflict.voids:
        table.add_row(short_id(void), "作废", state_words(void))
    return table
