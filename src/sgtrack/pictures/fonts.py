"""Finds a font that has Chinese characters, so that no chart shows empty boxes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

TO_INSTALL = "装一种中文字体：Windows 和 macOS 自带；Linux 运行 sudo apt install fonts-noto-cjk"
# How the files of fonts with Chinese characters begin, the better ones first.
_FILES = (
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
    """The file of a font with Chinese characters on this computer, or None."""
    found = sorted(_installed(), key=lambda path: path.name)
    for beginning in _FILES:
        files = [path for path in found if path.name.lower().startswith(beginning)]
        regular = [path for path in files if "bold" not in path.stem.lower()]
        plain = [path for path in regular if "regular" in path.stem.lower()]
        for path in (*plain, *regular, *files):
            if is_font(path):
                return path
    return None


def is_font(path: Path) -> bool:
    """Whether a file can be read as a font; some are only named so, or nobody's to read."""
    from PIL import ImageFont  # noqa: PLC0415 - Word only

    try:
        ImageFont.truetype(path)
    except OSError:
        return False
    return True


def face_of(font: Path, size: float) -> FreeTypeFont:
    """The face of a font file at a size in pixels: of a collection the one for simplified Chinese.

    A collection that does not name its faces so is used as it begins.
    """
    from PIL import ImageFont  # noqa: PLC0415 - Word only

    first = ImageFont.truetype(font, size)
    face, index = first, 0
    while True:
        if (face.getname()[0] or "").endswith(" SC"):
            return face
        index += 1
        try:
            face = ImageFont.truetype(font, size, index)
        except OSError:  # there are no more
            return first


def _installed() -> Iterator[Path]:
    """The files of the fonts on this computer."""
    for folder in font_folders(sys.platform, os.environ):
        for place, _, names in os.walk(folder):
            for name in names:
                if name.lower().endswith(_SUFFIXES):
                    yield Path(place, name)


def font_folders(platform: str, env: Mapping[str, str]) -> tuple[Path, ...]:
    """Where a system keeps its fonts and a user's own."""
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
    return (*(Path(one, "fonts") for one in (*shared, data)), home / ".fonts")
