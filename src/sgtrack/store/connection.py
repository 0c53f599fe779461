"""The small part of a database connection that readers of a ledger use."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol


class Rows(Protocol):
    """What a query gives: tuples."""

    @property
    def description(self) -> Any:
        """What each column is called, first in its tuple."""

    def fetchone(self) -> Any:
        """The next row, or None."""

    def fetchall(self) -> list[Any]:
        """All rows that are left."""

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """What is asked of a connection; ``sqlite3.Connection`` is one.

    Parameters are question marks, or names after a colon.
    """

    def execute(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = (), /) -> Rows:
        """Run a statement."""

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> Any:
        """Run a statement once for each row of parameters."""


def marks(values: Collection[object]) -> str:
    """Question marks for the values of an ``IN``; where there are none, a query without rows.

    PostgreSQL knows no empty list.
    """
    return ", ".join("?" for _ in values) or "SELECT '' WHERE 1 = 0"
