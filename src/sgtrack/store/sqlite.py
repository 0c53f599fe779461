"""Opens the ledger and brings its schema up to date: here where it is a file.

Only the standard library is used here, so that reading needs no more than that.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

from sgtrack.files import make_private_file, tighten
from sgtrack.model.errors import Refused, reason_of
from sgtrack.model.location import Location, Server
from sgtrack.store import dialect
from sgtrack.store.connection import Connection, marks

APPLICATION_ID = 0x53475452
"""Marks the file as a ledger of sgtrack (the letters SGTR)."""
FIRST_CHAINED = 4
"""The migration that begins the chain of hashes over what the ledger has."""
WAIT_SECONDS = 30.0
"""How long a command waits for another one that is writing."""


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
    with closing(_empty()) as db:
        return dialect.schema(db)


def expected_schema_of(place: Location) -> set[tuple[str, str]]:
    """As :func:`expected_schema`, for a ledger that may be in a database."""
    if isinstance(place, Server):
        from sgtrack.store import postgresql  # noqa: PLC0415 - only where a database was named

        return postgresql.expected_schema(place)
    return expected_schema()


def _empty() -> sqlite3.Connection:
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
    with closing(_empty()) as empty:
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
def reading(path: Location) -> Iterator[Connection]:
    """A connection that sees one state and cannot write; an empty one where there is no ledger yet.

    Raises:
        Refused: the file is no ledger, is damaged, or is newer than this program; or the database
            cannot be reached.
    """
    if isinstance(path, Server):
        from sgtrack.store import postgresql  # noqa: PLC0415 - only where a database was named

        with postgresql.reading(path) as shared:
            if shared is not None:
                yield shared
                return
        with closing(_empty()) as db:
            yield db
        return
    if not path.exists():
        refuse_lost(path)
        with closing(_empty()) as db:
            yield db
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
        from sgtrack.recovery import backups  # noqa: PLC0415 - an upgrade is rare

        backups.before_migration(path)
    for number, name, sql in wanting:
        _migrate(connection, number, name, sql)


def refuse_lost(path: Path) -> None:
    """Refuse to begin an empty ledger where there was one that has backups.

    Raises:
        Refused: there are backups, but the ledger is gone or has nothing in it.
    """
    from sgtrack.recovery import backups  # noqa: PLC0415 - only where there is no ledger

    if not backups.listed(path):
        return
    what = "是空的" if path.exists() else "不见了"
    raise Refused(
        f"台账 {path} {what}，可是有它的备份",
        f"{backups.way_back(path)}；真要从头记，先把 {backups.folder_of(path)} 移到别处",
    )


def connect(path: Path, *, make: bool = True) -> sqlite3.Connection:
    """A connection for writing: durable when a commit returns, with foreign keys checked.

    Nobody but its owner can read the file, and SQLite gives its journals the same rights.

    The rollback journal is used rather than WAL, which is unsafe on the memory sticks, network
    shares and sync folders where ledgers live. EXTRA also pushes the folder to the disk when the
    journal is gone, without which a power cut could bring the journal back and undo the commit.

    Args:
        path: the ledger's file.
        make: whether an empty file is made where there is none.
    """
    if make and not path.exists():
        make_private_file(path)
    tighten(path)
    mode = "rwc" if make else "rw"
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=WAIT_SECONDS,
        isolation_level=None,
    )
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = EXTRA")
    return connection


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


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turns what SQLite says into something the officer can act on."""
    try:
        yield
    except sqlite3.Error as error:
        raise refusal(path, error) from error
    except OSError as error:
        raise Refused(f"台账 {path} 打不开（{reason_of(error)}）", "检查文件夹的权限") from error


def refusal(path: Path, error: BaseException) -> Refused:
    """The refusal for an error of SQLite."""
    said = str(error)
    if "locked" in said:
        return Refused(
            "台账正被另一个程序使用，等了 30 秒还没有空出来", "关掉其他打开台账的程序，再试一次"
        )
    if "readonly" in said or "unable to open" in said:
        return Refused(f"台账 {path} 写不进去", "检查文件夹是否只读、磁盘是否还在")
    if "full" in said:
        return Refused("磁盘满了，没有写入", "腾出空间后再试一次")
    if "disk I/O" in said:
        return Refused("读写磁盘出错，没有写入", "看看 U 盘是不是拔出了、磁盘有没有坏，再试一次")
    if "malformed" in said or "not a database" in said:
        return damaged(path)
    if "no such" in said:
        return Refused(
            f"台账 {path} 的结构和 sgtrack 的不一样（{said}）", "运行 sgtrack verify 看哪里被改动"
        )
    return Refused(f"台账 {path} 读写出错（{said}）", "把这句话发给维护人员")


def damaged(path: Path) -> Refused:
    """The refusal for a ledger that cannot be read whole, with the newest good backup by name."""
    from sgtrack.recovery import backups  # noqa: PLC0415 - only where something is wrong

    return Refused(f"台账 {path} 损坏了，或不是台账文件", backups.way_back(path))
