"""Frozen dataclasses of ledger records and their conflicts, and functions for record ids."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from os import urandom

SHORT_ID_LENGTH = 6
"""Number of characters of an id that screens show. They are the last ones, which are random."""
ID_LENGTH = 26
"""Number of characters of an id."""
UNUSED_NOTE = "没有用到："
"""Words in a note before the list of numbers that were not used for the activity."""
_TIME_BYTES, _RANDOM_BYTES = 6, 10
"""Number of bytes of the timestamp and of the random part of a ULID."""
_DAY_IN_MILLISECONDS = 24 * 3600 * 1000
_LOOK_ALIKES = str.maketrans("ILO", "110")


@dataclass(frozen=True, slots=True)
class Activity:
    """Something that happened on a day, logged under one item.

    Fields that need an explanation:
        activity_type: one of the types that the contract lists for an item that the activity counts
            for, or empty.
        amounts: the amount in each unit.
        participants: the names of people or groups.
        also: the codes of other items that the activity counts for.
        closes: whether the activity is the last session of a group or case.
        for_month: the reporting month of a submitted brief, such as 2026-03; otherwise empty.
        source: the text from which the activity was read, which may have several lines; otherwise
            empty.
        session: the number of the session of a group or case, or None.
        attendance: the number of people who came, or None. It counts for no item.
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
    source: str = ""
    session: int | None = None
    attendance: int | None = None

    @property
    def shown_note(self) -> str:
        """The note as documents show it, without the numbers that were not used."""
        return self.note.partition(UNUSED_NOTE)[0].rstrip("；")

    @property
    def items(self) -> tuple[str, ...]:
        """The codes of all items that the activity counts for, ``item`` first."""
        return (self.item, *self.also)


def duplicate_key(activity: Activity) -> bytes:
    """Return a key of item, day, title and session; duplicates in a community have equal keys."""
    return key_of_duplicates(
        activity.item, activity.day.isoformat(), activity.title, activity.session
    )


def key_of_duplicates(item: str, day: str, title: str, session: int | None = None) -> bytes:
    """Return the same key as :func:`duplicate_key`, from values of the ledger's columns."""
    number = f"\0{session}" if session else ""
    return f"{item}\0{day}\0{title}{number}".encode("utf-8", "surrogatepass")


def key_without_session(key: bytes) -> bytes:
    """Return the duplicate key of the same activity without the number of its session."""
    return b"\0".join(key.split(b"\0", 3)[:3])


@dataclass(frozen=True, slots=True)
class SeriesSession:
    """A session of a group or case in the ledger; ``number`` is None if it was not given."""

    entry_id: str
    day: date
    title: str
    closes: bool = False
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """The time, the user and the command line with which a record was entered."""

    at: datetime
    by: str
    command: str


@dataclass(frozen=True, slots=True)
class Void:
    """A record that excludes an entry from all figures, with a reason."""

    id: str
    reason: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file that proves an activity, stored under the hash of its content.

    ``name`` is the original file name, ``size`` is in bytes, and ``kind`` is the kind of evidence,
    such as 签到表 or 照片.
    """

    id: str
    sha256: str
    size: int
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An activity in the ledger, with its corrections, its void and its evidence.

    Fields that need an explanation:
        replaces: the id of the entry that this entry corrects, or None.
        reason: the reason for the correction or for logging the activity late.
        replaced_by: the id of the entry that corrects this entry, or None.
        evidence: the evidence of this entry and of the entries it replaces.
        effect: what the activity achieved (成效), in the officer's words; it may have lines.
        late_reason: why the activity was logged late, if that was written later than the entry.
        set_aside: the id of a conflicting decision from another laptop, or None. That decision
            counts instead of this entry until someone resolves the conflict.
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
    effect: str = ""
    late_reason: str = ""

    @property
    def counts(self) -> bool:
        """Whether the entry is included in the figures."""
        return self.replaced_by is None and self.void is None and self.set_aside is None


@dataclass(frozen=True, slots=True)
class Person:
    """A person on the roster of a role, such as 社区工作者, from the day ``since`` on.

    ``last_day`` is the person's last day on the roster, or None.
    """

    id: str
    community: str
    name: str
    role: str
    since: date
    last_day: date | None = None

    def has_left(self, day: date) -> bool:
        """Return whether the person is no longer on the roster on a day."""
        return self.last_day is not None and self.last_day < day


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """A filter for reading entries. A field that is None or empty excludes no entry.

    ``start`` and ``end`` are the first and the last day. ``text`` must occur in the title, the
    place or the note, in upper or lower case. ``everything`` also selects replaced and voided
    entries, which are otherwise excluded. ``unreported`` excludes entries that an issued brief has
    reported. ``last`` is the maximum number of entries; those with the latest days are read.
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
    """An entry that was corrected or voided differently on several laptops.

    Fields that need an explanation:
        corrections: the entries that correct it.
        voids: the ids of the records that void it.
        resolutions: the ids of earlier resolutions of the conflict.
        counts: the id of the decision in force until someone resolves the conflict. It is the first
            decision, or the decision that an earlier resolution chose.
    """

    entry: Entry
    corrections: tuple[Entry, ...]
    voids: tuple[str, ...]
    resolutions: tuple[str, ...]
    counts: str


@dataclass(frozen=True, slots=True)
class DoubleBrief:
    """A month whose brief was issued several times, on the days ``issued``; the first counts."""

    community: str
    month: str
    issued: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflicts:
    """All conflicts: entries with conflicting decisions, and months with several briefs."""

    decisions: tuple[Conflict, ...] = ()
    briefs: tuple[DoubleBrief, ...] = ()

    def of(self, communities: Collection[str]) -> Conflicts:
        """Return only the conflicts of some communities."""
        return Conflicts(
            tuple(c for c in self.decisions if c.entry.activity.community in communities),
            tuple(brief for brief in self.briefs if brief.community in communities),
        )


def new_id(at: datetime, after: str | None) -> str:
    """Make an id (a ULID) that sorts after the id ``after``; see :func:`new_ids`."""
    return new_ids(at, after, 1)[0]


def new_ids(at: datetime, after: str | None, count: int) -> list[str]:
    """Make ids (ULIDs) in ascending order that all sort after the id ``after``.

    If the clock went back, the ids continue from the time of ``after``. Their random parts are
    always new, because two copies of a ledger must not make the same ids.
    """
    from ulid import ULID  # noqa: PLC0415 - saves start-up time of commands that only read

    first = int(at.timestamp() * 1000)
    if after is not None:
        first = max(first, ULID.from_str(after).milliseconds + 1)
    return [
        str(ULID((first + n).to_bytes(_TIME_BYTES, "big") + urandom(_RANDOM_BYTES)))
        for n in range(count)
    ]


def last_id_within_a_day(at: datetime) -> str:
    """Return the greatest id that can be made within a day after the time ``at``."""
    from ulid import ULID  # noqa: PLC0415 - only writing needs it

    time = int(at.timestamp() * 1000) + _DAY_IN_MILLISECONDS
    return str(ULID(time.to_bytes(_TIME_BYTES, "big") + b"\xff" * _RANDOM_BYTES))


def short_id(entry_id: str) -> str:
    """Return the last characters of an id, which screens show."""
    return entry_id[-SHORT_ID_LENGTH:]


def normalize_id(typed: str) -> str:
    """Convert a typed id to upper case, and the letters I, L and O to the digits 1, 1 and 0."""
    return typed.strip().upper().translate(_LOOK_ALIKES)
