"""Puts a backup in the ledger's place, and keeps what it replaces."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from sgtrack.files import replacing, sync_folder
from sgtrack.model.errors import Refused, reason_of
from sgtrack.recovery import backups
from sgtrack.recovery.backups import Backup, Reason
from sgtrack.store import ledger_copies
from sgtrack.store.ledger_copies import Unsound
from sgtrack.store.sqlite import check_version
from sgtrack.store.sqlite_connection import connect, refusal


def find_backup(ledger: Path, typed: str) -> Backup:
    """The backup with this name; the end of the name may be left out.

    Raises:
        Refused: there is none, or several.
    """
    known = backups.listed(ledger)
    wanted = Path(typed).name.removesuffix(".db")
    found = [one for one in known if one.name == wanted]
    found = found or [one for one in known if wanted and one.name.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if not known:
        raise Refused(
            "还没有备份", f"备份放在 {ledger_copies.folder_of(ledger)}，每天第一次写入时自动做"
        )
    if found:
        raise Refused(
            f"“{typed}”可以指 {len(found)} 份备份：{'、'.join(one.name for one in found[:5])}",
            "多写几位",
        )
    raise Refused(f"没有备份“{typed}”", "用 sgtrack backup list 看全部备份")


def check_backup(backup: Backup) -> None:
    """See whether a backup can take the ledger's place.

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
    """Put a backup in the ledger's place.

    Returns:
        What was replaced, as a backup of its own; None where there was no ledger.

    Raises:
        Refused: the backup is not sound, another program is writing, or there is no room.
    """
    check_backup(backup)
    try:
        if backups.is_gone(ledger):
            place(ledger, backup.path)
            return None
        if is_damaged(ledger):
            replaced = keep_damaged(ledger)
            place(ledger, backup.path)
            return replaced
        return _exchange(ledger, backup)
    except OSError as error:
        raise Refused(
            f"没有恢复：{ledger.parent} 写不进去（{reason_of(error)}）", "检查磁盘空间和权限"
        ) from error
    except sqlite3.Error as error:
        raise refusal(ledger, error) from error


def is_damaged(ledger: Path) -> bool:
    """Whether a ledger cannot be read whole.

    Raises:
        Refused: another program does not let go of it, so that it cannot be told.
    """
    fault = ledger_copies.fault_of(ledger)
    if "locked" in fault:
        raise refusal(ledger, sqlite3.OperationalError(fault))
    return bool(fault)


def _exchange(ledger: Path, backup: Backup) -> Backup:
    """Overwrite a sound ledger in one transaction of SQLite's own.

    The exclusive lock is held from before the old state is kept until the new one is in place, so
    that what another window enters is in the one or comes after the other.
    """
    with (
        closing(connect(ledger, make=False)) as target,
        closing(connect(backup.path, make=False)) as source,
    ):
        target.execute("PRAGMA locking_mode = EXCLUSIVE")
        target.execute("BEGIN EXCLUSIVE")
        target.execute("COMMIT")
        try:
            replaced = backups.make_from(target, ledger, Reason.REPLACED)
        except Unsound:
            raise Refused("没有恢复：现在的台账留不了底", "检查磁盘，再试一次") from None
        source.backup(target)
    return replaced


def keep_damaged(ledger: Path) -> Backup:
    """Keep a damaged ledger byte by byte, with the journal that may belong to it.

    Raises:
        OSError: it cannot be kept.
    """
    path = ledger_copies.new_path(ledger, Reason.DAMAGED)
    for old, new in ((journal_of(ledger), journal_of(path)), (ledger, path)):
        if old.exists():
            with replacing(new) as partial:
                shutil.copyfile(old, partial)
    return next(one for one in backups.listed(ledger) if one.path == path)


def place(ledger: Path, content: Path) -> None:
    """Put a file in the place of a ledger that is gone or damaged.

    Raises:
        OSError: it cannot be written; the ledger is as it was.
    """
    with replacing(ledger) as partial:
        shutil.copyfile(content, partial)
        # A journal of the old file would be undone into the new one.
        with suppress(FileNotFoundError):
            journal_of(ledger).unlink()
            sync_folder(ledger.parent)


def journal_of(ledger: Path) -> Path:
    """The rollback journal that SQLite writes beside a database."""
    return ledger.with_name(f"{ledger.name}-journal")
