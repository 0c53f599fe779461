"""Frozen dataclasses of a contract: project, categories, clauses, items and indicators."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from sgtrack.model.units import HEADCOUNT, UNITS, VISITORS, Measure, is_distinct, matching_unit


class Kind(StrEnum):
    """The kinds of indicator. ``sgtrack.progress.kinds`` has one class per kind."""

    TOTAL = "total"
    PERIODIC = "periodic"
    PER_PERSON = "per_person"
    COVERAGE = "coverage"
    MILESTONE = "milestone"


class Per(StrEnum):
    """The length of a period in which a target must be reached."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


PER_ON_SCREEN = {Per.MONTH: "每月", Per.QUARTER: "每季度", Per.YEAR: "每年"}


@dataclass(frozen=True, slots=True)
class Period:
    """A range of days; it includes ``start`` and ``end``."""

    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    @property
    def days(self) -> int:
        """The number of days, including both ends."""
        return (self.end - self.start).days + 1


@dataclass(frozen=True, slots=True)
class Change:
    """A supplementary agreement. It takes effect on ``start``; ``document`` is its title."""

    start: date
    document: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Revision:
    """The target of an indicator before and after a change."""

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

    Fields that need an explanation:
        unit, target: the latest target and its unit; both are None for a milestone.
        per: the length of the periods of a periodic or per-person indicator.
        due_day: the day of the month by which a periodic indicator is due.
        due: the deadline of a milestone; None means the last day of the project.
        types: the activity types of a coverage.
        role: the role whose roster a per-person indicator covers.
        revised: every revision of the target, oldest first.
        added, ended: the changes that added and ended the indicator, or None.
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
        """Return the target in force on a day, or None for a milestone."""
        if not self.revised:
            return self.target
        agreed = [revision.after for revision in self.revised if revision.change.start <= day]
        return agreed[-1] if agreed else self.revised[0].before

    def at(self, day: date) -> Indicator:
        """Return the indicator without the changes that take effect after ``day``."""
        return replace(
            self,
            target=self.target_on(day),
            revised=tuple(r for r in self.revised if r.change.start <= day),
            ended=self.ended if self.ended and self.ended.start <= day else None,
        )

    @property
    def key(self) -> tuple[str, str, str, str]:
        """A key that is unique within the project: item, kind, unit and period length."""
        return (self.item, self.kind.value, self.unit or "", self.per.value if self.per else "")


