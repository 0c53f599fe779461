"""Everything about a community's entries that someone should look at, one rule per function.

A finding is no refusal: the entry may be right. It is what the evaluator will ask about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from statistics import median

from sgtrack.checks.names import alike
from sgtrack.ledger.ids import short
from sgtrack.ledger.records import Entry, Person
from sgtrack.targets.model import Project
from sgtrack.units import is_distinct, plain

OUTLYING = 10
"""How many times the median of its item an amount may be."""
ENOUGH = 4
"""How many other amounts of an item there must be before one is held against their median."""


class Topic(StrEnum):
    """What a finding is about."""

    EVIDENCE_MISSING = "evidence_missing"
    EVIDENCE_DAMAGED = "evidence_damaged"
    FILE_USED_TWICE = "file_used_twice"
    ITEM_UNKNOWN = "item_unknown"
    NAMES_MISSING = "names_missing"
    NAMES_ALIKE = "names_alike"
    SEVERAL_ITEMS = "several_items"
    AMOUNT_OUTLYING = "amount_outlying"
    IN_CONFLICT = "in_conflict"
    ISSUED_TWICE = "issued_twice"
    ENTERED_TWICE = "entered_twice"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at: which entries, what is said of them, and the names it is about."""

    topic: Topic
    entries: tuple[Entry, ...]
    message: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Material:
    """What the rules look at: the entries of a community that count, and its rosters."""

    project: Project
    entries: tuple[Entry, ...]
    roster: tuple[Person, ...]


Rule = Callable[[Material], Iterator[Finding]]


def findings(material: Material) -> tuple[Finding, ...]:
    """Everything found, by topic and then by date."""
    return tuple(finding for rule in RULES for finding in rule(material))


def _evidence_missing(material: Material) -> Iterator[Finding]:
    for entry in material.entries:
        have = {one.kind for one in entry.evidence}
        needs = material.project.needs_of(entry.activity.item)
        missing = [kind for kind in needs if kind not in have]
        if missing:
            yield Finding(Topic.EVIDENCE_MISSING, (entry,), f"缺 {'、'.join(missing)}")


def _file_used_twice(material: Material) -> Iterator[Finding]:
    users: dict[str, dict[str, Entry]] = defaultdict(dict)
    names: dict[str, str] = {}
    for entry in material.entries:
        for one in entry.evidence:
            users[one.sha256][entry.id] = entry
            names.setdefault(one.sha256, one.name)
    for digest, entries in users.items():
        if len(entries) > 1:
            said = f"文件“{names[digest]}”用在 {len(entries)} 次活动"
            yield Finding(Topic.FILE_USED_TWICE, tuple(entries.values()), said)


def _item_unknown(material: Material) -> Iterator[Finding]:
    for entry in material.entries:
        unknown = [code for code in entry.activity.items if code not in material.project.items]
        if unknown:
            said = f"合同里没有服务项 {'、'.join(unknown)}，没有计入"
            yield Finding(Topic.ITEM_UNKNOWN, (entry,), said)


def _names_missing(material: Material) -> Iterator[Finding]:
    for entry in material.entries:
        activity = entry.activity
        for unit, amount in activity.amounts.items():
            unnamed = amount - len(activity.names)
            if is_distinct(unit) and unnamed > 0:
                said = f"{plain(amount)}{unit}里有 {plain(unnamed)} 个没有名称，重复的看不出来"
                yield Finding(Topic.NAMES_MISSING, (entry,), said)


def _names_alike(material: Material) -> Iterator[Finding]:
    users: dict[str, dict[str, Entry]] = defaultdict(dict)
    for person in material.roster:
        users[person.name] = {}
    for entry in material.entries:
        for name in entry.activity.names:
            users[name][entry.id] = entry
    for group in alike(users):
        entries = {e.id: e for name in group for e in users[name].values()}
        said = f"{len(group)} 个写法读音相同，可能是同一个人"
        yield Finding(Topic.NAMES_ALIKE, tuple(entries.values()), said, group)


def _several_items(material: Material) -> Iterator[Finding]:
    for entry in material.entries:
        if entry.activity.also:
            said = f"同时计入 {'、'.join(entry.activity.items)}，评估时要能说明"
            yield Finding(Topic.SEVERAL_ITEMS, (entry,), said)


def _amount_outlying(material: Material) -> Iterator[Finding]:
    known: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for entry in material.entries:
        for unit, amount in entry.activity.amounts.items():
            known[entry.activity.item, unit].append(amount)
    for entry in material.entries:
        for unit, amount in entry.activity.amounts.items():
            others = sorted(known[entry.activity.item, unit])
            if len(others) <= ENOUGH:
                continue
            usual = median(others)
            if amount >= usual * OUTLYING or amount * OUTLYING <= usual:
                said = f"{plain(amount)}{unit}，这一项通常是 {plain(usual)}{unit}"
                yield Finding(Topic.AMOUNT_OUTLYING, (entry,), said)


RULES: tuple[Rule, ...] = (
    _evidence_missing,
    _file_used_twice,
    _item_unknown,
    _names_missing,
    _names_alike,
    _several_items,
    _amount_outlying,
)


def entry_words(entry: Entry) -> str:
    """How a finding names an entry."""
    activity = entry.activity
    title = f" {activity.title}" if activity.title else ""
    return f"{short(entry.id)} {activity.day} {activity.item}{title}"
