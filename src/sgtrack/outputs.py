"""Writes the documents that commands produce, and never replaces a file of the officer.

A file may be replaced only if sgtrack itself wrote exactly this content. The workspace keeps the
SHA-256 and the size of everything that was written. A document that the officer edited, filled in
or saved anew has another content, so it stays.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from glob import escape
from hashlib import sha256
from pathlib import Path

from sgtrack.files import (
    check_writable,
    hash_file,
    move_into_place,
    temporary_file_in,
    write_documents,
    write_whole,
)
from sgtrack.model.errors import Refused, reason_of
from sgtrack.model.file_names import refuse_unportable
from sgtrack.scratch import SCRATCH
from sgtrack.workspace import SETTINGS, Workspace

RECORD = "outputs.sha256"
"""The file in the workspace that lists the SHA-256 and the size in bytes of each output."""
OWN_FOLDERS = frozenset({"targets", "templates", "evidence", "backups", SCRATCH})
OWN_FILES = frozenset(
    {
        *("ledger.db", "ledger.db-journal", "ledger.db-wal", "ledger.db-shm"),
        *("forget.key", SETTINGS, "headings.json", RECORD),
    }
)
"""Names in the workspace that no output may have, in lower case."""
_MOST_RECORDED = 10_000
_Content = tuple[str, int]
"""The SHA-256 of a content in hexadecimal, and its size in bytes."""


def write_outputs(
    workspace: Workspace,
    files: Mapping[Path, bytes],
    *,
    are_targets: bool = False,
    replaced: Collection[str] = (),
) -> None:
    """Write several documents, each atomically, after checking all of them.

    A document whose SHA-256 is in ``replaced`` belongs to the officer, and is not recorded as
    written by sgtrack.

    Raises:
        Refused: a document cannot be written (see :func:`check_outputs`).
    """
    check_outputs(workspace, files, are_targets=are_targets, replaced=replaced)
    contents = [(sha256(content).hexdigest(), len(content)) for content in files.values()]
    own = [content for content in contents if content[0] not in replaced]
    write_documents(files, before_renaming=lambda: _record(workspace, own))


@contextmanager
def writing_output(workspace: Workspace, path: Path) -> Iterator[Path]:
    """Yield a temporary path; on exit without an error, rename the file there to ``path``.

    Raises:
        Refused: the document cannot be written (see :func:`check_outputs`).
        OSError: the document cannot be renamed.
    """
    check_outputs(workspace, (path,))
    with temporary_file_in(path.parent) as partial:
        yield partial
        # Writing may take minutes, in which another program can save a file under this name.
        check_outputs(workspace, (path,))
        _record(workspace, [_read_content(partial)])
        move_into_place(partial, path)


def check_outputs(
    workspace: Workspace,
    paths: Iterable[Path],
    *,
    are_targets: bool = False,
    replaced: Collection[str] = (),
) -> None:
    """Check that documents may be written to ``paths``, without changing anything.

    ``are_targets`` says that the documents are new target files, which may lie in the folder of
    target files and never replace a file. ``replaced`` are the SHA-256 digests of the officer's
    files that a document may replace.

    Raises:
        Refused: a path is a file that sgtrack did not write, a link or a part of the workspace, or
            cannot be written.
    """
    for path in paths:
        status = _status_of(path)
        if status is not None and not stat.S_ISDIR(status.st_mode):
            _refuse_special(path, status)
        check_writable((path,))
        folders = OWN_FOLDERS - {"targets"} if are_targets else OWN_FOLDERS
        if _is_own(workspace.root, path, folders):
            raise Refused(
                f"{path} 是工作文件夹自己的文件，不能写成别的", "换一个文件名，或写到其他文件夹"
            )
        if are_targets and status is not None:
            raise Refused(f"已经有文件 {path}", "换一个名字；要重新读就先把它移到别处")
        is_known = status is None or is_own_output(workspace, path)
        if not is_known and hash_file(path) not in replaced:
            raise Refused(
                f"{path} 不是 sgtrack 写的，或者写好以后改过，没有覆盖",
                "要留着就改个名字，不要就删掉，再试一次；也可以换一个文件名来写",
            )


def choose_name(workspace: Workspace, path: Path, replaced: Collection[str] = ()) -> Path:
    """Return a path for a document, so that it replaces no file that the officer edited.

    This is ``path``, or beside an edited document the same name with a number: ``…-新1.docx``.
    ``replaced`` are as in :func:`check_outputs`.
    """
    number, chosen = 0, path
    while _is_edited(workspace, chosen) and hash_file(chosen) not in replaced:
        number += 1
        chosen = path.with_name(f"{path.stem}-新{number}{path.suffix}")
    return chosen


def choose_place_aside(path: Path) -> Path:
    """Return a free path to which an edited document can be renamed, to make room for a new one."""
    number = 1
    while (place := path.with_name(f"{path.stem}-改稿{number}{path.suffix}")).exists():
        number += 1
    return place


def move_aside(path: Path, place: Path) -> None:
    """Rename an edited document.

    Raises:
        Refused: it cannot be renamed, for example because it is open in Word.
    """
    try:
        path.rename(place)
    except OSError as error:
        raise Refused(
            f"{path} 无法改名（{reason_of(error)}）", "先关掉打开它的程序，再改名"
        ) from error


def find_edited(workspace: Workspace, path: Path) -> list[Path]:
    """Find the edited documents at ``path`` and at numbered paths beside it (``…-新1.docx``)."""
    beside = path.parent.glob(f"{escape(path.stem)}-新*{path.suffix}")
    return [file for file in (path, *sorted(beside)) if _is_edited(workspace, file)]


def _is_edited(workspace: Workspace, path: Path) -> bool:
    """Return whether a path is an ordinary file with another content than sgtrack wrote."""
    status = _status_of(path)
    if status is None or not stat.S_ISREG(status.st_mode):
        return False
    try:
        return not is_own_output(workspace, path)
    except OSError as error:
        raise Refused(
            f"{path} 无法打开（{reason_of(error)}）", "先关掉打开它的程序，再试一次"
        ) from error


def _refuse_special(path: Path, status: os.stat_result) -> None:
    if stat.S_ISLNK(status.st_mode):
        raise Refused(f"{path} 是链接，不是文件本身", "换一个文件名，或写链接指向的文件")
    if not stat.S_ISREG(status.st_mode):
        refuse_unportable(path)  # Windows says that NUL.zip exists, as a device.
        raise Refused(f"{path} 不是普通文件", "换一个文件名")
    if not status.st_mode & stat.S_IWUSR:
        raise Refused(f"{path} 是只读的，没有覆盖", "换一个文件名，或先去掉只读")


def _is_own(root: Path, path: Path, folders: Collection[str]) -> bool:
    """Return whether a path, in any spelling, leads to a file or folder of the workspace itself."""
    own = [root / name for name in (*folders, *OWN_FILES)]
    here = path.resolve()
    for place in (here, *here.parents):
        names = folders if place != here else {*folders, *OWN_FILES}
        # Windows and macOS treat names that differ only in case as the same name.
        if place.name.casefold() in names and _is_same(place.parent, root):
            return True
        if any(_is_same(place, other) for other in own):
            return True
    return False


def _is_same(one: Path, other: Path) -> bool:
    """Return whether two paths lead to the same existing file or folder."""
    try:
        return one.samefile(other)
    except OSError:
        return False


def _status_of(path: Path) -> os.stat_result | None:
    try:
        return path.lstat()
    except (OSError, ValueError):  # ``check_writable`` says why a path cannot be used
        return None


def _read_content(path: Path) -> _Content:
    return hash_file(path), path.stat().st_size


def is_own_output(workspace: Workspace, path: Path) -> bool:
    """Return whether an existing file equals a document that sgtrack wrote, at any path."""
    recorded = _read_record(workspace.root / RECORD)
    size = path.stat().st_size
    # A dossier can have gigabytes, so the size is compared first.
    return any(size == other for _, other in recorded) and _read_content(path) in recorded


def _read_record(path: Path) -> dict[_Content, None]:
    """Read the contents that sgtrack wrote, oldest first; lines of another form are left out."""
    try:
        lines = path.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return {}
    recorded: dict[_Content, None] = {}
    for line in lines:
        digest, _, size = line.partition(" ")
        if len(digest) == 64 and size.isascii() and size.isdigit():
            recorded[digest, int(size)] = None
    return recorded


def _record(workspace: Workspace, contents: Iterable[_Content]) -> None:
    """Record contents before their files are renamed to the final paths.

    If the program is killed in between, the next one still recognizes the files. On a full or
    read-only disk nothing is recorded; the document is then not replaced later.
    """
    path = workspace.root / RECORD
    recorded = _read_record(path)
    new = [content for content in contents if content not in recorded]
    if not new:
        return
    with suppress(OSError):
        if len(recorded) + len(new) > _MOST_RECORDED:
            newest = [*recorded, *new][-_MOST_RECORDED // 2 :]
            write_whole({path: "".join(map(_line, newest)).encode("ascii")})
            return
        # The line break before the first line ends a line that a power cut left unfinished.
        with path.open("ab") as file:
            file.write("".join(["\n", *map(_line, new)]).encode("ascii"))
            file.flush()
            os.fsync(file.fileno())


def _line(content: _Content) -> str:
    return f"{content[0]} {content[1]}\n"
