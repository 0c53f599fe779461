"""Finds the numbers of a sentence that are in no value of the activity."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sgtrack.model.numerals import narrow
from sgtrack.model.text import UNIT_PATTERN
from sgtrack.sentence.quantities import Quantity
from sgtrack.sentence.sentence_reader import SentenceReading

_GOODS_UNITS = "袋箱桶斤件套台张盒瓶束幅盆辆块元万"
_MEASURE = (
    rf"(?:{UNIT_PATTERN}|公里|公斤|平方米?|分钟|厘米|单元"
    rf"|[{_GOODS_UNITS}个名位家类种组层批轮天周年月日号点分秒岁米度倍折页本只把根双对座栋幢楼室])"
)
_NUMBER = re.compile(
    r"(?:\d{2,4}年)?\d{1,2}月\d{1,2}[日号]?"
    r"|\d{1,2}[:：]\d{2}"
    rf"|\d+(?:[.,，/-]\d+)*{_MEASURE}?"
    rf"|[两二三四五六七八九十百千]+[{_GOODS_UNITS}](?![事代月日])"
)
_NO_COUNT = re.compile(
    r"(?<!\d)(?:[01]?\d|2[0-4])[:：][0-5]\d(?!\d)"
    r"|(?<!\d)\d{1,2}点(?=半|钟|整|左右|许|\d{1,2}分|开始|[到至，,。\s])"
    r"|(?<=[上中下]午)\d{1,2}点|(?<=[早晚]上)\d{1,2}点|(?<=[日号晨])\d{1,2}点"
    r"|(?<=点)\d{1,2}分"
    r"|(?<=[路街巷弄段道])\s*\d+号|\d+号(?=楼|院|门|附|\s*\d+[栋幢])|\d+[栋幢](?=\s*\d)"
    r"|\d+单元(?:\s*\d+(?:楼|室|号)?(?![\u4e00-\u9fff]*[个名位份]))?|(?<!\d)\d{1,2}楼|(?<!\d)\d{3,4}室"
    r"|(?<![\d.])20\d\d(?:年版|版|年度|年(?!\d))|(?<![\d.])\d{1,2}月(?:份|底|初|末)?(?![\d份])"
    r"|最后一[次节期场]"
)
"""Numbers that count nothing: times (9:30, 14点半), addresses (3栋2单元501), years and months."""
_BEFORE = re.compile(r"[\u4e00-\u9fffA-Za-z]+$")
_JOINS = re.compile(
    "的|了(?!解)|着(?![力重])|(?<![现存所正实])在(?![线职校册])|(?<![结面应相])对(?![象接话应口])|给(?!予)|把|由(?!于)"
    "|从(?![事业])|与|(?<![温祥])和(?![谐睦美])|(?<![成行作认因])为(?![民老主])|(?<![公一总])共(?![建享同治青])|约(?![定谈])"
    "|(?<![所没共])有(?![关效序需])|(?<![得达收感受遇看听])到(?![户位场])|并(?!列)|(?<![方面])向(?!阳)|让"
    "|(?<![即促致驱])使(?!用)|(?<![以普])及(?!时)"
)
"""Characters after which words may be cut, because they belong to no noun or verb."""
_LONGEST_LABEL = 8
_THING = re.compile(r"[\u4e00-\u9fff]{1,6}(?=[，。；：、的了和与及（(\s]|$)")
"""The words after a number that say what it counts, if no words before it say so."""

_SESSION = re.compile(r"第\s*[\d一二三四五六七八九十]+\s*[节次期场讲课回]")
"""The number of a session of a group, which may be apart from the group's name in the text."""
_TITLE_PART = re.compile("[^“”‘’「」《》【】]+")

Span = tuple[int, int]


def find_unused(
    text: str,
    quantities: Iterable[Quantity],
    used: Iterable[Span],
    reading: SentenceReading,
    title: str,
) -> tuple[str, ...]:
    """Return the numbers that are in no value, each with the words before it: 覆盖300人.

    ``quantities`` are all amounts of the text, and ``used`` the positions of those that are used.
    Numbers in the words of the day, the place and the title also count as used.
    """
    taken = [*used, *_places_of(text, reading, title), *_codes_of(text, reading)]
    taken += [match.span() for match in _NO_COUNT.finditer(narrow(text))]
    numbers = _numbers(text, quantities)
    unused = []
    for start, end in numbers:
        if _overlaps((start, end), taken):
            continue
        label_start = max((last for _, last in (*taken, *numbers) if last <= start), default=0)
        label = _label_before(text[label_start:start])
        is_goods = text[end - 1] in _GOODS_UNITS
        thing = _THING.match(text, end) if is_goods or not label else None
        unused.append(f"{label}{text[start:end]}{thing[0] if thing else ''}")
    return tuple(dict.fromkeys(unused))


def _label_before(text: str) -> str:
    """Return the words at the end of a text that say what the number after the text counts.

    The words begin after the last punctuation mark or number. If they are too long, they begin
    after a word such as 的.
    """
    before = _BEFORE.search(text)
    words = before[0] if before else ""
    while len(words) > _LONGEST_LABEL and (join := _JOINS.search(words)):
        words = words[join.end() :]
    return words.removeprefix("其中")


def _numbers(text: str, quantities: Iterable[Quantity]) -> list[Span]:
    """Return the positions of all amounts, and of other numbers with the character after them."""
    amounts = [(quantity.start, quantity.end) for quantity in quantities]
    numbers = (match.span() for match in _NUMBER.finditer(narrow(text)))
    return sorted([*amounts, *(span for span in numbers if not _overlaps(span, amounts))])


def _codes_of(text: str, reading: SentenceReading) -> Iterator[Span]:
    """Yield the positions of the codes of possible items at the start of a clause."""
    for match in reading.items:
        code = re.escape(match.item.code)
        for found in re.finditer(
            rf"(?:^|(?<=[\s，。；、：(（])){code}(?=[\s\u4e00-\u9fff])", narrow(text)
        ):
            yield found.span()


def _overlaps(span: Span, others: Iterable[Span]) -> bool:
    start, end = span
    return any(start < last and first < end for first, last in others)


def _places_of(text: str, reading: SentenceReading, title: str) -> Iterator[Span]:
    """Yield the positions of the day, the place and the title in the text."""
    place = reading.place.words if reading.place is not None else ""
    day = reading.day.words if reading.day is not None else ""
    for words in (day, place, title, *_SESSION.findall(title), *_TITLE_PART.findall(title)):
        start = text.find(words) if words else -1
        if start >= 0:
            yield start, start + len(words)
