"""Finds figures in texts, such as 187人次, 58.3% and 3月25日, and compares them between two texts.

All functions expect texts from :func:`condense`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from sgtrack.model.numerals import HAN_NUMERALS, parse_number
from sgtrack.model.units import UNITS

_LABEL_LENGTH = 8
"""Number of characters before a figure that identify it."""
_UNIT_NAMES = sorted({*UNITS, "年", "日", "类", "元", "%", "‰"}, key=len, reverse=True)
_UNIT = "|".join(_UNIT_NAMES)
_FIGURE = re.compile(
    r"(?:(?P<year>\d+)年)?(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日)?"
    r"|(?P<number>\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?)(?P<myriad>万?)"
    rf"|(?P<numeral>[{HAN_NUMERALS}]+)(?={_UNIT})"
)
_UNIT_AFTER = re.compile(rf"(?:[、/]\d+(?:\.\d+)?)*(?P<unit>{_UNIT})")
"""The unit of a number, which may stand behind further numbers: 第3、4节, 1/12期."""
_WORD = re.compile(r"[^\W\d_]+")
_DATE = "日期"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit, or a date.

    Fields that need an explanation:
        words: the figure as it is written.
        value: the number, or the year (0 if it is not written), the month and the day (or 0).
        unit: the unit, 日期 for a date, or empty.
        label: the last word before the figure. A figure without a word before it, such as 30人次 in
            健康讲座1场、30人次, has the label of the figure before it.
        is_numeral: whether it is written in numerals (五场), which may also be part of a word.
    """

    words: str
    value: Decimal | tuple[int, int, int]
    unit: str
    label: str
    is_numeral: bool = False


def condense(text: str) -> str:
    """Return a text without blanks, and with the usual forms of digits and punctuation."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).replace("｡", "。")


def find_figures(text: str) -> list[Figure]:
    """Find the figures of a text, in text order."""
    figures: list[Figure] = []
    label, end = "", 0
    for match in _FIGURE.finditer(text):
        after = None if match["month"] else _UNIT_AFTER.match(text, match.end())
        unit = after["unit"] if after else ""
        value: Decimal | tuple[int, int, int] | None
        if match["month"]:
            unit = _DATE
            value = (int(match["year"] or 0), int(match["month"]), int(match["day"] or 0))
        elif match["number"]:
            value = Decimal(match["number"].replace(",", "")) * (10_000 if match["myriad"] else 1)
        else:
            value = parse_number(match["numeral"])
        if value is None:
            continue
        if words := _WORD.findall(text[end : match.start()]):
            label = words[-1][-_LABEL_LENGTH:]
        written = match[0] + (after[0] if after else "")
        figures.append(Figure(written, value, unit, label, bool(match["numeral"])))
        is_shared = after is not None and after[0] != unit  # a further number comes before the unit
        end = match.end() + (len(unit) if after and not is_shared else 0)
    return figures


def compare_figures(
    generated: Iterable[Figure], found: Iterable[Figure]
) -> tuple[list[tuple[str, str]], list[str]]:
    """Compare the figures of a generated text with those of its edited form.

    Returns:
        The words of each generated figure that is missing or differs, with the words found in its
        place (empty if there are none); and the words of the figures that were added.
    """
    missing, rest = list(generated), list(found)
    differing: list[tuple[str, str]] = []

    def match(fits: Callable[[Figure, Figure], bool]) -> None:
        for one in list(missing):
            other = next((figure for figure in rest if fits(one, figure)), None)
            if other is not None:
                missing.remove(one)
                rest.remove(other)
                if not _is_same(one, other):
                    differing.append((one.words, other.words))

    match(lambda one, other: _is_same(one, other) and one.label == other.label)
    match(lambda one, other: _is_same(one, other) and is_similar_label(one.label, other.label))
    match(lambda one, other: _is_wrong(one, other) and one.label == other.label)
    match(_is_same)
    match(lambda one, other: _is_wrong(one, other) and is_similar_label(one.label, other.label))
    match(_is_wrong)
    differing += [(one.words, "") for one in missing]
    return differing, [figure.words for figure in rest if figure.unit and not figure.is_numeral]


def _is_same(one: Figure, other: Figure) -> bool:
    """Return whether two figures are equal; the year of a date may be left out."""
    if isinstance(one.value, tuple) and isinstance(other.value, tuple):
        return one.value[1:] == other.value[1:] and (
            one.value[0] == other.value[0] or 0 in (one.value[0], other.value[0])
        )
    return one.unit == other.unit and one.value == other.value


def _is_wrong(one: Figure, other: Figure) -> bool:
    """Return whether ``other`` may be a wrong form of the figure ``one``: it has the same unit."""
    return one.unit == other.unit and not other.is_numeral


def is_similar_label(one: str, other: str) -> bool:
    """Return whether one of two labels ends with the other; labels of one character are ignored."""
    return min(len(one), len(other)) > 1 and (one.endswith(other) or other.endswith(one))
