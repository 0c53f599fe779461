"""Where the ledgers of tests lie: in files, or (``SGTRACK_TEST_DB=postgresql``) in databases.

The tests start a server of their own in a temporary folder, which nobody reaches but through a
socket in it, and which does not wait for the disk. Its words are sorted as Chinese dictionaries do,
so that whatever relies on the order of a database is found out.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import pytest

from sgtrack.errors import Refused
from sgtrack.ledger import dialect
from sgtrack.ledger.connection import Location, Server
from sgtrack.ledger.database import copy_to_file, reading
from sgtrack.ledger.server import WRITERS, opened, server_at
from sgtrack.workspace import Workspace

ON_SERVER = os.environ.get("SGTRACK_TEST_DB") == "postgresql"
_USERS = ("postgres", "nobody")
"""As whom the server runs where the tests run as root, which it refuses."""


class Ledgers(Protocol):
    """Gives workspaces a ledger."""

    def give(self, workspace: Workspace) -> Workspace:
        """A workspace with a ledger that is not there yet."""

    def copy(self, source: Workspace, target: Workspace) -> Workspace:
        """The target, with a copy of the source's ledger."""


class Files:
    """Every ledger is the file in its workspace."""

    def give(self, workspace: Workspace) -> Workspace:
        return workspace

    def copy(self, source: Workspace, target: Workspace) -> Workspace:
        shutil.copyfile(source.ledger_file, target.ledger_file)
        return target


class Databases:
    """Every ledger is a database of its own on one server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = count(1)
        self.made: list[str] = []
        """The names of the databases, in the order they were made."""

    def give(self, workspace: Workspace) -> Workspace:
        return replace(workspace, server=self._made(""))

    def copy(self, source: Workspace, target: Workspace) -> Workspace:
        return replace(target, server=self._made(f"TEMPLATE {_name(source)}", _name(target)))

    def _made(self, how: str, name: str = "") -> Server:
        name = name or f"ledger_{next(self._numbers)}"
        with opened(self.server("postgres")) as db:
            db.script(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            db.script(f"CREATE DATABASE {name} {how}")
        self.made.append(name)
        return self.server(name)

    def drop_after(self, kept: int) -> None:
        """Drop all databases but the first ones; each takes several megabytes."""
        with opened(self.server("postgres")) as db:
            for name in self.made[kept:]:
                db.script(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        del self.made[kept:]

    def server(self, name: str) -> Server:
        return server_at(self.url(name))

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://sgtrack@/{name}?host={self.folder}"


def _name(workspace: Workspace) -> str:
    """What a workspace's database is called; empty where it has none yet."""
    return workspace.server.shown.rsplit("/", 1)[1] if workspace.server else ""


def environment(workspace: Workspace) -> dict[str, str | None]:
    """What a command in a workspace must find in its environment to use the ledger."""
    server = workspace.server
    if server is None:
        return {"SGTRACK_DB": None}
    return {"SGTRACK_DB": server.conninfo.replace("postgresql:", "postgresql+psycopg:", 1)}


@contextmanager
def raw(ledger: Location) -> Iterator[Any]:
    """A connection past the program, as any other client of the database has it."""
    if isinstance(ledger, Server):
        with opened(ledger) as db:
            yield db
        return
    with closing(sqlite3.connect(ledger, isolation_level=None)) as file:
        file.execute("PRAGMA foreign_keys = ON")
        yield file


@contextmanager
def unguarded(ledger: Location) -> Iterator[Any]:
    """As :func:`raw`, with the guards taken away and put back, as a forger would."""
    with raw(ledger) as db:
        if isinstance(ledger, Server):
            db.execute("SET session_replication_role = replica")  # no trigger, no reference
            yield db
            return
        db.execute("PRAGMA foreign_keys = OFF")
        guards = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            db.execute(f"DROP TRIGGER {name}")
        yield db
        for _, sql in guards:
            db.execute(sql)


def contents(ledger: Location) -> bytes:
    """Everything a ledger holds: the bytes of its file, or of every row."""
    if not isinstance(ledger, Server):
        return ledger.read_bytes() if ledger.exists() else b""
    with raw(ledger) as db:
        tables = sorted(dialect.tables(db))
        rows = {table: sorted(db.execute(f"SELECT * FROM {table}"), key=repr) for table in tables}
    return repr(rows).encode()


def copied_to_file(ledger: Location, path: Path) -> None:
    """A copy of a ledger as a file."""
    if isinstance(ledger, Server):
        with reading(ledger) as db:
            copy_to_file(db, path)
    else:
        shutil.copyfile(ledger, path)


def can_be_written(ledger: Location) -> bool:
    """Whether nobody is writing at this moment."""
    if isinstance(ledger, Server):
        with opened(ledger) as db:
            return bool(db.execute("SELECT pg_try_advisory_lock(?)", (WRITERS,)).fetchone()[0])
    with closing(sqlite3.connect(ledger, timeout=0, isolation_level=None)) as file:
        try:
            file.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        return True


@contextmanager
def started_server() -> Iterator[Path]:
    """A PostgreSQL server for as long as this lasts: the folder of its socket."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="sgtrack-tests-"))
    user = next(pwd.getpwnam(name) for name in _USERS) if os.getuid() == 0 else None
    as_user: dict[str, Any] = {}
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
        as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    made = subprocess.run(
        [
            *(programs / "initdb", "-D", folder / "data", "-U", "sgtrack", "-A", "trust", "-N"),
            *("-E", "UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=zh"),
        ],
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
        **as_user,
    )
    assert made.returncode == 0, made.stderr
    # Whoever is not the tests themselves needs a password, and one user must not go without.
    rules = folder / "data" / "pg_hba.conf"
    rules.write_text(f"local all officer scram-sha-256\n{rules.read_text()}")
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        "max_connections": "200",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "autovacuum": "off",
    }
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [
                *(programs / "postgres", "-D", folder / "data"),
                *(word for key, value in settings.items() for word in ("-c", f"{key}={value}")),
            ],
            stdout=log,
            stderr=log,
            cwd=folder,
            **as_user,
        )
    try:
        _wait(folder, server)
        yield folder
    finally:
        server.send_signal(signal.SIGINT)  # ends at once, whoever is connected
        server.wait(30)
        shutil.rmtree(folder)


def _wait(folder: Path, server: subprocess.Popen[bytes]) -> None:
    while True:
        assert server.poll() is None, (folder / "log").read_text()
        with suppress(Refused), opened(Databases(folder).server("postgres")):
            return
        time.sleep(0.05)


def _programs() -> Path:
    """The folder of the server's programs, which Debian keeps out of the path."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = versions[-1] if versions else shutil.which("initdb")
    if found is None:
        pytest.exit("SGTRACK_TEST_DB=postgresql: apt-get install postgresql", returncode=2)
    return Path(found).parent
