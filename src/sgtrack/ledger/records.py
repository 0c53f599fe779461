"""What goes into the ledger and comes out of it, as frozen values without any SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Activity:
    """Something that happened on a day, logged under one item, before it is written.

    ``also`` are further items it serves, ``kind`` the type where the contract lists some, ``names``
    the people or groups named.
    """

    community: str
    item: str
    day: date
    title: str = ""
    place: str = ""
    kind: str = ""
    note: str = ""
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def items(self) -> tuple[str, ...]:
        """Every item it counts for."""
        return (self.item, *self.also)


@dataclass(frozen=True, slots=True)
class Origin:
    """When, by whom and by which command line something was entered."""

    at: datetime
    by: str
    command: str


@dataclass(frozen=True, slots=True)
class Void:
    """An entry that takes another one out of the count."""

    id: str
    reason: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Entry:
    """An activity as the ledger keeps it.

    ``replaces`` is the entry it corrects and ``reason`` why; ``replaced_by`` and ``void`` say what
    came of it. Only an entry with neither counts.
    """

    id: str
    activity: Activity
    origin: Origin
    replaces: str | None = None
    reason: str = ""
    replaced_by: str | None = None
    void: Void | None = None

    @property
    def counts(self) -> bool:
        """Whether the entry is part of the figures."""
        return self.replaced_by is None and self.void is None


@dataclass(frozen=True, slots=True)
class Person:
    """Someone of a roster, such as a 社区工作者, from the day given."""

    id: str
    community: str
    name: str
    role: str
    since: date


@dataclass(frozen=True, slots=True)
class AmountRow:
    """The sum of a unit on a day, over the activities that count for the same items.

    ``names`` is how many people or groups these activities named, ``activities`` how many they are.
    """

    items: tuple[str, ...]
    day: date
    unit: str
    amount: Decimal
    names: int


@dataclass(frozen=True, slots=True)
class NameRow:
    """What a named person or group had on a day in a unit; ``unit`` is empty without amounts."""

    items: tuple[str, ...]
    day: date
    name: str
    unit: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class LabelRow:
    """Activities of one title and type on a day."""

    items: tuple[str, ...]
    day: date
    title: str
    kind: str
    activities: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything the ledger says about a community, summed by day."""

    amounts: tuple[AmountRow, ...] = ()
    names: tuple[NameRow, ...] = ()
    labels: tuple[LabelRow, ...] = ()
    roster: tuple[Person, ...] = ()

    def with_activity(self, activity: Activity) -> Figures:
        """The figures as they will be once the activity is written."""
        items, day = activity.items, activity.day
        count = len(activity.names)
        return Figures(
            amounts=(
                *self.amounts,
                *(AmountRow(items, day, u, a, count) for u, a in activity.amounts.items()),
            ),
            names=(
                *self.names,
                *(
                    NameRow(items, day, name, unit, amount)
                    for name in activity.names
                    for unit, amount in activity.amounts.items()
                ),
            ),
            labels=(*self.labels, LabelRow(items, day, activity.title, activity.kind, 1)),
            roster=self.roster,
        )
