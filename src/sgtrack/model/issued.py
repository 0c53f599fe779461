"""Frozen dataclasses of issued briefs and of changes that no brief has reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sgtrack.model.entries import Entry

IndicatorKey = tuple[str, str, str, str]
"""The item, kind, unit and period length, which identify an indicator."""
CODE_LENGTH = 16
"""Number of characters of a hash that are printed; more are hard to compare by eye."""


def brief_label(month: str, part: int) -> str:
    """Name a brief in files and messages: 2026-12, 2026-12-补充, 2026-12-补充2."""
    return month + ("" if part == 1 else "-补充" if part == 2 else f"-补充{part - 1}")


def brief_options(month: str, part: int) -> str:
    """Write the options of ``sgtrack brief`` that name a brief: --month 2026-12 --supplement."""
    return f"--month {month}" + (" --supplement" if part > 1 else "")


@dataclass(frozen=True, slots=True)
class IssuedFile:
    """A file of an issued brief, stored under its SHA-256 hash; ``size`` is in bytes."""

    format: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class IssuedBrief:
    """A brief as it was handed in.

    Fields that need an explanation:
        number: the number of the brief in the project (第N期).
        month: the reporting month, such as 2026-03; it runs from ``first_day`` to ``last_day``.
        part: 1 for the brief of the month, 2 and more for its supplements (补充简报).
        due, issued: the last day for handing in the brief in time, and the day it was handed in.
        submission: the id of the activity that records the submission, or None.
        head: the hash of the last link in the chain when the brief was issued.
        context: the JSON that the templates render.
        withdrawn: why it was withdrawn; empty if it was not.
        early: why it was issued long before the end of its month; empty otherwise.
        gains, totals: the amounts of the month and of the project so far, for each indicator.
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
    early: str = ""
    withdrawn: str = ""
    part: int = 1

    @property
    def label(self) -> str:
        """The name of the brief; see :func:`brief_label`."""
        return brief_label(self.month, self.part)

    @property
    def number_words(self) -> str:
        """The number on screens and in reports: 第12期, or 第12期补充."""
        return f"第{self.number}期{'补充' if self.part > 1 else ''}"

    @property
    def options(self) -> str:
        """The options that name the brief; see :func:`brief_options`."""
        return brief_options(self.month, self.part)

    @property
    def days_late(self) -> int:
        """The number of days by which the brief was late; 0 if it was in time."""
        return max((self.issued - self.due).days, 0)


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction or void of an entry that an issued brief has reported.

    ``new`` is the correcting entry, or None for a void. ``changed_by`` is the id of the correcting
    entry or of the void.
    """

    old: Entry
    new: Entry | None
    reason: str
    changed_by: str


@dataclass(frozen=True, slots=True)
class UnreportedChanges:
    """Entries, corrections and ids of voids that no issued brief has reported."""

    entries: tuple[Entry, ...] = ()
    corrections: tuple[Correction, ...] = ()
    voids: tuple[str, ...] = ()


def head_code(head: str) -> str:
    """Shorten a hash of the chain for print, to four groups of four characters."""
    return "-".join(head[n : n + 4] for n in range(0, CODE_LENGTH, 4))
