"""The exceptions that reading a damaged or foreign zip file can raise."""

from __future__ import annotations

import zlib
from zipfile import BadZipFile

UNREADABLE = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
"""Raised if a file is not a zip, is truncated or encrypted, or uses an unknown compression."""
