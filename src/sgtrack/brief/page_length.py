"""Estimates the length of a brief on paper, to choose how much of the plan it tells."""

from __future__ import annotations

import math
from collections.abc import Iterable

_PAGES, _LINES, _CHARACTERS = 4, 22, 28
"""The pages of an ordinary brief, and the lines and characters of a page (GB/T 9704-2012)."""
_FRAME = 19
"""The lines of the red head, the headings and the recipients, with four to spare."""
_PHOTO_ROW, _TABLE_ROW = 4.2, 0.45
"""The height of the parts, in lines of text."""
_FEWEST, _MOST = 140, 308
"""The characters of plans: between 5 and 11 lines, so that they share a page with the problems."""


def left_on_pages(paragraphs: Iterable[str], *, rows: int, photo_rows: int) -> int:
    """Estimate how many characters of plans fit on four pages, within limits.

    ``paragraphs`` are those of all other parts, ``rows`` the rows of the table below them.
    """
    lines = _FRAME + photo_rows * _PHOTO_ROW + (rows + 3) * _TABLE_ROW
    lines += sum(math.ceil((len(text) + 2) / _CHARACTERS) for text in paragraphs)
    left = int(_PAGES * _LINES - lines) * _CHARACTERS
    return max(_FEWEST, min(_MOST, left))
