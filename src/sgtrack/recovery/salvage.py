"""Reads the readable rows of a damaged SQLite database, table by table."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sgtrack.store import dialect

_PROBED_BEYOND = 10_000
"""Number of row ids to try after the last readable row, if the end of a table is damaged."""
_HEADER_PAGE_COUNT = slice(28, 32)
_INTERIOR = 5
"""Type byte of an interior page of a table's b-tree (sqlite.org/fileformat2.html)."""


@dataclass(frozen=True, slots=True)
class TableRows:
    """The readable rows of a table in the order of their row ids."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[object, ...], ...] = ()

    def as_dicts(self) -> Iterator[dict[str, object]]:
        """Return each row as a dict by column name."""
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)


NO_ROWS = TableRows()
Tables = dict[str, TableRows]


def read_tables(path: Path, *, besides: Collection[str] = ()) -> Tables:
    """Read the readable rows of all tables except those in ``besides``.

    The result is empty if the schema is unreadable. Pass a copy of the file, because SQLite may
    roll back a journal and so change the file.
    """
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            # Without this setting SQLite refuses to read a truncated file.
            db.execute("PRAGMA writable_schema = ON")
            return {
                table: _rows(db, table) for table in dialect.list_tables(db) if table not in besides
            }
    except sqlite3.Error:
        return {}


def read_version(path: Path) -> int:
    """Read the schema version of a file; return 0 if it is unreadable."""
    try:
        with closing(sqlite3.connect(path)) as db:
            db.execute("PRAGMA writable_schema = ON")
            return int(db.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.Error:
        return 0


def graft_schema(path: Path, donor: Path) -> None:
    """Overwrite the schema pages of a damaged ledger with the pages of a backup, ``donor``."""
    whole = donor.read_bytes()
    size = int.from_bytes(whole[16:18], "big")
    size = 65536 if size == 1 else size
    with path.open("rb+") as file:
        for page in list_pages(whole, size, 1):
            content = bytearray(whole[(page - 1) * size : page * size])
            if page == 1:
                content[_HEADER_PAGE_COUNT] = bytes(4)  # zero makes SQLite use the size of the file
            file.seek((page - 1) * size)
            file.write(content)


def list_pages(whole: bytes, size: int, page: int) -> Iterator[int]:
    """Yield the number of a b-tree page and the numbers of all pages below it.

    ``size`` is the size of a page in bytes. The root of the schema's b-tree is page 1.
    """
    yield page
    start = (page - 1) * size
    head = start + (100 if page == 1 else 0)
    if whole[head] != _INTERIOR:
        return
    for n in range(int.from_bytes(whole[head + 3 : head + 5], "big")):
        pointer = head + 12 + 2 * n
        cell = start + int.from_bytes(whole[pointer : pointer + 2], "big")
        yield from list_pages(whole, size, int.from_bytes(whole[cell : cell + 4], "big"))
    yield from list_pages(whole, size, int.from_bytes(whole[head + 8 : head + 12], "big"))


def _rows(db: sqlite3.Connection, table: str) -> TableRows:
    """Read a table forwards and backwards up to the damage, then try each row id in between."""
    try:
        columns = tuple(dialect.list_columns(db, table))
    except sqlite3.Error:
        return NO_ROWS
    rows: dict[int, tuple[object, ...]] = {}
    if not _scan(db, table, "ASC", rows):
        front = max(rows, default=0)
        _scan(db, table, "DESC", rows)
        back = min((rowid for rowid in rows if rowid > front), default=front + _PROBED_BEYOND)
        for rowid in range(front + 1, back):
            row = _row(db, table, rowid)
            if row is not None:
                rows[rowid] = row
    return TableRows(columns, tuple(rows[rowid] for rowid in sorted(rows)))


def _scan(
    db: sqlite3.Connection, table: str, order: str, rows: dict[int, tuple[object, ...]]
) -> bool:
    """Read rows in one direction up to the first damage; return whether the scan was complete."""
    try:
        for rowid, *row in db.execute(
            f'SELECT rowid, * FROM "{table}" NOT INDEXED ORDER BY rowid {order}'  # noqa: S608
        ):
            if rowid in rows:
                return True
            rows[rowid] = tuple(row)
    except sqlite3.Error:
        return False
    return True


def _row(db: sqlite3.Connection, table: str, rowid: int) -> tuple[object, ...] | None:
    try:
        row = db.execute(
            f'SELECT * FROM "{table}" NOT INDEXED WHERE rowid = ?',  # noqa: S608
            (rowid,),
        ).fetchone()
    except sqlite3.Error:
        return None
    return tuple(row) if row is not None else None
