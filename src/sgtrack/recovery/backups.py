"""Copies of the ledger in the workspace's ``backups`` folder: made, checked, listed and thinned.

Only the ledger is copied. Evidence is kept by its content and never altered, so it needs no copy
within the same folder; a copy of the whole workspace elsewhere covers both.
"""

from __future__ import annotations

import logging
import re
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sgtrack import clock
from sgtrack.files import make_private_file, make_private_folder, replacing
from sgtrack.model.errors import Refused, reason_of
from sgtrack.recovery.retention import kept
from sgtrack.store.sqlite import APPLICATION_ID, connect, damaged

_NAME = re.compile(r"(\d{8}-\d{6})-([a-z]+)(?:-\d+)?\.db")
_log = logging.getLogger(__name__)


class Reason(StrEnum):
    """Why a copy was made."""

    DAILY = "daily"
    MIGRATION = "migration"
    MANUAL = "manual"
    REPLACED = "replaced"
    """What a restored backup took the place of."""
    DAMAGED = "damaged"
    """A damaged ledger, byte by byte as it was."""


class Unsound(Exception):
    """A copy is not a ledger that can be read whole."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of the ledger; ``at`` is when it was made, on the officer's clock."""

    path: Path
    at: datetime
    reason: Reason

    @property
    def name(self) -> str:
        """What it is called on the command line."""
        return self.path.stem


def folder_of(ledger: Path) -> Path:
    """The folder that the backups of a ledger lie in; it need not exist yet."""
    return ledger.parent / "backups"


def listed(ledger: Path) -> tuple[Backup, ...]:
    """Every copy there is, the newest first."""
    found = []
    with suppress(FileNotFoundError, NotADirectoryError):
        for path in folder_of(ledger).iterdir():
            match = _NAME.fullmatch(path.name)
            with suppress(ValueError):
                if match is not None:
                    at = datetime.strptime(match[1], "%Y%m%d-%H%M%S").astimezone()
                    found.append(Backup(path, at, Reason(match[2])))
    return tuple(sorted(found, key=lambda one: (one.at, one.name), reverse=True))


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


def newest_sound(ledger: Path) -> Backup | None:
    """The newest copy that can be restored."""
    for one in listed(ledger):
        if one.reason is not Reason.DAMAGED and not fault_of(one.path):
            return one
    return None


def way_back(ledger: Path) -> str:
    """What to do where a ledger is damaged or gone, with the newest good backup by its name."""
    newest = newest_sound(ledger)
    if newest is None:
        return "没有可用的备份；先把整个工作文件夹复制一份，再用 sgtrack recover 抢救"
    restore = f"sgtrack restore {newest.name}（{newest.at:%Y-%m-%d %H:%M} 的备份）"
    if not ledger.exists() or not ledger.stat().st_size:
        return f"用 {restore} 恢复"
    return f"用 sgtrack recover 抢救，备份以后的记录也找得回；或用 {restore} 恢复"


def new_path(ledger: Path, reason: Reason) -> Path:
    """A name for a copy that is made now."""
    stem = f"{clock.now():%Y%m%d-%H%M%S}-{reason}"
    folder = folder_of(ledger)
    path, number = folder / f"{stem}.db", 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}.db"
    return path


def make(ledger: Path, reason: Reason) -> Backup:
    """Copy the ledger as one moment has it, whoever writes meanwhile, and check the copy.

    Raises:
        OSError, sqlite3.Error: it cannot be copied.
        Unsound: the copy, and so the ledger, is damaged.
    """
    with closing(connect(ledger, make=False)) as source:
        source.execute("PRAGMA query_only = ON")
        return make_from(source, ledger, reason)


def make_from(source: sqlite3.Connection, ledger: Path, reason: Reason) -> Backup:
    """As :func:`make`, over an open connection."""
    path = new_path(ledger, reason)
    make_private_folder(path.parent)
    with replacing(path) as partial:
        make_private_file(partial)
        copy(source, partial)
        fault = fault_of(partial)
        if fault:
            raise Unsound(fault)
    return Backup(path, clock.now().replace(microsecond=0), reason)


def copy(source: sqlite3.Connection, path: Path) -> None:
    """Copy a database to a new file, which the caller pushes to the disk."""
    with closing(sqlite3.connect(path)) as target:
        target.execute("PRAGMA journal_mode = OFF")
        target.execute("PRAGMA synchronous = OFF")
        source.backup(target)


def daily(ledger: Path) -> None:
    """Make the day's copy where there is none yet, and thin the older ones.

    What goes wrong is said and stops nothing: what the officer has just entered is safe without it.
    """
    today = clock.today()
    days = [one for one in listed(ledger) if one.reason is Reason.DAILY]
    if any(one.at.date() == today for one in days):
        return
    try:
        made = make(ledger, Reason.DAILY)
    except (OSError, sqlite3.OperationalError) as error:
        _log.warning(
            "记录写好了，可是今天的备份没有做成（%s）：检查磁盘空间和 %s",
            why(error),
            folder_of(ledger),
        )
        return
    except (Unsound, sqlite3.DatabaseError):
        _log.warning("台账的一部分坏了，今天的备份没有做成：%s", way_back(ledger))
        return
    days = [made, *days]
    wanted = kept(one.at.date() for one in days)
    for one in days:
        if one.at.date() not in wanted:
            with suppress(OSError):
                one.path.unlink()


def before_migration(ledger: Path) -> None:
    """Make the copy without which no ledger is upgraded.

    Raises:
        Refused: it cannot be made; the ledger is as it was.
    """
    try:
        make(ledger, Reason.MIGRATION)
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
