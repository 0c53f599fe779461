"""Replaces the ledger by a backup, and keeps the replaced ledger as a backup."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from sgtrack.files import replacing, sync_folder
from sgtrack.model.errors import Refused, reason_of
from sgtrack.recovery import backups
from sgtrack.recovery.backups import Backup, Reason
from sgtrack.store import sqlite_files
from sgtrack.store.sqlite import check_version
from sgtrack.store.sqlite_files import UnsoundCopy, connect, refusal


def find_backup(ledger: Path, typed: str) -> Backup:
    """Find the backup with this name, or the only one whose name begins with it.

    Raises:
        Refused: there is none, or several.
    """
    known = backups.list_backups(ledger)
    wanted = Path(typed).name.removesuffix(".db")
    found = [one for one in known if one.name == wanted]
    found = found or [one for one in known if wanted and one.name.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if not known:
        raise Refused(
            "还没有备份", f"备份放在 {sqlite_files.backup_folder(ledger)}，每天第一次写入时自动做"
        )
    if found:
        raise Refused(
            f"“{typed}”可以指 {len(found)} 份备份：{'、'.join(one.name for one in found[:5])}",
            "多写几位",
        )
    raise Refused(f"没有备份“{typed}”", "用 sgtrack backup list 看全部备份")


def check_backup(backup: Backup) -> None:
    """Check that a backup can replace the ledger.

    Raises:
        Refused: it is damaged, no ledger, or newer than this program.
    """
    if not backups.is_sound(backup):
        raise Refused(
            f"备份 {backup.name} 是坏的，不能用来恢复", "用 sgtrack backup list 找一份完好的"
        )
    with closing(connect(backup.path, make=False)) as db:
        check_version(db, backup.path)


def restore(ledger: Path, backup: Backup) -> Backup | None:
    """Replace the ledger by a backup.

    Returns:
        The replaced ledger as a backup; None where there was no ledger.

    Raises:
        Refused: the backup is not sound, another program is writing, or there is no room.
    """
    check_backup(backup)
    try:
        if backups.is_gone(ledger):
            put_in_place(ledger, backup.path)
            return None
        if is_damaged(ledger):
            replaced = preserve_damaged(ledger)
            put_in_place(ledger, backup.path)
            return replaced
        return _exchange(ledger, backup)
    except OSError as error:
        raise Refused(
            f"没有恢复：{ledger.parent} 写不进去（{reason_of(error)}）", "检查磁盘空间和权限"
        ) from error
    except sqlite3.Error as error:
        raise refusal(ledger, error) from error


def is_damaged(ledger: Path) -> bool:
    """Whether some of a ledger cannot be read.

    Raises:
        Refused: another program locks the ledger.
    """
    fault = sqlite_files.find_fault(ledger)
    if "locked" in fault:
        raise refusal(ledger, sqlite3.OperationalError(fault))
    return bool(fault)


def _exchange(ledger: Path, backup: Backup) -> Backup:
    """Overwrite a sound ledger by the backup interface of SQLite.

    The exclusive lock is held from copying the old state until the new one is written, so that an
    entry of another program is either in the copy or comes after the backup.
    """
    with (
        closing(connect(ledger, make=False)) as target,
        closing(connect(backup.path, make=False)) as source,
    ):
        target.execute("PRAGMA locking_mode = EXCLUSIVE")
        target.execute("BEGIN EXCLUSIVE")
        target.execute("COMMIT")
        try:
            replaced = backups.make_backup_from(target, ledger, Reason.REPLACED)
        except UnsoundCopy:
            raise Refused("没有恢复：现在的台账留不了底", "检查磁盘，再试一次") from None
        source.backup(target)
    return replaced


def preserve_damaged(ledger: Path) -> Backup:
    """Copy a damaged ledger and its journal byte by byte to the backups.

    Raises:
        OSError: it cannot be copied.
    """
    path = sqlite_files.new_backup_path(ledger, Reason.DAMAGED)
    for old, new in ((journal_path(ledger), journal_path(path)), (ledger, path)):
        if old.exists():
            with replacing(new) as partial:
                shutil.copyfile(old, partial)
    return next(one for one in backups.list_backups(ledger) if one.path == path)


def put_in_place(ledger: Path, content: Path) -> None:
    """Replace a missing or damaged ledger by a file.

    Raises:
        OSError: it cannot be written; the ledger is as it was.
    """
    with replacing(ledger) as partial:
        shutil.copyfile(content, partial)
        # SQLite would apply the journal of the old file to the new one.
        with suppress(FileNotFoundError):
            journal_path(ledger).unlink()
            sync_folder(ledger.parent)


def journal_path(ledger: Path) -> Path:
    """The path of the rollback journal that SQLite writes beside a database."""
    return ledger.with_name(f"{ledger.name}-journal")
