"""Opens a ledger wherever it lies: in an SQLite file or in a PostgreSQL database.

The driver of PostgreSQL is loaded only where a database was named.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager

from sgtrack.model.location import Location, Server
from sgtrack.store import sqlite
from sgtrack.store.connection import Connection


def ledger_exists(location: Location) -> bool:
    """Whether there is a ledger at a location.

    Raises:
        Refused: the database cannot be reached.
    """
    if isinstance(location, Server):
        from sgtrack.store import postgresql  # noqa: PLC0415 - loads the driver

        return postgresql.has_ledger(location)
    return location.exists()


@contextmanager
def reading(location: Location) -> Iterator[Connection]:
    """A connection that sees one state and cannot write; an empty one where there is no ledger yet.

    Raises:
        Refused: the file is no ledger, is damaged, or is newer than this program; or the database
            cannot be reached.
    """
    opened: AbstractContextManager[Connection | None]
    if isinstance(location, Server):
        from sgtrack.store import postgresql  # noqa: PLC0415 - loads the driver

        opened = postgresql.reading(location)
    else:
        opened = sqlite.reading(location)
    with opened as db:
        if db is not None:
            yield db
            return
    with closing(sqlite.empty_ledger()) as empty:
        yield empty


def expected_schema_of(location: Location) -> set[tuple[str, str]]:
    """Every table, index, view and trigger that a ledger there must have, with its SQL."""
    if isinstance(location, Server):
        from sgtrack.store import postgresql  # noqa: PLC0415 - loads the driver

        return postgresql.expected_schema(location)
    return sqlite.expected_schema()
