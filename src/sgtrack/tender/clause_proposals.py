"""Types for the result of reading a clause: proposed items, conditions and number meanings."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from sgtrack.model.units import UNITS, Measure
from sgtrack.tender.clause_numbers import ClauseNumber


class AmountKey(StrEnum):
    """The keys of the target format whose values are amounts."""

    TOTAL = "total"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"
    PER_PERSON = "per_person"


KEY_LABELS = {
    AmountKey.TOTAL: "累计",
    AmountKey.MONTHLY: "每月",
    AmountKey.QUARTERLY: "每季度",
    AmountKey.YEARLY: "每年",
    AmountKey.PER_PERSON: "每人每年",
}
"""The Chinese label of each key."""


@dataclass
class ProposedItem:
    """A proposed 服务项, filled while its clause is read.

    ``part_of`` is the index of the parent item in the clause. ``each`` holds the minimum amounts of
    every activity, or of every session of a group or case. ``sessions`` is the minimum number of
    sessions of a group or case. ``measured`` says whether the item is a rate such
    as 满意度95%. ``notes`` are reasons why a person must check the item.
    """

    name: str = ""
    amounts: dict[AmountKey, dict[str, Decimal]] = field(default_factory=dict)
    part_of: int | None = None
    role: str = ""
    types: tuple[str, ...] = ()
    due_day: int | None = None
    due: date | None = None
    milestone: bool = False
    measured: bool = False
    brief: bool = False
    series: bool = False
    sessions: int | None = None
    each: dict[str, Decimal] = field(default_factory=dict)
    once_per_person: bool = False
    notes: list[str] = field(default_factory=list)
    converted: dict[str, str] = field(default_factory=dict)
    """Notes on totals that were converted from a frequency such as 每两个月, by unit."""

    def has(self, key: AmountKey, unit: str) -> bool:
        """Return whether the item has an amount in this unit under this key."""
        return unit in self.amounts.get(key, {})

    def units(self) -> tuple[str, ...]:
        """Return the different units of the item's amounts, in order."""
        return tuple(dict.fromkeys(u for amounts in self.amounts.values() for u in amounts))

    @property
    def is_event(self) -> bool:
        """Return whether the item counts events (场, 次) or is a group or case with sessions."""
        occasions = (UNITS[unit].measure is Measure.OCCASIONS for unit in self.units())
        return any(occasions) or (self.series and bool(self.amounts))

    def add(self, key: AmountKey, unit: str, value: Decimal) -> None:
        """Set the amount in a unit under a key."""
        self.amounts.setdefault(key, {})[unit] = value

    def add_note(self, *reasons: str) -> None:
        """Add reasons why a person must check the item; skip those it already has."""
        self.notes += [reason for reason in reasons if reason not in self.notes]


@dataclass(frozen=True, slots=True)
class ActivityCondition:
    """A minimum for each activity, or for each group or case if ``of_group`` is true."""

    of_group: bool
    unit: str
    least: Decimal
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NumberReading:
    """A number or phrase of a clause, with its meaning in Chinese and its position."""

    words: str
    meaning: str
    start: int


@dataclass
class ClauseReading:
    """The result of reading a clause: items, notes and the meaning of every number."""

    items: list[ProposedItem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    readings: list[NumberReading] = field(default_factory=list)
    unattached: list[ActivityCondition] = field(default_factory=list)
    """The conditions of a clause without targets, which apply to the clause before it."""
    excluded: list[tuple[int, str]] = field(default_factory=list)
    """Positions and reasons of amounts that are not targets, such as required staff."""
    is_no_indicator: bool = False
    """Whether every sentence of the clause states only amounts that are not targets."""

    def record(self, number: ClauseNumber, meaning: str) -> None:
        """Record the meaning of a number."""
        self.readings.append(NumberReading(number.words, meaning, number.start))
