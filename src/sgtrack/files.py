"""Writes files so that each is there whole or not at all, also after a power cut.

Everything the program writes beside its ledger goes through here: the content goes to a new file
next to the final one, is pushed to the disk, takes the final name, and the name is pushed as well.
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
"""How old an unfinished file must be to be nobody's any more."""
_NOT_OFFERED = {errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES}


OTHERS = stat.S_IRWXG | stat.S_IRWXO
"""The rights of everybody but the owner."""


def tighten(path: Path) -> None:
    """Take a file or folder away from everybody but its owner, where the system knows owners."""
    if os.name != "posix":
        return
    with suppress(OSError):  # another user's, or on a disk without rights: ``check`` says so
        mode = path.stat().st_mode
        if mode & OTHERS:
            path.chmod(mode & ~OTHERS)


def make_private_file(path: Path) -> None:
    """Make an empty file that only its owner can read, whatever the umask; one there is kept."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def make_private_folder(folder: Path) -> None:
    """Make a folder that only its owner can enter; one that is there already is tightened."""
    make_folder(folder, 0o700)
    tighten(folder)


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Make a folder and those above it, so that their names outlast a power cut."""
    missing = []
    above = folder
    while not above.exists():
        missing.append(above)
        above = above.parent
    folder.mkdir(mode, parents=True, exist_ok=True)
    for made in missing:
        sync_folder(made.parent)


def sync_folder(folder: Path) -> None:
    """Push the names in a folder to the disk, where the file system lets a folder be pushed."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NOT_OFFERED:
            raise
    finally:
        os.close(descriptor)


@contextmanager
def partial_in(folder: Path) -> Iterator[Path]:
    """A name in a folder for a file that is not whole yet; nothing of it is left afterwards.

    What a killed program left behind is removed a day later.
    """
    make_folder(folder)
    _tidy(folder)
    # Without the final name in it, which may be as long as the system allows already.
    partial = folder / f"{_MARK}{secrets.token_hex(8)}.partial"
    try:
        yield partial
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def settle(partial: Path, path: Path) -> None:
    """Give a whole file its final name; content and name are on disk when this returns."""
    with partial.open("rb+") as written:
        os.fsync(written.fileno())
    os.replace(partial, path)  # noqa: PTH105
    sync_folder(path.parent)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A file to write to, which takes the place of ``path`` when this ends without an error."""
    with partial_in(path.parent) as partial:
        yield partial
        settle(partial, path)


def write_whole(files: Mapping[Path, bytes]) -> None:
    """Write files; none takes its place before all of them are written.

    Raises:
        OSError: one cannot be written; its ``filename`` is the final name.
    """
    path = Path()
    try:
        with ExitStack() as all_of_them:
            for path, content in files.items():
                if path.is_dir():
                    raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
                if path.exists():
                    path.open("ab").close()
                all_of_them.enter_context(replacing(path)).write_bytes(content)
    except OSError as error:
        named = error.filename2 or str(path)
        raise OSError(error.errno, error.strerror, named) from error


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
    """Write files, each whole or not at all, and none where one cannot be prepared.

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


def _tidy(folder: Path) -> None:
    for left in folder.glob(_PARTIAL):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                left.unlink()
