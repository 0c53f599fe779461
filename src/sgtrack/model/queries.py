"""What can be asked of the ledger: which entries, and which figures at what granularity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Which entries to read; what is None or empty does not narrow the choice."""

    communities: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None
    text: str = ""
    everything: bool = False
    """Also the entries that were replaced or voided."""
    untold: bool = False
    """Only what no issued brief has told of."""
    last: int | None = None
    """Only so many, the latest by their day."""


@dataclass(frozen=True, slots=True)
class FigureQuery:
    """How finely the figures of a community are wanted.

    The activities of ``one_by_one`` come one at a time. All others come as sums: a month each for
    the items of ``monthly``, for others a stretch each between ``cuts``, the last days of stretches
    that are told apart; ``years`` are further cuts, for the items of ``yearly``. A month that a cut
    divides into two with activities in both comes in parts. Besides amounts, the items of ``typed``
    come with the types of their activities and the first day of each, those of ``titled`` with
    their titles, and those of ``named`` with the names of people. With ``only``,
    nothing else is read; the other choices are then among it.
    """

    only: frozenset[str] | None = None
    one_by_one: frozenset[str] = frozenset()
    monthly: frozenset[str] = frozenset()
    yearly: frozenset[str] = frozenset()
    typed: frozenset[str] = frozenset()
    titled: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    cuts: frozenset[date] = frozenset()
    years: frozenset[date] = frozenset()
