"""Finds the numbers of a sentence that became no value of the activity."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sgtrack.model.numerals import narrow
from sgtrack.sentence.quantities import Quantity
from sgtrack.sentence.sentence_reader import SentenceReading

_GOODS_UNITS = "袋箱桶斤件套台张盒瓶束幅盆辆块元万"
_NUMBER = re.compile(
    r"(?:\d{2,4}年)?\d{1,2}月\d{1,2}[日号]?"
    r"|\d{1,2}[:：]\d{2}"
    r"|\d+(?:[.,，/-]\d+)*(?:公里|公斤|平方米?|分钟|厘米|[\u4e00-\u9fff])?"
    rf"|[两二三四五六七八九十百千]+[{_GOODS_UNITS}](?![事代月日])"
)
_BEFORE = re.compile(r"[\u4e00-\u9fffA-Za-z]+$")
_JOINS = re.compile("[的了着在对给把由从与和及为共约有到并向让使]")
"""Characters at which words may be cut: they belong to no noun or verb."""
_LONGEST_LABEL = 8
_THING = re.compile(r"[\u4e00-\u9fff]{1,6}(?=[，。；：、的了和与及（(\s]|$)")
"""The words after a number that say what it counts, if none stand before."""

_SESSION = re.compile(r"第\s*[\d一二三四五六七八九十]+\s*[节次期场讲课回]")
"""The session of a group, which may stand apart from the name of the group in the text."""
_TITLE_PART = re.compile("[^“”‘’「」《》【】]+")

Span = tuple[int, int]


def find_unused(
    text: str,
    quantities: Iterable[Quantity],
    used: Iterable[Span],
    reading: SentenceReading,
    title: str,
) -> tuple[str, ...]:
    """Return the numbers that became no value, each with the words before it: 覆盖300人.

    ``quantities`` are all amounts of the text, ``used`` are the places of those that count. Numbers
    within the day, the place and the title are used as well.
    """
    taken = [*used, *_places_of(text, reading, title)]
    unused = []
    for start, end in _numbers(text, quantities):
        if _overlaps((start, end), taken):
            continue
        label = _label_before(text[:start])
        thing = None if label else _THING.match(text, end)
        unused.append(f"{label}{text[start:end]}{thing[0] if thing else ''}")
    return tuple(dict.fromkeys(unused))


def _label_before(text: str) -> str:
    """Return the words at the end of a text that say what the number after it counts.

    They begin at a punctuation mark or number, or, if that is far away, after a word such as 的.
    """
    before = _BEFORE.search(text)
    words = before[0] if before else ""
    while len(words) > _LONGEST_LABEL and (join := _JOINS.search(words)):
        words = words[join.end() :]
    return words.removeprefix("其中")


def _numbers(text: str, quantities: Iterable[Quantity]) -> list[Span]:
    """Return the places of all numbers: amounts, and others with the character after them."""
    amounts = [(quantity.start, quantity.end) for quantity in quantities]
    numbers = (match.span() for match in _NUMBER.finditer(narrow(text)))
    return sorted([*amounts, *(span for span in numbers if not _overlaps(span, amounts))])


def _overlaps(span: Span, others: Iterable[Span]) -> bool:
    start, end = span
    return any(start < last and first < end for first, last in others)


def _places_of(text: str, reading: SentenceReading, title: str) -> Iterator[Span]:
    """Yield where the day, the place and the title stand in the text."""
    place = reading.place.words if reading.place is not None else ""
    day = reading.day.words if reading.day is not None else ""
    for words in (day, place, title, *_SESSION.findall(title), *_TITLE_PART.findall(title)):
        start = text.find(words) if words else -1
        if start >= 0:
            yield start, start + len(words)
