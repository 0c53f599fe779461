"""Places the ledgers of tests in files or, with ``SGTRACK_TEST_DB=postgresql``, in databases.

The tests start their own server (``scripts/local_postgres.py``), which does not wait for the disk.
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
    """Call a read function with a connection of its own."""
    with reading(location) as db:
        return query(db, *args, **options)


class Ledgers(Protocol):
    """An object that gives workspaces a ledger."""

    def give(self, workspace: Workspace) -> Workspace:
        """Return the workspace with the place of a ledger that does not exist yet."""

    def copy(self, source: Workspace, target: Workspace) -> Workspace:
        """Copy the ledger of one workspace to another, and return the other workspace."""

    def build_once(
        self, folders: pytest.TempPathFactory, name: str, fill: Callable[[Workspace], None]
    ) -> Workspace:
        """Return a workspace that is created and filled once for all tests.

        No test may change it.
        """


class Files:
    """A :class:`Ledgers` that keeps every ledger as a file in its workspace."""

    def give(self, workspace: Workspace) -> Workspace:
        return workspace

    def copy(self, source: Workspace, target: Workspace) -> Workspace:
        shutil.copyfile(source.ledger_file, target.ledger_file)
        return target

    def build_once(
        self, folders: pytest.TempPathFactory, name: str, fill: Callable[[Workspace], None]
    ) -> Workspace:
        """Build the workspace in a folder that all workers share; the other workers wait."""
        folder = folder_of_the_run(folders) / name
        complete = folder / "complete"
        with FileLock(folder.with_suffix(".lock")):
            if not complete.exists():
                # Another worker failed before it completed the folder.
                shutil.rmtree(folder, ignore_errors=True)
                fill(make_workspace(folder / "workspace"))
                complete.touch()
        return Workspace(folder / "workspace")


class Databases:
    """A :class:`Ledgers` that keeps every ledger as a separate database on one server."""

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
        """Build the workspace once for each worker, because each worker has its own server."""
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
        """Drop all databases except the first ``kept`` ones; each takes several megabytes."""
        with connect_to(self.server("postgres")) as db:
            for name in self.made[kept:]:
                db.script(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        del self.made[kept:]

    def server(self, name: str) -> Server:
        return server_at(self.url(name))

    def url(self, name: str) -> str:
        return url_in(self.folder, name)


def copy_workspace(source: Workspace, target: Workspace, ledgers: Ledgers) -> Workspace:
    """Copy all content of a workspace into another one, which may already contain files."""
    shutil.copytree(source.root, target.root, dirs_exist_ok=True)
    return ledgers.copy(source, target)


def folder_of_the_run(folders: pytest.TempPathFactory) -> Path:
    """Return the folder that all workers of this test run share."""
    own = folders.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def _name(workspace: Workspace) -> str:
    """Return the name of a workspace's database; empty if it has none yet."""
    return workspace.server.shown.rsplit("/", 1)[1] if workspace.server else ""


def environment(workspace: Workspace) -> dict[str, str | None]:
    """Return the environment variables with which a command uses the ledger of a workspace."""
    server = workspace.server
    if server is None:
        return {"SGTRACK_DB": None}
    return {"SGTRACK_DB": server.conninfo.replace("postgresql:", "postgresql+psycopg:", 1)}


@contextmanager
def raw(ledger: Location) -> Iterator[Any]:
    """Yield a connection of the database driver, as another program would open it."""
    if isinstance(ledger, Server):
        with connect_to(ledger) as db:
            yield db
        return
    with closing(sqlite3.connect(ledger, isolation_level=None)) as file:
        file.execute("PRAGMA foreign_keys = ON")
        yield file


@contextmanager
def unguarded(ledger: Location) -> Iterator[Any]:
    """Yield a connection like :func:`raw` without the triggers that refuse changes.

    The triggers are restored at the end.
    """
    with raw(ledger) as db:
        if isinstance(ledger, Server):
            # This role disables triggers and foreign keys.
            db.execute("SET session_replication_role = replica")
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
    """Return the whole content of a ledger: the bytes of its file, or all rows of its database."""
    if not isinstance(ledger, Server):
        return ledger.read_bytes() if ledger.exists() else b""
    with raw(ledger) as db:
        tables = sorted(dialect.list_tables(db))
        rows = {table: sorted(db.execute(f"SELECT * FROM {table}"), key=repr) for table in tables}
    return repr(rows).encode()


def copied_to_file(ledger: Location, path: Path) -> None:
    """Copy a ledger to a file."""
    if isinstance(ledger, Server):
        with reading(ledger) as db:
            copy_to_file(db, path)
    else:
        shutil.copyfile(ledger, path)


def can_be_written(ledger: Location) -> bool:
    """Return whether no other process holds the write lock at this moment."""
    if isinstance(ledger, Server):
        with connect_to(ledger) as db:
            return bool(db.execute("SELECT pg_try_advisory_lock(?)", (WRITERS,)).fetchone()[0])
    with closing(sqlite3.connect(ledger, timeout=0, isolation_level=None)) as file:
        try:
            file.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        return True
