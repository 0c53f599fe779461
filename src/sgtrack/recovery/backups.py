"""Makes, lists and restores backups of a ledger, and deletes old ones.

A backup contains only the ledger, because evidence files never change. To protect both against a
broken disk, copy the whole workspace to another disk.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from sgtrack import clock
from sgtrack.files import make_private_file, make_private_folder, move_into_place, replacing
from sgtrack.model.errors import LedgerUnusable, Refused, reason_of
from sgtrack.model.location import Location, Server
from sgtrack.recovery.held_ledger import HeldLedger, hold_ledger, journal_path
from sgtrack.store.connection import LedgerConnection
from sgtrack.store.opening import reading
from sgtrack.store.sqlite import check_version
from sgtrack.store.sqlite_files import (
    BACKUP_NAME,
    MIGRATION,
    UnsoundCopy,
    backup_files,
    backup_folder,
    connect,
    copy_ledger,
    explain_copy_error,
    find_fault,
    new_backup_path,
    refusal,
    refuse_failed_copy,
)

if TYPE_CHECKING:
    from sgtrack.ledger.transaction import Transaction

DAYS, WEEKS, MONTHS = 7, 5, 12
"""Maximum numbers of days, weeks and months whose newest daily backup is kept."""
_log = logging.getLogger(__name__)


class Reason(StrEnum):
    """The reason why a copy of the ledger was made."""

    DAILY = "daily"
    MIGRATION = MIGRATION
    MANUAL = "manual"
    MERGE = "merge"
    """The ledger before others were merged into it."""
    REPLACED = "replaced"
    """A copy of the ledger that a restored backup replaced."""
    DAMAGED = "damaged"
    """A byte-by-byte copy of a damaged ledger."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of the ledger; ``at`` is the local time when it was made."""

    path: Path
    at: datetime
    reason: Reason

    @property
    def name(self) -> str:
        """The name of the backup on the command line."""
        return self.path.stem


@contextmanager
def writing(ledger: Location | LedgerConnection, *, dry_run: bool = False) -> Iterator[Transaction]:
    """Open a transaction of the ledger; after the day's first transaction, make the daily backup.

    See :func:`sgtrack.ledger.transaction.open_transaction`. After a dry run, and for a PostgreSQL
    ledger, no backup is made.
    """
    from sgtrack.ledger.transaction import open_transaction  # noqa: PLC0415 - loads SQLModel

    with open_transaction(ledger, dry_run=dry_run) as transaction:
        yield transaction
    location = ledger if isinstance(ledger, Path | Server) else ledger.location
    if not dry_run and isinstance(location, Path):
        make_daily_backup(location)


def list_backups(ledger: Path) -> tuple[Backup, ...]:
    """List the backups of a ledger, newest first."""
    backups = []
    for path in backup_files(ledger):
        match = BACKUP_NAME.fullmatch(path.name)
        # Systems differ in the error for a time that their clock cannot express.
        with suppress(ValueError, OverflowError, OSError):
            if match is not None:
                at = datetime.strptime(match[1], "%Y%m%d-%H%M%S").astimezone()
                backups.append(Backup(path, at, Reason(match[2])))
    return tuple(sorted(backups, key=lambda backup: (backup.at, backup.name), reverse=True))


def is_sound(backup: Backup) -> bool:
    """Return whether a backup is undamaged."""
    return backup.reason is not Reason.DAMAGED and not find_fault(backup.path)


def describe_way_back(ledger: Path) -> str:
    """Return advice on how to restore a damaged or missing ledger, with the newest sound backup."""
    try:
        newest = next((backup for backup in list_backups(ledger) if is_sound(backup)), None)
    except OSError as error:
        return (
            f"备份的文件夹 {backup_folder(ledger)} 无法读取（{reason_of(error)}），先检查它的权限"
        )
    if newest is None:
        return "没有可用的备份；先把整个工作文件夹复制一份，再用 sgtrack recover 抢救"
    restore = f"sgtrack restore {newest.name}（{newest.at:%Y-%m-%d %H:%M} 的备份）"
    if is_gone(ledger):
        return f"用 {restore} 恢复"
    return f"用 sgtrack recover 抢救，备份以后的记录也找得回；或用 {restore} 恢复"


