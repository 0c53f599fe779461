"""Connects to SQLite files, explains errors of SQLite, and copies and checks ledger files.

The module backs up a ledger before its schema changes. The package ``recovery`` makes all other
backups and deletes old ones.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sgtrack import clock
from sgtrack.files import make_private_file, make_private_folder, replacing, restrict_to_owner
from sgtrack.model.errors import LedgerUnusable, Refused, reason_of

APPLICATION_ID = 0x53475452
"""SQLite application id of a ledger file: the letters SGTR in ASCII."""
WAIT_SECONDS = 30.0
"""Maximum time in seconds that a command waits for another writer."""
BACKUP_NAME = re.compile(r"(\d{8}-\d{6})-([a-z]+)(?:-\d+)?\.db")
"""Pattern of a backup's file name: time, reason, and a number if the name already existed."""
MIGRATION = "migration"
"""Reason in the file name of a backup made before a schema upgrade."""


class UnsoundCopy(Exception):
    """The copy of a ledger is damaged or is not a ledger."""


class LedgerReplaced(Exception):
    """Another file took the place of the ledger while a command waited for the lock.

    Changes that the command makes over its open connection would be lost with the old file.
    """


class FileConnection(sqlite3.Connection):
    """A connection to a ledger file, which can check whether that file still has its name."""

    opened: os.stat_result | None = None

    def is_current(self, path: Path) -> bool:
        """Return whether the open file is the one at ``path``."""
        try:
            return self.opened is not None and os.path.samestat(self.opened, path.stat())
        except OSError:
            return False


def connect(path: Path, *, make: bool = True) -> FileConnection:
    """Connect to a ledger file for reading and writing, with foreign keys checked.

    Only the owner can read the file, and SQLite gives the journal the same permissions.

    A commit returns only after its changes are on the disk. The journal is a rollback journal,
    because WAL is unsafe on memory sticks, network shares and sync folders. ``synchronous = EXTRA``
    also syncs the folder after the journal is deleted. Otherwise the deleted journal could reappear
    after a power cut and undo the commit.

    Args:
        path: the ledger file.
        make: whether to create an empty file if there is none.
    """
    if make and not path.exists():
        make_private_file(path)
    restrict_to_owner(path)
    mode = "rwc" if make else "rw"
    # The status is read before the file is opened, so that a file replaced in between is noticed.
    opened = path.stat() if path.exists() else None
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=WAIT_SECONDS,
        isolation_level=None,
        factory=FileConnection,
    )
    connection.opened = opened
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = EXTRA")
    except BaseException:
        connection.close()  # Windows cannot replace an open file, so this one must be closed.
        raise
    return connection


def begin(db: FileConnection, path: Path, lock: str = "IMMEDIATE") -> None:
    """Leave WAL, start a transaction and wait for its lock, ``IMMEDIATE`` or ``EXCLUSIVE``.

    Raises:
        Refused: another program switched the ledger to WAL and has it open.
        LedgerReplaced: meanwhile another file took the place of the open one.
        sqlite3.Error: the lock is not free after ``WAIT_SECONDS``, or the file is not a database.
    """
    leave_wal(db, path)
    db.execute(f"BEGIN {lock}")
    if not db.is_current(path):
        db.execute("ROLLBACK")
        raise LedgerReplaced


@contextmanager
def locked(path: Path, lock: str = "IMMEDIATE", *, make: bool = False) -> Iterator[FileConnection]:
    """Open a transaction of the ledger file at ``path`` like :func:`begin`.

    Connect again as often as the file is replaced during the wait. The caller ends the transaction.
    """
    while True:
        with closing(connect(path, make=make)) as db:
            try:
                begin(db, path, lock)
            except LedgerReplaced:
                continue
            yield db
            return


def uses_wal(path: Path) -> bool:
    """Return whether another program switched a ledger file to WAL, or left a WAL beside it."""
    if path.with_name(f"{path.name}-wal").exists():
        return True
    try:
        with path.open("rb") as file:
            header = file.read(20)
    except OSError:
        return False
    return 2 in header[18:20]  # the write version and the read version of the file format


def leave_wal(connection: FileConnection, path: Path) -> None:
    """Return a ledger from WAL to a rollback journal; do nothing if it has one.

    Raises:
        Refused: another program has the ledger open.
    """
    if not uses_wal(path):
        return
    try:
        connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
    if uses_wal(path):
        raise Refused(
            "台账被其他程序改成了 WAL 方式，那个程序还开着台账",
            "关掉打开台账的程序（如 DB Browser），再试一次；没有写入",
        )


@contextmanager
def translate_errors(path: Path) -> Iterator[None]:
    """Convert errors of SQLite and of the operating system to :class:`Refused`."""
    try:
        yield
    except sqlite3.Error as error:
        raise refusal(path, error) from error
    except OSError as error:
        raise Refused(f"台账 {path} 无法打开（{reason_of(error)}）", "检查文件夹的权限") from error


