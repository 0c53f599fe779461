"""Lock files: at most one process holds a lock file, and the system frees it when the process ends.

The system frees it even if the process is killed. Therefore, if a lock file exists and no process
holds it, a killed process left it.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from contextlib import suppress
from pathlib import Path

_BUSY = {errno.EACCES, errno.EAGAIN, errno.EDEADLK, 0}
"""Error numbers for a lock that another process holds; Wine reports 0."""
_RETRY_SECONDS = 0.05
_MOST_DENIALS = 40
"""Number of refusals in a row after which the user is assumed to lack the right to the file."""


def acquire(path: Path) -> int:
    """Create a lock file, wait until no other process holds it, and return its descriptor.

    Raises:
        OSError: the lock file cannot be created or locked.
    """
    denials = 0
    while True:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except PermissionError:  # On Windows, another process may be deleting the file.
            denials += 1
            if os.name != "nt" or denials > _MOST_DENIALS:
                raise
            time.sleep(_RETRY_SECONDS)
            continue
        try:
            while not try_lock(descriptor):
                time.sleep(_RETRY_SECONDS)
            if _is_current(path, descriptor):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def acquire_if_free(path: Path) -> int | None:
    """Lock an existing lock file and return its descriptor.

    Return None if a process holds it, or its last holder has just deleted it.

    Raises:
        OSError: the lock file cannot be opened or locked.
    """
    descriptor = os.open(path, os.O_RDWR)
    locked = False
    try:
        locked = try_lock(descriptor) and _is_current(path, descriptor)
    finally:
        if not locked:
            os.close(descriptor)
    return descriptor if locked else None


def release(path: Path, descriptor: int) -> None:
    """Delete a lock file and free its lock."""
    if os.name == "nt":
        os.close(descriptor)
    # The file is deleted first. After the lock is freed, another process could hold it.
    with suppress(OSError):
        path.unlink()
    if os.name != "nt":
        os.close(descriptor)


def try_lock(descriptor: int) -> bool:
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


def _is_current(path: Path, descriptor: int) -> bool:
    """Return whether a locked file still has its name; the last holder may have deleted it."""
    try:
        # Windows cannot delete an open file.
        return os.name == "nt" or os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
