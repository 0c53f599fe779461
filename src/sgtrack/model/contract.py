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
    """The kinds of indicator; ``sgtrack.progress.kinds`` has a class for each."""

    TOTAL = "total"
    PERIODIC = "periodic"
    PER_PERSON = "per_person"
    COVERAGE = "coverage"
    MILESTONE = "milestone"


class Per(StrEnum):
    """The length of the periods of a rhythm."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


PER_ON_SCREEN = {Per.MONTH: "每月", Per.QUARTER: "每季度", Per.YEAR: "每年"}


@dataclass(frozen=True, slots=True)
class Period:
    """A range of days, both ends included."""

    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    @property
    def days(self) -> int:
        """The number of days."""
        return (self.end - self.start).days + 1


@dataclass(frozen=True, slots=True)
class Change:
    """A supplementary agreement: the day it comes into force, its document and a note."""

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
    per-person indicator, ``due_day`` the day of the month a periodic one is due, ``due`` the last
    day of a milestone (None: the end of the project), ``types`` are the types of a coverage and
    ``role`` is the roster of a per-person indicator. ``target`` is the latest one, ``revised`` its
    history; ``added`` and ``ended`` are the changes that added and ended the indicator.
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
        agreed = [revision.after for revision in self.revised if revision.change.start <= day]
        return agreed[-1] if agreed else self.revised[0].before

    def at(self, day: date) -> Indicator:
        """The indicator with the changes up to a day."""
        return replace(
            self,
            target=self.target_on(day),
            revised=tuple(r for r in self.revised if r.change.start <= day),
            ended=self.ended if self.ended and self.ended.start <= day else None,
        )

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Identifies the indicator within its project."""
        return (self.item, self.kind.value, self.unit or "", self.per.value if self.per else "")


@dataclass(frozen=True, slots=True)
class Item:
    """The thing an activity is logged under.

    Fields that need an explanation:
        records: units the officer may note although the contract sets no target in them.
        series: whether it is a group or case, which runs over several sessions under one name and
            counts once, when it has its ``sessions`` or is closed.
        words: further words to find the item by.
        evidence: the kinds of evidence each activity needs.
        usually, serves: what a planned activity brings, and what else it may count for.
        is_brief: whether the submission of a month's brief counts for it.
        each: what every activity must have at least to count, by unit; 人 is the headcount.
        once_per_person: whether a name counts once in 人次, too.
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
    def label(self) -> str:
        """Code and name."""
        return f"{self.code} {self.name}"

    @property
    def types(self) -> tuple[str, ...]:
        """The types the contract lists for activities of this item."""
        return tuple(kind for indicator in self.indicators for kind in indicator.types)

    @property
    def added(self) -> Change | None:
        """The change that added the item; None if it was there from the beginning."""
        return self.indicators[0].added

    @property
    def ended(self) -> Change | None:
        """The change that ended the item, if one did."""
        return self.indicators[0].ended

    @property
    def own_units(self) -> tuple[str, ...]:
        """The units of the item's own targets, records and conditions."""
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

    def once(self, unit: str | None) -> bool:
        """Whether a repeated name counts once in a unit."""
        return is_distinct(unit) or (self.once_per_person and unit in HEADCOUNT)

    def counts_groups(self, unit: str | None) -> bool:
        """Whether groups or cases count once each in a unit, not once a session."""
        return self.series and unit in UNITS and UNITS[unit].measure is Measure.WORKS

    @property
    def per_person(self) -> bool:
        """Whether the item has a per-person indicator."""
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
    """The title, the reporting months and the recipients of briefs.

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
    """The thresholds of the state ``behind``; ``compute_expected`` says what is expected.

    An indicator is behind below the share ``on_track`` of the expected amount, or if it is
    incomplete within ``remind_days`` of a deadline.
    """

    on_track: Decimal
    remind_days: int


@dataclass(frozen=True)
class Project:
    """One contract package for one community. Empty strings are facts the officer must fill in.

    It includes every change of its file; ``at`` returns the contract in force on a day.
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
        """The contract in force on a day, without the effects of later changes."""
        if all(change.start <= day for change in self.changes):
            return self
        return replace(
            self,
            period=Period(self.period.start, self.end_on(day)),
            categories=tuple(
                replace(category, clauses=tuple(_clauses_at(category, day)))
                for category in self.categories
            ),
            changes=tuple(change for change in self.changes if change.start <= day),
            extensions=tuple(e for e in self.extensions if e.change.start <= day),
        )

    def end_on(self, day: date) -> date:
        """The last day of the project as it was agreed on a day."""
        if not self.extensions:
            return self.period.end
        ends = [extension.after for extension in self.extensions if extension.change.start <= day]
        return ends[-1] if ends else self.extensions[0].before

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
        """The kinds of evidence an activity needs, by item."""
        return {code: frozenset(item.evidence) for code, item in self.items.items()}

    def needs_of(self, code: str) -> tuple[str, ...]:
        """The kinds of evidence an activity of an item needs; none for an unknown item."""
        return self.items[code].evidence if code in self.items else ()

    def lacking(self, code: str, kinds: Collection[str]) -> tuple[str, ...]:
        """The kinds of evidence that an activity of an item still lacks."""
        return tuple(kind for kind in self.needs_of(code) if kind not in kinds)

    @cached_property
    def one_by_one(self) -> frozenset[str]:
        """The items whose activities must be judged one by one; sums are not enough for them."""
        judging = {code for code, item in self.items.items() if item.each or item.once_per_person}
        return frozenset(c for c in self.items if not judging.isdisjoint(self.with_ancestors(c)))

    @property
    def brief_item(self) -> Item | None:
        """The item that counts the submission of briefs, if the contract has one."""
        return next((item for item in self.items.values() if item.is_brief), None)

    @cached_property
    def clauses(self) -> dict[str, Clause]:
        """Every clause by its code, in contract order."""
        return {c.code: c for category in self.categories for c in category.clauses}

    def indicators(self) -> Iterator[tuple[Category, Clause, Item, Indicator]]:
        """Every indicator with its category, clause and item, in contract order."""
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
        """By item, the item and those it is part of; each once, even in a circle."""
        ancestors: dict[str, tuple[str, ...]] = {}
        for code, item in self.items.items():
            chain, parent = [code], item.part_of
            while parent is not None and parent not in chain:
                chain.append(parent)
                parent = self.items[parent].part_of if parent in self.items else None
            ancestors[code] = tuple(chain)
        return ancestors

    def units_of(self, code: str) -> tuple[str, ...]:
        """The units an activity of the item may have: its own, then those of its parents."""
        return tuple(
            dict.fromkeys(u for c in self.with_ancestors(code) for u in self.items[c].own_units)
        )


def _clauses_at(category: Category, day: date) -> Iterator[Clause]:
    """The clauses of a category in force on a day; one that has yet to be added is left out."""
    for clause in category.clauses:
        items = tuple(
            replace(item, indicators=tuple(indicator.at(day) for indicator in item.indicators))
            for item in clause.items
            if item.added is None or item.added.start <= day
        )
        if items:
            yield replace(clause, items=items)
