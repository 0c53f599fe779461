"""What each month adds up to, kept beside the entries so that reading takes no longer with more.

A month that a record touches is computed anew from the entries, in the transaction that writes the
record; nothing is counted on from what was there, so a roll-up cannot drift away from its entries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sgtrack.ledger.connection import Connection

Month = tuple[str, str]
"""A community and one of its months (2026-03)."""

_COMPUTED = {
    "amount_by_month": (
        # An activity is worked out once, not once for each of its amounts.
        "WITH current AS MATERIALIZED (SELECT * FROM current_activity {where}) "
        "SELECT community, substr(day, 1, 7), items, unit, for_month, evidence, sum(hundredths), "
        "sum(names) FROM current JOIN amount ON activity_id = id GROUP BY 1, 2, 3, 4, 5, 6"
    ),
    "kind_by_month": (
        "SELECT community, substr(day, 1, 7), items, kind, evidence, min(day), count(*) "
        "FROM current_activity {where} GROUP BY 1, 2, 3, 4, 5"
    ),
}
"""Each roll-up, as it is computed from the entries."""

_ENTRIES = {
    "activity": "SELECT id FROM activity WHERE id = :id "
    "UNION SELECT replaces FROM activity WHERE id = :id",
    "void": "SELECT activity_id FROM void WHERE id = :id",
    "evidence": "SELECT activity_id FROM evidence WHERE id = :id",
    "evidence_void": "SELECT e.activity_id FROM evidence AS e "
    "JOIN evidence_void AS v ON v.evidence_id = e.id WHERE v.id = :id",
    "resolution": "SELECT entry_id FROM resolution WHERE id = :id",
}
"""The entries that a record of a kind is about."""


def touched(db: Connection, kind: str, record_id: str) -> set[Month]:
    """The months whose figures a record changes; evidence goes on to what replaced its entry."""
    return _months_of(db, _ENTRIES[kind], {"id": record_id}) if kind in _ENTRIES else set()


def touched_by_many(db: Connection, records: Iterable[tuple[str, str]]) -> set[Month]:
    """As :func:`touched`, for many records at once."""
    db.execute("CREATE TEMP TABLE IF NOT EXISTS written (kind TEXT, record_id TEXT)")
    db.execute("DELETE FROM written")
    db.executemany("INSERT INTO written VALUES (?, ?)", records)
    entries = " UNION ".join(
        sql.replace("= :id", f"IN (SELECT record_id FROM written WHERE kind = '{kind}')")  # noqa: S608
        for kind, sql in _ENTRIES.items()
    )
    return _months_of(db, entries, {})


def _months_of(db: Connection, entries: str, values: dict[str, str]) -> set[Month]:
    """The months of some entries and of all that replace them."""
    return set(
        db.execute(
            f"WITH RECURSIVE later(id) AS ({entries} UNION "  # noqa: S608
            "SELECT a.id FROM later JOIN activity AS a ON a.replaces = later.id) "
            "SELECT DISTINCT community, substr(day, 1, 7) FROM activity "
            "WHERE id IN (SELECT id FROM later)",
            values,
        )
    )


def refresh(db: Connection, months: Iterable[Month]) -> None:
    """Compute the roll-ups of some months anew."""
    for community, month in sorted(months):
        for table, computed in _COMPUTED.items():
            db.execute(
                f"DELETE FROM {table} WHERE community = ? AND month = ?",  # noqa: S608
                (community, month),
            )
            where = "WHERE community = ? AND day BETWEEN ? AND ?"
            db.execute(
                f"INSERT INTO {table} {computed.format(where=where)}",
                (community, f"{month}-01", f"{month}-31"),
            )


def rebuild(db: Connection) -> None:
    """Compute the roll-ups of every month anew."""
    for table in _COMPUTED:
        db.execute(f"DELETE FROM {table}")  # noqa: S608
    refresh(db, db.execute("SELECT DISTINCT community, substr(day, 1, 7) FROM activity").fetchall())


def differences(db: Connection) -> Iterator[Month]:
    """Every month whose roll-ups are not what its entries add up to."""
    found: set[Month] = set()
    for table, computed in _COMPUTED.items():
        fresh = f"({computed.format(where='')}) AS fresh"
        for one, other in ((table, fresh), (fresh, table)):
            rows = db.execute(f"SELECT * FROM {one} EXCEPT SELECT * FROM {other}")  # noqa: S608
            found.update((row[0], row[1]) for row in rows)
    yield from sorted(found)
