"""A contract as frozen objects: project, categories, clauses, items and indicators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property


class Kind(StrEnum):
    """The five ways in which a contract states what it wants (design: kinds of indicator)."""

    TOTAL = "total"
    PERIODIC = "periodic"
    PER_PERSON = "per_person"
    COVERAGE = "coverage"
    MILESTONE = "milestone"


class Per(StrEnum):
    """The stretch of time a rhythm repeats in."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


PER_ON_SCREEN = {Per.MONTH: "每月", Per.QUARTER: "每季度", Per.YEAR: "每年"}


@dataclass(frozen=True, slots=True)
class Period:
    """The first and the last day of a stretch of time, both included."""

    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    @property
    def days(self) -> int:
        """How many days the period has."""
        return (self.end - self.start).days + 1


@dataclass(frozen=True, slots=True)
class Indicator:
    """One target of an item in one unit.

    ``target`` is in ``unit``; both are None for a milestone. ``per`` is the rhythm of a periodic or
    per-person indicator, ``due_day`` the day of the month by which a periodic one is owed, ``due``
    the last day for a milestone (None: the end of the project), ``types`` what a coverage lists and
    ``role`` whose roster a per-person indicator runs over.
    """

    item: str
    kind: Kind
    unit: str | None = None
    target: Decimal | None = None
    per: Per | None = None
    due_day: int | None = None
    due: date | None = None
    types: tuple[str, ...] = ()
    role: str | None = None

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What tells this indicator from every other one of its project."""
        return (self.item, self.kind.value, self.unit or "", self.per.value if self.per else "")


@dataclass(frozen=True, slots=True)
class Item:
    """What an activity is logged under.

    ``records`` are units the officer may note although the contract sets no target in them;
    ``series`` marks groups and cases, which run over several sessions under one name and count
    once, when they have their ``sessions`` or are closed; ``words`` are further words the item is
    found by; ``evidence`` are the kinds of evidence each activity needs; ``usually`` is what an
    activity is said to bring, and ``serves`` what else it may count for, when one is planned;
    ``is_brief`` marks the item that the submission of a month's brief counts for.
    """

    code: str
    name: str
    clause: str
    part_of: str | None
    indicators: tuple[Indicator, ...]
    records: tuple[str, ...] = ()
    series: bool = False
    sessions: int = 1
    words: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    usually: Mapping[str, Decimal] = field(default_factory=dict)
    serves: tuple[str, ...] = ()
    is_brief: bool = False

    @property
    def types(self) -> tuple[str, ...]:
        """The types an activity of this item can be of, where the contract lists some."""
        return tuple(kind for indicator in self.indicators for kind in indicator.types)

    @property
    def own_units(self) -> tuple[str, ...]:
        """The units of this item's own targets and records."""
        named = [i.unit for i in self.indicators if i.unit and i.kind is not Kind.COVERAGE]
        return tuple(dict.fromkeys([*named, *self.records]))

    @property
    def per_person(self) -> bool:
        """Whether the contract wants the amounts of this item per person."""
        return any(i.kind is Kind.PER_PERSON for i in self.indicators)


@dataclass(frozen=True, slots=True)
class Clause:
    """One numbered line of 服务指标, its text verbatim; ``code`` is category.clause."""

    code: str
    text: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Category:
    """A row of the contract's table."""

    code: str
    name: str
    content: str
    clauses: tuple[Clause, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """The items of all its clauses, in contract order."""
        return tuple(item for clause in self.clauses for item in clause.items)


@dataclass(frozen=True, slots=True)
class BriefPolicy:
    """How the month's brief is made: its title, its reporting window and who receives it.

    ``window_starts`` is the day of the month on which a reporting month begins: 1 for the calendar
    month, 26 for the 26th of the month before to the 25th. ``copies_to``, ``sent_to`` and
    ``issued_to`` are the offices above (报), beside (送) and below (发).
    """

    title: str
    window_starts: int
    copies_to: tuple[str, ...] = ()
    sent_to: tuple[str, ...] = ()
    issued_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pace:
    """When an indicator is called behind.

    ``on_track`` is the share of the expected amount that still counts as on track; within
    ``remind_days`` of a deadline anything still missing is behind.
    """

    on_track: Decimal
    remind_days: int


@dataclass(frozen=True)
class Project:
    """One contract package for one community. Empty strings are facts the officer must fill in."""

    slug: str
    name: str
    county: str
    street: str
    package: str
    contract: str
    period: Period
    period_checked: bool
    buyer: str
    agency: str
    station: str
    brief: BriefPolicy
    pace: Pace
    categories: tuple[Category, ...] = field(repr=False)

    @property
    def full_name(self) -> str:
        """Street and community, as a heading names them."""
        return f"{self.street}{self.name}"

    @cached_property
    def items(self) -> dict[str, Item]:
        """Every item by its code, in contract order."""
        return {item.code: item for category in self.categories for item in category.items}

    @cached_property
    def needs(self) -> dict[str, frozenset[str]]:
        """The kinds of evidence an activity needs, by the item it is logged under."""
        return {code: frozenset(item.evidence) for code, item in self.items.items()}

    def needs_of(self, code: str) -> tuple[str, ...]:
        """The kinds of evidence an activity of the item needs; none where there is no such item."""
        return self.items[code].evidence if code in self.items else ()

    @property
    def brief_item(self) -> Item | None:
        """The item that the submission of a month's brief counts for, if the contract has one."""
        return next((item for item in self.items.values() if item.is_brief), None)

    @cached_property
    def clauses(self) -> dict[str, Clause]:
        """Every clause by its code, in contract order."""
        return {c.code: c for category in self.categories for c in category.clauses}

    def indicators(self) -> Iterator[tuple[Category, Clause, Item, Indicator]]:
        """Every indicator with where it stands, in contract order."""
        for category in self.categories:
            for clause in category.clauses:
                for item in clause.items:
                    for indicator in item.indicators:
                        yield category, clause, item, indicator

    def with_ancestors(self, code: str) -> tuple[str, ...]:
        """The item and those it is part of (其中), nearest first; unknown items stand alone."""
        found: list[str] = []
        current: str | None = code
        while current is not None and current not in found:
            found.append(current)
            item = self.items.get(current)
            current = item.part_of if item else None
        return tuple(found)

    def units_of(self, code: str) -> tuple[str, ...]:
        """The units an activity of the item may have: its own, then those of what it is part of."""
        return tuple(
            dict.fromkeys(u for c in self.with_ancestors(code) for u in self.items[c].own_units)
        )