def refusal(path: Path, error: BaseException) -> Refused:
    """Return the refusal for an error of SQLite."""
    message = str(error)
    if "locked" in message:
        return Refused(
            "台账正被另一个程序使用，等了 30 秒还没有空出来", "关掉其他打开台账的程序，再试一次"
        )
    if "readonly" in message or "unable to open" in message:
        return Refused(f"台账 {path} 无法写入", "检查文件夹是否只读、磁盘是否还在")
    if "full" in message:
        return Refused("磁盘满了，没有写入", "腾出空间后再试一次")
    if "disk I/O" in message:
        return Refused(
            "读写磁盘出错",
            "看看 U 盘是不是拔出了、磁盘有没有坏；再试以前先用 sgtrack list 看刚才的写进去没有",
        )
    if "malformed" in message or "not a database" in message:
        return damaged(path)
    if "decode" in message:
        return unreadable_text(path)
    if "no such" in message:
        return Refused(
            f"台账 {path} 的结构和 sgtrack 的不一样（{message}）",
            "运行 sgtrack verify 看哪里被改动",
        )
    return Refused(f"台账 {path} 读写出错（{message}）", "把这句话发给维护人员")


def unreadable_text(path: Path) -> LedgerUnusable:
    """Return the refusal for a ledger with a text that is not valid UTF-8."""
    return LedgerUnusable(path, f"台账 {path} 里有读不懂的文字，用 sgtrack verify 看在哪条记录")


def damaged(path: Path) -> LedgerUnusable:
    """Return the refusal for a file that is damaged or is not a ledger."""
    return LedgerUnusable(path, f"台账 {path} 损坏了，或不是台账文件")


def backup_folder(ledger: Path) -> Path:
    """Return the folder for a ledger's backups, which need not exist yet."""
    return ledger.parent / "backups"


def backup_files(ledger: Path) -> list[Path]:
    """Return the files in the backup folder whose names match ``BACKUP_NAME``."""
    with suppress(FileNotFoundError, NotADirectoryError):
        return [
            path for path in backup_folder(ledger).iterdir() if BACKUP_NAME.fullmatch(path.name)
        ]
    return []


def new_backup_path(ledger: Path, reason: str) -> Path:
    """Return an unused path for a backup made now."""
    stem = f"{clock.now():%Y%m%d-%H%M%S}-{reason}"
    folder = backup_folder(ledger)
    path, number = folder / f"{stem}.db", 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}.db"
    return path


def copy_ledger(source: sqlite3.Connection, ledger: Path, reason: str) -> Path:
    """Back up an open ledger, check the copy and return its path.

    The copy is consistent even if another program writes at the same time.

    Raises:
        OSError, sqlite3.Error: the ledger cannot be copied.
        UnsoundCopy: the copy is damaged, because the ledger is damaged.
    """
    path = new_backup_path(ledger, reason)
    make_private_folder(path.parent)
    with replacing(path) as partial:
        make_private_file(partial)
        copy_database(source, partial)
        fault = find_fault(partial)
        if fault:
            raise UnsoundCopy(fault)
    return path


def copy_database(source: sqlite3.Connection, path: Path) -> None:
    """Copy a database to a new file; the caller must sync the file to the disk."""
    with closing(sqlite3.connect(path)) as target:
        target.execute("PRAGMA journal_mode = OFF")
        target.execute("PRAGMA synchronous = OFF")
        source.backup(target)


def find_fault(path: Path) -> str:
    """Return what is wrong with a ledger file; empty if the file is sound.

    A ledger of any schema version can be sound.
    """
    try:
        with closing(connect(path, make=False)) as db:
            db.execute("PRAGMA query_only = ON")
            (fault,) = db.execute("PRAGMA integrity_check(1)").fetchone()
            (application,) = db.execute("PRAGMA application_id").fetchone()
    except sqlite3.Error as error:
        return str(error)
    if fault != "ok":
        return str(fault)
    return "" if application == APPLICATION_ID else "not a ledger of sgtrack"


def copy_before_migration(ledger: Path) -> None:
    """Back up a ledger before its schema changes.

    Raises:
        Refused: the backup failed; the ledger is unchanged.
    """
    with (
        refuse_failed_copy(ledger, "升级台账以前要先备份，备份未完成", "，再试一次"),
        closing(connect(ledger, make=False)) as source,
    ):
        copy_ledger(source, ledger, MIGRATION)


@contextmanager
def refuse_failed_copy(ledger: Path, message: str, more: str = "") -> Iterator[None]:
    """Convert the errors of a failed backup to :class:`Refused`.

    Args:
        ledger: the ledger file.
        message: what could not be done.
        more: an addition to the advice on what to check.
    """
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        raise Refused(
            f"{message}（{explain_copy_error(error)}）",
            f"检查磁盘空间和 {backup_folder(ledger)}{more}；台账没有改动",
        ) from error
    except UnsoundCopy as error:
        raise damaged(ledger) from error


def explain_copy_error(error: Exception) -> str:
    """Return the reason why a copy failed, as a Chinese phrase."""
    if isinstance(error, OSError):
        return reason_of(error)
    return "磁盘满了" if "full" in str(error) else "无法写入"
