"""Reads the conflicts between ledgers of several laptops that were merged."""

from __future__ import annotations

from sgtrack.ledger.entry_reads import entries_of
from sgtrack.ledger.open_decisions import is_merged, open_decisions
from sgtrack.model.location import Location
from sgtrack.model.merge_conflicts import Conflict, Conflicts, DoubleBrief, Twins
from sgtrack.store.connection import Connection
from sgtrack.store.opening import reading


def read_conflicts(path: Location) -> Conflicts:
    """Read the conflicts of all communities."""
    with reading(path) as db:
        return conflicts(db)


def conflicts(db: Connection) -> Conflicts:
    """As :func:`read_conflicts`, over an open connection."""
    if not is_merged(db):
        return Conflicts()
    return Conflicts(tuple(conflict_on(db, one) for one in open_decisions(db)), _briefs(db))


def conflict_on(db: Connection, entry_id: str) -> Conflict:
    """Read all decisions on an entry."""

    def ids(sql: str) -> tuple[str, ...]:
        return tuple(row[0] for row in db.execute(sql, (entry_id,)))

    (counts,) = db.execute("SELECT decision FROM ruling WHERE entry_id = ?", (entry_id,)).fetchone()
    corrections = ids("SELECT id FROM activity WHERE replaces = ? ORDER BY id")
    return Conflict(
        entry=entries_of(db, (entry_id,))[0],
        corrections=tuple(sorted(entries_of(db, corrections), key=lambda one: one.id)),
        voids=ids("SELECT id FROM void WHERE activity_id = ? ORDER BY id"),
        resolutions=ids("SELECT id FROM resolution WHERE entry_id = ? ORDER BY id"),
        counts=counts,
    )


def _briefs(db: Connection) -> tuple[DoubleBrief, ...]:
    found = db.execute(
        "SELECT community, month FROM issued_brief GROUP BY community, month HAVING count(*) > 1 "
        "ORDER BY community, month"
    ).fetchall()
    return tuple(
        DoubleBrief(
            community,
            month,
            tuple(
                row[0]
                for row in db.execute(
                    "SELECT issued FROM issued_brief WHERE community = ? AND month = ? ORDER BY id",
                    (community, month),
                )
            ),
        )
        for community, month in found
    )


def duplicates_of_sources(db: Connection, community: str) -> tuple[Twins, ...]:
    """Entries of a community with the same item, day and title that different laptops made."""
    if not is_merged(db):
        return ()
    groups: dict[tuple[str, str, str], set[str]] = {}
    for entry_id, *key in db.execute(
        "SELECT a.id, a.item, a.day, a.title FROM activity AS a "
        "JOIN link AS l ON l.kind = 'activity' AND l.record_id = a.id "
        "JOIN activity AS b ON b.community = a.community AND b.item = a.item "
        "AND b.day = a.day AND b.title = a.title "
        "JOIN link AS m ON m.kind = 'activity' AND m.record_id = b.id AND m.source <> l.source "
        "WHERE a.community = ?",
        (community,),
    ):
        groups.setdefault((key[1], key[0], key[2]), set()).add(entry_id)
    found = []
    for _, ids in sorted(groups.items()):
        alike = tuple(one for one in entries_of(db, tuple(sorted(ids))) if one.counts)
        if len(alike) > 1:
            found.append(Twins(alike))
    return tuple(found)
