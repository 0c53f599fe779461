"""The use cases of ``backup``, ``restore`` and ``recover``."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sgtrack.app.context import AppContext
from sgtrack.model.errors import Refused, reason_of
from sgtrack.outputs import check_outputs, writing_output
from sgtrack.privacy.encryption import decrypt_file, encrypt_file, is_encrypted
from sgtrack.privacy.office_encryption import ReadPassword
from sgtrack.recovery import backups, recover
from sgtrack.recovery.backups import (
    Backup,
    check_backup,
    find_backup,
    is_damaged,
    preserve_damaged,
    restore,
)
from sgtrack.recovery.held_ledger import hold_ledger
from sgtrack.recovery.recover import Recovered
from sgtrack.scratch import scratch_folder
from sgtrack.store.sqlite_files import refusal

CHAIN_ENDS = "校验链的末尾"


@dataclass(frozen=True, slots=True)
class CheckedBackup:
    """A backup, its size in bytes, and whether it is undamaged."""

    backup: Backup
    size: int
    is_sound: bool


@dataclass(frozen=True, slots=True)
class RecoveryResult:
    """The result of ``recover``: either corrected roll-ups or a rebuilt ledger.

    ``recomputed`` lists the community and the month of each corrected roll-up. ``original`` is the
    copy of the damaged ledger. Both are None if the officer declined to replace the ledger.
    """

    recomputed: tuple[str, ...] | None = None
    original: Backup | None = None


def back_up_ledger(
    context: AppContext, encrypted: Path | None, read_passphrase: Callable[[], str]
) -> Backup:
    """Back up the ledger.

    If ``encrypted`` is a path, also write an encrypted copy of the backup there.

    Raises:
        Refused: there is no ledger, or the backup or the encrypted copy cannot be written.
    """
    ledger = context.workspace.ledger_file
    backups.require_ledger(ledger)
    check_outputs(context.workspace, [encrypted] if encrypted is not None else [])
    passphrase = read_passphrase() if encrypted is not None else ""
    backup = backups.back_up(ledger)
    if encrypted is not None:
        with backup.path.open("rb") as content:
            write = partial(writing_output, context.workspace)
            encrypt_file(content, encrypted, passphrase, write)
    return backup


def check_backups(context: AppContext) -> tuple[CheckedBackup, ...]:
    """Check all backups of the ledger, and return them with the newest first."""
    return tuple(
        CheckedBackup(backup, backup.path.stat().st_size, backups.is_sound(backup))
        for backup in backups.list_backups(context.workspace.ledger_file)
    )


def choose_backup(context: AppContext, typed: str, read_password: ReadPassword) -> Backup:
    """Find and check the backup to restore.

    ``typed`` is a backup's name, the beginning of the name, or the path of an encrypted backup. An
    encrypted backup is decrypted into the backups folder.

    Raises:
        Refused: there is no such backup, or it cannot be decrypted or restored.
    """
    ledger = context.workspace.ledger_file
    if not is_encrypted(Path(typed)):
        backup = find_backup(ledger, typed)
        check_backup(backup)
        return backup
    target = backups.path_for_decrypted(ledger)
    decrypt_file(Path(typed), target, read_password(Path(typed).name))
    (backup,) = (b for b in backups.list_backups(ledger) if b.path == target)
    try:
        check_backup(backup)
    except Refused:
        target.unlink()
        raise
    return backup


def restore_ledger(context: AppContext, backup: Backup) -> Backup | None:
    """Replace the ledger with a backup.

    Returns:
        A backup of the replaced ledger, or None if there was no ledger.

    Raises:
        Refused: the backup is damaged, another program is writing, or writing fails.
    """
    return restore(context.workspace.ledger_file, backup)


def recover_ledger(context: AppContext, confirm: Callable[[Recovered], bool]) -> RecoveryResult:
    """Rebuild a damaged ledger from its readable records; in an intact ledger correct the roll-ups.

    ``confirm`` shows what was recovered, and returns whether to replace the damaged ledger. It is
    called again if another program wrote to the ledger before it returned.

    Raises:
        Refused: the ledger is missing or unreadable, it has no fault, or writing fails.
    """
    while (result := _try_to_recover(context, confirm)) is None:
        pass
    return result


def _try_to_recover(
    context: AppContext, confirm: Callable[[Recovered], bool]
) -> RecoveryResult | None:
    """Recover the ledger like :func:`recover_ledger`; return None if it changed meanwhile."""
    if context.workspace.server is not None and (recomputed := _recompute(context)) is not None:
        return RecoveryResult(recomputed)
    ledger = context.workspace.ledger_file
    if backups.is_gone(ledger):
        raise Refused("台账缺失，没有可抢救的", "用 sgtrack backup list 找一份备份，再 restore")
    if not is_damaged(ledger) and not recover.is_altered(ledger):
        if (recomputed := _recompute(context)) is not None:
            return RecoveryResult(recomputed)
        raise Refused("台账没有损坏，不用抢救", "要回到以前的样子用 sgtrack restore 备份")
    try:
        with scratch_folder(context.workspace.root) as scratch:
            with hold_ledger(ledger) as held:
                held.copy_to(scratch / "damaged.db")
                digest = held.compute_digest()
            rebuilt, recovered = recover.recover(ledger, scratch / "damaged.db")
            # Nothing is locked during the question, so other programs may write meanwhile.
            if not confirm(recovered):
                return RecoveryResult()
            with hold_ledger(ledger) as held:
                if held.compute_digest() != digest:
                    return None
                original = preserve_damaged(held)
                try:
                    held.replace_by(rebuilt)
                except sqlite3.Error as error:
                    raise refusal(ledger, error) from error
    except OSError as error:
        raise Refused(
            f"抢救未完成（{reason_of(error)}）", "检查磁盘空间；损坏的台账还在原处，没有改动"
        ) from error
    except sqlite3.Error as error:
        raise refusal(ledger, error) from error
    return RecoveryResult(original=original)


def _recompute(context: AppContext) -> tuple[str, ...] | None:
    """Correct wrong roll-ups and lost ends of the chain; return None if all were right.

    Otherwise return the communities and months of the roll-ups, and ``CHAIN_ENDS`` at the end.
    """
    heads = recover.repair_heads(context.workspace.ledger)
    wrong = recover.repair_rollups(context.workspace.ledger)
    if not wrong and not heads:
        return None
    with context.snapshot() as snapshot:
        months = snapshot.mask(tuple(f"{community} {month}" for community, month in wrong if month))
    return (*months, CHAIN_ENDS) if heads else months
