"""Opens a ledger wherever it lies: in an SQLite file or in a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from sgtrack.model.location import Location, Server
from sgtrack.store.connection import Connection, LedgerConnection
from sgtrack.store.sqlite import FileLedger


def ledger_at(location: Location) -> LedgerConnection:
    """A connection that is not opened yet; a database loads the driver of PostgreSQL."""
    if isinstance(location, Server):
        from sgtrack.store.postgresql import ServerLedger  # noqa: PLC0415 - loads the driver

        return ServerLedger(location)
    return FileLedger(location)


def ledger_exists(location: Location) -> bool:
    """Whether there is a ledger at a location; a database must be reachable."""
    return ledger_at(location).exists()


@contextmanager
def open_ledger(location: Location) -> Iterator[LedgerConnection]:
    """Open one connection for reading and writing, and close it at the end."""
    with closing(ledger_at(location)) as ledger:
        yield ledger


@contextmanager
def reading(location: Location, *, upgrade: bool = True) -> Iterator[Connection]:
    """One state of the ledger over a connection of its own; see :class:`LedgerConnection`."""
    with open_ledger(location) as ledger, ledger.reading(upgrade=upgrade) as db:
        yield db
