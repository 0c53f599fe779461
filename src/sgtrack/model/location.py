"""Where a ledger lies: in a file, or in a database on a server."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL database that holds the ledger instead of a file.

    ``conninfo`` is its address as libpq reads it and may hold a password; ``shown`` never does.
    """

    conninfo: str = field(repr=False)
    shown: str

    def __str__(self) -> str:
        return self.shown


Location = Path | Server
"""A file, or a database on a server."""
