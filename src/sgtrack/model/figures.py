"""Figures of the ledger, from which progress is computed, and the query that selects them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sgtrack.model.entries import Entry, Person

_NO_EVIDENCE = frozenset[str]()


@dataclass(frozen=True, slots=True)
class FigureQuery:
    """Which figures of a community to read, and at what granularity.

    All fields except ``boundaries`` and ``years`` are sets of item codes:
        only: the items to read; None means all items.
        one_by_one: items whose activities are read one by one. Other items are read as sums.
        monthly: items with one sum per month. Other items have one sum per date range.
        yearly: items for which ``years`` are additional boundaries.
        typed: items that also need the activity types and the first day of each type.
        titled: items that also need the titles of activities.
        named: items that also need the names of participants.

    ``boundaries`` are the last days of the date ranges. A boundary within a month splits the sum of
    that month.
    """

    only: frozenset[str] | None = None
    one_by_one: frozenset[str] = frozenset()
    monthly: frozenset[str] = frozenset()
    yearly: frozenset[str] = frozenset()
    typed: frozenset[str] = frozenset()
    titled: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    boundaries: frozenset[date] = frozenset()
    years: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class AmountFigure:
    """The sum of amounts in one unit, over activities that count for the same items.

    Fields that need an explanation:
        day: the day of the activities. For a sum over a date range, it is some day between the same
            boundaries of the query as the activities.
        participants: the number of people or groups that the activities name.
        for_month: the first day of the month that a submitted brief is for, or None.
        evidence: the kinds of evidence that the activities have.
        source: the entry, if the figure comes from a single one; otherwise None.
    """

    items: tuple[str, ...]
    day: date
    unit: str
    amount: Decimal
    participants: int
    for_month: date | None = None
    evidence: frozenset[str] = frozenset()
    source: Entry | None = None


@dataclass(frozen=True, slots=True)
class ParticipantFigure:
    """The amount of a named person or group, over activities that count for the same items.

    ``day`` is as in :class:`AmountFigure`. ``unit`` is empty if there is no amount.
    """

    items: tuple[str, ...]
    day: date
    name: str
    unit: str
    amount: Decimal
    evidence: frozenset[str] = frozenset()
    source: Entry | None = None


@dataclass(frozen=True, slots=True)
class ActivityFigure:
    """The number of activities that count for the same items: one entry, or a sum.

    A sum is either by type, with an empty ``title``, or by title, with an empty ``activity_type``.
    For a sum, ``day`` is the day of the first activity. For a sum by title, ``last`` is the day of
    the last activity; otherwise it is None. ``closes`` says whether one of the activities closes a
    group or case; for a sum by type, it is false.
    """

    items: tuple[str, ...]
    day: date
    title: str
    activity_type: str
    activities: int
    closes: bool = False
    evidence: frozenset[str] = frozenset()
    source: Entry | None = None
    last: date | None = None


Figure = AmountFigure | ParticipantFigure | ActivityFigure


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a community, and the people on its rosters."""

    amounts: tuple[AmountFigure, ...] = ()
    participants: tuple[ParticipantFigure, ...] = ()
    activities: tuple[ActivityFigure, ...] = ()
    roster: tuple[Person, ...] = ()

    def with_entry(self, entry: Entry) -> Figures:
        """Return the figures together with those of one more entry that counts."""
        own = figures_of([entry])
        return Figures(
            self.amounts + own.amounts,
            self.participants + own.participants,
            self.activities + own.activities,
            self.roster,
        )

    def proven(self, needs: Mapping[str, frozenset[str]]) -> Figures:
        """Select the figures of activities with all kinds of evidence that their item needs.

        The item is the one that the activities were logged under. ``needs`` maps item codes to the
        kinds of evidence.
        """

        def has_all(row: Figure) -> bool:
            return needs.get(row.items[0], _NO_EVIDENCE) <= row.evidence

        return Figures(
            tuple(filter(has_all, self.amounts)),
            tuple(filter(has_all, self.participants)),
            tuple(filter(has_all, self.activities)),
            self.roster,
        )


def figures_of(entries: Iterable[Entry], roster: tuple[Person, ...] = ()) -> Figures:
    """Convert entries that count to figures, in the same order and without summing them."""
    amounts: list[AmountFigure] = []
    participants: list[ParticipantFigure] = []
    activities: list[ActivityFigure] = []
    for entry in entries:
        activity = entry.activity
        items, day, names = activity.items, activity.day, activity.participants
        evidence = frozenset(proof.kind for proof in entry.evidence)
        month = first_of_month(activity.for_month)
        amounts += [
            AmountFigure(items, day, unit, amount, len(names), month, evidence, entry)
            for unit, amount in activity.amounts.items()
        ]
        participants += [
            ParticipantFigure(items, day, name, unit, amount, evidence, entry)
            for name in names
            for unit, amount in (activity.amounts or {"": Decimal(0)}).items()
        ]
        title, activity_type, closes = activity.title, activity.activity_type, activity.closes
        activities.append(
            ActivityFigure(items, day, title, activity_type, 1, closes, evidence, entry)
        )
    return Figures(tuple(amounts), tuple(participants), tuple(activities), roster)


def first_of_month(month: str) -> date | None:
    """Return the first day of a month such as 2026-03; None if ``month`` is empty."""
    return date.fromisoformat(f"{month}-01") if month else None


def from_hundredths(value: int) -> Decimal:
    """Convert a number of hundredths, as the ledger stores it, to an amount."""
    return Decimal(value) / 100
