"""SQLModel classes of the tables for issued briefs."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from sgtrack.store.column_types import (
    Day,
    Digest,
    DigestOrEmpty,
    GivenWords,
    Id,
    Json,
    Month,
    OptionalId,
    Positive,
    Total,
    Words,
)
from sgtrack.store.tables import RecordRow, Table


class IssuedBriefRow(RecordRow, table=True):
    """An issued brief.

    ``context`` is the JSON from which the brief's files are rendered. ``head`` is the hash of the
    newest link in the chain before the brief. ``early`` is the reason for issuing it long before
    the end of its month. ``part`` is 1 for the brief of a month, 2 and more for its supplements.
    """

    __table_args__ = (Index(None, "community", "month"),)

    community: GivenWords
    number: Positive = Field(sa_type=BigInteger)
    month: Month
    part: Positive = Field(sa_type=BigInteger)
    first_day: Day
    last_day: Day
    due: Day
    issued: Day
    submission: OptionalId = Field(foreign_key="activity.id", index=True)
    head: DigestOrEmpty
    context: Json
    early: Words


class BriefWithdrawalRow(RecordRow, table=True):
    """The withdrawal of an issued brief, with the reason; see the view ``standing_brief``."""

    brief_id: Id = Field(foreign_key="issued_brief.id", index=True)
    reason: GivenWords


class IssuedFigureRow(Table, table=True):
    """The figures of an indicator in an issued brief, in hundredths of the indicator's unit."""

    brief_id: Id = Field(primary_key=True, foreign_key="issued_brief.id")
    item: GivenWords = Field(primary_key=True)
    kind: Words = Field(primary_key=True)
    unit: Words = Field(primary_key=True)
    per: Words = Field(primary_key=True)
    gain: Total = Field(sa_type=BigInteger)
    total: Total = Field(sa_type=BigInteger)


class IssuedEntryRow(Table, table=True):
    """An entry, correction or void that an issued brief has reported."""

    entry_id: Id = Field(primary_key=True)
    brief_id: Id = Field(primary_key=True, foreign_key="issued_brief.id", index=True)


class IssuedFileRow(Table, table=True):
    """A rendered file of an issued brief; ``size`` is in bytes."""

    brief_id: Id = Field(primary_key=True, foreign_key="issued_brief.id")
    format: GivenWords = Field(primary_key=True)
    sha256: Digest
    size: Positive = Field(sa_type=BigInteger)
