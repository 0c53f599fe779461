"""Temporary folders for copies of a ledger, and locks that one process holds at a time.

The copies contain names, so they lie in the workspace, in a folder that only its owner can open,
and not in the shared temporary folder of the system. The process that uses a temporary folder holds
a lock file beside it. The system frees the lock when the process ends, even if it is killed;
:func:`remove_abandoned` deletes the folders whose lock is free.
"""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sgtrack.files import lift_write_protection, make_private_folder, remove_stale
from sgtrack.locks import acquire, acquire_if_free, release, try_lock
from sgtrack.model.errors import Refused, reason_of

SCRATCH = ".sgtrack-tmp"
"""The name of the folder in a workspace that holds its temporary folders."""
_LOCK = ".lock"
_VIEWED = "viewed"
"""The name of the folder in ``SCRATCH`` for copies that another program shows."""
_VIEWED_SECONDS = 24 * 3600
"""Age in seconds at which these copies are deleted."""
_DISK_FULL = {errno.ENOSPC, errno.EDQUOT}
_DISK_FAULTS = ("disk I/O", "readonly", "unable to open")
"""Words of SQLite's errors for a disk that is broken or read-only."""


@contextmanager
def scratch_folder(root: Path) -> Iterator[Path]:
    """Yield a new temporary folder in the workspace ``root``, and delete it on exit.

    Raises:
        Refused: the folder cannot be created, or the disk of the workspace is full, broken or
            read-only.
    """
    import sqlite3  # noqa: PLC0415 - few commands need a temporary folder

    name = os.urandom(8).hex()
    folder = root / SCRATCH / name
    created = False
    try:
        lock = folder.with_name(f"{name}{_LOCK}")
        descriptor = _acquire(lock)
        try:
            folder.mkdir(0o700)
            created = True
            yield folder
        finally:
            _remove_folder(lock, descriptor)
    except OSError as error:
        if created and error.errno not in _DISK_FULL:
            raise
        raise Refused(
            f"工作文件夹 {root} 无法写入（{reason_of(error)}），没有做成",
            "检查磁盘空间和文件夹的权限，再试一次",
        ) from error
    except sqlite3.OperationalError as error:
        if "full" in str(error):
            raise Refused(
                f"工作文件夹 {root} 所在的磁盘满了，没有做成", "腾出空间，再试一次"
            ) from error
        if not any(words in str(error) for words in _DISK_FAULTS):
            raise
        raise Refused(
            f"工作文件夹 {root} 里的临时文件写不了，磁盘出错或变成了只读的",
            "看看 U 盘是不是拔出了、磁盘有没有坏，再试一次",
        ) from error


@contextmanager
def exclusive_lock(root: Path, name: str) -> Iterator[None]:
    """Hold the lock ``name`` of the workspace ``root``; wait while another process holds it.

    Raises:
        OSError: the lock file cannot be created or locked.
    """
    path = root / SCRATCH / f"{name}{_LOCK}"
    descriptor = _acquire(path)
    try:
        yield
    finally:
        _release(path, descriptor)


def is_locked(root: Path, name: str) -> bool:
    """Return whether a process holds the lock ``name`` of the workspace ``root``."""
    try:
        descriptor = os.open(root / SCRATCH / f"{name}{_LOCK}", os.O_RDWR)
    except OSError:
        return False
    try:
        return not try_lock(descriptor)
    finally:
        os.close(descriptor)


def new_viewing_folder(root: Path) -> Path:
    """Delete the copies for viewing in the workspace ``root``; return a new folder for copies.

    A copy that another program has open on Windows remains until the next call.
    """
    remove_viewed(root)
    make_private_folder(root / SCRATCH / _VIEWED)
    folder = root / SCRATCH / _VIEWED / os.urandom(4).hex()
    make_private_folder(folder)
    return folder


def remove_viewed(root: Path) -> None:
    """Delete the copies that were made in the workspace ``root`` for viewing."""
    folder = root / SCRATCH / _VIEWED
    for file in folder.glob("*/*"):
        lift_write_protection(file)
    shutil.rmtree(folder, ignore_errors=True)


def _is_viewed_stale(root: Path) -> bool:
    try:
        age = time.time() - (root / SCRATCH / _VIEWED).stat().st_mtime
    except OSError:
        return False
    return age > _VIEWED_SECONDS


def remove_abandoned(root: Path) -> None:
    """Delete the temporary folders and files that killed processes left in the workspace ``root``.

    The files are searched for in the workspace and in the folders directly below it. Copies for
    viewing are deleted when they are a day old.
    """
    if _is_viewed_stale(root):
        remove_viewed(root)
    with suppress(OSError):
        for path in list((root / SCRATCH).iterdir()):
            if path.name.endswith(_LOCK):
                with suppress(OSError):
                    _remove_if_abandoned(path)
        (root / SCRATCH).rmdir()
    with suppress(OSError), os.scandir(root) as entries:
        for folder in [root, *(Path(e) for e in entries if e.is_dir(follow_symlinks=False))]:
            remove_stale(folder)


def _remove_if_abandoned(path: Path) -> None:
    """Delete a lock file and its temporary folder if no process holds the lock."""
    descriptor = acquire_if_free(path)
    if descriptor is None:
        return
    _remove_folder(path, descriptor)


def _remove_folder(lock: Path, descriptor: int) -> None:
    """Delete the temporary folder of a lock file, and then the lock file itself.

    If the folder cannot be deleted, the lock file stays without a holder, and the next command
    tries again. This happens on a broken disk, and on Windows while another program has a file in
    the folder open.
    """
    folder = lock.with_suffix("")
    shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        os.close(descriptor)
    else:
        _release(lock, descriptor)


def _acquire(path: Path) -> int:
    """Create and lock a lock file; return its descriptor."""
    while True:
        make_private_folder(path.parent)
        try:
            return acquire(path)
        except FileNotFoundError:  # another process has just removed the empty folder
            continue


def _release(path: Path, descriptor: int) -> None:
    """Delete a lock file and free its lock; delete the folder of the workspace if it is empty."""
    release(path, descriptor)
    with suppress(OSError):
        path.parent.rmdir()
