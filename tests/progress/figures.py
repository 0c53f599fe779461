"""Figures without a ledger: what its views would say of some activities."""

from __future__ import annotations

from collections.abc import Iterable

from sgtrack.ledger.records import (
    Activity,
    AmountRow,
    Figures,
    LabelRow,
    NameRow,
    Person,
    first_of_month,
)


def figures_of(activities: Iterable[Activity], roster: tuple[Person, ...] = ()) -> Figures:
    """The figures of activities without evidence, each in rows of its own."""
    amounts: list[AmountRow] = []
    names: list[NameRow] = []
    labels: list[LabelRow] = []
    for one in activities:
        items, day, count = one.items, one.day, len(one.names)
        month = first_of_month(one.for_month)
        amounts += [AmountRow(items, day, u, a, count, month) for u, a in one.amounts.items()]
        names += [NameRow(items, day, n, u, a) for n in one.names for u, a in one.amounts.items()]
        labels.append(LabelRow(items, day, one.title, one.kind, 1, one.closes))
    return Figures(tuple(amounts), tuple(names), tuple(labels), roster)