def add_way_back(refused: Refused) -> Refused:
    """Return a refusal, with advice on restoring if the ledger is lost or damaged."""
    if not isinstance(refused, LedgerUnusable):
        return refused
    ledger = refused.ledger
    hint = describe_way_back(ledger)
    if is_gone(ledger):
        if not backup_files(ledger):
            hint = (
                f"找一份 {ledger.name} 放回 {ledger.parent}：其他盘上的工作文件夹里、"
                "U 盘上的备份，或合并包里都有"
            )
        hint = f"{hint}；确需从头记录，先把 backups、evidence、briefs 三个文件夹移到别处"
    return Refused(refused.message, hint)


def is_gone(ledger: Path) -> bool:
    """Return whether the ledger file is missing or empty."""
    return not ledger.exists() or not ledger.stat().st_size


def make_backup(ledger: Path, reason: Reason) -> Backup:
    """Copy a consistent state of the ledger to a new backup, and check the backup.

    Other programs may write to the ledger meanwhile.

    Raises:
        OSError, sqlite3.Error: the ledger cannot be copied.
        UnsoundCopy: the copy is damaged, because the ledger is damaged.
    """
    with closing(connect(ledger, make=False)) as source:
        source.execute("PRAGMA query_only = ON")
        return make_backup_from(source, ledger, reason)


def make_backup_from(source: sqlite3.Connection, ledger: Path, reason: Reason) -> Backup:
    """Make a backup like :func:`make_backup`, but over an open connection."""
    path = copy_ledger(source, ledger, reason)
    return Backup(path, clock.now().replace(microsecond=0), reason)


def require_ledger(ledger: Path) -> None:
    """Check that there is a ledger to back up, and upgrade it if its version is older.

    Raises:
        Refused: there is no ledger, or it cannot be read.
    """
    with reading(ledger):
        pass
    if not ledger.exists():
        raise Refused("还没有台账，没有可备份的", "先用 sgtrack log 记一次活动")


def back_up(ledger: Path) -> Backup:
    """Make the backup that the officer asked for.

    Raises:
        Refused: the ledger cannot be copied.
    """
    with refuse_failed_copy(ledger, "备份未完成"):
        return make_backup(ledger, Reason.MANUAL)


def path_for_decrypted(ledger: Path) -> Path:
    """Return a new path for a decrypted backup, and make its folder private to its owner."""
    path = new_backup_path(ledger, Reason.MANUAL)
    make_private_folder(path.parent)
    return path


def make_daily_backup(ledger: Path) -> None:
    """Make today's backup if there is none, and delete the daily backups that need not be kept.

    A failure is only logged, because the officer's entry is already on disk.
    """
    today = clock.today()
    try:
        daily = [backup for backup in list_backups(ledger) if backup.reason is Reason.DAILY]
        if any(backup.at.date() == today for backup in daily):
            return
        newest = make_backup(ledger, Reason.DAILY)
    except (OSError, sqlite3.OperationalError) as error:
        _log.warning(
            "记录已写入，但今天的备份未完成（%s）：检查磁盘空间和 %s",
            explain_copy_error(error),
            backup_folder(ledger),
        )
        return
    except (UnsoundCopy, sqlite3.DatabaseError):
        _log.warning("台账部分损坏，今天的备份未完成：%s", describe_way_back(ledger))
        return
    _delete_old([newest, *daily])


def back_up_before_merge(ledger: Path) -> None:
    """Copy the ledger before others are merged into it, and delete old copies of this kind.

    Raises:
        Refused: the ledger cannot be copied; nothing was merged.
    """
    with refuse_failed_copy(ledger, "没有合并：合并以前要先备份，备份未完成"):
        make_backup(ledger, Reason.MERGE)
    _delete_old([backup for backup in list_backups(ledger) if backup.reason is Reason.MERGE])


def _delete_old(backups: Collection[Backup]) -> None:
    """Delete the backups of days that need not be kept; all must have the same reason."""
    keep = days_to_keep(backup.at.date() for backup in backups)
    for backup in backups:
        if backup.at.date() not in keep:
            with suppress(OSError):
                backup.path.unlink()


