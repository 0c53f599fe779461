"""Findings in a community's entries that an evaluator may question, one rule per function.

An entry with a finding stays valid and may be correct.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from statistics import median

from sgtrack.checks.contract_record import contract_record, silent_changes
from sgtrack.entry.series_names import series_key
from sgtrack.model.contract import Project
from sgtrack.model.entries import Conflicts, Entry, Person, short_id
from sgtrack.model.units import is_distinct, plain
from sgtrack.progress.conditions import shortfalls
from sgtrack.progress.tally import served

OUTLYING = 10
"""Minimum factor between a reported amount and the median, upwards or downwards.

The median is taken over all amounts of the same item in the same unit.
"""
ENOUGH = 4
"""Amounts are compared with their median only if there are more than this number of amounts."""


class Topic(StrEnum):
    """The subject of a finding."""

    EVIDENCE_MISSING = "evidence_missing"
    EVIDENCE_DAMAGED = "evidence_damaged"
    FILE_USED_TWICE = "file_used_twice"
    ITEM_UNKNOWN = "item_unknown"
    CONTRACT_CHANGED = "contract_changed"
    NAMES_MISSING = "names_missing"
    NAMES_ALIKE = "names_alike"
    SERIES_ALIKE = "series_alike"
    CONDITION_MISSED = "condition_missed"
    CLOSED_EARLY = "closed_early"
    SEVERAL_ITEMS = "several_items"
    AMOUNT_OUTLYING = "amount_outlying"
    IN_CONFLICT = "in_conflict"
    ISSUED_TWICE = "issued_twice"
    ENTERED_TWICE = "entered_twice"


@dataclass(frozen=True, slots=True)
class Finding:
    """A message about entries that an evaluator may question, and the personal names concerned."""

    topic: Topic
    entries: tuple[Entry, ...]
    message: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Material:
    """The input of the rules: a community's contract, counted entries and rosters.

    ``noted`` contains the recorded versions of the contract, oldest first.
    """

    project: Project
    entries: tuple[Entry, ...]
    roster: tuple[Person, ...]
    noted: tuple[str, ...] = ()


Rule = Callable[[Material], Iterator[Finding]]


def findings(material: Material) -> tuple[Finding, ...]:
    """Return the findings of all rules, in the order of ``RULES``."""
    return tuple(finding for rule in RULES for finding in rule(material))


def _evidence_missing(material: Material) -> Iterator[Finding]:
    for entry in material.entries:
        have = {file.kind for file in entry.evidence}
        missing = material.project.lacking(entry.activity.item, have)
        if missing:
            yield Finding(Topic.EVIDENCE_MISSING, (entry,), f"缺 {'、'.join(missing)}")


def _file_used_twice(material: Material) -> Iterator[Finding]:
    users: dict[str, dict[str, Entry]] = defaultdict(dict)
    names: dict[str, str] = {}
    for entry in material.entries:
        for file in entry.evidence:
            users[file.sha256][entry.id] = entry
            names.setdefault(file.sha256, file.name)
    for digest, entries in users.items():
        if len(entries) > 1:
            message = f"文件“{names[digest]}”用于 {len(entries)} 次活动"
            yield Finding(Topic.FILE_USED_TWICE, tuple(entries.values()), message)


def _item_unknown(material: Material) -> Iterator[Finding]:
    for entry in material.entries:
        unknown = [code for code in entry.activity.items if code not in material.project.items]
        if unknown:
            message = f"合同里没有服务项 {'、'.join(unknown)}，没有计入"
            yield Finding(Topic.ITEM_UNKNOWN, (entry,), message)


def _contract_changed(material: Material) -> Iterator[Finding]:
    for message in silent_changes(material.noted, contract_record(material.project)):
        yield Finding(Topic.CONTRACT_CHANGED, (), message)


def _names_missing(material: Material) -> Iterator[Finding]:
    for entry in material.entries:
        activity = entry.activity
        for unit, amount in activity.amounts.items():
            unnamed = amount - len(activity.participants)
            if unnamed > 0 and (is_distinct(unit) or _once(material.project, entry, unit)):
                message = f"{plain(amount)}{unit}中{plain(unnamed)}{unit}未写名称，无法核对是否重复"
                yield Finding(Topic.NAMES_MISSING, (entry,), message)


def _once(project: Project, entry: Entry, unit: str) -> bool:
    """Return whether an item of the entry counts each person only once in this unit."""
    codes = (code for code in served(project, entry.activity.items) if code in project.items)
    return any(project.items[code].once(unit) for code in codes)


def _names_alike(material: Material) -> Iterator[Finding]:
    users: dict[str, dict[str, Entry]] = defaultdict(dict)
    for person in material.roster:
        users[person.name] = {}
    for entry in material.entries:
        for name in entry.activity.participants:
            users[name][entry.id] = entry
    for group in alike(users):
        entries = {e.id: e for name in group for e in users[name].values()}
        message = f"{len(group)} 个写法读音相同，可能是同一个人"
        yield Finding(Topic.NAMES_ALIKE, tuple(entries.values()), message, group)


def _series_alike(material: Material) -> Iterator[Finding]:
    """Report groups and cases whose names differ only in numbers, signs, spaces or sound."""
    for item in material.project.items.values():
        sessions: dict[str, list[Entry]] = defaultdict(list)
        for entry in material.entries if item.series else ():
            if entry.activity.title and item.code in served(material.project, entry.activity.items):
                sessions[entry.activity.title].append(entry)
        for titles in alike(sessions, lambda title: _sound(series_key(title))):
            listed = "".join(f"“{title}”" for title in titles)
            message = f"{listed}各算一个；是同一个就用 sgtrack amend -t 改成一样的名称"
            entries = tuple(entry for title in titles for entry in sessions[title])
            yield Finding(Topic.SERIES_ALIKE, entries, message)


def _condition_missed(material: Material) -> Iterator[Finding]:
    for entry in material.entries:
        for code, reason in shortfalls(material.project, entry.activity).items():
            name = material.project.items[code].name
            yield Finding(Topic.CONDITION_MISSED, (entry,), f"{code} {name}：{reason}")


def _closed_early(material: Material) -> Iterator[Finding]:
    """Report groups and cases that were closed with fewer sessions than the contract requires."""
    for item in material.project.items.values():
        if not item.series or item.sessions == 1:
            continue
        sessions: dict[str, list[Entry]] = defaultdict(list)
        for entry in material.entries:
            if entry.activity.title and item.code in served(material.project, entry.activity.items):
                sessions[entry.activity.title].append(entry)
        for title, entries in sessions.items():
            missed = [e for e in entries if item.code in shortfalls(material.project, e.activity)]
            count = len(entries) - len(missed)
            if count < item.sessions and any(e.activity.closes for e in entries):
                message = f"“{title}”开展{count}次即结束，合同要求{item.sessions}次，评估时须能说明"
                yield Finding(Topic.CLOSED_EARLY, (entries[-1],), message)


def _several_items(material: Material) -> Iterator[Finding]:
    for entry in material.entries:
        if entry.activity.also:
            message = f"同时计入 {'、'.join(entry.activity.items)}，评估时须能说明"
            yield Finding(Topic.SEVERAL_ITEMS, (entry,), message)


def _amount_outlying(material: Material) -> Iterator[Finding]:
    amounts: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for entry in material.entries:
        for unit, amount in entry.activity.amounts.items():
            amounts[entry.activity.item, unit].append(amount)
    for entry in material.entries:
        for unit, amount in entry.activity.amounts.items():
            others = amounts[entry.activity.item, unit]
            if len(others) <= ENOUGH:
                continue
            usual = median(others)
            if amount >= usual * OUTLYING or amount * OUTLYING <= usual:
                message = f"{plain(amount)}{unit}，这一项通常是 {plain(usual)}{unit}"
                yield Finding(Topic.AMOUNT_OUTLYING, (entry,), message)


RULES: tuple[Rule, ...] = (
    _evidence_missing,
    _file_used_twice,
    _item_unknown,
    _contract_changed,
    _names_missing,
    _names_alike,
    _series_alike,
    _condition_missed,
    _closed_early,
    _several_items,
    _amount_outlying,
)


def entry_words(entry: Entry) -> str:
    """Return the short id, day, item and title of an entry, as findings show them."""
    activity = entry.activity
    title = f" {activity.title}" if activity.title else ""
    return f"{short_id(entry.id)} {activity.day} {activity.item}{title}"


def disagreements(
    conflicts: Conflicts, duplicates: Iterable[tuple[Entry, ...]]
) -> Iterator[Finding]:
    """Report conflicts of merged ledgers.

    Report entries with conflicting changes, months with several issued briefs, and ``duplicates``:
    groups of entries for the same activity.
    """
    for conflict in conflicts.decisions:
        decisions = (*(entry.id for entry in conflict.corrections), *conflict.voids)
        waiting = "、".join(short_id(other) for other in decisions if other != conflict.counts)
        message = f"{short_id(conflict.counts)} 现行有效，{waiting} 未采用；用 sgtrack resolve 决定"
        yield Finding(Topic.IN_CONFLICT, (conflict.entry,), message)
    for brief in conflicts.briefs:
        message = f"{brief.month} 在 {'、'.join(brief.issued)} 各发出一份，以先发出的为准"
        yield Finding(Topic.ISSUED_TWICE, (), message)
    for entries in duplicates:
        message = "都在计数；确实是同一次就用 sgtrack void 作废一条"
        yield Finding(Topic.ENTERED_TWICE, entries, message)


def alike(
    names: Iterable[str], form: Callable[[str], str] | None = None
) -> tuple[tuple[str, ...], ...]:
    """Return groups of different names that sound the same, in order of first appearance.

    Names are compared by pinyin without tones; spaces, dots and letter case are ignored. If
    ``form`` is given, names are compared by its result instead.
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for name in dict.fromkeys(names):
        groups[(form or _sound)(name)].append(name)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


def _sound(name: str) -> str:
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - its dictionary is slow to load

    letters = "".join(ch for ch in unicodedata.normalize("NFKC", name) if ch.isalnum())
    return " ".join(lazy_pinyin(letters)).lower()
