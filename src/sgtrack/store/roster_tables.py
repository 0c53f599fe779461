"""SQLModel classes of the tables for the people on rosters."""

from __future__ import annotations

from sqlalchemy import Index
from sqlmodel import Field

from sgtrack.store.column_types import Day, GivenWords, Id, OptionalDay
from sgtrack.store.tables import RecordRow


class PersonRow(RecordRow, table=True):
    """A person on a roster."""

    __table_args__ = (Index(None, "community", "role"),)

    community: GivenWords
    name: GivenWords
    role: GivenWords
    since: Day


class PersonVoidRow(RecordRow, table=True):
    """The removal of a person from a roster, with the reason."""

    person_id: Id = Field(foreign_key="person.id", index=True)
    reason: GivenWords


class PersonLeaveRow(RecordRow, table=True):
    """A person's last day on a roster; the newest row is valid, and NULL means no last day."""

    person_id: Id = Field(foreign_key="person.id", index=True)
    last_day: OptionalDay
