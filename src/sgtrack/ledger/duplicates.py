"""Reads the keys that identify duplicate activities of a community."""

from __future__ import annotations

from decimal import Decimal

from sgtrack.model.entries import key_of_duplicates
from sgtrack.model.figures import from_hundredths
from sgtrack.store.connection import Connection


def read_duplicate_keys(db: Connection, community: str) -> set[bytes]:
    """The key of every activity of a community that counts."""
    return {
        key_of_duplicates(*row)
        for row in db.execute(
            "SELECT item, day, title FROM current_activity WHERE community = ?", (community,)
        )
    }


def read_amounts_by_key(db: Connection, community: str) -> dict[bytes, dict[str, Decimal]]:
    """The amounts of every activity that counts, by its key; of duplicates, those of the last."""
    amounts_by_key: dict[bytes, dict[str, Decimal]] = {}
    last = None
    for entry_id, item, day, title, unit, hundredths in db.execute(
        "SELECT a.id, a.item, a.day, a.title, m.unit, m.hundredths FROM current_activity AS a "
        "LEFT JOIN amount AS m ON m.activity_id = a.id WHERE a.community = ? "
        "ORDER BY a.day, a.id, m.rowid",
        (community,),
    ):
        if entry_id != last:
            amounts = amounts_by_key[key_of_duplicates(item, day, title)] = {}
            last = entry_id
        if unit is not None:
            amounts[unit] = from_hundredths(hundredths)
    return amounts_by_key
