"""Opens a ledger wherever it lies: in an SQLite file or in a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from typing import Any, Protocol

from sgtrack.model.location import Location, Server
from sgtrack.store import sqlite
from sgtrack.store.connection import Connection, LedgerConnection


class Backend(Protocol):
    """The functions that the modules ``sqlite`` and ``postgresql`` have in common."""

    def has_ledger(self, location: Any, /) -> bool:
        """See :func:`ledger_exists`."""

    def ledger_at(self, location: Any, /) -> LedgerConnection:
        """See :func:`open_ledger`."""

    def rewriting(
        self, location: Any, /, *, copy_first: bool, erase: bool
    ) -> AbstractContextManager[Connection]:
        """See :func:`rewriting`."""

    def expected_schema(self, location: Any, /) -> set[tuple[str, str]]:
        """See :func:`expected_schema_of`."""


def backend_of(location: Location) -> Backend:
    """The module for a location; the driver of PostgreSQL is loaded only for a database."""
    if isinstance(location, Server):
        from sgtrack.store import postgresql  # noqa: PLC0415 - loads the driver

        return postgresql
    return sqlite


def ledger_exists(location: Location) -> bool:
    """Whether there is a ledger at a location.

    Raises:
        Refused: the database cannot be reached.
    """
    return backend_of(location).has_ledger(location)


@contextmanager
def open_ledger(location: Location) -> Iterator[LedgerConnection]:
    """One connection to a ledger, for reading and for writing, closed at the end."""
    with closing(backend_of(location).ledger_at(location)) as ledger:
        yield ledger


@contextmanager
def reading(location: Location, *, upgrade: bool = True) -> Iterator[Connection]:
    """One state of the ledger over a connection of its own; see :class:`LedgerConnection`."""
    with open_ledger(location) as ledger, ledger.reading(upgrade=upgrade) as db:
        yield db


@contextmanager
def rewriting(
    location: Location, *, copy_first: bool = True, erase: bool = True
) -> Iterator[Connection]:
    """A connection in a transaction that may rewrite rows, while nobody else writes.

    The caller commits or rolls back; an exception rolls back.

    Args:
        location: the ledger.
        copy_first: whether a file of an older version is backed up before it is upgraded.
        erase: whether to rewrite the whole ledger at the end, so that no old row is left in it.

    Raises:
        Refused: the ledger is damaged or cannot be written.
    """
    with backend_of(location).rewriting(location, copy_first=copy_first, erase=erase) as db:
        yield db


def expected_schema_of(location: Location) -> set[tuple[str, str]]:
    """Every table, index, view and trigger that a ledger there must have, with its SQL."""
    return backend_of(location).expected_schema(location)
