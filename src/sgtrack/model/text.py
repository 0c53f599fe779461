"""Functions for Chinese text: encodings, regular expressions and line breaks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from sgtrack.model.units import UNITS

UNPRINTABLE = (
    *((0x01, 0x1F), (0x7F, 0x9F), (0x61C, 0x61C), (0x200E, 0x200F)),
    *((0x2028, 0x202E), (0x2066, 0x2069)),
)
"""Line and paragraph separators, marks of text direction, and control characters except NUL.

They are given as ranges of character codes, each with the first and the last code.
"""
LONGEST_PASSAGE = 20_000
"""Maximum number of characters of a text of several lines, such as a pasted report."""
_ESCAPED = re.compile("[\0{}]".format("".join(f"{chr(a)}-{chr(b)}" for a, b in UNPRINTABLE)))
# A word or one Chinese character, with the punctuation that must stay on the same line.
_PIECE = re.compile(r"[（【《“‘]*(?:[!-~]+|\S)[，。；：、！？）】》”’]*|\s+")


def decode_text(content: bytes) -> str | None:
    """Decode a text in UTF-8, UTF-16 or GB 18030 (Chinese Windows); None for other encodings."""
    encoding = detect_encoding(content)
    return content.decode(encoding) if encoding else None


def detect_encoding(content: bytes) -> str | None:
    """Return the codec name of a text in UTF-8, UTF-16 or GB 18030; None for other encodings."""
    is_utf_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if is_utf_16 else ("utf-8-sig", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return None


def find_unprintable(text: str) -> str | None:
    """Return the first control or direction character of a text, line breaks included, or None."""
    match = _ESCAPED.search(text)
    return match[0] if match else None


def remove_unprintable(text: str) -> str:
    """Remove control and direction characters, except tabs."""
    return _ESCAPED.sub(lambda match: match[0] if match[0] == "\t" else "", text)


def blank_unprintable(text: str) -> str:
    """Replace each control or direction character by a space."""
    return _ESCAPED.sub(" ", text)


def escape_unprintable(text: str, keep: str = "\n\t") -> str:
    r"""Replace control and direction characters by escapes such as \u001b, as JSON writes them.

    A terminal would obey these characters instead of showing them. The characters in ``keep`` are
    not replaced.
    """

    def escape(match: re.Match[str]) -> str:
        return match[0] if match[0] in keep else f"\\u{ord(match[0]):04x}"

    return _ESCAPED.sub(escape, text)


def longest_first(words: Iterable[str]) -> tuple[str, ...]:
    """Sort words by length, the longest first."""
    return tuple(sorted(words, key=len, reverse=True))


def any_of(words: Iterable[str]) -> str:
    """Join patterns with ``|``, the longest first."""
    return "|".join(longest_first(words))


def any_spaced(words: Iterable[str]) -> str:
    """Build a pattern that matches any of the words, with or without spaces between characters."""
    return _spaced(tuple(words))


@lru_cache(maxsize=500)  # A text with many numbers asks for the same words again and again.
def _spaced(words: tuple[str, ...]) -> str:
    return "|".join(r"\s?".join(map(re.escape, word)) for word in longest_first(words))


UNIT_PATTERN = any_of(UNITS)
"""A pattern that matches any unit."""


def wrap_lines(text: str, width: float, width_of: Callable[[str], float]) -> list[str]:
    """Break a text into lines with a maximum width.

    A line can break between any two Chinese characters, but not before punctuation or within a word
    of letters and digits. ``width_of`` measures a text in the unit of ``width``.
    """
    lines = [""]
    for piece in _PIECE.findall(text):
        if lines[-1] and width_of(lines[-1]) + width_of(piece.rstrip()) > width:
            lines.append("")
        if lines[-1] or not piece.isspace():
            lines[-1] += piece
    return [line.rstrip() for line in lines if line.strip()]
