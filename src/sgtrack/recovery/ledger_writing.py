"""Writes to the ledger, and makes a backup after the first write of a day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sgtrack.ledger.transaction import Transaction, open_transaction
from sgtrack.model.location import Location, Server
from sgtrack.recovery import backups
from sgtrack.store.connection import LedgerConnection


@contextmanager
def writing(ledger: Location | LedgerConnection, *, keep: bool = True) -> Iterator[Transaction]:
    """Open a transaction that commits at the end and rolls back on any exception.

    The first one of a day also makes a backup of a ledger in a file.

    Args:
        ledger: the ledger, which is made where there is none, or an open connection to it.
        keep: whether to commit; otherwise everything is checked and rolled back.

    Raises:
        Refused: the ledger cannot be written.
    """
    with open_transaction(ledger, keep=keep) as transaction:
        yield transaction
    location = ledger if isinstance(ledger, Path | Server) else ledger.location
    if keep and isinstance(location, Path):
        backups.make_daily_backup(location)
