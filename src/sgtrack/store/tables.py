"""SQLModel classes of the tables for records.

``scripts/make_schema.py`` generates the DDL of SQLite and PostgreSQL from these classes and those
in ``history_tables.py``. It writes the DDL to ``schema/``, so that reading needs no SQLModel.
The program inserts single records through the classes of this module.
"""

from __future__ import annotations

import re

from sqlalchemy import BigInteger, CheckConstraint, Index, MetaData, text
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(SQLModel):
    """Base class of all tables; the class ``EvidenceVoidRow`` defines the table ``evidence_void``.

    Every constraint has a name, so that a migration can change it.
    """

    metadata = MetaData(naming_convention=NAMING)

    @declared_attr.directive
    def __tablename__(cls) -> str:  # noqa: N805 - SQLAlchemy passes the class
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__.removesuffix("Row")).lower()


class RecordRow(Table):
    """Base class of the tables for records.

    ``recorded_at``, ``recorded_by`` and ``command`` tell when, by whom and with which command a
    record was made. ``scripts/make_schema.py`` puts these three columns last.
    """

    id: str = Field(primary_key=True)
    recorded_at: str
    recorded_by: str
    command: str


class ActivityRow(RecordRow, table=True):
    """An activity, or a correction that replaces an earlier activity."""

    __table_args__ = (
        CheckConstraint("length(id) = 26", name="id_is_ulid"),
        CheckConstraint("length(community) > 0", name="community_given"),
        CheckConstraint("length(item) > 0", name="item_given"),
        CheckConstraint("day LIKE '____-__-__'", name="day_is_iso"),
        CheckConstraint("replaces IS NULL OR length(reason) > 0", name="correction_has_reason"),
        CheckConstraint("replaces IS NULL OR replaces <> id", name="replaces_another"),
        CheckConstraint("closes IN (0, 1)", name="closes_is_flag"),
        CheckConstraint("for_month = '' OR for_month LIKE '____-__'", name="for_month_is_iso"),
        Index(None, "community", "item", "day"),
        Index(None, "community", "day"),
        # The index is partial, because few entries are corrections. It contains the id, so that
        # SQLite finds the first correction of an entry without reading the table.
        Index(
            "ix_activity_replaces",
            "replaces",
            "id",
            sqlite_where=text("replaces IS NOT NULL"),
        ),
    )

    community: str
    item: str
    day: str
    title: str
    place: str
    kind: str
    note: str
    replaces: str | None = Field(foreign_key="activity.id")
    reason: str
    closes: int = Field(sa_type=BigInteger, sa_column_kwargs={"server_default": text("0")})
    for_month: str = Field(sa_column_kwargs={"server_default": text("''")})


class AmountRow(Table, table=True):
    """An amount of an activity, in hundredths of its unit."""

    __table_args__ = (CheckConstraint("hundredths > 0", name="positive"),)

    activity_id: str = Field(primary_key=True, foreign_key="activity.id")
    unit: str = Field(primary_key=True)
    hundredths: int = Field(sa_type=BigInteger)


class ParticipantRow(Table, table=True):
    """A person or group named in an activity."""

    __table_args__ = (
        CheckConstraint("length(name) > 0", name="name_given"),
        Index("ix_participant_name", "name", "activity_id"),
    )

    activity_id: str = Field(primary_key=True, foreign_key="activity.id")
    name: str = Field(primary_key=True)


class AlsoRow(Table, table=True):
    """A further item that an activity counts for."""

    __table_args__ = (
        CheckConstraint("length(item) > 0", name="item_given"),
        Index("ix_also_item", "item"),
    )

    activity_id: str = Field(primary_key=True, foreign_key="activity.id")
    item: str = Field(primary_key=True)


class VoidRow(RecordRow, table=True):
    """The voiding of an activity, with the reason; a voided activity does not count."""

    __table_args__ = (
        CheckConstraint("length(id) = 26", name="id_is_ulid"),
        CheckConstraint("length(reason) > 0", name="reason_given"),
        Index("ix_void_activity_id", "activity_id", "id"),
    )

    activity_id: str = Field(foreign_key="activity.id")
    reason: str


class PersonRow(RecordRow, table=True):
    """A person on a roster."""

    __table_args__ = (
        CheckConstraint("length(id) = 26", name="id_is_ulid"),
        CheckConstraint("length(name) > 0", name="name_given"),
        CheckConstraint("length(role) > 0", name="role_given"),
        CheckConstraint("since LIKE '____-__-__'", name="since_is_iso"),
        Index(None, "community", "role"),
    )

    community: str
    name: str
    role: str
    since: str