def days_to_keep(days: Iterable[date]) -> set[date]:
    """Choose the days whose daily backups are kept.

    These are the last ``DAYS`` days with a backup, and the newest such day of each of the last
    ``WEEKS`` weeks and ``MONTHS`` months. Periods without a backup are not counted, so a long
    holiday deletes no backup. Deleting every day keeps the same backups as deleting once at the
    end.
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
    newest: dict[Hashable, date] = {}
    for day in newest_first:
        newest.setdefault(period(day), day)
    return list(newest.values())[:most]


def find_backup(ledger: Path, typed: str) -> Backup:
    """Find the backup with the typed name, or the only backup whose name starts with it.

    Raises:
        Refused: no backup matches, or several do.
    """
    existing = list_backups(ledger)
    name = Path(typed).name.removesuffix(".db")
    matches = [backup for backup in existing if backup.name == name]
    matches = matches or [backup for backup in existing if name and backup.name.startswith(name)]
    if len(matches) == 1:
        return matches[0]
    if not existing:
        raise Refused("还没有备份", f"备份放在 {backup_folder(ledger)}，每天第一次写入时自动做")
    if matches:
        names = "、".join(backup.name for backup in matches[:5])
        raise Refused(f"“{typed}”可以指 {len(matches)} 份备份：{names}", "多写几位")
    raise Refused(f"没有备份“{typed}”", "用 sgtrack backup list 看全部备份")


def check_backup(backup: Backup) -> None:
    """Check that a backup can replace the ledger.

    Raises:
        Refused: the backup is damaged, is not a ledger, or is newer than this program.
    """
    if not is_sound(backup):
        raise Refused(
            f"备份 {backup.name} 已损坏，不能用于恢复", "用 sgtrack backup list 找一份完好的"
        )
    with closing(connect(backup.path, make=False)) as db:
        check_version(db, backup.path)


def restore(ledger: Path, backup: Backup) -> Backup | None:
    """Replace the ledger by a backup.

    No other program can write from the copying of the old ledger until the new one is written. An
    entry of another program is therefore either in the copy or written after the replacement.

    Returns:
        A backup of the replaced ledger, or None if there was no ledger.

    Raises:
        Refused: the backup is not sound, another program is writing, or writing fails.
    """
    check_backup(backup)
    try:
        with hold_ledger(ledger, make=True) as held:
            replaced = None if held.is_empty else preserve(held)
            held.replace_by(backup.path)
            return replaced
    except OSError as error:
        raise Refused(
            f"没有恢复：{ledger.parent} 无法写入（{reason_of(error)}）", "检查磁盘空间和权限"
        ) from error
    except sqlite3.Error as error:
        raise refusal(ledger, error) from error


def is_damaged(ledger: Path) -> bool:
    """Return whether a ledger file fails the integrity check.

    Raises:
        Refused: another program locks the ledger.
    """
    fault = find_fault(ledger)
    if "locked" in fault:
        raise refusal(ledger, sqlite3.OperationalError(fault))
    return bool(fault)


def preserve(held: HeldLedger) -> Backup:
    """Back up a ledger before it is replaced; copy it byte by byte if it is damaged.

    Raises:
        OSError, sqlite3.Error: the ledger cannot be copied.
    """
    if held.db is not None:
        with suppress(UnsoundCopy):
            return make_backup_from(held.db, held.path, Reason.REPLACED)
    return preserve_damaged(held)


def preserve_damaged(held: HeldLedger) -> Backup:
    """Copy a damaged ledger and its journal byte by byte to the backup folder.

    Raises:
        OSError: a file cannot be copied.
    """
    path = new_backup_path(held.path, Reason.DAMAGED)
    make_private_folder(path.parent)
    with replacing(path) as partial:
        make_private_file(partial)
        held.copy_to(partial)
        with suppress(FileNotFoundError):
            move_into_place(journal_path(partial), journal_path(path))
    return next(backup for backup in list_backups(held.path) if backup.path == path)
