"""Finds the verification codes that issued briefs print, in the files of a folder.

A code is the beginning of a hash in the chain of the ledger (``docs/history.md``). Drafts print no
code, so a file with a code shows that a ledger once issued it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

from sgtrack.zips import UNREADABLE

FORMATS = ("md", "docx", "html")
"""The formats of briefs."""
_CODE = re.compile(r"校验码[：:\s]*([0-9a-f]{4}(?:-[0-9a-f]{4}){3})(?![-0-9a-f])")
_TAG = re.compile(r"<[^>]*>")
_MAX_BYTES = 16_000_000
"""Maximum number of bytes of text that are searched in a file."""


def find_printed_codes(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield each brief in a folder that prints a code, and the code."""
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        return
    for path in paths:
        if path.suffix.lower().removeprefix(".") in FORMATS and (code := read_printed_code(path)):
            yield path, code


def read_printed_code(path: Path) -> str:
    """Return the code that a brief prints; empty if there is none or the file is unreadable."""
    try:
        if path.is_symlink() or not path.is_file():
            return ""
        if path.suffix.lower() == ".docx":
            with ZipFile(path) as packed, packed.open("word/document.xml") as part:
                content = part.read(_MAX_BYTES)
        else:
            with path.open("rb") as file:
                content = file.read(_MAX_BYTES)
    except (*UNREADABLE, OSError):
        return ""
    text = content.decode("utf-8", "replace")
    # Word may split a code over several elements.
    match = _CODE.search(text if path.suffix.lower() == ".md" else _TAG.sub("", text))
    return match[1] if match else ""
