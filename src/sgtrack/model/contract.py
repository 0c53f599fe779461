"""A contract as frozen objects: project, categories, clauses, items and indicators."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from sgtrack.model.units import HEADCOUNT, UNITS, VISITORS, Measure, is_distinct, matching_unit


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
class Change:
    """A supplementary agreement: the day from which it holds, its document and a note."""

    start: date
    document: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Revision:
    """A target before and after a change."""

    change: Change
    before: Decimal
    after: Decimal


@dataclass(frozen=True, slots=True)
class Extension:
    """The last day of a project before and after a change."""

    change: Change
    before: date
    after: date


@dataclass(frozen=True, slots=True)
class Indicator:
    """One target of an item in one unit.

    ``target`` is in ``unit``; both are None for a milestone. ``per`` is the rhythm of a periodic or
    per-person indicator, ``due_day`` the day of the month by which a periodic one is owed, ``due``
    the last day for a milestone (None: the end of the project), ``types`` what a coverage lists and
    ``role`` whose roster a per-person indicator runs over. ``target`` is the newest one;
    ``revised`` says how it came about, ``added`` and ``ended`` which changes brought the indicator
    in and took it out.
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
    revised: tuple[Revision, ...] = ()
    added: Change | None = None
    ended: Change | None = None

    def target_on(self, day: date) -> Decimal | None:
        """The target in force on a day."""
        if not self.revised:
            return self.target
        until = [one.after for one in self.revised if one.change.start <= day]
        return until[-1] if until else self.revised[0].before

    def at(self, day: date) -> Indicator:
        """The indicator as the changes until a day made it."""
        return replace(
            self,
            target=self.target_on(day),
            revised=tuple(one for one in self.revised if one.change.start <= day),
            ended=self.ended if self.ended and self.ended.start <= day else None,
        )

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
    ``is_brief`` marks the item that the submission of a month's brief counts for. ``each`` is what
    every single activity must have at least to count, by unit, where 人 is how many people were
    there; ``once_per_person`` says that a name counts once, in 人次 as well.
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
    each: tuple[tuple[str, Decimal], ...] = ()
    once_per_person: bool = False

    @property
    def types(self) -> tuple[str, ...]:
        """The types an activity of this item can be of, where the contract lists some."""
        return tuple(kind for indicator in self.indicators for kind in indicator.types)

    @property
    def added(self) -> Change | None:
        """The change that brought the item in, where it was not there from the beginning."""
        return self.indicators[0].added

    @property
    def ended(self) -> Change | None:
        """The change that took the item out, where one did."""
        return self.indicators[0].ended

    @property
    def own_units(self) -> tuple[str, ...]:
        """The units of this item's own targets and records, and those its conditions ask for."""
        named = [i.unit for i in self.indicators if i.unit and i.kind is not Kind.COVERAGE]
        units = tuple(dict.fromkeys([*named, *self.records]))
        asked = [
            VISITORS if unit in HEADCOUNT else unit
            for unit, _ in self.each
            if not (
                HEADCOUNT.intersection(units) if unit in HEADCOUNT else matching_unit(unit, units)
            )
        ]
        return tuple(dict.fromkeys([*units, *asked]))

    @property
    def occasion(self) -> str:
        """What the contract calls a single activity of the item: 场, 次, 节."""
        units = (unit for unit in self.own_units if UNITS[unit].measure is Measure.OCCASIONS)
        return next(units, "次")

    @property
    def judges_each(self) -> bool:
        """Whether its activities must be looked at one by one, so that sums by day do not do."""
        return bool(self.each) or self.once_per_person

    def once(self, unit: str | None) -> bool:
        """Whether a name that returns is counted once in a unit of this item."""
        return is_distinct(unit) or (self.once_per_person and unit in HEADCOUNT)

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
    """One contract package for one community. Empty strings are facts the officer must fill in.

    It is the contract with every change that its file tells of; ``at`` gives the one in force on a
    day.
    """

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
    changes: tuple[Change, ...] = ()
    extensions: tuple[Extension, ...] = ()

    def at(self, day: date) -> Project:
        """The contract in force on a day: without what later changes add, revise, end or extend."""
        if all(change.start <= day for change in self.changes):
            return self
        return replace(
            self,
            period=Period(self.period.start, self.end_on(day)),
            categories=tuple(
                replace(category, clauses=tuple(_clauses_at(category, day)))
                for category in self.categories
            ),
            changes=tuple(one for one in self.changes if one.start <= day),
            extensions=tuple(one for one in self.extensions if one.change.start <= day),
        )

    def end_on(self, day: date) -> date:
        """The last day of the project as it was agreed on a day."""
        if not self.extensions:
            return self.period.end
        until = [one.after for one in self.extensions if one.change.start <= day]
        return until[-1] if until else self.extensions[0].before

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

    def lacking(self, code: str, kinds: Collection[str]) -> tuple[str, ...]:
        """The kinds of evidence that an activity of the item needs besides those it has."""
        return tuple(kind for kind in self.needs_of(code) if kind not in kinds)

    @cached_property
    def one_by_one(self) -> frozenset[str]:
        """The items whose activities count for an item that looks at each of them."""
        return frozenset(
            code
            for code in self.items
            if any(self.items[over].judges_each for over in self.with_ancestors(code))
        )

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
        return self._ancestors.get(code, (code,))

    @cached_property
    def _ancestors(self) -> dict[str, tuple[str, ...]]:
        """Every item with those it is part of; none comes twice where they go round in a circle."""
        found: dict[str, tuple[str, ...]] = {}
        for code, item in self.items.items():
            above, over = [code], item.part_of
            while over is not None and over not in above:
                above.append(over)
                over = self.items[over].part_of if over in self.items else None
            found[code] = tuple(above)
        return found

    def units_of(self, code: str) -> tuple[str, ...]:
        """The units an activity of the item may have: its own, then those of what it is part of."""
        return tuple(
            dict.fromkeys(u for c in self.with_ancestors(code) for u in self.items[c].own_units)
        )


def _clauses_at(category: Category, day: date) -> Iterator[Clause]:
    """The clauses of a category in force on a day; one that has yet to be added is left out."""
    for clause in category.clauses:
        items = tuple(
            replace(item, indicators=tuple(one.at(day) for one in item.indicators))
            for item in clause.items
            if item.added is None or item.added.start <= day
        )
        if items:
            yield replace(clause, items=items)
