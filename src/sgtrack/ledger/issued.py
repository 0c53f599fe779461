"""Reads what has been issued."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sgtrack.ledger.database import reading


def reported_until(path: Path, community: str) -> date | None:
    """The last day that an issued brief of a community reports on."""
    with reading(path) as db:
        if db is None:
            return None
        (day,) = db.execute(
            "SELECT max(last_day) FROM issued_brief WHERE community = ?", (community,)
        ).fetchone()
        return date.fromisoformat(day) if day else None
