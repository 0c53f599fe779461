"""Estimates the length of a brief on paper, to limit the length of its plans."""

from __future__ import annotations

import math
from collections.abc import Iterable

_PAGES, _LINES, _CHARACTERS = 4, 22, 28
"""The pages of an ordinary brief, lines of a page and characters of a line (GB/T 9704-2012)."""
_FRAME = 19
"""The lines of the red head, the headings and the recipients, and four lines to spare."""
_PHOTO_ROW, _TABLE_ROW = 4.2, 0.45
"""The height of a row of photos and of a table row, in lines of text."""
_FEWEST, _MOST = 140, 308
"""Minimum and maximum number of characters of the plans: 5 and 11 lines."""


def left_on_pages(paragraphs: Iterable[str], *, rows: int, photo_rows: int) -> int:
    """Estimate how many characters of plans fit on four pages, from ``_FEWEST`` to ``_MOST``.

    ``paragraphs`` are the paragraphs of all other parts. ``rows`` and ``photo_rows`` are the
    numbers of table rows and of rows of photos.
    """
    lines = _FRAME + photo_rows * _PHOTO_ROW + (rows + 3) * _TABLE_ROW
    lines += sum(math.ceil((len(text) + 2) / _CHARACTERS) for text in paragraphs)
    left = int(_PAGES * _LINES - lines) * _CHARACTERS
    return max(_FEWEST, min(_MOST, left))
