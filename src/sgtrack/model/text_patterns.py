"""Pieces of patterns that all readers of Chinese text share."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sgtrack.model.units import UNITS

NARROW_FORMS = {ord("０") + n: str(n) for n in range(10)} | {ord("．"): ".", ord("　"): " "}
"""The translation of full-width digits, dots and spaces to ASCII; each stays one character."""


def longest_first(words: Iterable[str]) -> tuple[str, ...]:
    """Sort words so that a longer one precedes every word it begins with."""
    return tuple(sorted(words, key=len, reverse=True))


def any_of(words: Iterable[str]) -> str:
    """Build an alternation of patterns that tries the longest first."""
    return "|".join(longest_first(words))


def any_spaced(words: Iterable[str]) -> str:
    """Build an alternation of literal words whose characters may have a space between them."""
    return "|".join(r"\s?".join(map(re.escape, word)) for word in longest_first(words))


UNIT_PATTERN = any_of(UNITS)
"""Any unit of a contract."""
