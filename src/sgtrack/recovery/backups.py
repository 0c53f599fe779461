"""The backups of a ledger: makes and lists them, deletes old ones and names the way back.

Only the ledger is copied. Evidence is kept by its content and never altered, so it needs no copy
within the same folder; a copy of the whole workspace elsewhere covers both.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Hashable, Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from sgtrack import clock
from sgtrack.files import make_private_folder
from sgtrack.model.errors import LedgerUnusable, Refused
from sgtrack.store.ledger_copies import (
    BACKUP_NAME,
    MIGRATION,
    Unsound,
    backup_files,
    copy_ledger,
    fault_of,
    folder_of,
    new_path,
    why,
)
from sgtrack.store.opening import reading
from sgtrack.store.sqlite_connection import connect, damaged

DAYS, WEEKS, MONTHS = 7, 5, 12
"""Of how many days, weeks and months, counting those that have a backup, the newest is kept."""
_log = logging.getLogger(__name__)


class Reason(StrEnum):
    """Why a copy was made."""

    DAILY = "daily"
    MIGRATION = MIGRATION
    MANUAL = "manual"
    REPLACED = "replaced"
    """What a restored backup took the place of."""
    DAMAGED = "damaged"
    """A damaged ledger, byte by byte as it was."""


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


def listed(ledger: Path) -> tuple[Backup, ...]:
    """Every copy there is, the newest first."""
    found = []
    for path in backup_files(ledger):
        match = BACKUP_NAME.fullmatch(path.name)
        with suppress(ValueError):
            if match is not None:
                at = datetime.strptime(match[1], "%Y%m%d-%H%M%S").astimezone()
                found.append(Backup(path, at, Reason(match[2])))
    return tuple(sorted(found, key=lambda one: (one.at, one.name), reverse=True))


def is_sound(backup: Backup) -> bool:
    """Whether a backup can be restored."""
    return backup.reason is not Reason.DAMAGED and not fault_of(backup.path)


def newest_sound(ledger: Path) -> Backup | None:
    """The newest copy that can be restored."""
    for one in listed(ledger):
        if is_sound(one):
            return one
    return None


def way_back(ledger: Path) -> str:
    """What to do where a ledger is damaged or gone, with the newest good backup by its name."""
    newest = newest_sound(ledger)
    if newest is None:
        return "没有可用的备份；先把整个工作文件夹复制一份，再用 sgtrack recover 抢救"
    restore = f"sgtrack restore {newest.name}（{newest.at:%Y-%m-%d %H:%M} 的备份）"
    if is_gone(ledger):
        return f"用 {restore} 恢复"
    return f"用 sgtrack recover 抢救，备份以后的记录也找得回；或用 {restore} 恢复"


def with_way_back(refused: Refused) -> Refused:
    """A refusal that says how to get a ledger back that is gone or damaged; any other as it is."""
    if not isinstance(refused, LedgerUnusable):
        return refused
    ledger = refused.ledger
    hint = way_back(ledger)
    if is_gone(ledger):
        hint = f"{hint}；真要从头记，先把 {folder_of(ledger)} 移到别处"
    return Refused(refused.message, hint)


def is_gone(ledger: Path) -> bool:
    """Whether there is no ledger file, or an empty one."""
    return not ledger.exists() or not ledger.stat().st_size


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
    path = copy_ledger(source, ledger, reason)
    return Backup(path, clock.now().replace(microsecond=0), reason)


def require_ledger(ledger: Path) -> None:
    """See that there is a ledger of this version to back up; one of an older version is upgraded.

    Raises:
        Refused: there is none, or it cannot be read.
    """
    with reading(ledger):
        pass
    if not ledger.exists():
        raise Refused("还没有台账，没有可备份的", "先用 sgtrack log 记一次活动")


def back_up(ledger: Path) -> Backup:
    """Make a backup because the officer asks for one.

    Raises:
        Refused: it cannot be copied; the ledger is as it was.
    """
    try:
        return make(ledger, Reason.MANUAL)
    except (OSError, sqlite3.OperationalError) as error:
        raise Refused(
            f"备份没有做成（{why(error)}）",
            f"检查磁盘空间和 {folder_of(ledger)}；台账没有改动",
        ) from error
    except Unsound as error:
        raise damaged(ledger) from error


def path_for_unsealed(ledger: Path) -> Path:
    """Where a sealed backup is opened to, in a folder that only its owner can enter."""
    path = new_path(ledger, Reason.MANUAL)
    make_private_folder(path.parent)
    return path


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
    keeping = days_to_keep(one.at.date() for one in days)
    for one in days:
        if one.at.date() not in keeping:
            with suppress(OSError):
                one.path.unlink()


def days_to_keep(days: Iterable[date]) -> set[date]:
    """The days whose backups are kept.

    Periods without a backup are not counted, so that a long holiday costs nothing. Of a period the
    newest day is kept; deleting day by day and deleting once at the end leave the same.
    """
    newest_first = sorted(set(days), reverse=True)
    return {
        *_newest_of(newest_first, date.toordinal, DAYS),
        *_newest_of(newest_first, lambda day: day.isocalendar()[:2], WEEKS),
        *_newest_of(newest_first, lambda day: (day.year, day.month), MONTHS),
    }


def _newest_of(
    newest_first: list[date], period: Callable[[date], Hashable], most: int
) -> list[date]:
    found: dict[Hashable, date] = {}
    for day in newest_first:
        found.setdefault(period(day), day)
    return list(found.values())[:most]
