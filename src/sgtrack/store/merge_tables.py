"""SQLModel classes of the tables for merges of ledgers and their conflicts."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from sgtrack.store.column_types import Digest, GivenWords, Id, Positive
from sgtrack.store.tables import RecordRow, Table


class MergeRow(RecordRow, table=True):
    """The merge of another ledger, with the newest link of that ledger's chain at the time."""

    source: Id
    seq: Positive = Field(sa_type=BigInteger)
    hash: Digest


class ResolutionRow(RecordRow, table=True):
    """The officer's choice between conflicting corrections and voids of an entry."""

    __table_args__ = (Index("ix_resolution_entry_id", "entry_id", "id"),)

    entry_id: Id = Field(foreign_key="activity.id")
    chosen: Id
    reason: GivenWords


class ResolvedRow(Table, table=True):
    """A correction, void or earlier resolution that the officer knew when she made a resolution."""

    resolution_id: Id = Field(primary_key=True, foreign_key="resolution.id")
    decision_id: Id = Field(primary_key=True)
