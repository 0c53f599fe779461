"""Writes to the ledger, and makes a backup after the first write of a day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sgtrack.ledger.transaction import Transaction, open_transaction
from sgtrack.model.location import Location
from sgtrack.recovery import backups


@contextmanager
def writing(location: Location, *, keep: bool = True) -> Iterator[Transaction]:
    """Open a transaction that commits at the end and rolls back on any exception.

    The first one of a day also makes a backup of a ledger in a file.

    Args:
        location: the ledger; a missing one is made.
        keep: whether to commit; otherwise everything is checked and rolled back.

    Raises:
        Refused: the ledger cannot be written.
    """
    with open_transaction(location, keep=keep) as transaction:
        yield transaction
    if keep and isinstance(location, Path):
        backups.make_daily_backup(location)
