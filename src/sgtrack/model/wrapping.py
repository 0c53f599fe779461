"""Lines of Chinese text: broken between any two characters, but not before punctuation."""

from __future__ import annotations

import re
from collections.abc import Callable

# A character that may stand alone, with the punctuation that must not be parted from it.
_PIECE = re.compile(r"[（【《“‘]*(?:[!-~]+|\S)[，。；：、！？）】》”’]*|\s+")


def wrapped(text: str, width: float, width_of: Callable[[str], float]) -> list[str]:
    """Lines no wider than a width; words of letters and digits stay whole.

    Args:
        text: what is to be broken into lines.
        width: the widest that a line may be.
        width_of: how wide a text is, in the same unit.
    """
    lines = [""]
    for piece in _PIECE.findall(text):
        if lines[-1] and width_of(lines[-1]) + width_of(piece.rstrip()) > width:
            lines.append("")
        if lines[-1] or not piece.isspace():
            lines[-1] += piece
    return [line.rstrip() for line in lines if line.strip()]
