"""The evidence folder, which stores each content once as a read-only file named by its SHA-256."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from sgtrack.entry.text_cleaning import clean
from sgtrack.files import (
    lift_write_protection,
    make_private_file,
    make_private_folder,
    move_into_place,
    sync_folder,
    temporary_file_in,
)
from sgtrack.model.entries import Entry, Evidence
from sgtrack.model.errors import Refused, reason_of
from sgtrack.zips import UNREADABLE

LONGEST_NAME = 80
"""Maximum number of characters of a file name, so that a dossier opens on every system."""
CHUNK = 1 << 20
_SHA256 = re.compile("[0-9a-f]{64}")


class Condition(StrEnum):
    """The state of a stored file."""

    INTACT = "intact"
    MISSING = "missing"
    CHANGED = "changed"


CONDITION_ON_SCREEN = {Condition.MISSING: "文件缺失", Condition.CHANGED: "文件内容被改动"}


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the officer that :func:`inspect` has accepted."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in the store: its original name, its SHA-256 and its size in bytes."""

    name: str
    sha256: str
    size: int


def inspect(path: Path) -> Source:
    """Check that a file can be stored, and return its path and name.

    Raises:
        Refused: the file is missing, empty, unreadable or not a regular file, or its name is too
            long.
    """
    name = path.name
    if len(name) > LONGEST_NAME:
        raise Refused(
            f"文件名“{name[:20]}…”有 {len(name)} 个字，太长",
            f"先把文件改成不超过 {LONGEST_NAME} 个字的名字",
        )
    try:
        status = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        raise Refused(
            f"没有文件 {path}", "检查文件名和所在的文件夹；名字里有空格的要加引号"
        ) from None
    except (OSError, ValueError) as error:
        raise Refused(f"文件 {path} 无法打开（{reason_of(error)}）", "检查文件名") from None
    if stat.S_ISLNK(status.st_mode):
        raise Refused(f"{path} 是链接，不是文件本身", f"写链接指向的文件：{_target(path)}")
    if stat.S_ISDIR(status.st_mode):
        raise Refused(f"{path} 是文件夹", "写里面的文件，如 文件夹/*.jpg")
    if not stat.S_ISREG(status.st_mode):
        raise Refused(f"{path} 不是普通文件", "写照片、扫描件或文档")
    if not status.st_size:
        raise Refused(f"文件 {path} 是空的（0 字节）", "重新保存或重新拍摄后再添加")
    try:
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        raise Refused(f"文件 {path} 无法读取（{reason_of(error)}）", "检查文件的权限") from None
    return Source(path, clean(name, "文件名", LONGEST_NAME))


@dataclass(frozen=True, slots=True)
class EvidenceWriter:
    """A writer that copies files into the store; with ``dry_run`` it only computes their SHA-256.

    ``stored`` collects the paths of all stored files, and ``added`` the paths of new files.
    """

    folder: Path
    dry_run: bool
    added: list[Path]
    stored: list[Path]

    def store_files(self, sources: Sequence[Source]) -> tuple[StoredFile, ...]:
        """Copy files of the officer into the store.

        Raises:
            Refused: a file cannot be read or copied.
        """
        stored = []
        for source in sources:
            try:
                with source.path.open("rb") as file:
                    stored.append(self._store(source.name, file))
            except OSError as error:
                raise Refused(
                    f"文件 {source.path} 存不进工作文件夹（{reason_of(error)}）",
                    "检查文件的权限和磁盘空间；没有写入",
                ) from error
        return tuple(stored)

    def store_content(self, name: str, content: bytes) -> StoredFile:
        """Store content that the program itself generated.

        Raises:
            Refused: the content cannot be written.
        """
        try:
            return self._store(name, BytesIO(content))
        except OSError as error:
            raise Refused(
                f"{name} 存不进 {self.folder}（{reason_of(error)}）", "检查文件夹的权限和磁盘空间"
            ) from error

    def store_verified(self, digest: str, file: BinaryIO) -> bool:
        """Store the content of a file, and return whether its SHA-256 equals ``digest``.

        Raises:
            Refused: the content cannot be read or written.
        """
        try:
            return self._store(digest, file).sha256 == digest
        except (*UNREADABLE, OSError) as error:
            raise Refused(
                f"佐证材料存不进 {self.folder}（{reason_of(error)}）", "检查磁盘空间，再试一次"
            ) from error

    def _store(self, name: str, file: BinaryIO) -> StoredFile:
        if self.dry_run:
            return _digest(name, file)
        file_in_store = _copy(self.folder, name, file, self.added)
        self.stored.append(path_in(self.folder, file_in_store.sha256))
        return file_in_store


