"""The rows that an exported workbook has for an entry, both to write and to compare them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date
from decimal import Decimal

from sgtrack.model.contract import Project
from sgtrack.model.entries import Entry, short_id
from sgtrack.model.units import amount_words
from sgtrack.progress.conditions import shortfalls
from sgtrack.progress.tally import served

VERSION = "版本"
"""Heading of the column with the full id of the entry; every correction has a new id."""
COUNTED_CODES = "计入编号"
"""Heading of the hidden column with the codes of the items, which the sums refer to."""
SHORT_ID = "编号"
NAMES = "姓名"
DONE = "完成"
"""The text in place of an amount for an activity without amounts, such as a milestone."""
PRINTED = (
    ("日期", 12), ("编号", 9), ("服务项", 9), ("名称", 24), ("标题", 30), ("数量", 9), ("单位", 8),
    ("地点", 18), ("类型", 12), ("佐证", 7), ("备注", 24), ("计入", 16),
)  # fmt: skip
"""Headings and widths of the columns that are printed."""
_FURTHER = (
    ("同时计入", 10), ("结束", 7), ("节次", 7), ("到场", 7), ("期别", 9), ("成效", 24),
    ("原文", 24), (COUNTED_CODES, 16), (VERSION, 30),
)  # fmt: skip
EFFECT, SOURCE = "成效", "原文"
COMPUTED = ("编号", "名称", "佐证", "计入", COUNTED_CODES, "期别", EFFECT, SOURCE)
"""Headings of the columns that an import ignores when it builds an activity from a row."""
ExportedCell = str | Decimal | date


def columns(*, with_names: bool) -> tuple[tuple[str, int], ...]:
    """Return the headings and widths of all columns."""
    return (*PRINTED, *([(NAMES, 24)] if with_names else []), *_FURTHER)


def rows_of(project: Project, entry: Entry) -> tuple[dict[str, ExportedCell], ...]:
    """Return a row for each amount of an entry, or one row without amounts, by heading."""
    activity = entry.activity
    item = project.items.get(activity.item)
    missed = shortfalls(project, activity)
    counted = [code for code in served_items(project, entry) if code not in missed]
    shared: dict[str, ExportedCell] = {
        "日期": activity.day,
        "编号": short_id(entry.id),
        "服务项": activity.item,
        "名称": item.name if item else "",
        "标题": activity.title,
        "地点": activity.place,
        "类型": activity.activity_type,
        "佐证": f"{len(entry.evidence)}件",
        "备注": activity.note,
        "计入": "、".join(project.items[code].name for code in counted),
        COUNTED_CODES: "|".join(["", *counted, ""]),
        NAMES: "、".join(activity.participants),
        "同时计入": "、".join(activity.also),
        "结束": "是" if activity.closes else "",
        "节次": "" if activity.session is None else Decimal(activity.session),
        "到场": "" if activity.attendance is None else Decimal(activity.attendance),
        "期别": activity.for_month,
        EFFECT: entry.effect,
        SOURCE: activity.source,
        VERSION: entry.id,
    }
    amounts: dict[str, Decimal] = {**activity.amounts}
    if not amounts:
        return ({**shared, "数量": DONE, "单位": ""},)
    return tuple({**shared, "数量": amount, "单位": unit} for unit, amount in amounts.items())


ACTIVITY_COLUMNS = (
    ("日期", 12), ("服务名称", 26), ("标题", 30), ("地点", 18), ("完成数量", 22), ("计入指标", 34),
    ("节次", 7), ("成效", 34), ("佐证材料", 26), ("备注", 24),
)  # fmt: skip
"""Headings and widths of the sheet for readers, which an import ignores."""


def activity_row(
    project: Project, entry: Entry, *, with_names: bool
) -> tuple[ExportedCell | None, ...]:
    """Return the only row that an entry has in the sheet for readers."""
    activity = entry.activity
    exported = rows_of(project, entry)[0]
    kinds = Counter(evidence.kind for evidence in entry.evidence)
    proofs = [kind + (f"{count}件" if count > 1 else "") for kind, count in kinds.items()]
    missing = project.lacking(activity.item, kinds)
    names = (exported[NAMES],) if with_names else ()
    return (
        activity.day,
        exported["名称"],
        activity.title,
        activity.place,
        amount_words(activity.amounts) or DONE,
        exported["计入"],
        exported["节次"],
        entry.effect,
        "；".join(["、".join(proofs)] * bool(proofs) + [f"缺{'、'.join(missing)}"] * bool(missing)),
        activity.note,
        *names,
    )


def served_items(project: Project, entry: Entry) -> tuple[str, ...]:
    """Return the codes of the contract's items that an entry counts for."""
    return served(project, tuple(code for code in entry.activity.items if code in project.items))


def export_mark(as_of: date, entries: Collection[Entry]) -> str:
    """Return the text from which an import learns which entries were exported.

    It consists of the last exported day and the newest id among the exported entries.
    """
    newest = max((entry.id for entry in entries), default="")
    return f"{as_of.isoformat()}/{newest}"
