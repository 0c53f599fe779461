"""Writes the zip file of the dossier; an error leaves no partial file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from sgtrack.evidence.evidence_store import CHUNK, Condition, open_stored
from sgtrack.files import unwritable

_COMPRESSED = {
    *(".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".mp4", ".mov", ".mp3", ".m4a"),
    *(".zip", ".rar", ".7z", ".docx", ".xlsx", ".pptx", ".pdf"),
}
_ZIP64_BYTES = 1 << 31
"""Minimum size in bytes of files that are written in the zip64 format."""


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip file open for writing; ``moment`` is the time stamp of its members."""

    zip: ZipFile
    moment: tuple[int, int, int, int, int, int]

    def add_file(
        self, path: str, store: Path, digest: str, moved: Callable[[int], None]
    ) -> Condition:
        """Copy a file of the evidence folder ``store`` into the archive; return its condition.

        ``path`` is the path in the archive. ``digest`` is the expected SHA-256. ``moved`` is called
        with the size in bytes of each copied chunk.
        """
        actual = sha256()
        try:
            file = open_stored(store, digest)
        except OSError:  # The evidence store also reports unreadable files as missing.
            return Condition.MISSING
        with file:
            is_large = os.fstat(file.fileno()).st_size >= _ZIP64_BYTES
            with self.zip.open(self._info(path), "w", force_zip64=is_large) as member:
                while chunk := file.read(CHUNK):
                    actual.update(chunk)
                    member.write(chunk)
                    moved(len(chunk))
        return Condition.INTACT if actual.hexdigest() == digest else Condition.CHANGED

    def add_content(self, path: str, content: bytes) -> None:
        """Write generated content to a path in the archive."""
        self.zip.writestr(self._info(path), content)

    def _info(self, path: str) -> ZipInfo:
        info = ZipInfo(path, self.moment)
        is_compressed = Path(path).suffix.lower() in _COMPRESSED
        info.compress_type = ZIP_STORED if is_compressed else ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        return info


@contextmanager
def open_archive(
    path: Path,
    moment: tuple[int, int, int, int, int, int],
    replacing: Callable[[Path], AbstractContextManager[Path]],
) -> Iterator[Archive]:
    """Open a zip file for writing; it appears at ``path`` only when it is complete.

    ``replacing`` yields a temporary path, and renames the file there to ``path`` on exit.

    Raises:
        Refused: the file cannot be written.
    """
    try:
        with (
            replacing(path) as partial,
            ZipFile(partial, "w", ZIP_DEFLATED, allowZip64=True) as opened,
        ):
            yield Archive(opened, moment)
    except OSError as error:
        raise unwritable(path, error) from error
