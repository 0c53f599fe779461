"""The folder of evidence: every file once, under the SHA-256 of its content, never altered."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from sgtrack.entry.text_cleaning import clean
from sgtrack.files import (
    make_private_file,
    make_private_folder,
    partial_in,
    settle,
    sync_folder,
)
from sgtrack.model.errors import Refused, reason_of
from sgtrack.zips import UNREADABLE

LONGEST_NAME = 80
"""How many characters a file name may have, so that a dossier opens on every system."""
CHUNK = 1 << 20


class Condition(StrEnum):
    """What has become of a kept file."""

    INTACT = "intact"
    MISSING = "missing"
    CHANGED = "changed"


CONDITION_ON_SCREEN = {Condition.MISSING: "文件不见了", Condition.CHANGED: "文件内容被改动"}


@dataclass(frozen=True, slots=True)
class Source:
    """A file the officer gave, found fit to be kept."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the store: its name as it was, its SHA-256 and its size in bytes."""

    name: str
    sha256: str
    size: int


def inspect(path: Path) -> Source:
    """Look at a file before anything is done with it.

    Raises:
        Refused: it is not there, is no ordinary file, is empty, cannot be read or has too long a
            name.
    """
    name = path.name
    if len(name) > LONGEST_NAME:
        raise Refused(
            f"文件名“{name[:20]}…”有 {len(name)} 个字，太长",
            f"先把文件改成不超过 {LONGEST_NAME} 个字的名字",
        )
    try:
        found = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        raise Refused(
            f"没有文件 {path}", "检查文件名和所在的文件夹；名字里有空格的要加引号"
        ) from None
    except (OSError, ValueError) as error:
        raise Refused(f"文件 {path} 打不开（{reason_of(error)}）", "检查文件名") from None
    if stat.S_ISLNK(found.st_mode):
        raise Refused(f"{path} 是链接，不是文件本身", f"写链接指向的文件：{_target(path)}")
    if stat.S_ISDIR(found.st_mode):
        raise Refused(f"{path} 是文件夹", "写里面的文件，如 文件夹/*.jpg")
    if not stat.S_ISREG(found.st_mode):
        raise Refused(f"{path} 不是普通文件", "写照片、扫描件或文档")
    if not found.st_size:
        raise Refused(f"文件 {path} 是空的（0 字节）", "重新保存或重新拍摄后再添加")
    try:
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        raise Refused(f"文件 {path} 读不了（{reason_of(error)}）", "检查文件的权限") from None
    return Source(path, clean(name, "文件名", LONGEST_NAME))


@dataclass(frozen=True, slots=True)
class Keeping:
    """Files on their way into the store; without ``keep`` they are only read."""

    folder: Path
    keep: bool
    added: list[Path]

    def take(self, sources: Sequence[Source]) -> tuple[Kept, ...]:
        """Copy files into the store.

        Raises:
            Refused: a file cannot be read or copied.
        """
        kept = []
        for source in sources:
            try:
                with source.path.open("rb") as file:
                    kept.append(self._taken(source.name, file))
            except OSError as error:
                raise Refused(
                    f"文件 {source.path} 存不进工作文件夹（{reason_of(error)}）",
                    "检查文件的权限和磁盘空间；没有写入",
                ) from error
        return tuple(kept)

    def take_content(self, name: str, content: bytes) -> Kept:
        """Put what the program itself made into the store.

        Raises:
            Refused: it cannot be written.
        """
        try:
            return self._taken(name, BytesIO(content))
        except OSError as error:
            raise Refused(
                f"{name} 存不进 {self.folder}（{reason_of(error)}）", "检查文件夹的权限和磁盘空间"
            ) from error

    def take_known(self, digest: str, file: BinaryIO) -> bool:
        """Put content that is known by its SHA-256 into the store; whether it is what it should be.

        Raises:
            Refused: it cannot be read or written.
        """
        try:
            return self._taken(digest, file).sha256 == digest
        except (*UNREADABLE, OSError) as error:
            raise Refused(
                f"佐证材料存不进 {self.folder}（{reason_of(error)}）", "检查磁盘空间，再试一次"
            ) from error

    def _taken(self, name: str, file: BinaryIO) -> Kept:
        return _keep(self.folder, name, file, self.added) if self.keep else _measured(name, file)


@contextmanager
def keeping(folder: Path, *, keep: bool = True) -> Iterator[Keeping]:
    """Takes files into the store; where anything is raised, what was not there is removed.

    Entered within the transaction that writes the records: what is removed is removed while nobody
    else can write, so that no other record has come to need it, and never after the commit. A file
    whose record does not come about because the commit itself fails stays, whole and harmless.
    """
    added: list[Path] = []
    try:
        yield Keeping(folder, keep, added)
    except BaseException:
        for path in added:
            path.unlink(missing_ok=True)
        raise


def path_in(folder: Path, digest: str) -> Path:
    """Where the content with this SHA-256 lies."""
    return folder / digest[:2] / digest


def condition(folder: Path, digest: str) -> Condition:
    """Read a kept file and compute its SHA-256 anew."""
    try:
        with path_in(folder, digest).open("rb") as file:
            found = _measured(digest, file).sha256
    except OSError:
        return Condition.MISSING
    return Condition.INTACT if found == digest else Condition.CHANGED


def _measured(name: str, file: BinaryIO) -> Kept:
    found, size = sha256(), 0
    while chunk := file.read(CHUNK):
        found.update(chunk)
        size += len(chunk)
    return Kept(name, found.hexdigest(), size)


def _keep(folder: Path, name: str, file: BinaryIO, added: list[Path]) -> Kept:
    """Copy by way of a file beside the final one, so that a name always means whole content.

    The file is on disk when this returns, so that no record can outlast a power cut that its file
    does not.
    """
    found, size = sha256(), 0
    make_private_folder(folder)
    with partial_in(folder) as partial:
        make_private_file(partial)
        with partial.open("wb") as copy:
            while chunk := file.read(CHUNK):
                found.update(chunk)
                size += copy.write(chunk)
        final = path_in(folder, found.hexdigest())
        make_private_folder(final.parent)
        before = condition(folder, final.name)
        if before is not Condition.INTACT:
            settle(partial, final)
            final.chmod(0o400)
        if before is Condition.MISSING:
            added.append(final)
        # A program that was killed may have left the file there without pushing its name.
        sync_folder(final.parent)
        sync_folder(folder)
    return Kept(name, found.hexdigest(), size)


def _target(path: Path) -> str:
    try:
        return str(path.readlink())
    except OSError:
        return "原来的文件"
