"""Opens a ledger wherever it lies: in an SQLite file or in a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from typing import Any, Protocol

from sgtrack.model.location import Location, Server
from sgtrack.store import sqlite
from sgtrack.store.connection import Connection


class Backend(Protocol):
    """The functions that the modules ``sqlite`` and ``postgresql`` have in common."""

    def has_ledger(self, location: Any, /) -> bool:
        """See :func:`ledger_exists`."""

    def reading(
        self, location: Any, /, *, upgrade: bool
    ) -> AbstractContextManager[Connection | None]:
        """See :func:`reading`; None where there is no ledger yet."""

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
def reading(location: Location, *, upgrade: bool = True) -> Iterator[Connection]:
    """A connection that sees one state and cannot write; an empty one where there is no ledger yet.

    Args:
        location: the ledger.
        upgrade: whether a file of an older version is brought up to date first.

    Raises:
        Refused: the file is no ledger, is damaged, or is newer than this program; or the database
            cannot be reached.
    """
    with backend_of(location).reading(location, upgrade=upgrade) as db:
        if db is not None:
            yield db
            return
    with closing(sqlite.empty_ledger()) as empty:
        yield empty


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
