"""Reads members of zip files that may be damaged, foreign or made to unpack without end."""

from __future__ import annotations

import zlib
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

UNREADABLE = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
"""Raised if a file is not a zip, is truncated or encrypted, or uses an unknown compression."""
_CHUNK = 1 << 20


def copy_member(archive: ZipFile, name: str, target: BinaryIO, limit: int) -> None:
    """Copy a member of an archive, if it has at most ``limit`` bytes when unpacked.

    The size that the archive states is not trusted.

    Raises:
        ValueError: the member is larger.
        KeyError: there is no such member.
    """
    with archive.open(name) as member:
        while chunk := member.read(_CHUNK):
            limit -= len(chunk)
            if limit < 0:
                raise ValueError(name)
            target.write(chunk)
