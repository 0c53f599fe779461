"""The schema of a ledger that is an SQLite file: checks its version and runs what it lacks.

Only the standard library is used here, so that reading needs no more than that.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

from sgtrack.model.errors import LedgerUnusable, Refused
from sgtrack.store import dialect, ledger_copies
from sgtrack.store.connection import Connection, marks
from sgtrack.store.sqlite_connection import APPLICATION_ID, connect, translated

FIRST_CHAINED = 4
"""The migration that begins the chain of hashes over what the ledger has."""


@cache
def migrations() -> tuple[tuple[int, str, str], ...]:
    """Every migration of a file in order: number, name and SQL."""
    return scripts(".")


def scripts(folder: str) -> tuple[tuple[int, str, str], ...]:
    """The migrations in a folder of ``migrations``, in order: number, name and SQL."""
    found = sorted((Path(__file__).parent / "migrations" / folder).glob("*.sql"))
    return tuple((int(one.stem[:4]), one.stem, one.read_text(encoding="utf-8")) for one in found)


def expected_schema() -> set[tuple[str, str]]:
    """Every table, index, view and trigger that the migrations of a file make, with its SQL."""
    with closing(empty_ledger()) as db:
        return dialect.schema(db)


def empty_ledger() -> sqlite3.Connection:
    """A ledger in memory that has nothing in it."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    build(db, migrations()[-1][0])
    return db


def build(db: sqlite3.Connection, version: int) -> None:
    """Make the tables of a schema version in an empty database."""
    for number, name, sql in migrations():
        if number <= version:
            _migrate(db, number, name, sql)


def copy_to_file(db: Connection, path: Path) -> None:
    """Write a ledger that is in a database to a new file, row by row and table by table."""
    with closing(empty_ledger()) as empty:
        made = empty.execute(
            "SELECT type, name, sql FROM sqlite_schema "
            "WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid"
        ).fetchall()
        (version,) = empty.execute("PRAGMA user_version").fetchone()
        columns = {name: dialect.columns(empty, name) for kind, name, _ in made if kind == "table"}
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("BEGIN")
        for kind, _, sql in made:
            if kind == "table":
                file.execute(sql)
        for table, named in columns.items():
            # The order in which names and amounts were given is that of their rows.
            order = "rowid" if "rowid" in dialect.columns(db, table) else "1"
            file.executemany(
                f"INSERT INTO {table} VALUES ({marks(named)})",  # noqa: S608
                db.execute(f"SELECT {', '.join(named)} FROM {table} ORDER BY {order}"),  # noqa: S608
            )
        for kind, _, sql in made:
            if kind != "table":
                file.execute(sql)
        file.execute(f"PRAGMA user_version = {version:d}")
        file.execute(f"PRAGMA application_id = {APPLICATION_ID:d}")
        file.execute("COMMIT")


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection | None]:
    """A connection that sees one state and cannot write; None where there is no ledger yet.

    Raises:
        Refused: the file is no ledger, is damaged, or is newer than this program.
    """
    if not path.exists():
        refuse_lost(path)
        yield None
        return
    with translated(path), closing(connect(path, make=False)) as connection:
        _bring_up_to_date(connection, path)
        # A read-only connection could not undo what a killed program left half-written.
        connection.execute("PRAGMA query_only = ON")
        connection.execute("BEGIN")
        yield connection


def bring_up_to_date(path: Path, *, copy_first: bool = True) -> None:
    """Make the ledger, or run the migrations it lacks, each in one transaction of its own.

    A ledger that has something in it is copied to the backups first; a backup itself is not.

    Raises:
        Refused: the file is no ledger of sgtrack, is newer than this program, is gone although it
            has backups, or cannot be backed up.
    """
    with closing(connect(path)) as connection:
        _bring_up_to_date(connection, path, copy_first=copy_first)


def _bring_up_to_date(
    connection: sqlite3.Connection, path: Path, *, copy_first: bool = True
) -> None:
    version = check_version(connection, path)
    if not version:
        refuse_lost(path)
    wanting = [one for one in migrations() if one[0] > version]
    if version and wanting and copy_first:
        ledger_copies.copy_before_migration(path)
    for number, name, sql in wanting:
        _migrate(connection, number, name, sql)


def refuse_lost(path: Path) -> None:
    """Refuse to begin an empty ledger where there was one that has backups.

    Raises:
        LedgerUnusable: there are backups, but the ledger is gone or has nothing in it.
    """
    if ledger_copies.has_backups(path):
        what = "是空的" if path.exists() else "不见了"
        raise LedgerUnusable(path, f"台账 {path} {what}，可是有它的备份")


def check_version(connection: sqlite3.Connection, path: Path) -> int:
    """The schema version of an open ledger; 0 for a new one.

    Raises:
        Refused: the file is no ledger of sgtrack, or is newer than this program.
    """
    newest = migrations()[-1][0]
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    application = int(connection.execute("PRAGMA application_id").fetchone()[0])
    if version > newest:
        raise Refused(
            f"台账 {path} 是更新版本的 sgtrack 建的（结构 {version}，本程序只懂到 {newest}）",
            "升级 sgtrack 后再打开；台账没有改动",
        )
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if application != APPLICATION_ID and (version or tables):
        raise Refused(
            f"{path} 不是 sgtrack 的台账", "把它移到别处，或用 --home 指明正确的工作文件夹"
        )
    return version


def _migrate(connection: sqlite3.Connection, number: int, name: str, sql: str) -> None:
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another command may have run it while this one waited for its turn.
        if int(connection.execute("PRAGMA user_version").fetchone()[0]) < number:
            for statement in _statements(sql):
                connection.execute(statement)
            connection.execute(
                "CREATE TABLE IF NOT EXISTS migration "
                "(number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL)"
            )
            connection.execute(
                "INSERT INTO migration VALUES (?, ?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))",
                (number, name),
            )
            from sgtrack.ledger import chain  # noqa: PLC0415 - only an upgrade needs to hash

            if number == FIRST_CHAINED:
                chain.begin(connection)
            elif number > FIRST_CHAINED:
                chain.link(connection, "migration", str(number))
            if connection.execute("PRAGMA foreign_key_check").fetchone():
                raise sqlite3.IntegrityError(f"migration {name} breaks a foreign key")
            connection.execute(f"PRAGMA user_version = {number:d}")
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID:d}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk makes SQLite undo it by itself
            connection.execute("ROLLBACK")
        raise
    finally:
        connection.execute("PRAGMA foreign_keys = ON")


def _statements(sql: str) -> Iterator[str]:
    """The statements of a script; ``executescript`` would commit what is open before it."""
    pending = ""
    for line in sql.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
