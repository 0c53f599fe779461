"""Writes files whole or not at all, even if the power fails.

The content goes to a temporary file beside the final one and is flushed to the disk. The file then
takes its final name, and the folder is flushed too. Everything but the ledger is written this way.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from sgtrack.model.errors import Refused, reason_of

_MARK = ".sgtrack-"
_PARTIAL = f"{_MARK}*.partial*"
_STALE_SECONDS = 24 * 3600
"""Age at which a temporary file counts as abandoned."""
_NO_FOLDER_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES}
OTHERS = stat.S_IRWXG | stat.S_IRWXO
"""The permissions of all users but the owner."""


def restrict_to_owner(path: Path) -> None:
    """Remove the permissions of other users on a file or folder, if the system has owners."""
    if os.name != "posix":
        return
    with suppress(OSError):  # of another user: ``check`` reports it
        mode = path.stat().st_mode
        if mode & OTHERS:
            path.chmod(mode & ~OTHERS)


def make_private_file(path: Path) -> None:
    """Make an empty file that only its owner can read, whatever the umask; keep an existing one."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def make_private_folder(folder: Path) -> None:
    """Make a folder that only its owner can enter, or restrict an existing one."""
    make_folder(folder, 0o700)
    restrict_to_owner(folder)


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Make a folder and its missing parents, and flush their names to the disk."""
    missing = []
    parent = folder
    while not parent.exists():
        missing.append(parent)
        parent = parent.parent
    folder.mkdir(mode, parents=True, exist_ok=True)
    for new_folder in missing:
        sync_folder(new_folder.parent)


def sync_folder(folder: Path) -> None:
    """Flush the names in a folder to the disk, if the file system supports it."""
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
    """Give the path of a temporary file in a folder, and remove the file at the end.

    Files that a killed program left are removed a day later.
    """
    make_folder(folder)
    _remove_stale(folder)
    # The final name is no part of it, because that may be as long as the system allows.
    partial = folder / f"{_MARK}{secrets.token_hex(8)}.partial"
    try:
        yield partial
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def move_into_place(partial: Path, path: Path) -> None:
    """Give a finished file its final name; both are on the disk when this returns."""
    with partial.open("rb+") as written:
        os.fsync(written.fileno())
    os.replace(partial, path)  # noqa: PTH105
    sync_folder(path.parent)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary file, which replaces ``path`` at the end unless an error is raised."""
    with temporary_file_in(path.parent) as partial:
        yield partial
        move_into_place(partial, path)


def write_whole(files: Mapping[Path, bytes]) -> None:
    """Write files; give none its final name before all are written.

    Raises:
        OSError: one cannot be written; its ``filename`` is the final name.
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
    except OSError as error:
        raise OSError(error.errno, error.strerror, error.filename2 or str(path)) from error


def check_writable(paths: Iterable[Path]) -> None:
    """Check beforehand, as far as possible, that files can be written; change nothing.

    Raises:
        Refused: one cannot be written, as when Word has it open.
    """
    for path in paths:
        try:
            if path.is_dir():
                raise IsADirectoryError("这是一个文件夹")
            if path.exists():
                path.open("ab").close()
        except OSError as error:
            raise _unwritable(path, error) from error


def write_documents(files: Mapping[Path, bytes]) -> None:
    """Write several files, each whole or not at all; write none if one is not writable.

    Raises:
        Refused: one cannot be written, as when Word has it open.
    """
    check_writable(files)
    try:
        write_whole(files)
    except OSError as error:
        raise _unwritable(Path(error.filename or ""), error) from error


def _unwritable(path: Path, error: OSError) -> Refused:
    return Refused(f"{path} 写不进去（{reason_of(error)}）", "如果正用 Word 打开着，先关掉再试")


def _remove_stale(folder: Path) -> None:
    for partial in folder.glob(_PARTIAL):
        with suppress(OSError):
            if time.time() - partial.stat().st_mtime > _STALE_SECONDS:
                partial.unlink()
