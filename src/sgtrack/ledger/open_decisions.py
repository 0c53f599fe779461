"""Which entries wait for someone to decide between what several laptops made of them."""

from __future__ import annotations

from collections.abc import Collection

from sgtrack.store.batching import batches
from sgtrack.store.connection import Connection, marks


def count_open_decisions(db: Connection, communities: Collection[str]) -> int:
    """The number of entries of some communities that wait for a decision."""
    if not is_merged(db):
        return 0
    return sum(
        db.execute(
            f"SELECT count(*) FROM activity WHERE id IN ({marks(batch)}) "  # noqa: S608
            f"AND community IN ({marks(communities)})",
            (*batch, *communities),
        ).fetchone()[0]
        for batch in batches(open_decisions(db))
    )


def is_merged(db: Connection) -> bool:
    """Whether anything came from another laptop; if not, no two can disagree."""
    return db.execute("SELECT 1 FROM merge LIMIT 1").fetchone() is not None


def open_decisions(db: Connection) -> tuple[str, ...]:
    """The entries on which several decisions wait for someone; corrections of all laptops alike.

    Two voids say the same and are no conflict.
    """
    return tuple(
        row[0]
        for row in db.execute(
            "WITH contested(entry_id) AS ("
            " SELECT replaces FROM activity WHERE replaces IS NOT NULL"
            " GROUP BY replaces HAVING count(*) > 1"
            " UNION SELECT v.activity_id FROM void AS v JOIN activity AS r"
            " ON r.replaces = v.activity_id"
            "), newest(entry_id, id) AS ("
            " SELECT c.entry_id, (SELECT max(id) FROM resolution WHERE entry_id = c.entry_id)"
            " FROM contested AS c) "
            "SELECT n.entry_id FROM newest AS n WHERE n.id IS NULL OR EXISTS ("
            " SELECT 1 FROM (SELECT id FROM decision WHERE entry_id = n.entry_id"
            "  UNION SELECT id FROM resolution WHERE entry_id = n.entry_id AND id <> n.id) AS d"
            " WHERE NOT EXISTS (SELECT 1 FROM resolved AS w"
            "  WHERE w.resolution_id = n.id AND w.decision_id = d.id)) ORDER BY 1"
        )
    )
