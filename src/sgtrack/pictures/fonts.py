"""Finds a font that has Chinese characters, so that no chart shows empty boxes."""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path

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


@cache
def chinese_font() -> Path | None:
    """The file of a font with Chinese characters on this computer, or None."""
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    from matplotlib.font_manager import findSystemFonts  # noqa: PLC0415 - charts only

    found = sorted((Path(name) for name in findSystemFonts()), key=lambda path: path.name)
    for beginning in _FILES:
        files = [path for path in found if path.name.lower().startswith(beginning)]
        regular = [path for path in files if "bold" not in path.stem.lower()]
        plain = [path for path in regular if "regular" in path.stem.lower()]
        for path in (*plain, *regular, *files):
            return path
    return None
