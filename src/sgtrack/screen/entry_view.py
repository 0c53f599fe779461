"""Shows entries of the ledger on the screen and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from rich.console import RenderableType
from rich.table import Column
from rich.text import Text

from sgtrack.entry.series_matching import series_items
from sgtrack.model.contract import Project
from sgtrack.model.entries import Activity, Entry, short_id
from sgtrack.model.units import amount_words, number
from sgtrack.screen.console import grid


def evidence_words(project: Project, entry: Entry) -> str:
    """List the kinds of evidence that an entry has, and the required kinds that it lacks."""
    count = Counter(evidence.kind for evidence in entry.evidence)
    parts = ["、".join(kind + (f" {n} 个" if n > 1 else "") for kind, n in count.items())]
    if missing := project.lacking(entry.activity.item, count):
        parts.append(f"还缺 {'、'.join(missing)}")
    words = "，".join(part for part in parts if part)
    return f"佐证：{words}" if words else ""


def entry_json(
    entry: Entry, project: Project | None, *, with_source: bool = False
) -> dict[str, Any]:
    """Return an entry as JSON values; participants are counted, not named.

    ``project`` is the contract of the entry's community, or None if it cannot be read. The text
    that the entry was read from may have names; it is left out unless ``with_source`` is true.
    """
    activity = entry.activity
    is_session = project is not None and series_items(project, activity.items)
    return {
        "id": entry.id,
        "community": activity.community,
        "date": activity.day.isoformat(),
        "item": activity.item,
        "title": activity.title,
        "place": activity.place,
        "type": activity.activity_type,
        "note": activity.note,
        "amounts": {unit: number(amount) for unit, amount in activity.amounts.items()},
        "people": len(activity.participants),
        "participants": len(activity.participants),
        "series": activity.title if is_session else None,
        "session": activity.session,
        "attendance": activity.attendance,
        **({"source": activity.source} if with_source else {}),
        "effect": entry.effect,
        "late_reason": entry.late_reason or ("" if entry.replaces else entry.reason),
        "also": list(activity.also),
        "evidence": [
            {"id": e.id, "kind": e.kind, "name": e.name, "size": e.size, "sha256": e.sha256}
            for e in entry.evidence
        ],
        "voided": entry.void is not None,
        "replaces": entry.replaces,
        "replaced_by": entry.replaced_by,
        "set_aside": entry.set_aside,
    }


def entry_table(entries: Iterable[Entry], projects: dict[str, Project]) -> RenderableType:
    """Build a table of entries, with a row for each entry."""
    several = len(projects) > 1
    community = ["社区"] if several else []
    table = grid("日期", "编号", *community, Column("服务项"), Column("标题"), Column("数量"))
    for entry in entries:
        activity = entry.activity
        project = projects.get(activity.community)
        cells = [activity.day.isoformat(), short_id(entry.id)]
        if several:
            cells.append(project.name if project else activity.community)
        cells += [
            item_words(project, activity),
            activity.title + _fate(entry),
            amount_words(activity.amounts),
        ]
        table.add_row(*cells, style="" if entry.counts else "dim")
    return table


def item_words(project: Project | None, activity: Activity) -> str:
    """Name the item of an activity, and the other items that the activity counts for."""
    item = project.items.get(activity.item) if project else None
    also = f"（兼 {'、'.join(activity.also)}）" if activity.also else ""
    return f"{activity.item} {item.name if item else '（合同里没有）'}{also}"


def _fate(entry: Entry) -> str:
    if entry.void is not None:
        return "【已作废】"
    if entry.replaced_by is not None:
        return f"【已更正为 {short_id(entry.replaced_by)}】"
    if entry.set_aside is not None:
        return f"【和 {short_id(entry.set_aside)} 冲突，未计数】"
    return ""


def entry_sheet(
    entry: Entry, history: tuple[Entry, ...], project: Project | None, with_names: bool
) -> RenderableType:
    """Build a table of all data of an entry and of its earlier versions (``history``).

    The names of participants are included only if ``with_names`` is true.
    """
    activity = entry.activity
    table = grid(Column(no_wrap=True, style="dim"), Column(), heading=False)
    names = (
        "、".join(activity.participants)
        if with_names
        else f"{len(activity.participants)} 个（--with-names 显示）"
    )
    rows = [
        ("编号", f"{short_id(entry.id)}（{entry.id}）{_fate(entry)}"),
        ("社区", project.full_name if project else activity.community),
        ("服务项", item_words(project, activity)),
        ("日期", activity.day.isoformat()),
        ("标题", activity.title),
        ("地点", activity.place),
        ("类型", activity.activity_type),
        ("数量", amount_words(activity.amounts)),
        ("姓名", names if activity.participants else ""),
        ("备注", activity.note),
        ("到场", f"{activity.attendance}人次，不计入指标" if activity.attendance else ""),
        ("期别", f"{activity.for_month} 的简报" if activity.for_month else ""),
        ("节次", f"第 {activity.session} 次" if activity.session else ""),
        ("结束", "小组或个案到此结束" if activity.closes else ""),
        ("成效", entry.effect),
        ("补记原因", entry.late_reason or ("" if entry.replaces else entry.reason)),
        ("原文", activity.source),
        *(("佐证", f"{e.kind}  {e.name}  {short_id(e.id)}") for e in entry.evidence),
        ("记录", f"{entry.origin.at:%Y-%m-%d %H:%M} {entry.origin.by}  {entry.origin.command}"),
    ]
    if entry.void is not None:
        rows.append(("作废", f"{entry.void.origin.at:%Y-%m-%d %H:%M} {entry.void.reason}"))
    rows += [
        ("更正前", f"{short_id(old.id)} {old.activity.day} {amount_words(old.activity.amounts)}")
        for old in history
    ]
    if entry.replaces:
        rows.append(("更正原因", entry.reason))
    for key, value in rows:
        if value:
            table.add_row(key, Text(value))
    return table


def not_listed(listed: int, total: int) -> str:
    """Return the remark that a list contains only the latest entries."""
    return f"仅列出最近 {listed} 条，共 {total} 条；-n 0 列出全部，写月份或服务项可以缩小范围"
