"""Files of SQLite ledgers: connects to them, explains errors, copies and checks them.

A ledger is copied to the ``backups`` folder before its schema changes; ``recovery`` makes the other
copies and decides which to keep.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sgtrack import clock
from sgtrack.files import make_private_file, make_private_folder, replacing, restrict_to_owner
from sgtrack.model.errors import LedgerUnusable, Refused, reason_of

APPLICATION_ID = 0x53475452
"""Marks the file as a ledger of sgtrack (the letters SGTR)."""
WAIT_SECONDS = 30.0
"""How long a command waits for another writer."""
BACKUP_NAME = re.compile(r"(\d{8}-\d{6})-([a-z]+)(?:-\d+)?\.db")
"""The name of a backup: when and why it was made, and a number where several are alike."""
MIGRATION = "migration"
"""The reason in the name of a copy that was made before the schema changed."""


class UnsoundCopy(Exception):
    """A copy is damaged or is no ledger."""


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
    restrict_to_owner(path)
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


@contextmanager
def translate_errors(path: Path) -> Iterator[None]:
    """Translate errors of SQLite into refusals."""
    try:
        yield
    except sqlite3.Error as error:
        raise refusal(path, error) from error
    except OSError as error:
        raise Refused(f"台账 {path} 打不开（{reason_of(error)}）", "检查文件夹的权限") from error


def refusal(path: Path, error: BaseException) -> Refused:
    """The refusal for an error of SQLite."""
    message = str(error)
    if "locked" in message:
        return Refused(
            "台账正被另一个程序使用，等了 30 秒还没有空出来", "关掉其他打开台账的程序，再试一次"
        )
    if "readonly" in message or "unable to open" in message:
        return Refused(f"台账 {path} 写不进去", "检查文件夹是否只读、磁盘是否还在")
    if "full" in message:
        return Refused("磁盘满了，没有写入", "腾出空间后再试一次")
    if "disk I/O" in message:
        return Refused("读写磁盘出错，没有写入", "看看 U 盘是不是拔出了、磁盘有没有坏，再试一次")
    if "malformed" in message or "not a database" in message:
        return damaged(path)
    if "no such" in message:
        return Refused(
            f"台账 {path} 的结构和 sgtrack 的不一样（{message}）",
            "运行 sgtrack verify 看哪里被改动",
        )
    return Refused(f"台账 {path} 读写出错（{message}）", "把这句话发给维护人员")


def damaged(path: Path) -> LedgerUnusable:
    """The refusal for a ledger that cannot be read whole."""
    return LedgerUnusable(path, f"台账 {path} 损坏了，或不是台账文件")


def backup_folder(ledger: Path) -> Path:
    """The folder of a ledger's backups; it need not exist yet."""
    return ledger.parent / "backups"


def backup_files(ledger: Path) -> list[Path]:
    """The files that are backups of a ledger by their names."""
    with suppress(FileNotFoundError, NotADirectoryError):
        return [
            path for path in backup_folder(ledger).iterdir() if BACKUP_NAME.fullmatch(path.name)
        ]
    return []


def new_backup_path(ledger: Path, reason: str) -> Path:
    """Choose the path of a backup that is made now."""
    stem = f"{clock.now():%Y%m%d-%H%M%S}-{reason}"
    folder = backup_folder(ledger)
    path, number = folder / f"{stem}.db", 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}.db"
    return path


def copy_ledger(source: sqlite3.Connection, ledger: Path, reason: str) -> Path:
    """Copy one state of an open ledger, even while another program writes, and check the copy.

    Raises:
        OSError, sqlite3.Error: the ledger cannot be copied.
        UnsoundCopy: the ledger, and so its copy, is damaged.
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
    """Copy a database to a new file; the caller syncs it to disk."""
    with closing(sqlite3.connect(path)) as target:
        target.execute("PRAGMA journal_mode = OFF")
        target.execute("PRAGMA synchronous = OFF")
        source.backup(target)


def find_fault(path: Path) -> str:
    """Describe what is wrong with a ledger file; empty for a sound one.

    A ledger of a newer version is sound.
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
        refuse_failed_copy(ledger, "升级台账以前要先备份，备份没有做成", "，再试一次"),
        closing(connect(ledger, make=False)) as source,
    ):
        copy_ledger(source, ledger, MIGRATION)


@contextmanager
def refuse_failed_copy(ledger: Path, message: str, more: str = "") -> Iterator[None]:
    """Translate the errors of copying a ledger to its backups into refusals.

    ``message`` says what was not done; ``more`` adds to what the officer should check.
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
    """Say in plain words why a copy failed."""
    if isinstance(error, OSError):
        return reason_of(error)
    return "磁盘满了" if "full" in str(error) else "写不进去"
