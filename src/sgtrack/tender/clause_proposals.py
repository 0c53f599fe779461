"""What a clause is read as: proposed items, and what became of every number."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from sgtrack.model.units import UNITS, Measure
from sgtrack.tender.clause_numbers import Number


class Slot(StrEnum):
    """The keys of the target format that hold amounts."""

    TOTAL = "total"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"
    PER_PERSON = "per_person"


SAID = {
    Slot.TOTAL: "累计",
    Slot.MONTHLY: "每月",
    Slot.QUARTERLY: "每季度",
    Slot.YEARLY: "每年",
    Slot.PER_PERSON: "每人每年",
}
"""The slots in the words of the screen."""


@dataclass
class Item:
    """A proposed 服务项; it is filled while its clause is read.

    ``part_of`` is the position of the item it is part of, ``each`` what every activity must have
    at least (for groups and cases: every session), ``sessions`` how many sessions a group or case
    must have, ``notes`` the reasons why a person should look.
    """

    name: str = ""
    amounts: dict[Slot, dict[str, Decimal]] = field(default_factory=dict)
    part_of: int | None = None
    role: str = ""
    types: tuple[str, ...] = ()
    due_day: int | None = None
    due: date | None = None
    milestone: bool = False
    brief: bool = False
    series: bool = False
    sessions: int | None = None
    each: dict[str, Decimal] = field(default_factory=dict)
    once_per_person: bool = False
    notes: list[str] = field(default_factory=list)
    converted: dict[str, str] = field(default_factory=dict)
    """Units whose total was worked out from a rhythm the format lacks, with the note on it."""

    def has(self, slot: Slot, unit: str) -> bool:
        """Whether there already is an amount in this unit and slot."""
        return unit in self.amounts.get(slot, {})

    def units(self) -> tuple[str, ...]:
        """Every unit of its amounts, in order."""
        return tuple(dict.fromkeys(u for held in self.amounts.values() for u in held))

    @property
    def is_event(self) -> bool:
        """Whether it takes place on occasions: 场, 次, or the sessions of groups and cases."""
        occasions = (UNITS[unit].measure is Measure.OCCASIONS for unit in self.units())
        return any(occasions) or (self.series and bool(self.amounts))

    def add(self, slot: Slot, unit: str, value: Decimal) -> None:
        """Add an amount."""
        self.amounts.setdefault(slot, {})[unit] = value

    def note(self, *reasons: str) -> None:
        """Say why a person should look; the same reason once."""
        self.notes += [reason for reason in reasons if reason not in self.notes]


@dataclass(frozen=True, slots=True)
class Condition:
    """What each activity (or each group) must have at least; it waits for its item."""

    of_group: bool
    unit: str
    least: Decimal
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one number, or one phrase, was read as."""

    said: str
    meaning: str
    start: int


@dataclass
class ClauseReading:
    """A clause read: its items, its notes, and every number with what became of it."""

    items: list[Item] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    loose: list[Condition] = field(default_factory=list)
    """Conditions of a clause that has nothing else: they speak of the clause before it."""

    def say(self, number: Number, meaning: str) -> None:
        """Record what became of a number."""
        self.readings.append(Reading(number.said, meaning, number.start))
