"""Reads what can still be read of a damaged database, table by table and row by row."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sgtrack.store import dialect

_PROBED_BEYOND = 10_000
"""How many row numbers are tried one by one where the end of a table cannot be read."""
_HEADER_PAGE_COUNT = slice(28, 32)
_INTERIOR = 5
"""The first byte of a page that points to others; sqlite.org/fileformat2.html has the rest."""


@dataclass(frozen=True, slots=True)
class TableRows:
    """The rows of a table that could be read, in the order they were written."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


def read_all(path: Path, *, besides: Collection[str] = ()) -> dict[str, TableRows]:
    """Everything that can be read, by table; nothing where the list of tables is gone.

    The file is opened for writing, because SQLite first undoes what its journal says; give it a
    copy. The tables ``besides`` are left alone.
    """
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            # Else SQLite refuses a file that was cut short before reading any of it.
            db.execute("PRAGMA writable_schema = ON")
            return {table: _rows(db, table) for table in dialect.tables(db) if table not in besides}
    except sqlite3.Error:
        return {}


def version_of(path: Path) -> int:
    """The schema version that a file says it has; 0 where it says none."""
    try:
        with closing(sqlite3.connect(path)) as db:
            db.execute("PRAGMA writable_schema = ON")
            return int(db.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.Error:
        return 0


def lend_schema(path: Path, donor: Path) -> None:
    """Give a file the list of its tables, with where each begins, from a copy of itself."""
    whole = donor.read_bytes()
    size = int.from_bytes(whole[16:18], "big")
    size = 65536 if size == 1 else size
    with path.open("rb+") as file:
        for page in pages_below(whole, size, 1):
            content = bytearray(whole[(page - 1) * size : page * size])
            if page == 1:
                content[_HEADER_PAGE_COUNT] = bytes(4)  # unknown: the size of the file tells
            file.seek((page - 1) * size)
            file.write(content)


def pages_below(whole: bytes, size: int, page: int) -> Iterator[int]:
    """A page of a table's tree and those below it; the list of tables grows from page 1."""
    yield page
    start = (page - 1) * size
    head = start + (100 if page == 1 else 0)
    if whole[head] != _INTERIOR:
        return
    for n in range(int.from_bytes(whole[head + 3 : head + 5], "big")):
        pointer = head + 12 + 2 * n
        cell = start + int.from_bytes(whole[pointer : pointer + 2], "big")
        yield from pages_below(whole, size, int.from_bytes(whole[cell : cell + 4], "big"))
    yield from pages_below(whole, size, int.from_bytes(whole[head + 8 : head + 12], "big"))


def _rows(db: sqlite3.Connection, table: str) -> TableRows:
    """Rows from the front as far as it goes, from the back as far as it goes, then one by one."""
    try:
        columns = tuple(dialect.columns(db, table))
    except sqlite3.Error:
        return TableRows((), ())
    found: dict[int, tuple[object, ...]] = {}
    if not _scan(db, table, "ASC", found):
        front = max(found, default=0)
        _scan(db, table, "DESC", found)
        back = min((rowid for rowid in found if rowid > front), default=front + _PROBED_BEYOND)
        for rowid in range(front + 1, back):
            row = _row(db, table, rowid)
            if row is not None:
                found[rowid] = row
    return TableRows(columns, tuple(found[rowid] for rowid in sorted(found)))


def _scan(
    db: sqlite3.Connection, table: str, order: str, found: dict[int, tuple[object, ...]]
) -> bool:
    """Read until the end or the first damage; says whether it was the end."""
    try:
        for rowid, *row in db.execute(
            f'SELECT rowid, * FROM "{table}" NOT INDEXED ORDER BY rowid {order}'  # noqa: S608
        ):
            if rowid in found:
                return True
            found[rowid] = tuple(row)
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
