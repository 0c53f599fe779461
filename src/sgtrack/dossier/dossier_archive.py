"""Writes the dossier as a zip file, one piece after the other, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from sgtrack.evidence.evidence_store import CHUNK, Condition
from sgtrack.files import replacing
from sgtrack.model.errors import Refused, reason_of

_COMPRESSED = {
    *(".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".mp4", ".mov", ".mp3", ".m4a"),
    *(".zip", ".rar", ".7z", ".docx", ".xlsx", ".pptx", ".pdf"),
}
_BIG = 1 << 31


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip file that is being written."""

    zip: ZipFile
    moment: tuple[int, int, int, int, int, int]

    def add_file(
        self, path: str, source: Path, digest: str, moved: Callable[[int], None]
    ) -> Condition:
        """Copy a file in pieces, and say whether its content is what it should be.

        Args:
            path: its path within the archive.
            source: where it lies.
            digest: the SHA-256 it should have.
            moved: is told how many bytes were copied.
        """
        found = sha256()
        try:
            file = source.open("rb")
        except OSError:  # as the store itself has it: what cannot be opened is not there
            return Condition.MISSING
        with file:
            big = source.stat().st_size >= _BIG
            with self.zip.open(self._info(path), "w", force_zip64=big) as entry:
                while chunk := file.read(CHUNK):
                    found.update(chunk)
                    entry.write(chunk)
                    moved(len(chunk))
        return Condition.INTACT if found.hexdigest() == digest else Condition.CHANGED

    def add_content(self, path: str, content: bytes) -> None:
        """Write what the program itself made."""
        self.zip.writestr(self._info(path), content)

    def _info(self, path: str) -> ZipInfo:
        info = ZipInfo(path, self.moment)
        packed = Path(path).suffix.lower() in _COMPRESSED
        info.compress_type = ZIP_STORED if packed else ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        return info


@contextmanager
def archive(path: Path, moment: tuple[int, int, int, int, int, int]) -> Iterator[Archive]:
    """A zip file under its final name once it is whole; whatever interrupts leaves nothing.

    Raises:
        Refused: it cannot be written.
    """
    try:
        with (
            replacing(path) as partial,
            ZipFile(partial, "w", ZIP_DEFLATED, allowZip64=True) as opened,
        ):
            yield Archive(opened, moment)
    except OSError as error:
        raise Refused(
            f"{path} 写不进去（{reason_of(error)}）",
            "检查磁盘空间和文件夹的权限；文件正打开着的先关掉",
        ) from error
