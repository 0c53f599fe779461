"""The small part of a database connection that readers of a ledger use."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol


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


def marks(values: Collection[object]) -> str:
    """Placeholders for the values of an ``IN``; an empty subquery where there are none.

    PostgreSQL has no empty list.
    """
    return ", ".join("?" for _ in values) or "SELECT '' WHERE 1 = 0"
