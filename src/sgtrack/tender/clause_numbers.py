"""Finds every number of a clause, with its unit or the reason why it is not a target.

The text must be normalized first: every digit and punctuation mark gets its standard form. The
positions stay the same, so that each number can be quoted from the contract.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from functools import cache

from sgtrack.model.numerals import (
    ABOUT,
    ABOUT_AFTER,
    HAN_NUMERALS,
    NARROW_FORMS,
    RANGE,
    NumberToken,
    parse_number,
    scan_numbers,
)
from sgtrack.model.text import any_spaced
from sgtrack.tender.lexicon import word_list

_LEVELS = NARROW_FORMS | {
    ord(form): standard
    for form, standard in zip("／％＋\u00a0();:!?", "/%+ （）；：！？", strict=True)
}
LARGEST = Decimal(10_000_000)


class NumberKind(StrEnum):
    """The kind of a number in a clause."""

    AMOUNT = "amount"
    """An amount in a unit."""
    PLACES = "places"
    """A number of places, as in 8个小区."""
    LIMIT = "limit"
    """A maximum, which is not a target."""
    NONE = "none"
    """A number that is not a target; ``reason`` says why, for example because it is a date."""
    UNREAD = "unread"
    """A number that was not understood; a person must check it."""


@dataclass(frozen=True, slots=True)
class ClauseNumber:
    """A number of a clause and its position in the normalized text.

    ``unit`` is a unit of the target format, and ``value`` is the number in this unit. For a range,
    ``value`` is the lower bound. ``notes`` say what a person should check. ``frequency``, ``each``
    and ``per_person`` come from the words after a slash: 1次/月, 30人/场, 4学时/人.
    """

    start: int
    end: int
    words: str
    kind: NumberKind
    value: Decimal = Decimal(0)
    unit: str = ""
    reason: str = ""
    notes: tuple[str, ...] = ()
    frequency: str = ""
    each: str = ""
    per_person: bool = False


def normalize(text: str) -> str:
    """Replace digits and punctuation marks by their standard forms; keep all positions."""
    plain = text.translate(_LEVELS)
    plain = re.sub(r"(村|乡镇|镇|乡|街道|社区)（(社区|街道|居|村|乡|镇)）", r"\1·\2 ", plain)
    return re.sub(r"(?<!\d),|,(?!\d{3}(?!\d))", "，", plain)


_HAN_PERCENT = re.compile(
    r"百分之[一二三四五六七八九十百零点\d.]+|(?<![一-龥]分)[五六七八九](?:成[半五]?)(?=以上|的|[一-龥]*[居群村]民|[，。；、）]|$)"
)
_HALF = re.compile(r"(?<![一过])半(?=个?小时|天|日)")


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    units = [
        *word_list("unit_of"),
        *word_list("near_units"),
        *word_list("reason_of"),
        *word_list("minutes"),
    ]
    unit = any_spaced(units)
    slash = any_spaced([*word_list("frequency_after"), *word_list("each_after")])
    tail = re.compile(rf"\s?(?P<more>[余多来])?\s?(?P<half>个半)?\s?(?P<unit>{unit})?")
    to = re.compile(rf"\s?(?:{unit})?{RANGE}")
    after = re.compile(
        rf"\s?(?P<bound>（?(?:及|含)?）?(?:以上|左右|上下|以内|之内|以下|内(?!容)))?"
        rf"(?:\s?[/每]\s?(?P<slash>人|名|户|{slash})"
        rf"(?:\s?/\s?(?P<second>人|名|户|{slash}))?"
        rf"(?!\s?(?:{any_spaced(word_list('at_least'))})?\s?[\d{HAN_NUMERALS}]))?"
    )
    names = re.compile("|".join(f"(?:{pattern})" for pattern in word_list("names")))
    not_numerals = re.compile("|".join(f"(?:{pattern})" for pattern in word_list("word_numerals")))
    return tail, to, after, names, not_numerals


def find_numbers(text: str, taken: list[tuple[int, int]] | None = None) -> list[ClauseNumber]:
    """Return the numbers of a normalized text outside the ``taken`` spans, by position."""
    tail, to, _, names, not_numerals = _patterns()
    result: list[ClauseNumber] = []
    closed = list(taken or ())
    for match in names.finditer(text):
        if _inside(match.start(), closed):
            continue
        closed.append(match.span())
        if re.search(r"\d", match[0]):
            result.append(
                ClauseNumber(
                    match.start(), match.end(), match[0], NumberKind.NONE, reason="名称、日期或编号"
                )
            )
    for match in _HAN_PERCENT.finditer(text):
        if not _inside(match.start(), closed):
            percent = ClauseNumber(
                match.start(), match.end(), match[0], NumberKind.NONE, reason="百分比"
            )
            result.append(percent)
            closed.append(match.span())
    closed += [match.span() for match in not_numerals.finditer(text)]
    halves = [
        NumberToken(m.start(), m.end(), m[0], Decimal("0.5"), True) for m in _HALF.finditer(text)
    ]
    tokens = sorted([*scan_numbers(text, split=True), *halves], key=lambda token: token.start)
    at = 0
    for token, following in zip(tokens, [*tokens[1:], None], strict=False):
        if token.start < at or _inside(token.start, closed):
            continue
        is_range = following is not None and to.fullmatch(text, token.end, following.start)
        end = following.end if following is not None and is_range else token.end
        behind = tail.match(text, end)
        read = _number(text, token, behind, is_range=bool(is_range)) if behind else None
        if read is not None:
            result.append(read)
            at = read.end
    spans = [*(taken or ()), *((read.start, read.end) for read in result)]
    result += [
        ClauseNumber(m.start(), m.end(), m[0], NumberKind.UNREAD, notes=("没有读懂这个数字",))
        for m in re.finditer(r"\d+", text)
        if not _inside(m.start(), spans)
    ]
    return sorted(result, key=lambda read: read.start)


def _inside(place: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)


def _number(
    text: str, token: NumberToken, tail: re.Match[str], *, is_range: bool
) -> ClauseNumber | None:
    """Read a number with the unit and words that ``tail`` matched after it.

    If ``is_range`` is true, the number is the first one of a range, and ``tail`` was matched after
    the range. Return None if the numeral is part of a word, such as 三里社区.
    """
    unit = re.sub(r"\s", "", tail["unit"] or "")
    start, end = token.start, tail.end("unit")
    arabic = token.words[0].isdigit()
    value, notes = _value(token, tail, is_range=is_range)
    if unit and text.startswith(tuple(word_list("not_unit_before").get(unit, ())), end):
        unit = ""
    if not unit:
        return _without_unit(text, token, value, notes) if arabic else None
    phrase = text[start:end]
    if unit in word_list("reason_of"):
        reason = word_list("reason_of")[unit]
        if not arabic and len(unit) < 2 and unit not in "元岁天":
            return None  # In 三里社区 and 一级, the numeral is not a number
        return ClauseNumber(start, end, phrase, NumberKind.NONE, reason=reason)
    if unit == "天" and not _compared(text, start, end):
        return (
            ClauseNumber(start, end, phrase, NumberKind.NONE, reason="日期或期限")
            if arabic
            else None
        )
    if value is None:
        return ClauseNumber(
            start, end, phrase, NumberKind.UNREAD, notes=("只写了约数，没有确切的数",)
        )
    name, value, said_of_unit = _unit(unit, value)
    label = re.search(r"(户次|人次|场次)\s*：\s*(?:[^\d，。；：]{0,6})$", text[:start])
    if label and label[1].startswith(name):
        name = label[1]  # Example: 排查户次：200户
    return _bounded(text, start, end, value, name, [*notes, *said_of_unit])


def _compared(text: str, start: int, end: int) -> bool:
    """Return whether words beside a number say that it is an amount, for example of days.

    Examples: 不少于240天, 240天以上, 每期3天, 为期7天, 开课150天（每天15人）.
    """
    leads = [
        *word_list("at_least"),
        *word_list("each_activity"),
        *word_list("lasts"),
        *word_list("sums"),
    ]
    before = re.search(rf"(?:{any_spaced(leads)}|时间各|时间均)为?\s*$", text[:start])
    after = re.match(
        rf"以上|\s?/\s?(?:{any_spaced(word_list('each_after'))})|[（，]每[天日]", text[end:]
    )
    of_event = re.search(r"\d\s?[场期次届]（\s*$", text[:start]) and text[end : end + 1] in "，）"
    return before is not None or after is not None or bool(of_event)


def _without_unit(
    text: str, token: NumberToken, value: Decimal | None, notes: list[str]
) -> ClauseNumber:
    """Read a number that no unit follows; a unit may precede it, as in 服务人次：200."""
    start, end = token.start, token.end
    before = re.search(
        rf"(?P<unit>人次|户次|场次|次数|人数|户数|篇数|份数)(?:数|量)?"
        rf"(?:为|共计?|{any_spaced(word_list('at_least'))}|[：\s])*$",
        text[:start],
    )
    if before and value is not None:
        unit = before["unit"].removesuffix("数")
        return _bounded(text, start, end, value, unit, notes)
    share = rf"[率度](?:指标|目标)?值?(?:为|{any_spaced(word_list('at_least'))}|[：\s（）])*$"
    if (
        value is not None
        and 0 < value <= 1
        and "." in token.words
        and re.search(share, text[:start])
    ):
        percent = text[start:end]  # Sheets store 95% as 0.95
        return ClauseNumber(start, end, percent, NumberKind.NONE, value, reason="百分比")
    if text.startswith(tuple(word_list("place_nouns")), end):
        return ClauseNumber(start, end, text[start:end], NumberKind.PLACES, value or Decimal(0))
    if _compared(text, start, end) and value is not None and re.match(r"\s?[一-龥]", text[end:]):
        notes = [*notes, "没有认出单位，先写成“个”"]
        return _bounded(text, start, end, value, "个", notes)
    return ClauseNumber(start, end, text[start:end], NumberKind.UNREAD, notes=("没有读懂这个数字",))


def _value(
    token: NumberToken, tail: re.Match[str], *, is_range: bool
) -> tuple[Decimal | None, list[str]]:
    notes = []
    low, value = token.words, token.value
    if value is None and (pair := re.search(r"[一二三四五六七八九两]{2}", low)):
        value = parse_number(low.replace(pair[0], pair[0][0]))
        notes.append("约数，先按小的写")
    if is_range:
        notes.append("原文是一个范围，先按下限写")
    elif tail["more"]:
        notes.append("约数，先按写出来的数写")
    elif value is not None and not token.exact and low[0].isdigit():
        notes.append("先按算出来的数写")
    if re.search(r"\d \d", low):
        notes.append("数字中间有空格")
    if value is not None and tail["half"]:
        value += Decimal("0.5")
    return value, notes


def _unit(unit: str, value: Decimal) -> tuple[str, Decimal, list[str]]:
    """Return the nearest unit of the target format, the value in it, and notes for a person."""
    if unit in word_list("unit_of"):
        name = word_list("unit_of")[unit]
        return name, value, [f"“{unit}”当作“{name}”"] if "/" in unit else []
    if unit in word_list("minutes"):
        hours = value / 60
        short = hours.quantize(Decimal("0.01"), ROUND_DOWN)
        return "小时", short, [f"{value}分钟折成{short}小时"] if short != hours else []
    near = word_list("near_units")[unit]
    return near, value, [f"目标文件里没有单位“{unit}”，先写成“{near}”"]


def _bounded(
    text: str, start: int, end: int, value: Decimal, unit: str, notes: list[str]
) -> ClauseNumber:
    """Build a number from its value, its unit and the words around it.

    These words may be comparisons (以上, 最多), or a frequency or condition after a slash (1次/月).
    """
    after = _patterns()[2].match(text, end)
    before = text[:start].rstrip()
    bound = after["bound"] or "" if after else ""
    slash = [after["slash"], after["second"]] if after else []
    if after and (bound or slash[0]):
        end = after.end()
    kind = NumberKind.AMOUNT
    if (bound[-1:] in ("内", "下") and bound != "上下") or before.endswith(
        tuple(word_list("at_most"))
    ):
        kind, reason = NumberKind.LIMIT, "上限"
    elif value <= 0 or value > LARGEST:
        kind, reason = NumberKind.NONE, "不是要达到的数"
    elif unit in ("个", "家") and _counts_places(text, start, end):
        kind, reason = NumberKind.PLACES, "地方的个数"
    else:
        reason = ""
    if re.fullmatch(ABOUT_AFTER, bound[-2:]) or re.search(rf"(?:{ABOUT})$", before):
        notes = [*notes, "约数，先按写出来的数写"]
    return ClauseNumber(
        start,
        end,
        text[start:end],
        kind,
        value,
        unit,
        reason,
        tuple(dict.fromkeys(notes)),
        frequency=next(
            (word_list("frequency_after")[s] for s in slash if s in word_list("frequency_after")),
            "",
        ),
        each=word_list("each_after").get(slash[0], "") if slash and slash[0] else "",
        per_person=any(s in ("人", "名", "户") for s in slash),
    )


def _counts_places(text: str, start: int, end: int) -> bool:
    noun = re.match(rf"[一-龥]{{0,3}}?(?:{any_spaced(word_list('place_nouns'))})", text[end:])
    leads = any_spaced(word_list("before_places"))
    led = re.search(rf"(?:{leads}|以(?!及))[一-龥]{{0,6}}$", text[:start])
    shared = noun is not None and re.match(r"\s?[各均每]", text[end + noun.end() :])
    # Example: 4个小区联谊活动6场, where the places stand beside the amount of activities.
    beside = re.match(rf"(?:{any_spaced(word_list('place_nouns'))})[一-龥]{{1,10}}\d", text[end:])
    return beside is not None or (noun is not None and (led is not None or shared is not None))
