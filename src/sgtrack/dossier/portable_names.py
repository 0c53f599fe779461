"""Names of folders and files that open on every system, Chinese Windows first."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f%#]')
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?$")


def safe(text: str, longest: int) -> str:
    """A text as the name of a folder: no reserved characters or names, no dot or space at its end.

    ``%`` and ``#`` go as well, because browsers and Excel read them as part of a link.
    """
    kept = re.sub(r"\s+", " ", _FORBIDDEN.sub(" ", text)).strip()[:longest].strip(" .")
    return f"_{kept}" if _DEVICES.match(kept) or not kept else kept


def safe_file(name: str, longest: int) -> str:
    """As :func:`safe` for a file; what is too long is cut before its extension."""
    path = PurePosixPath(name.replace("/", " "))
    suffix = safe(path.suffix, 12) if path.suffix else ""
    suffix = f".{suffix.lstrip('._')}" if suffix else ""
    return safe(path.stem, longest - len(suffix)) + suffix


def unique(name: str, taken: set[str]) -> str:
    """The name, or the name with a number where it is taken; upper and lower case are the same."""
    found, n = name, 1
    stem, dot, suffix = name.rpartition(".") if "." in name else (name, "", "")
    while found.casefold() in taken:
        n += 1
        found = f"{stem} ({n}){dot}{suffix}"
    taken.add(found.casefold())
    return found
