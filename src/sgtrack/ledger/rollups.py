"""What counts and what each month adds up to, kept beside the entries for quick reading.

An entry that a record touches, and the months it lies in, are computed anew in the transaction that
writes the record; nothing is counted on from what was there, so what is kept cannot drift away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sgtrack.ledger.connection import Connection, marks
from sgtrack.ledger.many import insert, lots

Month = tuple[str, str]
"""A community and one of its months (2026-03)."""

_COMPUTED = {
    "amount_by_month": (
        "SELECT community, items, unit, for_month, evidence, substr(day, 1, 7), sum(hundredths), "
        "sum(names) FROM current_activity JOIN amount ON activity_id = id {where} "
        "GROUP BY 1, 2, 3, 4, 5, 6"
    ),
    "kind_by_month": (
        "SELECT community, items, kind, evidence, substr(day, 1, 7), min(day), count(*) "
        "FROM current_activity {where} GROUP BY 1, 2, 3, 4, 5"
    ),
    "title_by_month": (
        "SELECT community, items, title, evidence, substr(day, 1, 7), min(day), max(day), "
        "count(*), max(closes) FROM current_activity {where} GROUP BY 1, 2, 3, 4, 5"
    ),
    "name_by_month": (
        "SELECT community, items, name, coalesce(unit, ''), evidence, substr(day, 1, 7), "
        "coalesce(sum(hundredths), 0) FROM current_activity AS a "
        "JOIN participant AS p ON p.activity_id = a.id "
        "LEFT JOIN amount AS m ON m.activity_id = a.id {where} GROUP BY 1, 2, 3, 4, 5, 6"
    ),
}
"""Each roll-up, as it is computed from the entries that count."""
_MONTH_AT = {"amount_by_month": 5, "kind_by_month": 4, "title_by_month": 4, "name_by_month": 5}
"""Where the month stands in a row."""
ALL = ("current_entry", *_COMPUTED)
"""Every table that can be computed from others."""

_KEPT = "activity_id, items, names, evidence"
"""What is kept of every entry that counts."""
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


def touched(db: Connection, kind: str, record_id: str) -> set[str]:
    """The entries of which a record can change whether and what they count.

    These are what it is about and all that replace it: evidence goes on to them, and a decision
    on an entry is one on what builds on it.
    """
    return _with_later(db, _ENTRIES[kind], {"id": record_id}) if kind in _ENTRIES else set()


def touched_by_many(db: Connection, records: Iterable[tuple[str, str]]) -> set[str]:
    """As :func:`touched`, for many records at once."""
    db.execute("CREATE TEMP TABLE IF NOT EXISTS written (kind TEXT, record_id TEXT)")
    db.execute("DELETE FROM written")
    insert(db, "written", records)
    entries = " UNION ".join(
        sql.replace("= :id", f"IN (SELECT record_id FROM written WHERE kind = '{kind}')")  # noqa: S608
        for kind, sql in _ENTRIES.items()
    )
    return _with_later(db, entries, {})


def _with_later(db: Connection, entries: str, values: dict[str, str]) -> set[str]:
    found = db.execute(
        f"WITH RECURSIVE later(id) AS ({entries} UNION "  # noqa: S608
        "SELECT a.id FROM later JOIN activity AS a ON a.replaces = later.id) "
        "SELECT id FROM later WHERE id IS NOT NULL",
        values,
    )
    return {row[0] for row in found}


def refresh(db: Connection, entries: Iterable[str]) -> None:
    """Compute anew what is kept of some entries and of the months they lie in."""
    months: set[Month] = set()
    for ids in lots(sorted(entries)):
        chosen = f"IN ({marks(ids)})"
        db.execute(f"DELETE FROM current_entry WHERE activity_id {chosen}", ids)  # noqa: S608
        db.execute(
            f"INSERT INTO current_entry SELECT {_KEPT} FROM computed_entry "  # noqa: S608
            f"WHERE activity_id {chosen}",
            ids,
        )
        months.update(
            db.execute(
                "SELECT DISTINCT community, substr(day, 1, 7) FROM activity "  # noqa: S608
                f"WHERE id {chosen}",
                ids,
            )
        )
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
    """Compute everything that is kept anew."""
    for table in ALL:
        db.execute(f"DELETE FROM {table}")  # noqa: S608
    db.execute(f"INSERT INTO current_entry SELECT {_KEPT} FROM computed_entry")  # noqa: S608
    for table, computed in _COMPUTED.items():
        db.execute(f"INSERT INTO {table} {computed.format(where='')}")


def differences(db: Connection) -> Iterator[Month]:
    """Every month of which something that is kept is not what its entries say.

    What is kept of an entry that is not there belongs to no month: both words are then empty.
    """
    found: set[Month] = set()
    kept = f"SELECT {_KEPT} FROM"
    for row in _either_way(db, f"{kept} current_entry", f"{kept} computed_entry"):
        month = db.execute(
            "SELECT community, substr(day, 1, 7) FROM activity WHERE id = ?", (row[0],)
        ).fetchone()
        found.add(month or ("", ""))
    for table, computed in _COMPUTED.items():
        fresh = computed.format(where="")
        for row in _either_way(db, f"SELECT * FROM {table}", f"SELECT * FROM ({fresh}) AS fresh"):  # noqa: S608
            found.add((row[0], row[_MONTH_AT[table]]))
    yield from sorted(found)


def _either_way(db: Connection, one: str, other: str) -> Iterator[tuple[str, ...]]:
    """The rows that only one of two queries gives."""
    yield from db.execute(f"{one} EXCEPT {other}").fetchall()
    yield from db.execute(f"{other} EXCEPT {one}").fetchall()
