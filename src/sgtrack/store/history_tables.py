"""The tables that the program keeps about its records: history, redaction and roll-ups.

Only plain SQL writes them: the chain and the roll-ups are also updated by commands that must not
import SQLModel, and many rows at a time.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from sgtrack.store.tables import RecordRow, Table

_WITHOUT_ROWID = {"sqlite_with_rowid": False}
"""Rows lie in the order of their key, in which they are read."""


class MigrationRow(Table, table=True):
    """A schema version the ledger was brought to, with the fingerprint of that schema."""

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    name: str
    fingerprint: str
    applied_at: str


class LedgerRow(Table, table=True):
    """The id of this ledger; the table has one row."""

    __table_args__ = (CheckConstraint("length(id) = 26", name="id_is_ulid"),)

    id: str = Field(primary_key=True)


class LinkRow(Table, table=True):
    """A link of the chain of hashes over all records, in the order they were entered.

    ``digest`` is SHA-256 over the salt and the record's body in the view ``content``; ``hash`` is
    SHA-256 over these lines: the hash of the link before (empty for the first), ``source``,
    ``seq``, ``kind``, ``record_id`` and ``digest``.
    """

    __table_args__ = (
        CheckConstraint("seq > 0", name="seq_positive"),
        CheckConstraint("length(digest) = 64", name="digest_is_hex"),
        CheckConstraint("length(hash) = 64", name="hash_is_hex"),
        # All ledgers have migrations of the same number; ids of other records never repeat.
        Index(
            "ix_link_kind_record_id",
            "kind",
            "record_id",
            text("(CASE kind WHEN 'migration' THEN hash ELSE '' END)"),
            unique=True,
        ),
    )

    source: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    kind: str
    record_id: str
    salt: str
    digest: str
    hash: str = Field(primary_key=True)


class HeadRow(Table, table=True):
    """The newest link of each branch, so that the end of the chain cannot be cut off unnoticed."""

    source: str = Field(primary_key=True)
    seq: int
    hash: str = Field(primary_key=True)


class ForgettingRow(RecordRow, table=True):
    """A name that was replaced by a pseudonym in the whole ledger."""

    __table_args__ = (
        CheckConstraint("length(id) = 26", name="id_is_ulid"),
        CheckConstraint("length(pseudonym) > 0", name="pseudonym_given"),
        CheckConstraint("length(tag) = 32", name="tag_is_hex"),
        CheckConstraint("length(reason) > 0", name="reason_given"),
    )

    pseudonym: str
    tag: str
    reason: str


class ForgottenRow(Table, table=True):
    """A record that a redaction rewrote, with its digests before and after.

    The link keeps the old digest, which its hash covers; the salt of that digest is destroyed, so
    that nobody can test a guess at the name. ``salt`` is that of the new digest.
    """

    __table_args__ = (
        CheckConstraint("length(old_digest) = 64", name="old_digest_is_hex"),
        CheckConstraint("length(new_digest) = 64", name="new_digest_is_hex"),
        Index(None, "kind", "record_id"),
    )

    forgetting_id: str = Field(primary_key=True, foreign_key="forgetting.id")
    kind: str = Field(primary_key=True)
    record_id: str = Field(primary_key=True)
    old_digest: str
    new_digest: str
    salt: str


class AbridgementRow(Table, table=True):
    """The digest of a record that was imported with pseudonyms, used instead of its link's.

    In a bundle the record belongs to no merge yet, and ``merge_id`` is empty.
    """

    __table_args__ = (
        CheckConstraint("length(digest) = 64", name="digest_is_hex"),
        Index(None, "kind", "record_id"),
    )

    merge_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    record_id: str = Field(primary_key=True)
    digest: str
    salt: str


class CurrentEntryRow(Table, table=True):
    """An entry that counts, with its items, how many people it names and its kinds of evidence.

    It is updated when corrections, voids, resolutions and evidence are written, to make reading
    fast. The view ``computed_entry`` computes the same; ``sgtrack verify`` compares the two.
    """

    __table_args__ = (_WITHOUT_ROWID,)

    activity_id: str = Field(primary_key=True, foreign_key="activity.id")
    items: str
    names: int
    evidence: str


# The month comes last in the keys of the roll-ups, so that the months of one item lie together and
# can be added up as they are read.


class AmountByMonthRow(Table, table=True):
    """The sum of a month's amounts in a unit."""

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
    """The activities of one type in a month: their number and first day; the type may be empty."""

    __table_args__ = (Index(None, "community", "month"), _WITHOUT_ROWID)

    community: str = Field(primary_key=True)
    items: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    evidence: str = Field(primary_key=True)
    month: str = Field(primary_key=True)
    first_day: str
    activities: int


class TitleByMonthRow(Table, table=True):
    """The activities of a month under one title, such as the sessions of a group."""

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
    """The sum of a month's amounts of one named person; the unit is empty without amounts."""

    __table_args__ = (Index(None, "community", "month"), _WITHOUT_ROWID)

    community: str = Field(primary_key=True)
    items: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    unit: str = Field(primary_key=True)
    evidence: str = Field(primary_key=True)
    month: str = Field(primary_key=True)
    hundredths: int
