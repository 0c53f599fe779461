"""Recorded versions of a contract, and detection of changes that were not declared.

A record stores the original contract and its changes separately. A declared change therefore does
not alter the original part.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sgtrack.checks.contract_rows import contract_rows
from sgtrack.model.contract import PER_ON_SCREEN, Change, Indicator, Item, Kind, Per, Project
from sgtrack.model.units import plain

Record = dict[str, Any]

_CONDITIONS = {
    "each": "对每次活动的要求",
    "sessions": "应满的次数",
    "once_per_person": "每人只计一次的要求",
    "part_of": "计入的上级",
}


def contract_record(project: Project) -> str:
    """Return the original targets and the declared changes of a contract as JSON.

    The period is null as long as the target file marks it as unchecked. ``rows`` is what the views
    of the ledger read; :func:`silent_changes` ignores it.
    """
    items = project.items.values()
    first_end = project.extensions[0].before if project.extensions else project.period.end
    period = [project.period.start.isoformat(), first_end.isoformat()]
    record = {
        "period": period if project.period_checked else None,
        "items": {item.code: _item(item) for item in items if item.added is None},
        "changes": [_change(project, change) for change in project.changes],
        "rows": contract_rows(project),
    }
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def silent_changes(noted: tuple[str, ...], now: str) -> Iterator[str]:
    """Yield a message for each change of the contract that its target file does not declare.

    Args:
        noted: the contract records in the ledger, oldest first.
        now: the record of the current contract file.
    """
    if not noted:
        return
    records, current = [json.loads(record) for record in noted], json.loads(now)
    period = next((record["period"] for record in records if record["period"]), None)
    if period is not None and current["period"] != period:
        is_now = current["period"]
        shown = f"{is_now[0]} 至 {is_now[1]}" if is_now else "待核对"
        yield f"项目期原来是 {period[0]} 至 {period[1]}，现在是{shown}"
    yield from _item_changes(records[0]["items"], current["items"])
    gone: list[Record] = []
    for change in (change for record in records for change in record["changes"]):
        if change not in current["changes"] and change not in gone:
            gone.append(change)
            yield f"{change['from']} 的变更（{change['document']}）和登记时不同，或被删掉了"


def _item_changes(first: Mapping[str, Record], now: Mapping[str, Record]) -> Iterator[str]:
    for code, was in first.items():
        label = f"{code} {was['name']}"
        if code not in now:
            yield f"原来有 {label}，现在没有"
            continue
        is_now = now[code]
        for key in dict.fromkeys([*was["targets"], *is_now["targets"]]):
            before, after = was["targets"].get(key), is_now["targets"].get(key)
            if before != after:
                yield f"{label}：原来是{_describe(key, before)}，现在是{_describe(key, after)}"
        for key, words in _CONDITIONS.items():
            if key in was and was[key] != is_now[key]:
                yield f"{label}：{words}（{key}）变了"
    for code, added in now.items():
        if code not in first:
            yield f"{code} {added['name']} 是第一次登记以后加的"


def _item(item: Item) -> Record:
    return {
        "name": item.name,
        "part_of": item.part_of,
        "targets": {" ".join(i.key[1:]).strip(): _target(i) for i in item.indicators},
        "each": {unit: plain(least) for unit, least in item.each},
        "sessions": item.sessions,
        "once_per_person": item.once_per_person,
    }


def _target(indicator: Indicator) -> list[Any]:
    """Return the original target, due day, due date and types of an indicator."""
    target = indicator.revised[0].before if indicator.revised else indicator.target
    due = indicator.due.isoformat() if indicator.due else None
    amount = None if target is None else plain(target)
    return [amount, indicator.due_day, due, list(indicator.types)]


def _change(project: Project, change: Change) -> Record:
    items = project.items.values()
    ends = [e.after.isoformat() for e in project.extensions if e.change == change]
    return {
        "from": change.start.isoformat(),
        "document": change.document,
        "targets": [
            [*indicator.key, plain(revision.after)]
            for item in items
            for indicator in item.indicators
            for revision in indicator.revised
            if revision.change == change
        ],
        "add": {item.code: _item(item) for item in items if item.added == change},
        "end": [item.code for item in items if item.ended == change],
        "period_end": ends[0] if ends else None,
    }


def _describe(key: str, target: list[Any] | None) -> str:
    """Return a recorded target as Chinese text, such as 50人次 or 每月1次（25日前）."""
    if target is None:
        return "没有"
    amount, due_day, due, types = target
    kind, *rest = key.split(" ")
    if kind == Kind.MILESTONE:
        return f"{due} 前完成" if due else "完成"
    if kind == Kind.COVERAGE:
        return f"类型 {'、'.join(types)}"
    unit, *per = rest
    rhythm = PER_ON_SCREEN[Per(per[0])] if per else ""
    each = "每人" if kind == Kind.PER_PERSON else ""
    return f"{each}{rhythm}{amount}{unit}" + (f"（{due_day}日前）" if due_day else "")
