"""Protocols for connections to a ledger, and helpers for statements with many values."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, Protocol, TypeVar

from sgtrack.model.location import Location

Value = TypeVar("Value")

Change = tuple[str, Sequence[Any]]
"""An INSERT or DELETE statement, and the values of its placeholders ``?``."""
BATCH_SIZE = 500
"""Maximum number of values or rows in one statement."""


class Rows(Protocol):
    """The result of a query, which yields each row as a tuple."""

    @property
    def description(self) -> Any:
        """One tuple for each column; the first value of the tuple is the column's name."""

    def fetchone(self) -> Any:
        """Return the next row, or None after the last row."""

    def fetchall(self) -> list[Any]:
        """Return all remaining rows."""

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """The subset of the methods of ``sqlite3.Connection`` that the ledger uses.

    Placeholders are written ``?`` or ``:name``.
    """

    def execute(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = (), /) -> Rows:
        """Run a statement and return its result."""

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> Any:
        """Run a statement once for each row of parameters."""


class CommitLog:
    """Counts the commits of this process, so that a message can say what is in the ledger.

    ``begun`` is greater than ``finished`` if an interrupt arrived while a commit was under way.
    """

    def __init__(self) -> None:
        self.begun = 0
        self.finished = 0

    @contextmanager
    def commit(self) -> Iterator[None]:
        """Count the commit in the block; a database error means that there was no commit."""
        self.begun += 1
        try:
            yield
        except Exception:
            self.begun -= 1
            raise
        self.finished += 1


COMMITS = CommitLog()
"""The commits of this process that changed a ledger of the officer."""


@dataclass(frozen=True, slots=True)
class Writer:
    """A connection for writing.

    ``begin`` starts a transaction and waits for the write lock. It raises
    :class:`~sgtrack.store.sqlite_files.LedgerReplaced` if another file took the place of the ledger
    during the wait. ``driver.commit()`` ends the transaction and releases the lock. Uncommitted
    changes are rolled back when the writer is closed.
    """

    driver: Any
    db: Connection
    begin: Callable[[], object]


class LedgerConnection(Protocol):
    """A connection to a ledger; the first use opens it.

    Between two uses the connection stays open but locks nothing.
    """

    @property
    def location(self) -> Location:
        """The file or the database of the ledger."""

    def exists(self) -> bool:
        """Return whether the ledger exists."""

    def expected_schema(self) -> set[tuple[str, str]]:
        """Return the schema that the ledger must have, as pairs of an object's name and SQL."""

    def rewriting(self, *, copy_first: bool, erase: bool) -> AbstractContextManager[Connection]:
        """Open a transaction for changing existing rows; no other program can write meanwhile.

        The caller commits or rolls back. An exception rolls the transaction back.

        Args:
            copy_first: whether to back up a file of an older version before upgrading it.
            erase: whether to run VACUUM at the end, which removes old row contents from the disk.

        Raises:
            Refused: the ledger is damaged or cannot be written.
        """

    def reading(self, *, upgrade: bool = True) -> AbstractContextManager[Connection]:
        """Open a read-only snapshot of the ledger; without a ledger, the snapshot is empty.

        Args:
            upgrade: whether to upgrade an SQLite file of an older version first. A PostgreSQL
                database is always upgraded.

        Raises:
            Refused: the ledger is damaged, is newer than this program, or cannot be reached.
        """

    def writing(self, *, dry_run: bool) -> AbstractContextManager[Writer]:
        """Open a writer without starting a transaction.

        A missing ledger is created. With ``dry_run`` it is created only in memory.

        Raises:
            Refused: the ledger cannot be written.
        """

    def close(self) -> None:
        """Close the connection; the next use opens a new one."""


def marks(values: Collection[object]) -> str:
    """Return the placeholders for the values in ``IN (…)``.

    Without values, return a subquery without rows, because PostgreSQL rejects an empty list.
    """
    return ", ".join("?" for _ in values) or "SELECT '' WHERE 1 = 0"


def batches(values: Iterable[Value]) -> Iterator[tuple[Value, ...]]:
    """Split values into batches of at most ``BATCH_SIZE``, in their order."""
    remaining = iter(values)
    while batch := tuple(islice(remaining, BATCH_SIZE)):
        yield batch


def insert_rows(db: Connection, table: str, rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows in batches; if a row violates a constraint, its batch is not inserted.

    The arguments are those of :func:`insertions`.
    """
    for sql, values in insertions(table, rows):
        db.execute(sql, values)


def insertions(table: str, rows: Iterable[Sequence[Any]]) -> Iterator[Change]:
    """Yield an INSERT statement for each batch of rows.

    Args:
        table: the table, with column names in brackets if the rows have another column order.
        rows: the rows, all of the same length.
    """
    # SQLite saves every page that a statement changes, in case a trigger aborts the statement.
    # One statement per batch is faster than executemany, which runs one statement per row.
    for batch in batches(rows):
        row = f"({', '.join('?' for _ in batch[0])})"
        yield (
            f"INSERT INTO {table} VALUES {', '.join(row for _ in batch)}",  # noqa: S608
            tuple(chain.from_iterable(batch)),
        )
