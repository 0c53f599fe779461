"""Reads what the target files asked for at the time of the entries, which is kept as text."""

from __future__ import annotations

from sgtrack.store.connection import Connection


def contracts(db: Connection, community: str) -> tuple[str, ...]:
    """What a community's target file asked for at each change, the oldest first."""
    return tuple(
        content
        for (content,) in db.execute(
            "SELECT content FROM contract WHERE community = ? ORDER BY id", (community,)
        )
    )