class EvidenceRow(RecordRow, table=True):
    """A file that proves an activity; ``size`` is in bytes."""

    __table_args__ = (
        CheckConstraint("length(id) = 26", name="id_is_ulid"),
        CheckConstraint("length(sha256) = 64", name="sha256_is_hex"),
        CheckConstraint("size > 0", name="size_positive"),
        CheckConstraint("length(name) > 0", name="name_given"),
        CheckConstraint("length(kind) > 0", name="kind_given"),
    )

    activity_id: str = Field(foreign_key="activity.id", index=True)
    sha256: str = Field(index=True)
    size: int = Field(sa_type=BigInteger)
    name: str
    kind: str


class EvidenceVoidRow(RecordRow, table=True):
    """The removal of an evidence file from its activity, with the reason."""

    __table_args__ = (
        CheckConstraint("length(id) = 26", name="id_is_ulid"),
        CheckConstraint("length(reason) > 0", name="reason_given"),
    )

    evidence_id: str = Field(foreign_key="evidence.id", index=True)
    reason: str


class IssuedBriefRow(RecordRow, table=True):
    """An issued brief.

    ``context`` is the JSON from which the brief's files are rendered. ``head`` is the hash of the
    newest link in the chain before the brief.
    """

    __table_args__ = (
        CheckConstraint("length(id) = 26", name="id_is_ulid"),
        CheckConstraint("length(community) > 0", name="community_given"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("month LIKE '____-__'", name="month_is_iso"),
        CheckConstraint(
            "first_day LIKE '____-__-__' AND last_day LIKE '____-__-__' "
            "AND due LIKE '____-__-__' AND issued LIKE '____-__-__'",
            name="days_are_iso",
        ),
        Index(None, "community", "month"),
    )

    community: str
    number: int = Field(sa_type=BigInteger)
    month: str
    first_day: str
    last_day: str
    due: str
    issued: str
    submission: str | None = Field(foreign_key="activity.id", index=True)
    head: str
    context: str


class IssuedFigureRow(Table, table=True):
    """The figures of an indicator in an issued brief, in hundredths of the indicator's unit."""

    brief_id: str = Field(primary_key=True, foreign_key="issued_brief.id")
    item: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    unit: str = Field(primary_key=True)
    per: str = Field(primary_key=True)
    gain: int = Field(sa_type=BigInteger)
    total: int = Field(sa_type=BigInteger)


class IssuedEntryRow(Table, table=True):
    """An entry, correction or void that an issued brief has reported."""

    entry_id: str = Field(primary_key=True)
    brief_id: str = Field(primary_key=True, foreign_key="issued_brief.id", index=True)


class IssuedFileRow(Table, table=True):
    """A rendered file of an issued brief; ``size`` is in bytes."""

    __table_args__ = (CheckConstraint("length(sha256) = 64", name="sha256_is_hex"),)

    brief_id: str = Field(primary_key=True, foreign_key="issued_brief.id")
    format: str = Field(primary_key=True)
    sha256: str
    size: int = Field(sa_type=BigInteger)


class PersonVoidRow(RecordRow, table=True):
    """The removal of a person from a roster, with the reason."""

    __table_args__ = (
        CheckConstraint("length(id) = 26", name="id_is_ulid"),
        CheckConstraint("length(reason) > 0", name="reason_given"),
    )

    person_id: str = Field(foreign_key="person.id", index=True)
    reason: str


class ContractRow(RecordRow, table=True):
    """The contract targets of a community at the time of an entry; ``content`` is JSON."""

    __table_args__ = (
        CheckConstraint("length(id) = 26", name="id_is_ulid"),
        CheckConstraint("length(community) > 0", name="community_given"),
        CheckConstraint("length(content) > 0", name="content_given"),
        Index("ix_contract_community_id", "community", "id"),
    )

    community: str
    content: str


class MergeRow(RecordRow, table=True):
    """The merge of another ledger, with the newest link of that ledger's chain at the time."""

    __table_args__ = (
        CheckConstraint("length(id) = 26", name="id_is_ulid"),
        CheckConstraint("length(hash) = 64", name="hash_is_hex"),
    )

    source: str
    seq: int = Field(sa_type=BigInteger)
    hash: str


class ResolutionRow(RecordRow, table=True):
    """The officer's choice between conflicting corrections and voids of an entry."""

    __table_args__ = (
        CheckConstraint("length(id) = 26", name="id_is_ulid"),
        CheckConstraint("length(reason) > 0", name="reason_given"),
        Index("ix_resolution_entry_id", "entry_id", "id"),
    )

    entry_id: str = Field(foreign_key="activity.id")
    chosen: str
    reason: str


class ResolvedRow(Table, table=True):
    """A correction, void or earlier resolution that the officer knew when she made a resolution."""

    resolution_id: str = Field(primary_key=True, foreign_key="resolution.id")
    decision_id: str = Field(primary_key=True)
