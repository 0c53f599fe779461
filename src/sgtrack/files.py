"""Atomic file writing: a file is written completely or not at all, even if the power fails.

The content is written to a temporary file in the same folder and flushed to the disk. Then the
temporary file is renamed, and the folder is flushed. Only the ledger is written in another way.
"""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from hashlib import file_digest
from pathlib import Path

from sgtrack import locks
from sgtrack.model.errors import Refused, reason_of
from sgtrack.model.file_names import refuse_unportable

_MARK = ".sgtrack-"
_PARTIAL = ".partial"
_LOCK = ".lock"
_STALE_SECONDS = 600
"""Time in seconds without a write after which a temporary file without a lock is abandoned."""
_NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL}
"""Error numbers of file systems that do not support locks."""
_NO_FOLDER_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES}
OTHERS = stat.S_IRWXG | stat.S_IRWXO
"""Permission bits of all users except the owner."""


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file's content in hexadecimal."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def lift_write_protection(path: Path) -> None:
    """Allow a file to be removed and replaced: Windows refuses both for a read-only file."""
    if os.name == "nt":
        with suppress(FileNotFoundError):
            path.chmod(stat.S_IREAD | stat.S_IWRITE)


def restrict_to_owner(path: Path) -> None:
    """Remove other users' permissions on a file or folder; do nothing on Windows."""
    if os.name != "posix":
        return
    with suppress(OSError):  # the owner may be another user, which ``check`` reports
        mode = path.stat().st_mode
        if mode & OTHERS:
            path.chmod(mode & ~OTHERS)


def make_private_file(path: Path) -> None:
    """Create an empty file that only its owner can read; leave an existing file unchanged."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def make_private_folder(folder: Path) -> None:
    """Create a folder, if it is missing, and remove other users' permissions on it."""
    make_folder(folder, 0o700)
    restrict_to_owner(folder)


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Create a folder and its missing parents, and flush their names to the disk.

    Raises:
        Refused: Windows does not allow one of the names.
    """
    missing = []
    parent = folder
    # On Windows, the drive itself may be missing.
    while not parent.exists() and parent != parent.parent:
        refuse_unportable(parent)
        missing.append(parent)
        parent = parent.parent
    folder.mkdir(mode, parents=True, exist_ok=True)
    for new_folder in missing:
        sync_folder(new_folder.parent)


def sync_folder(folder: Path) -> None:
    """Flush the file names in a folder to the disk, if the file system supports it."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(descriptor)


@contextmanager
def temporary_file_in(folder: Path) -> Iterator[Path]:
    """Yield an unused path in a folder for a temporary file, and delete that file on exit.

    A lock file beside it tells other programs that this one is still running. First delete
    temporary files that interrupted programs left there.
    """
    make_folder(folder)
    remove_stale(folder)
    # A name built from the final name could exceed the longest name the system allows.
    partial = folder / f"{_MARK}{os.urandom(8).hex()}{_PARTIAL}"
    with _locked(partial.with_name(partial.name + _LOCK)):
        try:
            yield partial
        finally:
            with suppress(OSError):
                partial.unlink(missing_ok=True)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock file; do nothing on a file system that does not support locks."""
    descriptor = None
    try:
        descriptor = locks.acquire(path)
    except OSError as error:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        if error.errno not in _NO_LOCKS:
            raise
    try:
        yield
    finally:
        if descriptor is not None:
            locks.release(path, descriptor)


def move_into_place(partial: Path, path: Path) -> None:
    """Flush a finished file to the disk, and rename it to its final path."""
    with partial.open("rb+") as written:
        os.fsync(written.fileno())
    os.replace(partial, path)  # noqa: PTH105
    sync_folder(path.parent)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path; on exit without an error, rename the file there to ``path``.

    Raises:
        Refused: Windows does not allow the name.
    """
    refuse_unportable(path)
    with temporary_file_in(path.parent) as partial:
        yield partial
        move_into_place(partial, path)


def write_whole(
    files: Mapping[Path, bytes], *, before_renaming: Callable[[], None] = lambda: None
) -> None:
    """Write several files; rename them to their final paths only after all are written.

    ``before_renaming`` is called in between.

    Raises:
        OSError: a file cannot be written; the error's ``filename`` is the final path.
    """
    path = Path()
    try:
        with ExitStack() as stack:
            for path, content in files.items():
                if path.is_dir():
                    raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
                if path.exists():
                    path.open("ab").close()
                stack.enter_context(replacing(path)).write_bytes(content)
            before_renaming()
    except OSError as error:
        raise OSError(error.errno, error.strerror, error.filename2 or str(path)) from error


def check_writable(paths: Iterable[Path]) -> None:
    """Check that files can be written, without changing them.

    Raises:
        Refused: a file cannot be written, for example because Word has it open, or Windows does
            not allow its name.
    """
    for path in paths:
        try:
            if path.is_dir():
                raise IsADirectoryError("这是一个文件夹")
            refuse_unportable(path)
            if path.exists():
                path.open("ab").close()
        except OSError as error:
            raise unwritable(path, error) from error


def write_documents(
    files: Mapping[Path, bytes], *, before_renaming: Callable[[], None] = lambda: None
) -> None:
    """Write files as :func:`write_whole` does; write none if :func:`check_writable` refuses one.

    Raises:
        Refused: a file cannot be written, for example because Word has it open.
    """
    check_writable(files)
    try:
        write_whole(files, before_renaming=before_renaming)
    except OSError as error:
        raise unwritable(Path(error.filename or ""), error) from error


def unwritable(path: Path, error: OSError) -> Refused:
    """Return the refusal for a file that cannot be written."""
    return Refused(
        f"{path} 无法写入（{reason_of(error)}）",
        "检查磁盘空间和文件夹的权限；正用 Word、Excel 打开着就先关掉，再试一次",
    )


def remove_stale(folder: Path) -> None:
    """Delete temporary files in a folder that belong to no running program.

    These are files whose lock is free, and files without a lock that are ten minutes old.
    """
    names: set[str] = set()
    with suppress(OSError):
        names = {path.name for path in folder.iterdir() if path.name.startswith(_MARK)}
    for name in sorted(names):
        path = folder / name
        with suppress(OSError):
            if name.endswith(_LOCK):
                _remove_if_abandoned(path, names)
            elif (
                name.partition(_PARTIAL)[0] + _PARTIAL + _LOCK not in names
                and time.time() - path.stat().st_mtime > _STALE_SECONDS
            ):
                path.unlink()


def _remove_if_abandoned(lock: Path, names: Iterable[str]) -> None:
    """Delete a lock file and those of ``names`` that belong to it, unless a process holds it."""
    descriptor = locks.acquire_if_free(lock)
    if descriptor is None:
        return
    for name in names:
        if name.startswith(lock.name.removesuffix(_LOCK)) and name != lock.name:
            with suppress(OSError):
                lock.with_name(name).unlink()
    locks.release(lock, descriptor)
