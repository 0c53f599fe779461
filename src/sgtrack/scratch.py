"""Temporary folders for copies of a ledger, and locks that one process holds at a time.

The copies contain names, so they lie in the workspace, in a folder that only its owner can open,
and not in the shared temporary folder of the system. The process that uses a temporary folder holds
a lock file beside it. The system frees the lock when the process ends, even if it is killed;
:func:`remove_abandoned` deletes the folders whose lock is free.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sgtrack.files import make_private_folder
from sgtrack.model.errors import Refused, reason_of

SCRATCH = ".sgtrack-tmp"
"""The name of the folder in a workspace that holds its temporary folders."""
_LOCK = ".lock"
_BUSY = {errno.EACCES, errno.EAGAIN, errno.EDEADLK, 0}
"""Error numbers for a lock that another process holds; Wine reports 0."""
_RETRY_SECONDS = 0.05
_DISK_FULL = {errno.ENOSPC, errno.EDQUOT}


@contextmanager
def scratch_folder(root: Path) -> Iterator[Path]:
    """Yield a new temporary folder in the workspace ``root``, and delete it on exit.

    Raises:
        Refused: the folder cannot be created, or the disk of the workspace is full.
    """
    import sqlite3  # noqa: PLC0415 - few commands need a temporary folder

    name = secrets.token_hex(8)
    folder = root / SCRATCH / name
    created = False
    try:
        with exclusive_lock(root, name):
            try:
                folder.mkdir(0o700)
                created = True
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        if created and error.errno not in _DISK_FULL:
            raise
        raise Refused(
            f"工作文件夹 {root} 写不进去（{reason_of(error)}），没有做成",
            "检查磁盘空间和文件夹的权限，再试一次",
        ) from error
    except sqlite3.OperationalError as error:
        if "full" not in str(error):
            raise
        raise Refused(
            f"工作文件夹 {root} 所在的磁盘满了，没有做成", "腾出空间，再试一次"
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
        return not _try_lock(descriptor)
    finally:
        os.close(descriptor)


def remove_abandoned(root: Path) -> None:
    """Delete the temporary folders that killed processes left in the workspace ``root``."""
    try:
        paths = list((root / SCRATCH).iterdir())
    except OSError:
        return
    for path in paths:
        if path.name.endswith(_LOCK):
            with suppress(OSError):
                _remove_if_abandoned(path)


def _remove_if_abandoned(path: Path) -> None:
    """Delete a lock file and its temporary folder if no process holds the lock."""
    descriptor = os.open(path, os.O_RDWR)
    locked = False
    try:
        locked = _try_lock(descriptor)
    finally:
        if not locked:
            os.close(descriptor)
    if not locked:
        return
    folder = path.with_suffix("")
    shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():  # Windows: another program has a file in it open
        os.close(descriptor)
    else:
        _release(path, descriptor)


def _acquire(path: Path) -> int:
    """Create and lock a lock file; return its descriptor."""
    while True:
        make_private_folder(path.parent)
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except FileNotFoundError:  # another process has just removed the empty folder
            continue
        except PermissionError:  # Windows: another process is just deleting the file
            if os.name != "nt":
                raise
            time.sleep(_RETRY_SECONDS)
            continue
        try:
            while not _try_lock(descriptor):
                time.sleep(_RETRY_SECONDS)
            if _is_current(path, descriptor):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _is_current(path: Path, descriptor: int) -> bool:
    """Return whether a locked file still has its name; the last holder may have deleted it."""
    try:
        # Windows deletes no open file.
        return os.name == "nt" or os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _release(path: Path, descriptor: int) -> None:
    """Delete a lock file and free its lock; delete the folder of the workspace if it is empty."""
    if os.name == "nt":
        os.close(descriptor)
    # Deleted before it is freed: afterwards another process could hold the lock on this file.
    with suppress(OSError):
        path.unlink()
    if os.name != "nt":
        os.close(descriptor)
    with suppress(OSError):
        path.parent.rmdir()


def _try_lock(descriptor: int) -> bool:
    """Lock an open file; return False if another process holds its lock."""
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - exists on Windows only

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - does not exist on Windows

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _BUSY:
            return False
        raise
    return True
