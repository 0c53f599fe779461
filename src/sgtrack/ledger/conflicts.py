"""What several laptops did not agree on: read from the ledger, with the standard library alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sgtrack.ledger.connection import Connection, Location
from sgtrack.ledger.database import reading
from sgtrack.ledger.reading import entries_of
from sgtrack.ledger.records import Entry


@dataclass(frozen=True, slots=True)
class Conflict:
    """An entry on which several laptops decided differently.

    ``corrections`` and ``voids`` are the decisions, ``counts`` the id of the one that counts until
    someone resolves it: the first made, or the one that was chosen before more was known.
    """

    entry: Entry
    corrections: tuple[Entry, ...]
    voids: tuple[str, ...]
    resolutions: tuple[str, ...]
    counts: str


@dataclass(frozen=True, slots=True)
class DoubleBrief:
    """A month that was issued on several laptops; the first one counts as its brief."""

    community: str
    month: str
    issued: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Twins:
    """Entries of different laptops that look like the same activity; all of them count."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Conflicts:
    """Everything that someone has to decide, or to know."""

    decisions: tuple[Conflict, ...] = ()
    briefs: tuple[DoubleBrief, ...] = ()

    def of(self, communities: Collection[str]) -> Conflicts:
        """What is about some communities."""
        return Conflicts(
            tuple(one for one in self.decisions if one.entry.activity.community in communities),
            tuple(one for one in self.briefs if one.community in communities),
        )


def read_conflicts(path: Location) -> Conflicts:
    """What the laptops whose ledgers are in this one do not agree on."""
    with reading(path) as db:
        return conflicts(db)


def conflicts(db: Connection) -> Conflicts:
    """As :func:`read_conflicts`, over an open connection."""
    merged = db.execute("SELECT 1 FROM merge LIMIT 1").fetchone()
    if merged is None:
        return Conflicts()
    return Conflicts(tuple(conflict_on(db, one) for one in open_decisions(db)), _briefs(db))


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


def conflict_on(db: Connection, entry_id: str) -> Conflict:
    """All decisions on an entry."""

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


def read_twins(path: Location, community: str) -> tuple[Twins, ...]:
    """Entries of a community with the same item, day and title that different laptops made."""
    with reading(path) as db:
        if db.execute("SELECT 1 FROM merge LIMIT 1").fetchone() is None:
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
