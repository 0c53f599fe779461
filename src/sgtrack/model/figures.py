"""The figures of a ledger that progress is computed from, and the query for them."""

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

    The activities of items in ``one_by_one`` come one at a time. All others come as sums: by month
    for the items of ``monthly``, for others by the date ranges that end on the ``boundaries``;
    ``years`` are further boundaries for the items of ``yearly``. A boundary within a month divides
    the sum of that month. Besides amounts, the items of ``typed`` come with the types of their
    activities and the first day of each, those of ``titled`` with their titles, and those of
    ``named`` with the names of people. ``only`` limits the query to some items.
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
    """The sum of a unit on a day, over the activities that count for the same items.

    ``participants`` is how many people or groups these activities named; ``for_month`` is the first
    day of the month a submission is for. Like every figure it has the kinds of evidence of its
    activities and, where it comes from a single entry, that one as its ``source``.
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
    """What a named person or group has on a day in a unit; without amounts ``unit`` is empty."""

    items: tuple[str, ...]
    day: date
    name: str
    unit: str
    amount: Decimal
    evidence: frozenset[str] = frozenset()
    source: Entry | None = None


@dataclass(frozen=True, slots=True)
class ActivityFigure:
    """The number of activities of one title and type on a day; ``closes`` ends a group or case.

    ``last`` is the day of the last one where the figure covers several days of a month.
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
    """The figures of a community, summed by day unless a query asks for single activities."""

    amounts: tuple[AmountFigure, ...] = ()
    participants: tuple[ParticipantFigure, ...] = ()
    activities: tuple[ActivityFigure, ...] = ()
    roster: tuple[Person, ...] = ()

    def proven(self, needs: Mapping[str, frozenset[str]]) -> Figures:
        """Select the figures with all evidence; ``needs`` has the kinds needed by item."""

        def has_all(row: Figure) -> bool:
            return needs.get(row.items[0], _NO_EVIDENCE) <= row.evidence

        return Figures(
            tuple(filter(has_all, self.amounts)),
            tuple(filter(has_all, self.participants)),
            tuple(filter(has_all, self.activities)),
            self.roster,
        )


def figures_of(entries: Iterable[Entry], roster: tuple[Person, ...] = ()) -> Figures:
    """Convert entries that count to figures, in their order and without summing them."""
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
    """The first day of a month written as 2026-03; None where there is none."""
    return date.fromisoformat(f"{month}-01") if month else None


def from_hundredths(value: int) -> Decimal:
    """Convert the hundredths that the ledger stores to an amount."""
    return Decimal(value) / 100
