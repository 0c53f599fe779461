"""What counts in a ledger, as rows that progress is computed from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sgtrack.model.entries import Entry
    from sgtrack.model.people import Person


@dataclass(frozen=True, slots=True)
class Single:
    """The activity a row is of, where rows are wanted one activity at a time."""

    id: str
    amounts: Mapping[str, Decimal]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AmountRow:
    """The sum of a unit on a day, over the activities that count for the same items.

    ``names`` is how many people or groups these activities named. Every row also carries the kinds
    of evidence its activities have, and where it is of one activity alone, that one;
    ``for_month`` is the first day of the month a submission is for, where it is one.
    """

    items: tuple[str, ...]
    day: date
    unit: str
    amount: Decimal
    names: int
    for_month: date | None = None
    evidence: frozenset[str] = frozenset()
    single: Single | None = None


@dataclass(frozen=True, slots=True)
class NameRow:
    """What a named person or group had on a day in a unit; ``unit`` is empty without amounts."""

    items: tuple[str, ...]
    day: date
    name: str
    unit: str
    amount: Decimal
    evidence: frozenset[str] = frozenset()
    single: Single | None = None


@dataclass(frozen=True, slots=True)
class LabelRow:
    """Activities of one title and type on a day; ``closes`` where a group or case ended.

    ``last`` is the day of the last one where the row tells of several days of a month.
    """

    items: tuple[str, ...]
    day: date
    title: str
    kind: str
    activities: int
    closes: bool = False
    evidence: frozenset[str] = frozenset()
    single: Single | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything the ledger says about a community, summed by day where nothing else is wanted."""

    amounts: tuple[AmountRow, ...] = ()
    names: tuple[NameRow, ...] = ()
    labels: tuple[LabelRow, ...] = ()
    roster: tuple[Person, ...] = ()

    def proven(self, needs: Mapping[str, frozenset[str]]) -> Figures:
        """Only what has all its evidence.

        Args:
            needs: the kinds of evidence an activity needs, by the item it is logged under.
        """

        def has(items: tuple[str, ...], evidence: frozenset[str]) -> bool:
            return needs.get(items[0], frozenset()) <= evidence

        return Figures(
            amounts=tuple(row for row in self.amounts if has(row.items, row.evidence)),
            names=tuple(row for row in self.names if has(row.items, row.evidence)),
            labels=tuple(row for row in self.labels if has(row.items, row.evidence)),
            roster=self.roster,
        )


def figures_of(entries: Iterable[Entry], roster: tuple[Person, ...] = ()) -> Figures:
    """What entries that count say, in rows of their own for each; in the order of the entries."""
    amounts: list[AmountRow] = []
    names: list[NameRow] = []
    labels: list[LabelRow] = []
    for entry in entries:
        one = entry.activity
        single = Single(entry.id, one.amounts, one.participants)
        evidence = frozenset(e.kind for e in entry.evidence)
        month = first_of_month(one.for_month)
        items, day = one.items, one.day
        amounts += [
            AmountRow(items, day, unit, amount, len(one.participants), month, evidence, single)
            for unit, amount in one.amounts.items()
        ]
        names += [
            NameRow(items, day, name, unit, amount, evidence, single)
            for name in one.participants
            for unit, amount in (one.amounts or {"": Decimal(0)}).items()
        ]
        labels.append(
            LabelRow(items, day, one.title, one.activity_type, 1, one.closes, evidence, single)
        )
    return Figures(tuple(amounts), tuple(names), tuple(labels), roster)


def first_of_month(month: str) -> date | None:
    """The first day of a month written as 2026-03; None where there is none."""
    return date.fromisoformat(f"{month}-01") if month else None


def from_hundredths(value: int) -> Decimal:
    """An amount as it is counted, from the hundredths of its unit that the ledger keeps."""
    return Decimal(value) / 100
