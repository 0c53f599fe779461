"""A transaction of the ledger: commits complete, chained records or nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool
from sqlmodel import Session, create_engine

from sgtrack.files import make_folder
from sgtrack.ledger import rollups
from sgtrack.ledger.figure_reads import read_figures
from sgtrack.model.entries import Origin, new_ids
from sgtrack.model.errors import Refused, reason_of
from sgtrack.model.figures import FigureQuery, Figures
from sgtrack.model.location import Location, Server
from sgtrack.model.record_kinds import RECORD_KINDS
from sgtrack.store.chain_links import append_records
from sgtrack.store.connection import Connection, insert_rows
from sgtrack.store.opening import ledger_exists
from sgtrack.store.sqlite import check_version, refuse_lost, run_pending_steps
from sgtrack.store.sqlite_files import connect, refusal, translate_errors
from sgtrack.store.tables import Table

_NEWEST = "SELECT max(newest) FROM ({}) AS kinds".format(  # noqa: S608 - one seek in the index a kind
    " UNION ALL ".join(
        f"SELECT max(record_id) AS newest FROM link WHERE kind = '{kind}'"  # noqa: S608
        for kind in RECORD_KINDS
    )
)


Values = list[dict[str, Any]]
"""The columns of rows by their names."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """An open write transaction; only one program has one at a time."""

    session: Session
    _db: Connection
    _touched: set[str] = field(default_factory=set)
    """Entries whose roll-ups are stale."""
    _months: set[rollups.Month] = field(default_factory=set)
    """Months whose roll-ups are stale."""

    def fresh_db(self) -> Connection:
        """Bring the roll-ups up to date; the connection to read what this transaction wrote."""
        self.roll_up()
        return self._db

    def next_id(self, origin: Origin) -> str:
        """Make an id greater than all ids of the ledger."""
        (one,) = self.next_ids(origin, 1)
        return one

    def next_ids(self, origin: Origin, count: int) -> list[str]:
        """Make ascending ids, all greater than the ids of the ledger."""
        (newest,) = self._db.execute(_NEWEST).fetchone()
        return new_ids(origin.at, newest, count)

    def figures(self, community: str, detail: FigureQuery) -> Figures:
        """Read the figures of a community, including what this transaction wrote."""
        return read_figures(self.fresh_db(), community, detail)

    def write(self, kind: str, record_id: str, rows: list[Table]) -> None:
        """Write a record with all its rows, and append it to the chain."""
        self.session.add_all(rows)
        self.session.flush()
        append_records(self._db, kind, record_id)
        self._touched.update(rollups.find_affected_entries(self._db, kind, record_id))

    def write_many(self, kind: str, ids: Sequence[str], rows: Mapping[type[Table], Values]) -> None:
        """Write new records of one kind that refer to no older ones, faster than :meth:`write`.

        Args:
            kind: what they are.
            ids: their ids, in their order.
            rows: the columns of every row, table by table; rows that others refer to come first.
        """
        for table, values in rows.items():
            if values:
                columns = list(values[0])
                insert_rows(
                    self._db,
                    f"{table.__tablename__} ({', '.join(columns)})",
                    ([row[column] for column in columns] for row in values),
                )
        if ids:
            append_records(self._db, kind, *ids)
            self._months.update(rollups.refresh_entries(self._db, ids))

    def changed(self, entries: Iterable[str]) -> None:
        """Mark entries as stale that were written, or decided on, without :meth:`write`."""
        self._touched.update(entries)

    def roll_up(self) -> None:
        """Bring the roll-ups up to date with what was written."""
        if self._touched:
            self._months.update(rollups.refresh_entries(self._db, self._touched))
            self._touched.clear()
        if self._months:
            rollups.refresh_months(self._db, self._months)
            self._months.clear()


@contextmanager
def open_transaction(place: Location, *, keep: bool = True) -> Iterator[Transaction]:
    """Open a transaction that commits at the end and rolls back on any exception.

    Commands use ``recovery.ledger_writing.writing``, which also makes the day's backup.

    Args:
        place: the ledger, which is made where there is none.
        keep: whether it is to last; without it everything is checked, and then undone.

    Raises:
        Refused: the ledger cannot be written.
    """
    if not keep and not ledger_exists(place):
        if isinstance(place, Path):
            refuse_lost(place)
        with TemporaryDirectory() as folder, _opened(Path(folder) / "ledger.db", keep) as trial:
            yield trial
        return
    with _opened(place, keep) as transaction:
        yield transaction


@dataclass(frozen=True, slots=True)
class _OpenedDatabase:
    """An open connection for SQLAlchemy and for raw SQL, and how to begin its transaction."""

    url: str
    driver: Any
    db: Connection
    begin: Callable[[], object]


@contextmanager
def _opened(place: Location, keep: bool) -> Iterator[Transaction]:
    with _in_database(place) if isinstance(place, Server) else _in_file(place) as source:
        engine = create_engine(source.url, creator=lambda: source.driver, poolclass=NullPool)
        try:
            with Session(engine) as session, session.begin() as whole:
                session.connection()
                source.begin()
                transaction = Transaction(session, source.db)
                yield transaction
                transaction.roll_up()
                if not keep:
                    whole.rollback()
        finally:
            engine.dispose()


@contextmanager
def _in_file(path: Path) -> Iterator[_OpenedDatabase]:
    if not path.exists():
        refuse_lost(path)  # before an empty file stands in its place
    try:
        make_folder(path.parent)
    except OSError as error:
        raise Refused(f"台账 {path} 写不进去（{reason_of(error)}）", "检查文件夹的权限") from error
    with translate_errors(path):
        opened = connect(path)

    def begin() -> None:
        opened.execute("BEGIN IMMEDIATE")
        # A newer program may have upgraded the ledger while this one waited for the lock.
        check_version(opened, path)

    try:
        with closing(opened):
            with translate_errors(path):
                run_pending_steps(opened, path)
            yield _OpenedDatabase("sqlite://", opened, opened, begin)
    except DBAPIError as error:
        raise refusal(path, error.orig or error) from error
    except sqlite3.Error as error:
        raise refusal(path, error) from error


@contextmanager
def _in_database(place: Server) -> Iterator[_OpenedDatabase]:
    from sgtrack.store import postgresql  # noqa: PLC0415 - only where a database was named

    try:
        with postgresql.writing(place) as db:
            yield _OpenedDatabase(
                "postgresql+psycopg://", db.raw, db, lambda: postgresql.take_turn(db, place)
            )
    except DBAPIError as error:
        raise postgresql.refusal(place, error.orig or error) from error


def origin_columns(origin: Origin) -> dict[str, str]:
    """The columns of every table that say when, by whom and how a row was recorded."""
    return {
        "recorded_at": origin.at.isoformat(timespec="seconds"),
        "recorded_by": origin.by,
        "command": origin.command,
    }
