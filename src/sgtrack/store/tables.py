"""SQLModel classes of the tables for activities, and the base classes of all tables.

The tables of issued briefs, rosters and merges have modules of their own, since ``log`` does not
need them: each class takes 3 ms to import.

``scripts/make_schema.py`` generates the DDL of SQLite and PostgreSQL from all these classes. It
writes the DDL to ``schema/``, so that reading needs no SQLModel. Single records are inserted
through the classes.
"""

from __future__ import annotations

import re

from sqlalchemy import BigInteger, CheckConstraint, Index, MetaData, text
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

from sgtrack.store.column_types import (
    Day,
    Digest,
    Flag,
    GivenWords,
    Hundredths,
    Id,
    Json,
    Moment,
    MonthOrEmpty,
    OptionalCount,
    OptionalId,
    Passage,
    Positive,
    Subject,
    Words,
)

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

    # Pydantic builds each class at its first use, so a command pays only for the tables it writes.
    model_config = {"defer_build": True}
    metadata = MetaData(naming_convention=NAMING)

    @declared_attr.directive
    def __tablename__(cls) -> str:  # noqa: N805 - SQLAlchemy passes the class
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__.removesuffix("Row")).lower()


class RecordRow(Table):
    """Base class of the tables for records.

    ``recorded_at``, ``recorded_by`` and ``command`` are the time, the user and the command line of
    a record. ``scripts/make_schema.py`` puts these three columns last.
    """

    id: Id = Field(primary_key=True)
    recorded_at: Moment
    recorded_by: Words
    command: Words


class ActivityRow(RecordRow, table=True):
    """An activity, or a correction that replaces an earlier activity.

    ``source`` is the text from which the activity was read. ``session`` is the number of the
    session of a group or case. ``attendance`` is the number of people who came; it counts for no
    item.
    """

    __table_args__ = (
        CheckConstraint("replaces IS NULL OR length(reason) > 0", name="correction_has_reason"),
        CheckConstraint("replaces IS NULL OR replaces <> id", name="replaces_another"),
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

    community: GivenWords
    item: GivenWords
    day: Day
    title: Words
    place: Words
    kind: Words
    note: Words
    replaces: OptionalId = Field(foreign_key="activity.id")
    reason: Words
    closes: Flag = Field(sa_type=BigInteger, sa_column_kwargs={"server_default": text("0")})
    for_month: MonthOrEmpty = Field(sa_column_kwargs={"server_default": text("''")})
    source: Passage
    session: OptionalCount = Field(sa_type=BigInteger)
    attendance: OptionalCount = Field(sa_type=BigInteger)


class AmountRow(Table, table=True):
    """An amount of an activity, in hundredths of its unit."""

    activity_id: Id = Field(primary_key=True, foreign_key="activity.id")
    unit: GivenWords = Field(primary_key=True)
    hundredths: Hundredths = Field(sa_type=BigInteger)


class ParticipantRow(Table, table=True):
    """A person or group named in an activity."""

    __table_args__ = (Index("ix_participant_name", "name", "activity_id"),)

    activity_id: Id = Field(primary_key=True, foreign_key="activity.id")
    name: GivenWords = Field(primary_key=True)


class AlsoRow(Table, table=True):
    """A further item that an activity counts for."""

    __table_args__ = (Index("ix_also_item", "item"),)

    activity_id: Id = Field(primary_key=True, foreign_key="activity.id")
    item: GivenWords = Field(primary_key=True)


class VoidRow(RecordRow, table=True):
    """The voiding of an activity, with the reason; a voided activity does not count."""

    __table_args__ = (Index("ix_void_activity_id", "activity_id", "id"),)

    activity_id: Id = Field(foreign_key="activity.id")
    reason: GivenWords


class EvidenceRow(RecordRow, table=True):
    """A file that proves an activity; ``size`` is in bytes."""

    activity_id: Id = Field(foreign_key="activity.id", index=True)
    sha256: Digest = Field(index=True)
    size: Positive = Field(sa_type=BigInteger)
    name: GivenWords
    kind: GivenWords


class EvidenceVoidRow(RecordRow, table=True):
    """The removal of an evidence file from its activity, with the reason."""

    evidence_id: Id = Field(foreign_key="evidence.id", index=True)
    reason: GivenWords


class AnnotationRow(RecordRow, table=True):
    """A text on an activity that changes no figure; the newest text on a subject counts.

    ``subject`` is ``effect`` (what the activity achieved) or ``late_reason`` (why it was logged
    late). An empty text revokes the older ones.
    """

    activity_id: Id = Field(foreign_key="activity.id", index=True)
    subject: Subject
    text: Passage


class ContractRow(RecordRow, table=True):
    """The contract targets of a community at the time of an entry; ``content`` is JSON."""

    __table_args__ = (Index("ix_contract_community_id", "community", "id"),)

    community: GivenWords
    content: Json
