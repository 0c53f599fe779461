"""Splits many rows or ids into batches, each for one statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, TypeVar

from sgtrack.store.connection import Connection

Value = TypeVar("Value")

BATCH_SIZE = 500
"""How many ids or rows go into one statement."""


def batches(values: Iterable[Value]) -> Iterator[tuple[Value, ...]]:
    """Split values, in their order, into batches for one statement each."""
    remaining = iter(values)
    while batch := tuple(islice(remaining, BATCH_SIZE)):
        yield batch


def insert(db: Connection, table: str, rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows; a batch with a row that violates a constraint is not inserted at all.

    Args:
        db: the connection.
        table: the table, with its columns in brackets where rows have them in another order.
        rows: the values of their columns.

    """
    # With executemany, SQLite would save the pages that a row changes for each row, so that a
    # trigger can refuse it; here it saves them once a batch.
    for batch in batches(rows):
        row = f"({', '.join('?' for _ in batch[0])})"
        db.execute(
            f"INSERT INTO {table} VALUES {', '.join(row for _ in batch)}",  # noqa: S608
            tuple(chain.from_iterable(batch)),
        )
