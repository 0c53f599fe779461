"""Finds a font with Chinese characters, so that no chart shows empty boxes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

TO_INSTALL = "装一种中文字体：Windows 和 macOS 自带；Linux 运行 sudo apt install fonts-noto-cjk"
# The first letters of the file names of Chinese fonts, the better fonts first.
_FONTS = (
    "notosanscjk",
    "notosanssc",
    "sourcehansans",
    "msyh",
    "simhei",
    "pingfang",
    "hiragino sans gb",
    "stheiti",
    "wqy-microhei",
    "wqy-zenhei",
    "simsun",
    "songti",
    "notoserifcjk",
    "arial unicode",
)
_SUFFIXES = (".ttf", ".ttc", ".otf", ".otc")


@cache
def chinese_font() -> Path | None:
    """Find the file of a font with Chinese characters on this computer, or None."""
    installed = sorted(_list_installed(), key=lambda path: path.name)
    for beginning in _FONTS:
        files = [path for path in installed if path.name.lower().startswith(beginning)]
        regular = [path for path in files if "bold" not in path.stem.lower()]
        plain = [path for path in regular if "regular" in path.stem.lower()]
        for path in (*plain, *regular, *files):
            if is_font(path):
                return path
    return None


def is_font(path: Path) -> bool:
    """Whether a file can be read as a font; some files only have the name of one."""
    from PIL import ImageFont  # noqa: PLC0415 - Word only

    try:
        ImageFont.truetype(path)
    except OSError:
        return False
    return True


def face_of(font: Path, size: float) -> FreeTypeFont:
    """Load a face of a font file at a size in pixels.

    In a collection, this is the face for simplified Chinese, or the first one if none is named so.
    """
    from PIL import ImageFont  # noqa: PLC0415 - Word only

    first = ImageFont.truetype(font, size)
    face = first
    for index in count(1):
        if (face.getname()[0] or "").endswith(" SC"):
            return face
        try:
            face = ImageFont.truetype(font, size, index)
        except OSError:  # there are no more
            break
    return first


def _list_installed() -> Iterator[Path]:
    for folder in font_folders(sys.platform, os.environ):
        for parent, _, names in os.walk(folder):
            yield from (Path(parent, name) for name in names if name.lower().endswith(_SUFFIXES))


def font_folders(platform: str, env: Mapping[str, str]) -> tuple[Path, ...]:
    """Return the folders of the fonts of a system and of its user."""
    home = Path.home()
    if platform == "win32":
        own = env.get("LOCALAPPDATA") or home / "AppData/Local"
        return (
            Path(env.get("WINDIR", "C:/Windows"), "Fonts"),
            Path(own, "Microsoft/Windows/Fonts"),
        )
    if platform == "darwin":
        return (Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts")
    shared = (env.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share").split(":")
    data = env.get("XDG_DATA_HOME") or home / ".local/share"
    return (*(Path(folder, "fonts") for folder in (*shared, data)), home / ".fonts")
