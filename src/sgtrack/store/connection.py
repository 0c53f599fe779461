"""The protocols of connections, and statements over batches of values."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, Protocol, TypeVar

from sgtrack.model.location import Location

Value = TypeVar("Value")

BATCH_SIZE = 500
"""How many ids or rows go into one statement."""


class Rows(Protocol):
    """The result of a query: an iterator over tuples."""

    @property
    def description(self) -> Any:
        """A tuple for each column, whose first value is its name."""

    def fetchone(self) -> Any:
        """The next row, or None."""

    def fetchall(self) -> list[Any]:
        """All rows that are left."""

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """The methods the ledger uses of a connection; ``sqlite3.Connection`` has them.

    Placeholders are question marks, or names after a colon.
    """

    def execute(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = (), /) -> Rows:
        """Run a statement."""

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> Any:
        """Run a statement once for each row of parameters."""


@dataclass(frozen=True, slots=True)
class Writer:
    """A connection that can write, for SQLAlchemy and for raw SQL.

    ``begin`` waits for the turn to write, which ends with the transaction.
    """

    url: str
    driver: Any
    db: Connection
    begin: Callable[[], object]


class LedgerConnection(Protocol):
    """One connection to a ledger, opened at its first use; between two uses it holds no lock."""

    @property
    def location(self) -> Location:
        """Where the ledger lies."""

    def exists(self) -> bool:
        """Whether there is a ledger."""

    def expected_schema(self) -> set[tuple[str, str]]:
        """Every table, index, view and trigger that the ledger must have, with its SQL."""

    def rewriting(self, *, copy_first: bool, erase: bool) -> AbstractContextManager[Connection]:
        """A connection in a transaction that may rewrite rows, while nobody else writes.

        The caller commits or rolls back; an exception rolls back.

        Args:
            copy_first: whether a file of an older version is backed up before it is upgraded.
            erase: whether to rewrite the whole ledger at the end, so that no old row is left in it.

        Raises:
            Refused: the ledger is damaged or cannot be written.
        """

    def reading(self, *, upgrade: bool = True) -> AbstractContextManager[Connection]:
        """One state of the ledger, which cannot be written; empty where there is no ledger yet.

        Args:
            upgrade: whether a file of an older version is brought up to date first; a database
                always is.

        Raises:
            Refused: the ledger is damaged, is newer than this program, or cannot be reached.
        """

    def writing(self, *, dry_run: bool) -> AbstractContextManager[Writer]:
        """A writer that has not begun; a missing ledger is made, in memory with ``dry_run``.

        Raises:
            Refused: the ledger cannot be written.
        """

    def close(self) -> None:
        """Close the connection; a later use opens another."""


def marks(values: Collection[object]) -> str:
    """Placeholders for the values of an ``IN``; an empty subquery where there are none.

    PostgreSQL has no empty list.
    """
    return ", ".join("?" for _ in values) or "SELECT '' WHERE 1 = 0"


def batches(values: Iterable[Value]) -> Iterator[tuple[Value, ...]]:
    """Split values, in their order, into batches for one statement each."""
    remaining = iter(values)
    while batch := tuple(islice(remaining, BATCH_SIZE)):
        yield batch


def insert_rows(db: Connection, table: str, rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows; a batch with a row that violates a constraint is not inserted at all.

    ``table`` may be followed by column names in brackets, where rows have another order.
    """
    # With executemany, SQLite would save changed pages for each row, in case a trigger refuses the
    # row; here it saves them once a batch.
    for batch in batches(rows):
        row = f"({', '.join('?' for _ in batch[0])})"
        db.execute(
            f"INSERT INTO {table} VALUES {', '.join(row for _ in batch)}",  # noqa: S608
            tuple(chain.from_iterable(batch)),
        )
