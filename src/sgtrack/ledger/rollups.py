"""The roll-ups: which entries count and the sums of each month, stored for quick reading.

The transaction that writes a record recomputes the roll-ups of the entries it affects, and of their
months, from the entries alone. Nothing is added to an old sum, so that roll-ups cannot drift.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sgtrack.model.record_kinds import RECORD_KINDS, RecordKind
from sgtrack.store.connection import Connection, batches, insert_rows, marks

Month = tuple[str, str]
"""A community and one of its months (2026-03)."""


@dataclass(frozen=True, slots=True)
class _Sums:
    """A monthly roll-up: its grouping columns, its sums and the rows it sums.

    Its table has the community, the grouping columns, the month and the sums, in this order.
    """

    by: str
    sums: str
    source: str = "{counting}"

    def computed(self) -> str:
        """A query for the sums of all months."""
        by = f"community, {self.by}, substr(day, 1, 7)"
        source = self.source.format(counting="current_activity")
        return f"SELECT {by}, {self.sums} FROM {source} GROUP BY {by}"  # noqa: S608

    def computed_of_month(self, counting: str) -> str:
        """A query for the sums of one month; fewer grouping columns halve the sorting."""
        return (
            f"SELECT :community, {self.by}, :month, {self.sums} "  # noqa: S608
            f"FROM {self.source.format(counting=counting)} "
            f"WHERE community = :community AND day BETWEEN :first AND :last GROUP BY {self.by}"
        )

    def month_of(self, row: tuple[str, ...]) -> Month:
        """The month of a row of the table."""
        return row[0], row[self.by.count(", ") + 2]


_COMPUTED = {
    "amount_by_month": _Sums(
        "items, unit, for_month, evidence",
        "sum(hundredths), sum(names)",
        "{counting} JOIN amount ON activity_id = id",
    ),
    "kind_by_month": _Sums("items, kind, evidence", "min(day), count(*)"),
    "title_by_month": _Sums("items, title, evidence", "min(day), max(day), count(*), max(closes)"),
    "name_by_month": _Sums(
        "items, name, unit, evidence",
        "coalesce(sum(hundredths), 0)",
        "(SELECT a.community, a.items, a.day, a.evidence, p.name, "
        "coalesce(m.unit, '') AS unit, m.hundredths FROM {counting} AS a "
        "JOIN participant AS p ON p.activity_id = a.id "
        "LEFT JOIN amount AS m ON m.activity_id = a.id) AS named",
    ),
}
"""The monthly roll-ups by their tables."""
ALL = ("current_entry", *_COMPUTED)
"""All tables that are computed from others."""

_SUMMED = "id, community, items, kind, title, names, evidence, for_month, closes, day"
"""The columns that the sums of a month are computed from."""
_FEW = 2
"""How many months a correction usually affects."""
_KEPT = "activity_id, items, names, evidence"
"""The columns of ``current_entry``."""


def _affected_entries(kind: RecordKind, chosen: str) -> str:
    """A query for the entries that records of a kind affect.

    Args:
        kind: the kind of the records.
        chosen: a condition on their ids.
    """
    table, where = kind.name, f"id {chosen}"
    if kind.through:
        column, table = kind.through
        where = f"id IN (SELECT {column} FROM {kind.name} WHERE {where})"  # noqa: S608
    return " UNION ".join(
        f"SELECT {column} FROM {table} WHERE {where}"  # noqa: S608
        for column in kind.entries
    )


def find_affected_entries(db: Connection, kind: str, record_id: str) -> set[str]:
    """Find the entries whose roll-ups a record affects.

    These are what it is about and all that replace it: evidence goes on to them, and a decision
    on an entry is one on what builds on it.
    """
    entries = _affected_entries(RECORD_KINDS[kind], "= :id")
    return _with_later(db, entries, {"id": record_id}) if entries else set()


def find_affected_by_all(db: Connection, records: Iterable[tuple[str, str]]) -> set[str]:
    """As :func:`touched`, for many records at once."""
    db.execute("CREATE TEMP TABLE IF NOT EXISTS written (kind TEXT, record_id TEXT)")
    db.execute("DELETE FROM written")
    insert_rows(db, "written", records)
    entries = " UNION ".join(
        _affected_entries(kind, f"IN (SELECT record_id FROM written WHERE kind = '{kind.name}')")  # noqa: S608
        for kind in RECORD_KINDS.values()
        if kind.entries
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
    """Recompute the roll-ups of these entries and of their months."""
    refresh_months(db, refresh_entries(db, entries))


def refresh_entries(db: Connection, entries: Iterable[str]) -> set[Month]:
    """Recompute ``current_entry`` for these entries; return their months, which are now stale."""
    months: set[Month] = set()
    for ids in batches(sorted(entries)):
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
    return months


def refresh_months(db: Connection, months: Iterable[Month]) -> None:
    """Recompute these months' roll-ups; ``current_entry`` must be up to date."""
    wanted = sorted(months)
    many = len(wanted) > _FEW
    # For many months, read the entries once: their rows lie scattered over the file.
    counting = "month_activity" if many else "current_activity"
    if many:
        db.execute(
            f"CREATE TEMP TABLE IF NOT EXISTS {counting} AS "  # noqa: S608
            f"SELECT {_SUMMED} FROM current_activity WHERE 1 = 0"
        )
    for community, month in wanted:
        values = {
            "community": community,
            "month": month,
            "first": f"{month}-01",
            "last": f"{month}-31",
        }
        if many:
            db.execute(f"DELETE FROM {counting}")  # noqa: S608
            db.execute(
                f"INSERT INTO {counting} SELECT {_SUMMED} FROM current_activity "  # noqa: S608
                "WHERE community = :community AND day BETWEEN :first AND :last",
                values,
            )
        for table, one in _COMPUTED.items():
            db.execute(
                f"DELETE FROM {table} WHERE community = :community AND month = :month",  # noqa: S608
                values,
            )
            db.execute(f"INSERT INTO {table} {one.computed_of_month(counting)}", values)


def rebuild(db: Connection) -> None:
    """Recompute all roll-ups."""
    for table in ALL:
        db.execute(f"DELETE FROM {table}")  # noqa: S608
    db.execute(f"INSERT INTO current_entry SELECT {_KEPT} FROM computed_entry")  # noqa: S608
    for table, one in _COMPUTED.items():
        db.execute(f"INSERT INTO {table} {one.computed()}")


def find_differences(db: Connection) -> Iterator[Month]:
    """Find the months whose roll-ups differ from their entries.

    What is kept of an entry that is not there belongs to no month: both words are then empty.
    """
    found: set[Month] = set()
    kept = f"SELECT {_KEPT} FROM"
    for row in _either_way(db, f"{kept} current_entry", f"{kept} computed_entry"):
        month = db.execute(
            "SELECT community, substr(day, 1, 7) FROM activity WHERE id = ?", (row[0],)
        ).fetchone()
        found.add(month or ("", ""))
    for table, one in _COMPUTED.items():
        fresh = f"SELECT * FROM ({one.computed()}) AS fresh"  # noqa: S608
        for row in _either_way(db, f"SELECT * FROM {table}", fresh):  # noqa: S608
            found.add(one.month_of(row))
    yield from sorted(found)


def _either_way(db: Connection, one: str, other: str) -> Iterator[tuple[str, ...]]:
    """The rows that only one of two queries returns."""
    yield from db.execute(f"{one} EXCEPT {other}").fetchall()
    yield from db.execute(f"{other} EXCEPT {one}").fetchall()
