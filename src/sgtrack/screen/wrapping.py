"""Lines of Chinese text: broken between any two characters, but not before punctuation."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

# A character that may stand alone, with the punctuation that must not be parted from it.
_PIECE = re.compile(r"[（【《“‘]*(?:[!-~]+|\S)[，。；：、！？）】》”’]*|\s+")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text that fills its lines; rich itself would break them at the few spaces there are."""

    text: str
    style: str = ""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The lines, as wide as there is room."""
        yield Text("\n".join(wrapped(self.text, options.max_width)), style=self.style)


def wrapped(text: str, width: int) -> list[str]:
    """Lines no wider than the columns given; words of letters and digits stay whole."""
    lines = [""]
    for piece in _PIECE.findall(text):
        if lines[-1] and cell_len(lines[-1]) + cell_len(piece.rstrip()) > width:
            lines.append("")
        if lines[-1] or not piece.isspace():
            lines[-1] += piece
    return [line.rstrip() for line in lines if line.strip()]
