"""Copies an SQLite ledger to a checked file in the ``backups`` folder beside it.

A ledger is copied before its schema changes; which copies are made and kept besides is decided in
``recovery``.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from sgtrack import clock
from sgtrack.files import make_private_file, make_private_folder, replacing
from sgtrack.model.errors import Refused, reason_of
from sgtrack.store.sqlite_connection import APPLICATION_ID, connect, damaged

BACKUP_NAME = re.compile(r"(\d{8}-\d{6})-([a-z]+)(?:-\d+)?\.db")
"""The name of a backup: when and why it was made, and a number where several are alike."""
MIGRATION = "migration"
"""The reason in the name of a copy that was made before the schema changed."""


class UnsoundCopy(Exception):
    """A copy is damaged or is no ledger."""


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


def has_backups(ledger: Path) -> bool:
    """Whether a ledger was ever backed up."""
    return bool(backup_files(ledger))


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
            (found,) = db.execute("PRAGMA integrity_check(1)").fetchone()
            (application,) = db.execute("PRAGMA application_id").fetchone()
    except sqlite3.Error as error:
        return str(error)
    if found != "ok":
        return str(found)
    return "" if application == APPLICATION_ID else "not a ledger of sgtrack"


def copy_before_migration(ledger: Path) -> None:
    """Back up a ledger before its schema changes.

    Raises:
        Refused: the backup failed; the ledger is unchanged.
    """
    try:
        with closing(connect(ledger, make=False)) as source:
            copy_ledger(source, ledger, MIGRATION)
    except (OSError, sqlite3.OperationalError) as error:
        raise Refused(
            f"升级台账以前要先备份，备份没有做成（{explain_copy_error(error)}）",
            f"检查磁盘空间和 {backup_folder(ledger)}，再试一次；台账没有改动",
        ) from error
    except UnsoundCopy as error:
        raise damaged(ledger) from error


def explain_copy_error(error: Exception) -> str:
    """Say in plain words why a copy failed."""
    if isinstance(error, OSError):
        return reason_of(error)
    return "磁盘满了" if "full" in str(error) else "写不进去"
