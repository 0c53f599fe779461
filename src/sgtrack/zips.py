"""The errors of reading a zip file that somebody else wrote, or that is damaged."""

from __future__ import annotations

import zlib
from zipfile import BadZipFile

UNREADABLE = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
"""It is not an archive, ends too early, is locked, or is packed in an unknown way."""
