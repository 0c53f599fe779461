"""Makes and checks names of files and folders that every system can hold, also Windows.

Files of sgtrack are passed on by USB stick and by mail. Windows cannot copy or unpack a file with a
name that it forbids. With a colon in the name, it loses the content without a message.
"""

from __future__ import annotations

import re
from pathlib import PurePath, PurePosixPath

from sgtrack.model.errors import Refused

_FORBIDDEN = '<>:"/\\|?*'
_DEVICE = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\..*)?")
"""Names of devices, which Windows reserves with every extension."""
_LONGEST = 255
"""Maximum length of a file name on Windows, in UTF-16 code units."""


def is_portable(name: str) -> bool:
    """Return whether every system can hold a file of this name."""
    return not (
        name in ("", ".", "..")
        or name[-1] in " ."
        or any(character in _FORBIDDEN or character < " " for character in name)
        or _DEVICE.fullmatch(name)
        or _is_too_long(name)
    )


def _is_too_long(name: str) -> bool:
    return len(name.encode("utf-16-le", "surrogatepass")) > 2 * _LONGEST


def refuse_unportable(path: PurePath) -> None:
    """Refuse a file or folder, typed by the officer, with a name that Windows cannot hold.

    Raises:
        Refused: the name is empty or too long, has a forbidden character, ends in a dot or space,
            or is the name of a device.
    """
    name = path.name
    if re.fullmatch(r"[^A-Za-z]:", path.drive):  # Windows reads 6:30.xlsx as 30.xlsx on drive 6
        name = path.drive + name
    if _is_too_long(name):
        raise Refused(f"文件名“{name[:20]}…”太长", "换短一些的文件名")
    if not is_portable(name):
        raise Refused(
            f"“{name}”不能当文件名：在 Windows 上存不了，也打不开",
            f"换一个名字：不用 {' '.join(_FORBIDDEN)}，不以点或空格结尾，不叫 CON、NUL、COM1 之类",
        )


def safe_name(text: str, longest: int) -> str:
    """Make a portable name of any text, cut to ``longest`` characters.

    Each forbidden or invisible character becomes a space. So do ``%`` and ``#``, because browsers
    and Excel read them as part of a link. The name of a device gets the prefix ``_``. If no
    character is left, the name is ``_``.
    """
    spaced = "".join(
        character if character.isprintable() and character not in f"{_FORBIDDEN}%#" else " "
        for character in text
    )
    name = re.sub(r" +", " ", spaced).strip()[:longest].strip(" .")
    return f"_{name}" if _DEVICE.fullmatch(name) or not name else name


def safe_file_name(name: str, longest: int) -> str:
    """Make a portable name like :func:`safe_name`; cut a long one before its extension."""
    path = PurePosixPath(name.replace("/", " "))
    suffix = safe_name(path.suffix, 12).lstrip("._")
    suffix = f".{suffix}" if suffix else ""
    return safe_name(path.stem, longest - len(suffix)) + suffix


def unique_name(name: str, taken: set[str]) -> str:
    """Return a name that is not in ``taken``, and add it to ``taken``.

    If the name is taken, in upper or lower case, a number is appended before its extension.
    """
    unique, number = name, 1
    stem, dot, suffix = name.rpartition(".") if "." in name else (name, "", "")
    while unique.casefold() in taken:
        number += 1
        unique = f"{stem} ({number}){dot}{suffix}"
    taken.add(unique.casefold())
    return unique
