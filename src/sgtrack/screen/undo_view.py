"""Shows what ``undo`` takes back, on the screen and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sgtrack.app.undo import ShownReversal, Undone
from sgtrack.model.entries import Activity, Entry, short_id
from sgtrack.model.units import amount_words
from sgtrack.screen.entry_view import entry_json, item_words

_LISTED = 10
"""Maximum number of changes that are shown one by one."""
_ARROW = "\n        →  "


def reversal_lines(shown: ShownReversal) -> Iterator[str]:
    """Yield lines about what a command wrote and how this is taken back."""
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
    moves = {moved.id: back for moved, back in reversal.moves}
    for entry in reversal.voided:
        if entry.id in moves:
            back = _activity_words(shown, moves[entry.id].activity)
            yield f"移回  {_entry_words(shown, entry)}{_ARROW}{back}"
        else:
            yield f"作废  {_entry_words(shown, entry)}"
    for entry, before in reversal.reverted:
        parts = [str(before.day), before.item, before.title, amount_words(before.amounts)]
        parts += ["到此结束"] if before.closes else []
        yield f"改回  {_entry_words(shown, entry)}{_ARROW}{'  '.join(parts)}"
    for entry in reversal.revived:
        if entry not in moves.values():
            yield f"恢复  {_entry_words(shown, entry)}"
    for entry, subject, text in reversal.texts:
        label = "成效" if subject == "effect" else "补记原因"
        words = " ".join(text.splitlines()) or "没有写"
        yield f"改回{label}  {_entry_words(shown, entry)}{_ARROW}{words}"
    for entry, file in reversal.removed:
        yield f"去掉佐证材料  {file.kind} {file.name}（{short_id(entry.id)}）"
    for entry, file in reversal.returned:
        yield f"放回佐证材料  {file.kind} {file.name}（{short_id(entry.id)}）"


def undone_lines(shown: ShownReversal, undone: Undone) -> Iterator[str]:
    """Yield the lines that name the entries that count after the undo, with their ids."""
    yield "已撤销"
    counting = [entry for entry in undone.entries if entry.counts]
    yield from (f"  现在是  {_entry_words(shown, entry)}" for entry in counting[:_LISTED])
    if len(counting) > _LISTED:
        yield f"  ……一共 {len(counting)} 条"


def _entry_words(shown: ShownReversal, entry: Entry) -> str:
    return f"{short_id(entry.id)}  {_activity_words(shown, entry.activity)}"


def _activity_words(shown: ShownReversal, activity: Activity) -> str:
    project = shown.projects.get(activity.community)
    words = [
        activity.day.isoformat(),
        project.name if project else activity.community,
        item_words(project, activity),
        activity.title,
        amount_words(activity.amounts),
        "到此结束" if activity.closes else "",
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
