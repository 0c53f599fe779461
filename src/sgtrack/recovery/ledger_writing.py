"""Writes to the ledger, and makes the day's backup after the first write of a day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sgtrack.ledger.transaction import Transaction, open_transaction
from sgtrack.model.location import Location
from sgtrack.recovery import backups


@contextmanager
def writing(location: Location, *, keep: bool = True) -> Iterator[Transaction]:
    """A transaction that is on disk when this ends, or undone where anything is raised.

    The first one of a day also leaves a backup of a ledger in a file.

    Args:
        location: the ledger, which is made where there is none.
        keep: whether it is to last; without it everything is checked, and then undone.

    Raises:
        Refused: the ledger cannot be written.
    """
    with open_transaction(location, keep=keep) as transaction:
        yield transaction
    if keep and isinstance(location, Path):
        backups.daily(location)
