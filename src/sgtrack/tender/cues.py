"""Finds cue words (每场, 每人) and frequencies (每月), which decide how numbers are read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache

from sgtrack.model.contract import Period
from sgtrack.model.text import any_spaced
from sgtrack.tender.clause_numbers import ClauseNumber, NumberKind, find_numbers
from sgtrack.tender.clause_proposals import AmountKey
from sgtrack.tender.lexicon import word_list

_WEAK = ("月度", "季度", "半年度", "年度", "半年")
"""Words that usually describe a document, as in 季度总结4份.

Such a word is ignored if another frequency stands before it, without a comma or bracket between.
"""
_EVERY = re.compile(
    r"每(?:间?隔)?\s?(?:\d+|[两三四五六七八九十]+|半)\s?个?"
    r"(?:工作日|自然日|天|日|小时|钟头|分钟|周|星期|月|季度|年)"
)
"""Intervals such as 每15天. Intervals in ``words.yaml``, such as 每两周, have their own kinds."""
_WEEKDAYS = re.compile(
    r"每(?:周|星期)[一二三四五六日天](?:[、和及至到—-](?:周|星期)?[一二三四五六日天])*"
    r"(?:[上下]午|早上?|晚上?)?各?"
)
_DAYS = "一二三四五六日"
_AS_WRITTEN = {
    "month": AmountKey.MONTHLY,
    "quarter": AmountKey.QUARTERLY,
    "three_months": AmountKey.QUARTERLY,
    "year": AmountKey.YEARLY,
    "whole": AmountKey.TOTAL,
    "": AmountKey.TOTAL,
}
_PER_MONTH = {"ten_days": 3, "half_month": 2}
"""Number of occurrences per month of frequencies that are written as monthly amounts."""
PER_YEAR = {"month": 12, "quarter": 4, "half": 2, "week": 52, "two_months": 6, "three_months": 4}
"""Number of occurrences per year of each frequency, to convert amounts per person."""


@dataclass(frozen=True, slots=True)
class Frequency:
    """A phrase for how often an amount is due (每月), and its position.

    A ``weak`` frequency may only describe a document, as in 季度总结.
    """

    kind: str
    words: str
    start: int
    end: int
    weak: bool = False


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str]]:
    kinds = {phrase: kind for kind, ways in word_list("frequencies").items() for phrase in ways}
    nouns = word_list("frequency_as_noun")
    as_noun = re.compile(
        rf"[一1]\s?(?P<noun>{any_spaced(nouns)})(?=\s?(?:{any_spaced(word_list('at_least'))})?"
        r"\s?[一二两三四1-9]\s?[次场期篇节])"
    )
    return re.compile(rf"(?<![上下])(?:{any_spaced(kinds)})"), as_noun, kinds


def find_frequencies(text: str) -> list[Frequency]:
    """Return the frequencies of a normalized text, by position."""
    spoken, as_noun, kinds = _patterns()
    nouns = word_list("frequency_as_noun")
    frequencies = [
        Frequency(nouns[match["noun"]], match[0], match.start(), match.end())
        for match in as_noun.finditer(text)
        if not text[: match.start()].endswith(("第", "每"))
    ]
    frequencies += [
        Frequency("every", match[0], match.start(), match.end())
        for match in _EVERY.finditer(text)
        if re.sub(r"\s", "", match[0]) not in kinds
    ]
    frequencies += [
        Frequency("weekdays", match[0], match.start(), match.end())
        for match in _WEEKDAYS.finditer(text)
    ]
    for match in spoken.finditer(text):
        if not any(r.start < match.end() and match.start() < r.end for r in frequencies):
            phrase = re.sub(r"\s", "", match[0])
            weak = phrase in _WEAK
            frequencies.append(Frequency(kinds[phrase], match[0], match.start(), match.end(), weak))
    return sorted(frequencies, key=lambda frequency: frequency.start)


def lacks_key(kind: str) -> bool:
    """Return whether a frequency, such as 每周, has no key in the target format.

    The result for 每旬 is False, because its amount is converted to a monthly amount.
    """
    return kind not in _AS_WRITTEN and kind not in _PER_MONTH


def convert_frequency(
    kind: str, phrase: str, value: Decimal, unit: str, period: Period
) -> tuple[AmountKey, Decimal, list[str]] | None:
    """Convert an amount with its frequency to a key of the target format, a value and notes.

    An amount for 每旬 becomes a monthly amount. Any other amount whose frequency has no key becomes
    a total for the project period. Return None for 每天 and 每15天, which cannot be converted.
    """
    if kind in _AS_WRITTEN:
        return _AS_WRITTEN[kind], value, []
    if kind in _PER_MONTH:
        monthly = value * _PER_MONTH[kind]
        return AmountKey.MONTHLY, monthly, [f"目标文件没有“{phrase}”，写成每月{monthly}{unit}"]
    weeks, months = period.days // 7, max(1, round(period.days / 30.44))
    times = {
        "week": weeks,
        "weekdays": weeks * _count_weekdays(phrase),
        "week_average": weeks,
        "two_weeks": weeks // 2,
        "two_months": round(months / 2),
        "half": round(months / 6),
        "month_average": months,
        "quarter_average": round(months / 3),
        "year_average": round(months / 12),
    }.get(kind)
    if times is None:
        return None
    times = max(1, times)
    total = value * times
    note = (
        f"目标文件没有“{phrase}”，按项目期 {period.start} 到 {period.end} 折成 {times} 次，"
        f"累计 {total}{unit}；期限不同就改"
    )
    return AmountKey.TOTAL, total, [note]


def _count_weekdays(phrase: str) -> int:
    """Count the days of a phrase such as 每周二、周四 or 每周一至周五."""
    days = re.findall(f"[{_DAYS}]", phrase.replace("天", "日"))
    if re.search("[至到—-]", phrase) and len(days) == 2:
        return max(1, _DAYS.index(days[1]) - _DAYS.index(days[0]) + 1)
    return len(days)


class Cue(StrEnum):
    """The meaning of a cue word for the numbers after it."""

    EACH_ACTIVITY = "each_activity"
    EACH_GROUP = "each_group"
    EACH_PLACE = "each_place"
    PER_PERSON = "per_person"
    PARTS = "parts"
    ONCE = "once_per_person"
    BREAK = "break"


@dataclass(frozen=True, slots=True)
class CueMark:
    """A cue word or a punctuation mark, with its position."""

    cue: Cue
    words: str
    start: int
    end: int


Token = CueMark | Frequency | ClauseNumber


@cache
def _cue_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    once = "|".join(f"(?:{way})" for way in word_list("once_per_person"))
    spoken = [cue for cue in Cue if cue not in (Cue.BREAK, Cue.ONCE)]
    # 每期（场） is one cue, for two kinds of activities.
    other = {Cue.EACH_ACTIVITY: "(?:（[场期次节]）)?"}
    named = [
        f"(?P<{cue.value}>(?:{any_spaced(word_list(cue.value))}){other.get(cue, '')})"
        for cue in spoken
    ]
    return re.compile(once), re.compile("|".join([*named, "(?P<break>[，。；！？：（）\n])"]))


def tokenize_clause(text: str) -> list[Token]:
    """Return the numbers, frequencies, cue words and punctuation marks of a text, by position.

    The text must be normalized.
    """
    once, cue = _cue_patterns()
    once_marks = [CueMark(Cue.ONCE, m[0], m.start(), m.end()) for m in once.finditer(text)]
    closed: list[Token] = [*find_frequencies(text), *once_marks]
    numbers = find_numbers(text, [(token.start, token.end) for token in closed])
    tokens = [*closed, *numbers]
    taken = [(token.start, token.end) for token in tokens]
    marks = [
        mark
        for match in cue.finditer(text)
        if (mark := _mark(text, match)) is not None
        and not any(start < mark.end and mark.start < end for start, end in taken)
    ]
    return sorted([*tokens, *marks], key=lambda token: token.start)


def _mark(text: str, match: re.Match[str]) -> CueMark | None:
    cue = Cue(str(match.lastgroup))
    counted = re.match(r"[一-龥]{0,12}\d", text[match.end() :])
    if cue is Cue.PARTS and match[0] not in ("其中", "当中") and not counted:
        return None  # 含 and 包含 introduce parts only if an amount follows closely
    if cue is Cue.EACH_GROUP and match[0] == "每个":
        place = re.compile(any_spaced(word_list("place_nouns"))).match(text, match.end())
        if place is not None:
            return CueMark(
                Cue.EACH_PLACE, text[match.start() : place.end()], match.start(), place.end()
            )
    return CueMark(cue, match[0], match.start(), match.end())


def split_list(words: str) -> list[str]:
    """Split a list such as 甲、乙和丙 or 寒暑假; return [] if the words are not a list."""
    for pair, both in word_list("pairs").items():
        if words.startswith(pair):
            return [f"{word}{words.removeprefix(pair)}" for word in both]
    members = [
        m.strip(" “”\"'")
        for m in re.split(r"[、]|(?<=”)(?=“)|以及|(?<=[一-龥])[和及与跟](?=[一-龥])", words)
    ]
    members = [m for m in members if m]
    return members if len(members) > 1 and all(len(m) <= 16 for m in members) else []


def is_amount(token: Token) -> bool:
    """Return whether a token is an amount, that is, a number with a unit to count."""
    return isinstance(token, ClauseNumber) and token.kind is NumberKind.AMOUNT
