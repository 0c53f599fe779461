"""The ledger's tables as SQLModel classes; writes go through them.

``migrations/`` makes the tables; a test holds the two against each other.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, MetaData
from sqlmodel import Field, SQLModel

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(SQLModel):
    """What all tables share: constraints have names, so that a later migration can change them."""

    metadata = MetaData(naming_convention=NAMING)


class ActivityRow(Table, table=True):
    """An activity, or the correction of one."""

    __tablename__ = "activity"
    __table_args__ = (
        CheckConstraint("length(id) = 26", name="id_is_ulid"),
        CheckConstraint("length(community) > 0", name="community_given"),
        CheckConstraint("length(item) > 0", name="item_given"),
        CheckConstraint("day LIKE '____-__-__'", name="day_is_iso"),
        CheckConstraint("replaces IS NULL OR length(reason) > 0", name="correction_has_reason"),
        CheckConstraint("replaces IS NULL OR replaces <> id", name="replaces_another"),
        Index(None, "community", "item", "day"),
        Index(None, "community", "day"),
    )

    id: str = Field(primary_key=True)
    community: str
    item: str
    day: str
    title: str
    place: str
    kind: str
    note: str
    replaces: str | None = Field(foreign_key="activity.id", index=True)
    reason: str
    recorded_at: str
    recorded_by: str
    command: str


class AmountRow(Table, table=True):
    """An amount of an activity, in hundredths of its unit."""

    __tablename__ = "amount"
    __table_args__ = (CheckConstraint("hundredths > 0", name="positive"),)

    activity_id: str = Field(primary_key=True, foreign_key="activity.id")
    unit: str = Field(primary_key=True)
    hundredths: int


class ParticipantRow(Table, table=True):
    """A person or group named in an activity."""

    __tablename__ = "participant"
    __table_args__ = (CheckConstraint("length(name) > 0", name="name_given"),)

    activity_id: str = Field(primary_key=True, foreign_key="activity.id")
    name: str = Field(primary_key=True)


class AlsoRow(Table, table=True):
    """A further item an activity serves."""

    __tablename__ = "also"
    __table_args__ = (CheckConstraint("length(item) > 0", name="item_given"),)

    activity_id: str = Field(primary_key=True, foreign_key="activity.id")
    item: str = Field(primary_key=True)


class VoidRow(Table, table=True):
    """Takes an activity out of the count, with the reason."""

    __tablename__ = "void"
    __table_args__ = (
        CheckConstraint("length(id) = 26", name="id_is_ulid"),
        CheckConstraint("length(reason) > 0", name="reason_given"),
    )

    id: str = Field(primary_key=True)
    activity_id: str = Field(foreign_key="activity.id", index=True)
    reason: str
    recorded_at: str
    recorded_by: str
    command: str


class PersonRow(Table, table=True):
    """Someone of a roster."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("length(id) = 26", name="id_is_ulid"),
        CheckConstraint("length(name) > 0", name="name_given"),
        CheckConstraint("length(role) > 0", name="role_given"),
        CheckConstraint("since LIKE '____-__-__'", name="since_is_iso"),
        Index(None, "community", "role"),
    )

    id: str = Field(primary_key=True)
    community: str
    name: str
    role: str
    since: str
    recorded_at: str
    recorded_by: str
    command: str
