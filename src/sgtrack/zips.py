"""What reading an archive can raise that somebody else made, or that is damaged."""

from __future__ import annotations

import zlib
from zipfile import BadZipFile

UNREADABLE = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
"""It is no archive, ends too early, is locked, or is packed wrongly or in an unknown way."""
