"""SQLModel classes of the tables for the chain of hashes, redactions and roll-ups.

Plain SQL writes these tables. It inserts many rows at once, and it does not need SQLModel, which
takes half a second to import.
"""

from __future__ import annotations

from sqlalchemy import Index, text
from sqlmodel import Field

from sgtrack.store.column_types import (
    Digest,
    GivenWords,
    Id,
    IdOrEmpty,
    Moment,
    Positive,
    RecordKey,
    SaltOrEmpty,
    Tag,
)
from sgtrack.store.tables import RecordRow, Table

_WITHOUT_ROWID = {"sqlite_with_rowid": False}
"""Table option of SQLite that stores rows in the order of the primary key, to read them fast."""


class MigrationRow(Table, table=True):
    """An upgrade of the ledger to a schema version, with the fingerprint of that schema."""

    number: Positive = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    name: GivenWords
    fingerprint: GivenWords
    applied_at: Moment


class LedgerRow(Table, table=True):
    """The id of this ledger; the table has exactly one row."""

    id: Id = Field(primary_key=True)


class LinkRow(Table, table=True):
    """A link in the chain of hashes, which covers all records in the order they were entered.

    ``digest`` is the SHA-256 of the salt followed by the record's ``body`` in the view ``content``.
    ``hash`` is the SHA-256 of these lines: the hash of the previous link (empty for the first
    link), ``source``, ``seq``, ``kind``, ``record_id`` and ``digest``.
    """

    __table_args__ = (
        # The migrations of merged ledgers have equal numbers, so the index includes their hash.
        # The ids of all other records are unique.
        Index(
            "ix_link_kind_record_id",
            "kind",
            "record_id",
            text("(CASE kind WHEN 'migration' THEN hash ELSE '' END)"),
            unique=True,
        ),
    )

    source: Id = Field(primary_key=True)
    seq: Positive = Field(primary_key=True)
    kind: GivenWords
    record_id: RecordKey
    salt: SaltOrEmpty
    digest: Digest
    hash: Digest = Field(primary_key=True)


class HeadRow(Table, table=True):
    """The newest link of one branch of the chain; it reveals links deleted from the end."""

    source: Id = Field(primary_key=True)
    seq: Positive
    hash: Digest = Field(primary_key=True)


class ForgettingRow(RecordRow, table=True):
    """A redaction, which replaced one name by a pseudonym in the whole ledger."""

    pseudonym: GivenWords
    tag: Tag
    reason: GivenWords


class ForgottenRow(Table, table=True):
    """A record that a redaction rewrote, with its digests before and after.

    The record's link retains the old digest, because the hash of the link covers it. The salt of
    the old digest is erased, so that nobody can test a guess at the name. ``salt`` belongs to the
    new digest.
    """

    __table_args__ = (Index(None, "kind", "record_id"),)

    forgetting_id: Id = Field(primary_key=True, foreign_key="forgetting.id")
    kind: GivenWords = Field(primary_key=True)
    record_id: RecordKey = Field(primary_key=True)
    old_digest: Digest
    new_digest: Digest
    salt: SaltOrEmpty


class AbridgementRow(Table, table=True):
    """The digest of a pseudonymized record; it replaces the digest in the record's link.

    ``merge_id`` names the merge that imported the record. In a bundle, ``merge_id`` is empty.
    """

    __table_args__ = (Index(None, "kind", "record_id"),)

    merge_id: IdOrEmpty = Field(primary_key=True)
    kind: GivenWords = Field(primary_key=True)
    record_id: RecordKey = Field(primary_key=True)
    digest: Digest
    salt: SaltOrEmpty


class CurrentEntryRow(Table, table=True):
    """An entry that counts: its items, number of participants and kinds of evidence.

    The table stores the rows of the view ``computed_entry``, to make reading fast. Every write that
    changes these rows updates the table. ``sgtrack verify`` compares the table with the view.
    """

    __table_args__ = (_WITHOUT_ROWID,)

    activity_id: str = Field(primary_key=True, foreign_key="activity.id")
    items: str
    names: int
    evidence: str


# The month is the last column in the key of each roll-up, so that the months of one item are stored
# next to each other and can be summed while they are read.


class AmountByMonthRow(Table, table=True):
    """A roll-up row with the sum of a month's amounts in one unit, in hundredths of the unit."""

    __table_args__ = (Index(None, "community", "month"), _WITHOUT_ROWID)

    community: str = Field(primary_key=True)
    items: str = Field(primary_key=True)
    unit: str = Field(primary_key=True)
    for_month: str = Field(primary_key=True)
    evidence: str = Field(primary_key=True)
    month: str = Field(primary_key=True)
    hundredths: int
    names: int


class KindByMonthRow(Table, table=True):
    """A roll-up row with the number and the first day of a month's activities of one type.

    ``kind`` is the type, which may be empty.
    """

    __table_args__ = (Index(None, "community", "month"), _WITHOUT_ROWID)

    community: str = Field(primary_key=True)
    items: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    evidence: str = Field(primary_key=True)
    month: str = Field(primary_key=True)
    first_day: str
    activities: int


class TitleByMonthRow(Table, table=True):
    """A roll-up row for a month's activities with one title, such as the sessions of a group."""

    __table_args__ = (Index(None, "community", "month"), _WITHOUT_ROWID)

    community: str = Field(primary_key=True)
    items: str = Field(primary_key=True)
    title: str = Field(primary_key=True)
    evidence: str = Field(primary_key=True)
    month: str = Field(primary_key=True)
    first_day: str
    last_day: str
    activities: int
    closes: int


class NameByMonthRow(Table, table=True):
    """A roll-up row for a month's activities that name one person or group.

    ``hundredths`` is the sum of the activities' amounts in one unit, in hundredths of the unit.
    ``unit`` is empty for activities without amounts.
    """

    __table_args__ = (Index(None, "community", "month"), _WITHOUT_ROWID)

    community: str = Field(primary_key=True)
    items: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    unit: str = Field(primary_key=True)
    evidence: str = Field(primary_key=True)
    month: str = Field(primary_key=True)
    hundredths: int
