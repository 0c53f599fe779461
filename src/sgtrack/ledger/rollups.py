"""Computes the roll-ups: the table of entries that count, and the tables of monthly sums.

When a record is written, the same transaction recomputes the affected entries and their months. It
never adds to an old sum, so errors cannot accumulate.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sgtrack.model.record_kinds import RECORD_KINDS, RecordKind
from sgtrack.store.chain_links import Record
from sgtrack.store.connection import Connection, batches, marks
from sgtrack.store.dialect import Replacement, replace_rows

Month = tuple[str, str]
"""A community and a month of its ledger (2026-03)."""


@dataclass(frozen=True, slots=True)
class _MonthlyRollUp:
    """The definition of a monthly roll-up.

    ``by`` are the grouping columns, ``sums`` the SQL aggregates and ``source`` the rows to sum. The
    table has the columns community, ``by``, month and ``sums``, in this order.
    """

    by: str
    sums: str
    source: str = "{activities}"

    def query(self) -> str:
        """Return a query for the sums of all months."""
        by = f"community, {self.by}, substr(day, 1, 7)"
        source = self.source.format(activities="current_activity")
        return f"SELECT {by}, {self.sums} FROM {source} GROUP BY {by}"  # noqa: S608

    def query_of_month(self, activities: str) -> str:
        """Return a query for one month, which sorts faster because it groups by fewer columns."""
        return (
            f"SELECT ?, {self.by}, ?, {self.sums} "  # noqa: S608
            f"FROM {self.source.format(activities=activities)} "
            f"WHERE community = ? AND day BETWEEN ? AND ? GROUP BY {self.by}"
        )

    def month_of(self, row: tuple[str, ...]) -> Month:
        """Return the community and the month of a row of the table."""
        return row[0], row[self.by.count(", ") + 2]


_MONTHLY = {
    "amount_by_month": _MonthlyRollUp(
        "items, unit, for_month, evidence",
        "sum(hundredths), sum(names)",
        "{activities} JOIN amount ON activity_id = id",
    ),
    "kind_by_month": _MonthlyRollUp("items, kind, evidence", "min(day), count(*)"),
    "title_by_month": _MonthlyRollUp(
        "items, title, evidence", "min(day), max(day), count(*), max(closes)"
    ),
    "name_by_month": _MonthlyRollUp(
        "items, name, unit, evidence",
        "coalesce(sum(hundredths), 0)",
        "(SELECT a.community, a.items, a.day, a.evidence, p.name, "
        "coalesce(m.unit, '') AS unit, m.hundredths FROM {activities} AS a "
        "JOIN participant AS p ON p.activity_id = a.id "
        "LEFT JOIN amount AS m ON m.activity_id = a.id) AS named",
    ),
}
"""The monthly roll-ups by table name."""
ALL = ("current_entry", *_MONTHLY)
"""The names of all roll-up tables."""

_SUMMED = "id, community, items, kind, title, names, evidence, for_month, closes, day"
"""The columns that the sums of a month are computed from."""
_READ_ONCE_ABOVE = 2
"""Maximum number of months to sum directly; above it, each month is copied before it is summed."""
_ENTRY_COLUMNS = "activity_id, items, names, evidence"
"""The columns of ``current_entry``."""


def find_affected_entries(db: Connection, records: Iterable[Record]) -> dict[str, Month]:
    """Find the entries whose roll-ups became stale when records were written, with their months.

    They are the entries that the records refer to, and all later corrections of these entries.
    """
    ids_by_kind: dict[str, list[str]] = {}
    for name, record_id in records:
        ids_by_kind.setdefault(name, []).append(record_id)
    entries: dict[str, Month] = {}
    for kind in RECORD_KINDS.values():
        if not kind.entries:
            continue
        for batch in batches(ids_by_kind.get(kind.name, ())):
            rows = db.execute(
                f"WITH RECURSIVE later(id) AS ({_entries_of(kind, marks(batch))} UNION "  # noqa: S608
                "SELECT a.id FROM later JOIN activity AS a ON a.replaces = later.id) "
                "SELECT a.id, a.community, substr(a.day, 1, 7) FROM later "
                "JOIN activity AS a ON a.id = later.id",
                batch * len(kind.entries),
            )
            entries.update((entry_id, (community, month)) for entry_id, community, month in rows)
    return entries


def _entries_of(kind: RecordKind, ids: str) -> str:
    """Return a query for the entries that records of a kind refer to."""
    table, where = kind.name, f"id IN ({ids})"
    if kind.through:
        column, table = kind.through
        where = f"id IN (SELECT {column} FROM {kind.name} WHERE {where})"  # noqa: S608
    return " UNION ".join(
        f"SELECT {column} FROM {table} WHERE {where}"  # noqa: S608
        for column in kind.entries
    )


def refresh(db: Connection, entries: Mapping[str, Month]) -> None:
    """Recompute the roll-ups of these entries and of their months."""
    refresh_entries(db, entries)
    refresh_months(db, set(entries.values()))


def refresh_entries(db: Connection, entries: Iterable[str]) -> None:
    """Recompute ``current_entry`` for these entries; the roll-ups of their months become stale."""
    for ids in batches(sorted(entries)):
        chosen = f"IN ({marks(ids)})"
        query = f"SELECT {_ENTRY_COLUMNS} FROM computed_entry WHERE activity_id {chosen}"  # noqa: S608
        replace_rows(db, [Replacement("current_entry", f"activity_id {chosen}", ids, query, ids)])


def refresh_months(db: Connection, months: Iterable[Month]) -> None:
    """Recompute the roll-ups of these months; ``current_entry`` must be up to date."""
    stale = sorted(months)
    activities = "current_activity"
    # The rows of a month lie scattered over the file. With a copy, they are read only once for all
    # roll-ups.
    is_copied = len(stale) > _READ_ONCE_ABOVE
    if is_copied:
        activities = "month_activity"
        db.execute(
            f"CREATE TEMP TABLE IF NOT EXISTS {activities} AS "  # noqa: S608
            f"SELECT {_SUMMED} FROM current_activity WHERE 1 = 0"
        )
    for community, month in stale:
        days = (community, f"{month}-01", f"{month}-31")
        if is_copied:
            db.execute(f"DELETE FROM {activities}")  # noqa: S608
            db.execute(
                f"INSERT INTO {activities} SELECT {_SUMMED} FROM current_activity "  # noqa: S608
                "WHERE community = ? AND day BETWEEN ? AND ?",
                days,
            )
        replace_rows(
            db,
            [
                Replacement(
                    table,
                    "community = ? AND month = ?",
                    (community, month),
                    roll_up.query_of_month(activities),
                    (community, month, *days),
                )
                for table, roll_up in _MONTHLY.items()
            ],
        )


def rebuild(db: Connection) -> None:
    """Recompute all roll-ups."""
    for table in ALL:
        db.execute(f"DELETE FROM {table}")  # noqa: S608
    db.execute(f"INSERT INTO current_entry SELECT {_ENTRY_COLUMNS} FROM computed_entry")  # noqa: S608
    for table, roll_up in _MONTHLY.items():
        db.execute(f"INSERT INTO {table} {roll_up.query()}")


def find_differences(db: Connection) -> tuple[Month, ...]:
    """Find the months whose stored roll-ups differ from recomputed ones.

    A row of ``current_entry`` without an entry is reported as the month ``("", "")``.
    """
    months: set[Month] = set()
    stored, computed = (
        f"SELECT {_ENTRY_COLUMNS} FROM {source}"  # noqa: S608
        for source in ("current_entry", "computed_entry")
    )
    for entry_id, *_ in _symmetric_difference(db, stored, computed):
        # A damaged id can contain bytes that are not valid UTF-8, which no statement accepts.
        sound_id = entry_id.encode("utf-8", "replace").decode("utf-8")
        month = db.execute(
            "SELECT community, substr(day, 1, 7) FROM activity WHERE id = ?", (sound_id,)
        ).fetchone()
        months.add(month or ("", ""))
    for table, roll_up in _MONTHLY.items():
        computed = f"SELECT * FROM ({roll_up.query()}) AS fresh"  # noqa: S608
        rows = _symmetric_difference(db, f"SELECT * FROM {table}", computed)  # noqa: S608
        months.update(roll_up.month_of(row) for row in rows)
    return tuple(sorted(months))


def _symmetric_difference(db: Connection, left: str, right: str) -> Iterator[tuple[str, ...]]:
    """Yield the rows that only one of two queries returns."""
    yield from db.execute(f"{left} EXCEPT {right}").fetchall()
    yield from db.execute(f"{right} EXCEPT {left}").fetchall()
