"""Opens ledgers in SQLite files, and creates and upgrades their schema.

The module imports no third-party package, so that commands that only read start fast.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sgtrack.files import make_folder
from sgtrack.model.errors import LedgerUnusable, Refused, reason_of
from sgtrack.store import dialect, schema_versions, sqlite_files
from sgtrack.store.chain_links import append_migration
from sgtrack.store.connection import Connection, Writer, marks
from sgtrack.store.schema_versions import (
    SchemaVersion,
    newest_version,
    pending_versions,
    versions,
)
from sgtrack.store.sqlite_files import (
    APPLICATION_ID,
    FileConnection,
    connect,
    damaged,
    explain_copy_error,
    refusal,
    translate_errors,
)

DATABASE = "sqlite"


def expected_schema() -> set[tuple[str, str]]:
    """Return the schema of a file of the newest version, as pairs of an object's name and SQL."""
    with closing(empty_ledger()) as db:
        return dialect.read_schema(db)


def empty_ledger() -> sqlite3.Connection:
    """Create an empty ledger in memory, and return the connection to it."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    build(db, newest_version())
    return db


def build(db: sqlite3.Connection, version: int) -> None:
    """Create the schema of a version in an empty database."""
    for step in versions(DATABASE):
        if step.number <= version:
            _run_step(db, step)


def copy_to_file(db: Connection, path: Path) -> None:
    """Copy an open ledger to a new SQLite file; PostgreSQL tables are copied row by row."""
    if isinstance(db, sqlite3.Connection):
        sqlite_files.copy_database(db, path)
        return
    with closing(empty_ledger()) as empty:
        objects = empty.execute(
            "SELECT type, name, sql FROM sqlite_schema "
            "WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid"
        ).fetchall()
        (version,) = empty.execute("PRAGMA user_version").fetchone()
        columns = {
            name: dialect.list_columns(empty, name) for kind, name, _ in objects if kind == "table"
        }
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("BEGIN")
        for kind, _, sql in objects:
            if kind == "table":
                file.execute(sql)
        for table, names in columns.items():
            # Names and amounts are shown in the order they were entered, which ``rowid`` records.
            order = "rowid" if "rowid" in dialect.list_columns(db, table) else "1"
            file.executemany(
                f"INSERT INTO {table} VALUES ({marks(names)})",  # noqa: S608
                db.execute(f"SELECT {', '.join(names)} FROM {table} ORDER BY {order}"),  # noqa: S608
            )
        for kind, _, sql in objects:
            if kind != "table":
                file.execute(sql)
        file.execute(f"PRAGMA user_version = {version:d}")
        file.execute(f"PRAGMA application_id = {APPLICATION_ID:d}")
        file.execute("COMMIT")


class FileLedger:
    """A :class:`LedgerConnection` to an SQLite file."""

    def __init__(self, path: Path) -> None:
        self.location = path
        self._db: FileConnection | None = None

    @contextmanager
    def reading(self, *, upgrade: bool = True) -> Iterator[sqlite3.Connection]:
        """Open a read-only snapshot; see :class:`LedgerConnection`."""
        if not self.location.exists():
            refuse_lost(self.location)
            with closing(empty_ledger()) as empty:
                yield empty
            return
        with translate_errors(self.location):
            db = self._connect(make=False, upgrade=upgrade)
            # SQLite needs a writable connection to roll back the journal of a killed program.
            db.execute("PRAGMA query_only = ON")
            db.execute("BEGIN")
            try:
                yield db
            finally:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                db.execute("PRAGMA query_only = OFF")

    @contextmanager
    def writing(self, *, dry_run: bool) -> Iterator[Writer]:
        """Open a writer; see :class:`LedgerConnection`."""
        path = self.location
        if not path.exists():
            refuse_lost(path)  # This check comes first, because connecting creates an empty file.
            if dry_run:
                with trial_ledger() as trial:
                    yield trial
                return
        try:
            make_folder(path.parent)
        except OSError as error:
            raise Refused(
                f"台账 {path} 无法写入（{reason_of(error)}）", "检查文件夹的权限"
            ) from error
        with translate_errors(path):
            db = self._connect(make=True)

        def begin() -> None:
            sqlite_files.begin(db, path)
            # A newer program may have upgraded the ledger while this program waited for the lock.
            check_version(db, path)

        try:
            yield Writer(db, db, begin)
        except sqlite3.Error as error:
            raise refusal(path, error) from error
        finally:
            if db.in_transaction:
                db.execute("ROLLBACK")

    def exists(self) -> bool:
        """Return whether the file exists."""
        return self.location.exists()

    def expected_schema(self) -> set[tuple[str, str]]:
        """Return the newest schema; see :class:`LedgerConnection`."""
        return expected_schema()

    @contextmanager
    def rewriting(self, *, copy_first: bool, erase: bool) -> Iterator[sqlite3.Connection]:
        """Open a transaction for changing existing rows; see :class:`LedgerConnection`.

        SQLite overwrites deleted content with zeros.
        """
        path = self.location
        with translate_errors(path):
            bring_up_to_date(path, copy_first=copy_first)
            with sqlite_files.locked(path) as db:
                try:
                    if db.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
                        raise damaged(path)
                    check_version(db, path)
                    db.execute("PRAGMA secure_delete = ON")
                    yield db
                except BaseException:
                    if db.in_transaction:  # SQLite itself rolls back when the disk is full
                        db.execute("ROLLBACK")
                    raise
                if erase:
                    _erase_free_pages(db)

    def close(self) -> None:
        """Close the connection."""
        if self._db is not None:
            self._db.close()
            self._db = None

    def _connect(self, *, make: bool, upgrade: bool = True) -> FileConnection:
        path = self.location
        if self._db is not None and not self._db.is_current(path):
            self.close()  # the file was replaced, for example by a restored backup
        if self._db is None:
            self._db = connect(path, make=make)
        if upgrade:
            run_pending_steps(self._db, path)
        return self._db


@contextmanager
def trial_ledger() -> Iterator[Writer]:
    """Open a writer to a new ledger in memory, for a dry run if there is no ledger."""
    with closing(empty_ledger()) as db:
        yield Writer(db, db, lambda: db.execute("BEGIN"))


def bring_up_to_date(path: Path, *, copy_first: bool = True) -> None:
    """Create a ledger or upgrade it to the newest version, with one transaction per version.

    With ``copy_first``, an existing ledger is backed up before an upgrade.

    Raises:
        Refused: the file is not a ledger of sgtrack, is newer than this program, or cannot be
            backed up; or the file is missing or empty although it has backups.
    """
    with closing(connect(path)) as connection:
        run_pending_steps(connection, path, copy_first=copy_first)


def _erase_free_pages(db: sqlite3.Connection) -> None:
    try:
        # SQLite would write a copy with names to the temporary folder of the system.
        db.execute("PRAGMA temp_store = MEMORY")
        db.execute("VACUUM")
    except sqlite3.OperationalError as error:
        raise Refused(
            f"姓名已经换掉，可是旧的内容还没有从文件里清掉（{explain_copy_error(error)}）",
            "腾出和台账一样大的空间，把同样的命令再运行一次，备份也到那时改",
        ) from error


def run_pending_steps(
    connection: sqlite3.Connection, path: Path, *, copy_first: bool = True
) -> None:
    """Create or upgrade a ledger like :func:`bring_up_to_date`, over an open connection."""
    version = check_version(connection, path)
    if not version:
        refuse_lost(path)
    pending = pending_versions(DATABASE, version)
    if version and pending and copy_first:
        sqlite_files.copy_before_migration(path)
    for step in pending:
        _run_step(connection, step)


def refuse_lost(path: Path) -> None:
    """Refuse to create a new ledger if backups, evidence or issued briefs of a lost one exist.

    Raises:
        LedgerUnusable: the file of the ledger is missing or empty, but such other files exist.
    """
    from sgtrack.printed_codes import find_printed_codes  # noqa: PLC0415 - loads zipfile

    store, briefs = path.parent / "evidence", path.parent / "briefs"
    if sqlite_files.backup_files(path):
        left = "它的备份"
    elif any(file.is_file() for file in store.glob("[0-9a-f][0-9a-f]/*")):
        left = "它的佐证材料（evidence）"
    elif any(True for _ in find_printed_codes(briefs)):
        left = "发出的简报（briefs）"
    else:
        return
    what = "是空的" if path.exists() else "不见了"
    raise LedgerUnusable(path, f"台账 {path} {what}，可是有{left}")


def check_version(connection: sqlite3.Connection, path: Path) -> int:
    """Return the schema version of an open ledger; 0 for an empty file.

    Raises:
        Refused: the file is not a ledger of sgtrack, its version is newer than this program's, or
            its fingerprint differs.
    """
    version, application, tables = connection.execute(
        "SELECT user_version, application_id, (SELECT count(*) FROM sqlite_schema) "
        "FROM pragma_user_version, pragma_application_id"
    ).fetchone()
    if application != APPLICATION_ID and (version or tables):
        raise Refused(
            f"{path} 不是 sgtrack 的台账", "把它移到别处，或用 --home 指明正确的工作文件夹"
        )
    fingerprint = stored_fingerprint(connection)
    if version and fingerprint is not None:
        schema_versions.check_version(f"台账 {path} ", version, fingerprint)
    return int(version)


def stored_fingerprint(connection: sqlite3.Connection) -> str | None:
    """Return the schema fingerprint stored in a ledger; empty if the ledger is too old to have one.

    Return None if another program deleted the stored migrations; ``sgtrack verify`` reports this.
    """
    try:
        row = connection.execute(
            "SELECT fingerprint FROM migration ORDER BY number DESC LIMIT 1"
        ).fetchone()
    except sqlite3.OperationalError as error:
        if "no such column" in str(error):
            return ""
        if "no such table" in str(error):
            return None
        raise
    return str(row[0]) if row else None


def _run_step(connection: sqlite3.Connection, step: SchemaVersion) -> None:
    """Upgrade a ledger from the previous version to ``step``, in one transaction."""
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another program may have run this step while this program waited for the lock.
        if int(connection.execute("PRAGMA user_version").fetchone()[0]) < step.number:
            for statement in _statements(step.read_sql()):
                connection.execute(statement)
            connection.execute(
                "INSERT INTO migration (number, name, fingerprint, applied_at) "
                "VALUES (?, ?, ?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))",
                (step.number, step.name, step.fingerprint),
            )
            append_migration(connection, step.number)
            if connection.execute("PRAGMA foreign_key_check").fetchone():
                raise sqlite3.IntegrityError(f"migration {step.name} breaks a foreign key")
            connection.execute(f"PRAGMA user_version = {step.number:d}")
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID:d}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # SQLite itself rolls back when the disk is full
            connection.execute("ROLLBACK")
        raise
    finally:
        connection.execute("PRAGMA foreign_keys = ON")


def _statements(sql: str) -> Iterator[str]:
    """Split a script into statements, to run them within the open transaction.

    ``executescript`` would commit the transaction first.
    """
    pending = ""
    for line in sql.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
