"""Compares two versions of a text that may differ only in names and their replacements.

A redaction or a bundle replaces names by pseudonyms. A version that differs in anything else was
changed by another program, whatever its redaction states.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import Any

from sgtrack.privacy.redact_workspace import PSEUDONYM

BLANKED = "（姓名已隐去）"
"""The placeholder for a text that two ledgers rewrote differently."""
LONGEST_NAME = 40
"""The maximum length of a name that a redaction replaces, in characters."""
REPLACEMENT = re.compile(f"{PSEUDONYM.pattern}|{re.escape(BLANKED)}")
"""A pseudonym, or the replacement of a whole text."""


def differ_in_names(value: Any, other: Any, either: bool) -> bool:
    """Return whether values of JSON differ at most in replaced names; see :func:`have_one_origin`.

    ``either`` allows a replacement in the first value where the second one has a name.
    """
    if isinstance(value, str) and isinstance(other, str):
        return have_one_origin(value, other, either=either)
    if isinstance(value, dict) and isinstance(other, dict):
        value, other = [*chain(*value.items())], [*chain(*other.items())]
    if isinstance(value, list) and isinstance(other, list):
        return len(value) == len(other) and all(
            differ_in_names(one, another, either) for one, another in zip(value, other, strict=True)
        )
    return bool(value == other)


def have_one_origin(text: str, other: str, *, either: bool = True) -> bool:
    """Return whether two texts can come from the same original text by replacing names.

    A replacement is a pseudonym or :data:`BLANKED`, and stands for 1 to 40 characters. A text that
    consists only of :data:`BLANKED` may stand for an original of any length. If ``either`` is
    false, ``text`` itself must be the original, so its pseudonyms are compared as ordinary
    characters.
    """
    if other in (text, BLANKED) or (either and text == BLANKED):
        return True
    ours = _split_replacements(text) if either else list(text)
    theirs = _split_replacements(other)
    # A state is a position in each text, and the number of characters that the replacement at this
    # position already stands for.
    states, seen = [(0, 0, 0, 0)], set[tuple[int, int, int, int]]()
    while states:
        state = states.pop()
        i, m, j, n = state
        if state in seen or m > LONGEST_NAME or n > LONGEST_NAME:
            continue
        seen.add(state)
        if i == len(ours) and j == len(theirs):
            return True
        if m:
            states.append((i + 1, 0, j, n))
        if n:
            states.append((i, m, j + 1, 0))
        if i < len(ours) and j < len(theirs):
            one, another = ours[i], theirs[j]
            if not one or not another or one == another:
                here = (i + 1, 0) if one else (i, m + 1)
                there = (j + 1, 0) if another else (j, n + 1)
                states.append((*here, *there))
    return False


def _split_replacements(text: str) -> list[str]:
    """Return the characters of a text, with an empty text for each replacement of a name."""
    first, *others = REPLACEMENT.split(text)
    return [*first, *(ch for part in others for ch in ("", *part))]
