"""The records of the ledger, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Activity:
    """Something that happened on a day, logged under one item.

    ``also`` are further items it serves, ``activity_type`` the type where the contract lists some,
    ``participants`` the people or groups named; ``closes`` says that a group or case ends with it,
    ``for_month`` (2026-03) which reporting month a submission is for.
    """

    community: str
    item: str
    day: date
    title: str = ""
    place: str = ""
    activity_type: str = ""
    note: str = ""
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    participants: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    closes: bool = False
    for_month: str = ""

    @property
    def items(self) -> tuple[str, ...]:
        """Its own item and the others it serves."""
        return (self.item, *self.also)


def duplicate_key(activity: Activity) -> bytes:
    """The key that identifies duplicate activities of a community: item, day and title."""
    return key_of_duplicates(activity.item, activity.day.isoformat(), activity.title)


def key_of_duplicates(item: str, day: str, title: str) -> bytes:
    """As :func:`duplicate_key`, from the values as the ledger stores them."""
    return f"{item}\0{day}\0{title}".encode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True)
class Origin:
    """When, by whom and by which command line a record was entered."""

    at: datetime
    by: str
    command: str


@dataclass(frozen=True, slots=True)
class Void:
    """A record that takes an entry out of the figures, with a reason."""

    id: str
    reason: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file that proves an activity, stored under the hash of its content.

    ``name`` is the file's own name, ``size`` its bytes, ``kind`` what it is: 签到表, 照片.
    """

    id: str
    sha256: str
    size: int
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An activity in the ledger.

    ``replaces`` is the entry it corrects; ``reason`` says why, or why it was logged late. An entry
    counts unless it has ``replaced_by`` (a later correction), ``void``, or ``set_aside`` (a
    decision of another laptop that takes precedence until someone resolves the conflict).
    ``evidence`` includes that of the entries it replaces.
    """

    id: str
    activity: Activity
    origin: Origin
    replaces: str | None = None
    reason: str = ""
    replaced_by: str | None = None
    void: Void | None = None
    evidence: tuple[Evidence, ...] = ()
    set_aside: str | None = None

    @property
    def counts(self) -> bool:
        """Whether the entry is part of the figures."""
        return self.replaced_by is None and self.void is None and self.set_aside is None
