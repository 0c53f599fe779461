"""Finds conflicts and duplicates that arise when ledgers of several laptops are merged."""

from __future__ import annotations

from collections.abc import Collection

from sgtrack.ledger.entry_reads import read_entries_by_id
from sgtrack.model.entries import Conflict, Conflicts, DoubleBrief, Entry
from sgtrack.model.issued import brief_label
from sgtrack.store.connection import Connection, batches, marks


def read_conflicts(db: Connection) -> Conflicts:
    """Read the conflicts of all communities."""
    return Conflicts(
        tuple(read_conflict(db, entry_id) for entry_id in read_open_decisions(db)),
        _read_double_briefs(db),
    )


def read_conflict(db: Connection, entry_id: str) -> Conflict:
    """Read the corrections, voids and resolutions of an entry."""

    def ids(sql: str) -> tuple[str, ...]:
        return tuple(row[0] for row in db.execute(sql, (entry_id,)))

    (counts,) = db.execute("SELECT decision FROM ruling WHERE entry_id = ?", (entry_id,)).fetchone()
    corrections = ids("SELECT id FROM activity WHERE replaces = ? ORDER BY id")
    return Conflict(
        entry=read_entries_by_id(db, (entry_id,))[0],
        corrections=tuple(sorted(read_entries_by_id(db, corrections), key=lambda entry: entry.id)),
        voids=ids("SELECT id FROM void WHERE activity_id = ? ORDER BY id"),
        resolutions=ids("SELECT id FROM resolution WHERE entry_id = ? ORDER BY id"),
        counts=counts,
    )


def _read_double_briefs(db: Connection) -> tuple[DoubleBrief, ...]:
    issued: dict[tuple[str, str], list[str]] = {}
    for community, month, part, day in db.execute(
        "SELECT community, month, part, issued FROM standing_brief "
        "ORDER BY community, month, part, id"
    ):
        issued.setdefault((community, brief_label(month, part)), []).append(day)
    return tuple(DoubleBrief(*key, tuple(days)) for key, days in issued.items() if len(days) > 1)


def find_duplicates_of_sources(db: Connection, community: str) -> tuple[tuple[Entry, ...], ...]:
    """Find groups of entries that share item, day and title but come from different laptops.

    Entries of other communities and entries that do not count are left out.
    """
    if not is_merged(db):
        return ()
    groups: dict[tuple[str, str, str], set[str]] = {}
    for entry_id, *key in db.execute(
        "SELECT a.id, a.item, a.day, a.title FROM activity AS a "
        "JOIN link AS l ON l.kind = 'activity' AND l.record_id = a.id "
        "JOIN activity AS b ON b.community = a.community AND b.item = a.item "
        "AND b.day = a.day AND b.title = a.title "
        "AND (a.session IS NULL OR b.session IS NULL OR a.session = b.session) "
        "JOIN link AS m ON m.kind = 'activity' AND m.record_id = b.id AND m.source <> l.source "
        "WHERE a.community = ?",
        (community,),
    ):
        groups.setdefault((key[1], key[0], key[2]), set()).add(entry_id)
    duplicates = []
    for _, ids in sorted(groups.items()):
        entries = read_entries_by_id(db, tuple(sorted(ids)))
        alike = tuple(entry for entry in entries if entry.counts)
        if len(alike) > 1:
            duplicates.append(alike)
    return tuple(duplicates)


def count_open_decisions(db: Connection, communities: Collection[str]) -> int:
    """Count the entries of these communities that have an unresolved conflict."""
    return sum(
        db.execute(
            f"SELECT count(*) FROM activity WHERE id IN ({marks(batch)}) "  # noqa: S608
            f"AND community IN ({marks(communities)})",
            (*batch, *communities),
        ).fetchone()[0]
        for batch in batches(read_open_decisions(db))
    )


def is_merged(db: Connection) -> bool:
    """Return whether a ledger was ever merged into this one; otherwise there are no conflicts."""
    return db.execute("SELECT 1 FROM merge LIMIT 1").fetchone() is not None


def read_open_decisions(db: Connection) -> tuple[str, ...]:
    """Read the ids of the entries that have an unresolved conflict.

    An entry with two corrections, or with a correction and a void, has a conflict. Two voids are no
    conflict. A resolution settles a conflict until another correction, void or resolution of the
    entry is merged.
    """
    if not is_merged(db):
        return ()
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
