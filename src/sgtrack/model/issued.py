"""Issued briefs, and the changes of the ledger since they were issued."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sgtrack.model.entries import Entry

IndicatorKey = tuple[str, str, str, str]
"""The item, kind, unit and rhythm that identify an indicator."""
CODE_LENGTH = 16
"""How many characters of a hash are printed; more are hard to compare by eye."""


@dataclass(frozen=True, slots=True)
class IssuedFile:
    """A file of an issued brief, stored under the hash of its content."""

    format: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class IssuedBrief:
    """A brief as it was handed in.

    ``first_day`` and ``last_day`` bound the days it reports on. ``due`` is the day it was owed and
    ``issued`` the day it was handed in. ``submission`` is the id of the activity that records the
    submission. ``head`` is the hash of the chain at that moment. ``context`` is the JSON that the
    templates render. ``gains`` and ``totals`` are amounts by indicator, in its unit.
    """

    id: str
    community: str
    number: int
    month: str
    first_day: date
    last_day: date
    due: date
    issued: date
    submission: str | None
    head: str
    context: str
    gains: Mapping[IndicatorKey, Decimal]
    totals: Mapping[IndicatorKey, Decimal]
    files: tuple[IssuedFile, ...]

    @property
    def days_late(self) -> int:
        """The number of days from the due day to the submission; 0 if it was in time."""
        return max((self.issued - self.due).days, 0)


@dataclass(frozen=True, slots=True)
class Correction:
    """A change of an entry that an issued brief has reported.

    ``new`` is None if the entry was voided. ``changed_by`` is the id of the correcting entry or of
    the void.
    """

    old: Entry
    new: Entry | None
    reason: str
    changed_by: str


@dataclass(frozen=True, slots=True)
class UnreportedChanges:
    """Entries and corrections that no issued brief has reported; ``voids`` are ids of all voids."""

    entries: tuple[Entry, ...] = ()
    corrections: tuple[Correction, ...] = ()
    voids: tuple[str, ...] = ()


def head_code(head: str) -> str:
    """Format the hash of a chain's last link for print: four groups of four characters."""
    return "-".join(head[n : n + 4] for n in range(0, CODE_LENGTH, 4))
