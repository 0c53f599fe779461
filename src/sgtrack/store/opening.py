"""Opens a ledger in an SQLite file or in a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from sgtrack.model.location import Location, Server
from sgtrack.store.connection import Connection, LedgerConnection
from sgtrack.store.sqlite import FileLedger


def ledger_at(location: Location) -> LedgerConnection:
    """Return an unopened connection to the ledger at a location."""
    if isinstance(location, Server):
        from sgtrack.store.postgresql import ServerLedger  # noqa: PLC0415 - needed only for PostgreSQL

        return ServerLedger(location)
    return FileLedger(location)


def ledger_exists(location: Location) -> bool:
    """Return whether there is a ledger at a location.

    Raises:
        Refused: the database cannot be reached.
    """
    return ledger_at(location).exists()


@contextmanager
def open_ledger(location: Location) -> Iterator[LedgerConnection]:
    """Yield a connection for reading and writing, and close it at the end."""
    with closing(ledger_at(location)) as ledger:
        yield ledger


@contextmanager
def reading(location: Location, *, upgrade: bool = True) -> Iterator[Connection]:
    """Open a new connection and a read-only snapshot; see :meth:`LedgerConnection.reading`."""
    with open_ledger(location) as ledger, ledger.reading(upgrade=upgrade) as db:
        yield db
