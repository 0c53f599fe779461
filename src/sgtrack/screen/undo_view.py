"""Shows what ``undo`` takes back, on the screen and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sgtrack.app.undo import ShownReversal, Undone
from sgtrack.model.entries import Entry, short_id
from sgtrack.model.units import amount_words
from sgtrack.screen.entry_view import entry_json, item_words

_LISTED = 10
"""Maximum number of changes that are shown one by one."""


def reversal_lines(shown: ShownReversal) -> Iterator[str]:
    """Yield the lines that tell what a command wrote and how it is taken back."""
    reversal = shown.masked
    yield f"撤销 {reversal.origin.at:%Y-%m-%d %H:%M} 的命令：{reversal.origin.command}"
    changes = [*_changes(shown)]
    yield from (f"  {change}" for change in changes[:_LISTED])
    if len(changes) > _LISTED:
        yield f"  ……一共 {len(changes)} 处"
    if reversal.last_days:
        yield f"  名册上 {len(reversal.last_days)} 人的最后一天改回原样"
    if reversal.left:
        yield f"  从名册去掉 {len(reversal.left)} 人"
    if reversal.rejoined:
        yield f"  放回名册 {len(reversal.rejoined)} 人"


def _changes(shown: ShownReversal) -> Iterator[str]:
    reversal = shown.masked
    for entry in reversal.voided:
        yield f"作废  {_entry_words(shown, entry)}"
    for entry, before in reversal.reverted:
        yield (
            f"改回  {_entry_words(shown, entry)}  →  "
            f"{before.day}  {before.item}  {before.title}  {amount_words(before.amounts)}"
        )
    for entry in reversal.revived:
        yield f"恢复  {_entry_words(shown, entry)}"
    for entry, subject, text in reversal.texts:
        label = "成效" if subject == "effect" else "补记原因"
        words = " ".join(text.splitlines()) or "没有写"
        yield f"改回{label}  {_entry_words(shown, entry)}  →  {words}"
    for entry, file in reversal.removed:
        yield f"去掉佐证材料  {file.kind} {file.name}（{short_id(entry.id)}）"
    for entry, file in reversal.returned:
        yield f"放回佐证材料  {file.kind} {file.name}（{short_id(entry.id)}）"


def _entry_words(shown: ShownReversal, entry: Entry) -> str:
    activity = entry.activity
    project = shown.projects.get(activity.community)
    words = [
        short_id(entry.id),
        activity.day.isoformat(),
        project.name if project else activity.community,
        item_words(project, activity),
        activity.title,
        amount_words(activity.amounts),
    ]
    return "  ".join(word for word in words if word)


def undone_json(shown: ShownReversal, undone: Undone) -> dict[str, Any]:
    """Return what was taken back as JSON values.

    If the command concerned one entry, the keys of that entry stand beside the others.
    """
    reversal = shown.masked
    entries = [
        entry_json(entry, shown.projects.get(entry.activity.community)) for entry in undone.entries
    ]
    return {
        **(entries[0] if len(entries) == 1 else {}),
        "undone": {
            "at": reversal.origin.at.isoformat(timespec="seconds"),
            "command": reversal.origin.command,
        },
        "entries": entries,
        "removed_people": len(reversal.left),
        "returned_people": len(reversal.rejoined),
    }