@contextmanager
def evidence_writer(
    folder: Path, after_commit: list[Callable[[], None]], *, dry_run: bool = False
) -> Iterator[EvidenceWriter]:
    """Yield a writer to the store; if an exception is raised, remove the files it added.

    Use it within the transaction that writes the records. While the transaction is open, no other
    program can write a record that refers to the added files. If the commit fails, the files remain
    in the store without a record, which does no harm.

    ``after_commit`` is the transaction's list of functions to call after its commit. The writer
    adds one that makes the files read-only. The files of a killed command are therefore still
    writable, and can be recognized.
    """
    added: list[Path] = []
    stored: list[Path] = []

    def protect() -> None:
        for path in stored:
            with suppress(OSError):
                path.chmod(0o400)

    after_commit.append(protect)
    try:
        yield EvidenceWriter(folder, dry_run, added, stored)
    except BaseException:
        for path in added:
            lift_write_protection(path)
            path.unlink(missing_ok=True)
        raise


def path_in(folder: Path, digest: str) -> Path:
    """Return the path of the stored file with this SHA-256.

    Raises:
        FileNotFoundError: ``digest`` is not a SHA-256, so the path could lead out of the store.
    """
    if not _SHA256.fullmatch(digest):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
    return folder / digest[:2] / digest


def open_stored(folder: Path, digest: str) -> BinaryIO:
    """Open the stored file with this SHA-256 for reading; follow no link out of the store.

    Raises:
        OSError: the file is missing, unreadable, a link or not a regular file.
    """
    path = path_in(folder, digest)
    if path.parent.is_symlink() or not stat.S_ISREG(path.lstat().st_mode):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    return path.open("rb")


def list_settled_files(folder: Path) -> set[str]:
    """Return the SHA-256 of the stored files whose records were written.

    These files are read-only, because a file is made read-only after the commit of its record.
    Files that a killed command left are still writable.
    """
    return {
        path.name
        for path in folder.glob("[0-9a-f][0-9a-f]/*")
        if _SHA256.fullmatch(path.name)
        and stat.S_ISREG(status := path.lstat().st_mode)
        and not status & stat.S_IWUSR
    }


def check_condition(folder: Path, digest: str) -> Condition:
    """Read a stored file, and return whether it is intact, missing or changed.

    A file that cannot be read counts as missing.
    """
    try:
        with open_stored(folder, digest) as file:
            actual = _digest(digest, file).sha256
    except OSError:
        return Condition.MISSING
    return Condition.INTACT if actual == digest else Condition.CHANGED


@dataclass(frozen=True, slots=True)
class DamagedEvidence:
    """A stored file that is missing or changed, and the entry it proves."""

    entry: Entry
    evidence: Evidence
    condition: Condition


def find_damaged_evidence(folder: Path, entries: Iterable[Entry]) -> tuple[DamagedEvidence, ...]:
    """Return the evidence whose file is missing or changed; read each file only once."""
    conditions: dict[str, Condition] = {}
    damaged: dict[str, DamagedEvidence] = {}
    for entry in entries:
        for file in entry.evidence:
            if file.sha256 not in conditions:
                conditions[file.sha256] = check_condition(folder, file.sha256)
            if conditions[file.sha256] is not Condition.INTACT:
                damage = DamagedEvidence(entry, file, conditions[file.sha256])
                damaged.setdefault(file.id, damage)
    return tuple(damaged.values())


def _digest(name: str, file: BinaryIO) -> StoredFile:
    digest, size = sha256(), 0
    while chunk := file.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return StoredFile(name, digest.hexdigest(), size)


def _copy(folder: Path, name: str, file: BinaryIO, added: list[Path]) -> StoredFile:
    """Copy a file into the store through a temporary file, so that no partial file can appear.

    The copy is flushed to the disk before this function returns. A record written afterwards
    therefore never lacks its file, even after a power cut.
    """
    digest, size = sha256(), 0
    make_private_folder(folder)
    with temporary_file_in(folder) as partial:
        make_private_file(partial)
        with partial.open("wb") as copy:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                size += copy.write(chunk)
        final = path_in(folder, digest.hexdigest())
        make_private_folder(final.parent)
        before = check_condition(folder, final.name)
        if before is not Condition.INTACT:
            lift_write_protection(final)
            move_into_place(partial, final)
        if before is Condition.MISSING:
            added.append(final)
        # An interrupted run may have stored this file without flushing the folder to the disk.
        sync_folder(final.parent)
        sync_folder(folder)
    return StoredFile(name, final.name, size)


def _target(path: Path) -> str:
    try:
        return str(path.readlink())
    except OSError:
        return "原来的文件"
