"""What goes into the ledger and comes out of it, as frozen values without any SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Activity:
    """Something that happened on a day, logged under one item, before it is written.

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
class Evidence:
    """A file that proves an activity, kept by its content.

    ``name`` is the file's own name, ``size`` its bytes, ``kind`` what it is: 签到表, 照片.
    """

    id: str
    sha256: str
    size: int
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An activity as the ledger keeps it.

    ``replaces`` is the entry it corrects; ``reason`` says why it does, or why an activity was
    logged late; ``replaced_by`` and ``void`` say what came of it; ``set_aside`` is the decision of
    another laptop that goes before this correction, until someone resolves it. Only an entry with
    none of them counts. ``evidence`` is what was added to it or to an entry it replaces.
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
