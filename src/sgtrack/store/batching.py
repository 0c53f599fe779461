"""Many rows or ids with few statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, TypeVar

from sgtrack.store.connection import Connection

One = TypeVar("One")

AT_ONCE = 500
"""How many ids, or rows, go into one statement."""


def lots(values: Iterable[One]) -> Iterator[tuple[One, ...]]:
    """Values in their order, so many at a time as go into one statement."""
    rest = iter(values)
    while some := tuple(islice(rest, AT_ONCE)):
        yield some


def insert(db: Connection, table: str, rows: Iterable[Sequence[Any]]) -> None:
    """Add rows; where one of a lot does not go with what is there, none of it.

    Args:
        db: the connection.
        table: the table, with its columns in brackets where rows have them in another order.
        rows: the values of their columns.

    """
    # With executemany, SQLite would put aside all pages that a row changes, in case a guard refuses
    # it, for each row anew; here it does so once for a lot.
    for some in lots(rows):
        row = f"({', '.join('?' for _ in some[0])})"
        db.execute(
            f"INSERT INTO {table} VALUES {', '.join(row for _ in some)}",  # noqa: S608
            tuple(chain.from_iterable(some)),
        )
