"""Reads what the target files asked for at the time of the entries, which is kept as text."""

from __future__ import annotations

from sgtrack.model.location import Location
from sgtrack.store.connection import Connection
from sgtrack.store.opening import reading


def read_contracts(path: Location, community: str) -> tuple[str, ...]:
    """What a community's target file asked for, the first one first."""
    with reading(path) as db:
        return contracts(db, community)


def contracts(db: Connection, community: str) -> tuple[str, ...]:
    """As :func:`read_contracts`, over an open connection."""
    return tuple(
        content
        for (content,) in db.execute(
            "SELECT content FROM contract WHERE community = ? ORDER BY id", (community,)
        )
    )