@dataclass(frozen=True, slots=True)
class Item:
    """A service item (服务项), under which activities are logged.

    Fields that need an explanation:
        part_of: the code of the parent item, which includes this item (其中), or None.
        records: units that may be logged although the contract sets no target in them.
        series: whether activities are sessions of a group or case (小组, 个案). Sessions with the
            same title form one group, which counts after ``sessions`` of them or when it is closed.
        words: search words for the item, besides its name.
        evidence: the kinds of evidence that each activity needs.
        usually: the typical amounts of one planned activity, by unit.
        serves: the codes of other items for which a planned activity also counts.
        is_brief: whether submitted monthly briefs count for the item.
        each: the minimum amounts that an activity needs to count, by unit; 人 means the headcount.
        once_per_person: whether a person counts only once in 人次, however often they come.
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
        """The code and the name in one string."""
        return f"{self.code} {self.name}"

    @property
    def types(self) -> tuple[str, ...]:
        """The activity types that the contract lists for the item."""
        return tuple(kind for indicator in self.indicators for kind in indicator.types)

    @property
    def added(self) -> Change | None:
        """The change that added the item; None if the original contract has it."""
        return self.indicators[0].added

    @property
    def ended(self) -> Change | None:
        """The change that ended the item, or None."""
        return self.indicators[0].ended

    @property
    def own_units(self) -> tuple[str, ...]:
        """The units in which activities of the item are logged.

        They are the units of its targets, of ``records`` and of ``each``. A unit of ``each`` is
        added only if no other unit is equal or a synonym. For a headcount in ``each``, 人次 is
        added if no other unit counts people.
        """
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
        """The unit for single activities of the item, such as 场, 次 or 节."""
        units = (unit for unit in self.own_units if UNITS[unit].measure is Measure.OCCASIONS)
        return next(units, "次")

    def once(self, unit: str | None) -> bool:
        """Return whether a name counts only once in a unit, however many activities name it."""
        return is_distinct(unit) or (self.once_per_person and unit in HEADCOUNT)

    def counts_groups(self, unit: str | None) -> bool:
        """Return whether a unit counts groups or cases rather than sessions."""
        return self.series and unit in UNITS and UNITS[unit].measure is Measure.WORKS

    @property
    def per_person(self) -> bool:
        """Whether the item has a per-person indicator."""
        return any(i.kind is Kind.PER_PERSON for i in self.indicators)


@dataclass(frozen=True, slots=True)
class Clause:
    """One numbered line of 服务指标: its code, such as 5.1, its verbatim text and its items."""

    code: str
    text: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Category:
    """A row of the contract's table: a service category, its content and its clauses."""

    code: str
    name: str
    content: str
    clauses: tuple[Clause, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """The items of all clauses, in contract order."""
        return tuple(item for clause in self.clauses for item in clause.items)


@dataclass(frozen=True, slots=True)
class BriefPolicy:
    """The title, the reporting months and the recipients of briefs.

    A reporting month begins on day ``window_starts``: 1 means the calendar month; 26 means from the
    26th of the previous month to the 25th. ``copies_to`` lists the superior offices (报),
    ``sent_to`` the offices of equal rank (送) and ``issued_to`` the subordinate offices (发).
    ``annex`` says which annexes a brief has by default: full, changed or none.
    """

    title: str
    window_starts: int
    copies_to: tuple[str, ...] = ()
    sent_to: tuple[str, ...] = ()
    issued_to: tuple[str, ...] = ()
    annex: str = "changed"


@dataclass(frozen=True, slots=True)
class Pace:
    """The thresholds of the state ``behind``; the rules are in ``sgtrack.progress.kinds``.

    ``on_track`` is a share (0 to 1) of the expected amount; ``remind_days`` is the number of days
    before a deadline from which the deadline counts as near.
    """

    on_track: Decimal
    remind_days: int


@dataclass(frozen=True)
class Project:
    """One contract package for one community, with all changes; missing facts are empty."""

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
        """Return the contract in force on a day, without later changes."""
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
        """Return the last day of the project under the extensions in force on a day."""
        if not self.extensions:
            return self.period.end
        ends = [extension.after for extension in self.extensions if extension.change.start <= day]
        return ends[-1] if ends else self.extensions[0].before

    @property
    def full_name(self) -> str:
        """The names of the street and the community in one string, for headings."""
        return f"{self.street}{self.name}"

    @cached_property
    def items(self) -> dict[str, Item]:
        """All items by code, in contract order."""
        return {item.code: item for category in self.categories for item in category.items}

    @cached_property
    def needs(self) -> dict[str, frozenset[str]]:
        """The kinds of evidence that an activity needs, by item code."""
        return {code: frozenset(item.evidence) for code, item in self.items.items()}

    def needs_of(self, code: str) -> tuple[str, ...]:
        """Return the kinds of evidence that an activity needs; none for an unknown item code."""
        return self.items[code].evidence if code in self.items else ()

    def lacking(self, code: str, kinds: Collection[str]) -> tuple[str, ...]:
        """Return the kinds of evidence that an activity needs but ``kinds`` does not contain."""
        return tuple(kind for kind in self.needs_of(code) if kind not in kinds)

    @cached_property
    def one_by_one(self) -> frozenset[str]:
        """The codes of items whose activities must be checked one by one, and of their parts."""
        judging = {code for code, item in self.items.items() if item.each or item.once_per_person}
        return frozenset(c for c in self.items if not judging.isdisjoint(self.with_ancestors(c)))

    @property
    def brief_item(self) -> Item | None:
        """The item for which submitted briefs count, or None."""
        return next((item for item in self.items.values() if item.is_brief), None)

    @cached_property
    def clauses(self) -> dict[str, Clause]:
        """All clauses by code, in contract order."""
        return {c.code: c for category in self.categories for c in category.clauses}

    def indicators(self) -> Iterator[tuple[Category, Clause, Item, Indicator]]:
        """Yield every indicator with its category, clause and item, in contract order."""
        for category in self.categories:
            for clause in category.clauses:
                for item in clause.items:
                    for indicator in item.indicators:
                        yield category, clause, item, indicator

    def with_ancestors(self, code: str) -> tuple[str, ...]:
        """Return an item code, followed by its parent, grandparent and so on (其中)."""
        return self._ancestors.get(code, (code,))

    @cached_property
    def _ancestors(self) -> dict[str, tuple[str, ...]]:
        """The result of :meth:`with_ancestors` by item code; a cycle of parents ends it."""
        ancestors: dict[str, tuple[str, ...]] = {}
        for code, item in self.items.items():
            chain, parent = [code], item.part_of
            while parent is not None and parent not in chain:
                chain.append(parent)
                parent = self.items[parent].part_of if parent in self.items else None
            ancestors[code] = tuple(chain)
        return ancestors

    def units_of(self, code: str) -> tuple[str, ...]:
        """Return the units in which the item may be logged: its own, then those of its parents."""
        return tuple(
            dict.fromkeys(u for c in self.with_ancestors(code) for u in self.items[c].own_units)
        )


def _clauses_at(category: Category, day: date) -> Iterator[Clause]:
    """Yield the clauses of a category in force on a day, without items added later."""
    for clause in category.clauses:
        items = tuple(
            replace(item, indicators=tuple(indicator.at(day) for indicator in item.indicators))
            for item in clause.items
            if item.added is None or item.added.start <= day
        )
        if items:
            yield replace(clause, items=items)
