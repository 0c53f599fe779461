"""Where the ledgers of tests lie: in files, or (``SGTRACK_TEST_DB=postgresql``) in databases.

The tests start a server of their own (``scripts/local_postgres.py``), which does not wait for the
disk.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import pytest
from filelock import FileLock

from local_postgres import url_in
from sgtrack.model.location import Location, Server, server_at
from sgtrack.store import dialect
from sgtrack.store.connection import Connection
from sgtrack.store.opening import reading
from sgtrack.store.postgresql import WRITERS, connect_to
from sgtrack.store.sqlite import copy_to_file
from sgtrack.workspace import Workspace, make_workspace

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
ON_SERVER = os.environ.get("SGTRACK_TEST_DB") == "postgresql"


def read(
    query: Callable[Concatenate[Connection, Arguments], Result],
    location: Location,
    *args: Arguments.args,
    **options: Arguments.kwargs,
) -> Result:
    """Run a read function over a connection of its own."""
    with reading(location) as db:
        return query(db, *args, **options)


class Ledgers(Protocol):
    """Gives workspaces a ledger."""

    def give(self, workspace: Workspace) -> Workspace:
        """The workspace, with a place for a ledger that does not exist yet."""

    def copy(self, source: Workspace, target: Workspace) -> Workspace:
        """The target workspace, with a copy of the source's ledger."""

    def build_once(
        self, folders: pytest.TempPathFactory, name: str, fill: Callable[[Workspace], None]
    ) -> Workspace:
        """A workspace that is made and filled once for all tests; none may change it."""


class Files:
    """Every ledger is the file in its workspace."""

    def give(self, workspace: Workspace) -> Workspace:
        return workspace

    def copy(self, source: Workspace, target: Workspace) -> Workspace:
        shutil.copyfile(source.ledger_file, target.ledger_file)
        return target

    def build_once(
        self, folders: pytest.TempPathFactory, name: str, fill: Callable[[Workspace], None]
    ) -> Workspace:
        """Build it in the folder that all workers share; the others wait."""
        folder = folder_of_the_run(folders) / name
        complete = folder / "complete"
        with FileLock(folder.with_suffix(".lock")):
            if not complete.exists():
                shutil.rmtree(folder, ignore_errors=True)  # a worker gave up halfway
                fill(make_workspace(folder / "workspace"))
                complete.touch()
        return Workspace(folder / "workspace")


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

    def build_once(
        self, folders: pytest.TempPathFactory, name: str, fill: Callable[[Workspace], None]
    ) -> Workspace:
        """Build it once for each worker, since each has a server of its own."""
        workspace = self.give(make_workspace(folders.mktemp(name) / "workspace"))
        fill(workspace)
        return workspace

    def _made(self, how: str, name: str = "") -> Server:
        name = name or f"ledger_{next(self._numbers)}"
        with connect_to(self.server("postgres")) as db:
            db.script(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            db.script(f"CREATE DATABASE {name} {how}")
        self.made.append(name)
        return self.server(name)

    def drop_after(self, kept: int) -> None:
        """Drop all databases but the first ones; each takes several megabytes."""
        with connect_to(self.server("postgres")) as db:
            for name in self.made[kept:]:
                db.script(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        del self.made[kept:]

    def server(self, name: str) -> Server:
        return server_at(self.url(name))

    def url(self, name: str) -> str:
        return url_in(self.folder, name)


def copy_workspace(source: Workspace, target: Workspace, ledgers: Ledgers) -> Workspace:
    """Copy everything in a workspace into another, which may have files already."""
    shutil.copytree(source.root, target.root, dirs_exist_ok=True)
    return ledgers.copy(source, target)


def folder_of_the_run(folders: pytest.TempPathFactory) -> Path:
    """The folder that all workers of this run share."""
    own = folders.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def _name(workspace: Workspace) -> str:
    """The name of a workspace's database; empty if it has none yet."""
    return workspace.server.shown.rsplit("/", 1)[1] if workspace.server else ""


def environment(workspace: Workspace) -> dict[str, str | None]:
    """The environment variables with which a command uses the ledger of a workspace."""
    server = workspace.server
    if server is None:
        return {"SGTRACK_DB": None}
    return {"SGTRACK_DB": server.conninfo.replace("postgresql:", "postgresql+psycopg:", 1)}


@contextmanager
def raw(ledger: Location) -> Iterator[Any]:
    """A connection of the database driver, as any other program has it."""
    if isinstance(ledger, Server):
        with connect_to(ledger) as db:
            yield db
        return
    with closing(sqlite3.connect(ledger, isolation_level=None)) as file:
        file.execute("PRAGMA foreign_keys = ON")
        yield file


@contextmanager
def unguarded(ledger: Location) -> Iterator[Any]:
    """As :func:`raw`, without the triggers that refuse changes; they are put back afterwards."""
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
        tables = sorted(dialect.list_tables(db))
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
    """Whether no other process is writing at this moment."""
    if isinstance(ledger, Server):
        with connect_to(ledger) as db:
            return bool(db.execute("SELECT pg_try_advisory_lock(?)", (WRITERS,)).fetchone()[0])
    with closing(sqlite3.connect(ledger, timeout=0, isolation_level=None)) as file:
        try:
            file.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        return True
