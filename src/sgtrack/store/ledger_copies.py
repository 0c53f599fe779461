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


class Unsound(Exception):
    """A copy is not a ledger that can be read whole."""


def folder_of(ledger: Path) -> Path:
    """The folder that the backups of a ledger lie in; it need not exist yet."""
    return ledger.parent / "backups"


def backup_files(ledger: Path) -> list[Path]:
    """The files that are backups of a ledger by their names."""
    with suppress(FileNotFoundError, NotADirectoryError):
        return [path for path in folder_of(ledger).iterdir() if BACKUP_NAME.fullmatch(path.name)]
    return []


def has_backups(ledger: Path) -> bool:
    """Whether a ledger was ever backed up."""
    return bool(backup_files(ledger))


def new_path(ledger: Path, reason: str) -> Path:
    """A name for a copy that is made now."""
    stem = f"{clock.now():%Y%m%d-%H%M%S}-{reason}"
    folder = folder_of(ledger)
    path, number = folder / f"{stem}.db", 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}.db"
    return path


def copy_ledger(source: sqlite3.Connection, ledger: Path, reason: str) -> Path:
    """Copy an open ledger as one moment has it, whoever writes meanwhile, and check the copy.

    Raises:
        OSError, sqlite3.Error: it cannot be copied.
        Unsound: the copy, and so the ledger, is damaged.
    """
    path = new_path(ledger, reason)
    make_private_folder(path.parent)
    with replacing(path) as partial:
        make_private_file(partial)
        copy(source, partial)
        fault = fault_of(partial)
        if fault:
            raise Unsound(fault)
    return path


def copy(source: sqlite3.Connection, path: Path) -> None:
    """Copy a database to a new file, which the caller pushes to the disk."""
    with closing(sqlite3.connect(path)) as target:
        target.execute("PRAGMA journal_mode = OFF")
        target.execute("PRAGMA synchronous = OFF")
        source.backup(target)


def fault_of(path: Path) -> str:
    """What is wrong with a copy; empty where it is a ledger that can be read whole.

    A copy that is newer than this program is sound.
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
    """Make the copy without which no ledger is upgraded.

    Raises:
        Refused: it cannot be made; the ledger is as it was.
    """
    try:
        with closing(connect(ledger, make=False)) as source:
            copy_ledger(source, ledger, MIGRATION)
    except (OSError, sqlite3.OperationalError) as error:
        raise Refused(
            f"升级台账以前要先备份，备份没有做成（{why(error)}）",
            f"检查磁盘空间和 {folder_of(ledger)}，再试一次；台账没有改动",
        ) from error
    except Unsound as error:
        raise damaged(ledger) from error


def why(error: Exception) -> str:
    """Why a copy could not be made, in plain words."""
    if isinstance(error, OSError):
        return reason_of(error)
    return "磁盘满了" if "full" in str(error) else "写不进去"
