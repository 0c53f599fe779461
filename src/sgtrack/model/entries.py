"""The records of the ledger as frozen values, their ids, and conflicts between them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from secrets import token_bytes

SHORT_ID_LENGTH = 6
"""How many characters of an id a screen shows: the last ones, which are random."""
ID_LENGTH = 26
_TIME_BYTES, _RANDOM_BYTES = 6, 10
"""The sizes of the two parts of a ULID."""
_LOOK_ALIKES = str.maketrans("ILO", "110")


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
    counts unless it has ``replaced_by`` (a later correction), ``void``, or ``set_aside`` (another
    laptop's decision, which takes precedence until someone resolves the conflict). ``evidence``
    includes that of the entries it replaces.
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


@dataclass(frozen=True, slots=True)
class Person:
    """A person of a roster, such as a 社区工作者; ``since`` is the first day in that role."""

    id: str
    community: str
    name: str
    role: str
    since: date


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Which entries to read; a field that is None or empty does not narrow the choice.

    ``everything`` includes replaced and voided entries; ``unreported`` leaves out what an issued
    brief has reported; ``last`` limits the result to the latest entries by their day.
    """

    communities: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None
    text: str = ""
    everything: bool = False
    unreported: bool = False
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """An entry on which several laptops decided differently.

    ``corrections`` and ``voids`` are the decisions, ``counts`` the id of the one that counts until
    someone resolves it: the first one, or the one that was chosen in an earlier resolution.
    """

    entry: Entry
    corrections: tuple[Entry, ...]
    voids: tuple[str, ...]
    resolutions: tuple[str, ...]
    counts: str


@dataclass(frozen=True, slots=True)
class DoubleBrief:
    """A month that was issued on several laptops; the first one counts as its brief."""

    community: str
    month: str
    issued: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflicts:
    """All conflicts: open decisions, and months that were issued twice."""

    decisions: tuple[Conflict, ...] = ()
    briefs: tuple[DoubleBrief, ...] = ()

    def of(self, communities: Collection[str]) -> Conflicts:
        """The conflicts of some communities."""
        return Conflicts(
            tuple(c for c in self.decisions if c.entry.activity.community in communities),
            tuple(brief for brief in self.briefs if brief.community in communities),
        )


def new_id(at: datetime, after: str | None) -> str:
    """Make a ULID, which sorts by time of entry, later than ``after``."""
    return new_ids(at, after, 1)[0]


def new_ids(at: datetime, after: str | None, count: int) -> list[str]:
    """Make ULIDs, each later than the one before it and than ``after``.

    If the clock went back, an id takes the millisecond after the newest one and a new random part:
    counting on from the newest id would give two copies of a ledger the same ids.
    """
    from ulid import ULID  # noqa: PLC0415 - only writing needs it

    first = int(at.timestamp() * 1000)
    if after is not None:
        first = max(first, ULID.from_str(after).milliseconds + 1)
    return [
        str(ULID((first + n).to_bytes(_TIME_BYTES, "big") + token_bytes(_RANDOM_BYTES)))
        for n in range(count)
    ]


def short_id(entry_id: str) -> str:
    """The part of an id that screens show."""
    return entry_id[-SHORT_ID_LENGTH:]


def normalize_id(typed: str) -> str:
    """Convert a typed id to upper case, and letters that look like digits to digits."""
    return typed.strip().upper().translate(_LOOK_ALIKES)
