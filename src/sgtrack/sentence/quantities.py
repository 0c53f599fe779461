"""Finds amounts (numbers with a unit) in Chinese text, and marks approximate ones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from sgtrack.model.numerals import ABOUT, ABOUT_AFTER, RANGE, NumberToken, narrow, scan_numbers
from sgtrack.model.text import any_of
from sgtrack.model.units import SPELLINGS, UNITS, Measure

_SPELT = SPELLINGS | {"课时": "学时", "个课时": "学时"}
_UNITS = any_of({*UNITS, *_SPELT})
_ABOUT_BEFORE = (
    rf"{ABOUT}|达到?近|到近|突破|估计|估摸着?|超过|超|逾|不少于|不低于|不下于?|不到|不足|未满|至少|至多|最多|少说[也都]?|"
    r"怕[是有]|总有|(?<![愉爽])快|(?<=[共计达])过"
)
_ABOUT_LATER = f"{ABOUT_AFTER}|以上|以内|以下|不到|不止|来往|出头|有余|开外"
_COME = r"(?:来了|到了|去了|有|发了|坐了|用了)?"
_SHARED = r"每[人户次个场份家位名班期天日节批轮组队]?|各"
_LEADING = re.compile(
    r"(?P<ordinal>第(?:\s*[\d一二三四五六七八九十]+\s*[、和与及至到-])*)?"
    rf"(?P<each>{_SHARED})?(?P<about>(?:{_ABOUT_BEFORE}){_COME})?\s*$"
)
"""The words before a number that determine how the number counts: 第, 每场, 约."""
_LONGEST_LEADING = 30
_MORE = r"\s*(?P<more>有余|[余多来把]|\+)"
_TRAILING = re.compile(
    rf"\s*(?P<half>个半)?(?:{_MORE})?\s*(?P<unit>{_UNITS})(?P<and_half>半(?![个天小日月年]))?"
    rf"(?P<after>{_ABOUT_LATER}|\+(?=[，。；、,;\s）)]|$))?"
)
"""The unit after a number, and the words around the unit that make the number approximate."""
_TIMES = r"\s*[×xX*✕✖]\s*"
_TIMES_BEFORE = re.compile(rf"(?:{_UNITS}){_TIMES}$")
_TIMES_AFTER = re.compile(rf"{_TIMES}[\d一二两三四五六七八九十]")
_NO_UNIT = re.compile(
    rf"{_MORE}\s*(?=(?:(?:困难|留守|困境|社区|辖区)?(?:老人|居民|群众|孩子|儿童|学生|村民|市民|党员|家长|人员|师生|职工|娃|群众|街坊|乡亲|邻居|学员)))"
)
_NOTHING_BUT = re.compile(rf"(?:来了|到了|坐了|的人)(?:{_ABOUT_BEFORE}|有|共)*$")
"""Words before a number of people without a unit: 听的人五六十, 居民来了差不多两百."""
_NOTHING_AFTER = re.compile("[，。；！!]|$")
_UNIT_FIRST = re.compile(
    r"(?P<unit>人次|户次|场次|人数)(?:数|为|达到?|共计?|有|[:：])?\s*"
    rf"(?P<about>{_ABOUT_BEFORE})?\s*$"
)
_MORE_WITHOUT_UNIT = re.compile("有余|[余多+]|左右|以上")
_HALF_UNIT = re.compile(r"(?<![一二三四五六七八九十百\d个多大])半个?(?P<unit>小时|学时|课时|天)")
_EACH = re.compile(
    r"各(?:[自有]|[^类项种位级方社个地乡族界学站镇村行，。；、]{1,2})?$|各(?:自|地)?(?:开展|举办|举行|组织|进行|召开|宣讲)[^，。；\d]{0,12}$"
)
"""Words before an amount that holds for each person or place: 一老一小各一张, 各启动一项."""
_TWO_OR_THREE = re.compile(
    r"(?<![咱我你他她它爷娘爸妈父母妻子弟妹兄姊姐孙女们儿口])(?P<number>[俩仨])(?=[，。：；:,;\u4e00-\u9fff]|$)(?P<people>人)?"
)
"""The words 俩 (two) and 仨 (three), which need no unit.

The pattern does not match after a pronoun or a word for relatives: 夫妻俩.
"""
_EACH_PERSON = re.compile(r"每[人名位][^，。；,;\d]{1,4}$")
_EACH_TIME = re.compile(
    r"每(?:[场班期天日节次批轮]|[个家支所][^，。；,;\d]{1,4}?(?:服务|参[加训]|到场|发放|发|送)?[^，。；,;\d]{0,4})$"
)
_MINUTES = re.compile(r"(?:零|又)?[\d一二三四五六七八九十]+(?:分|刻)")
_MONTH_BEFORE = re.compile(r"[\d〇零一二三四五六七八九十][年月]\s*$")
_ONE_OF = ("个", "名", "位", "人", "篇", "份", "本", "支", "例")
"""Units in which 一 may begin a description instead of an amount: 2个，一个是老人，一个是学生."""
_NOT_TIMES = "访家来去复应收忆头到馈族城乡"
"""Characters that form another word with 回: 回访, 回家."""
_BOOKS = re.compile(r"《[^》]*》")
"""Titles, whose numbers are not amounts: 《殡葬政策一本通》."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount with its unit, and the words that state it.

    ``amount`` is None if the number is indefinite (几十). ``exact`` is false for an approximate
    number (80余, 近百) and for one that must be calculated (40×2). ``start`` and ``end`` are the
    character offsets of the words in the text. ``each`` holds the words for an amount per event,
    person or place (每场, 各), or is empty.
    """

    amount: Decimal | None
    unit: str
    exact: bool
    words: str
    start: int
    end: int
    each: str = ""


def find_quantities(text: str) -> list[Quantity]:
    """Find all amounts in a text, in text order; ordinals (第3场) are not amounts."""
    narrow_text = _BOOKS.sub(lambda book: "《" * len(book[0]), narrow(text))
    tokens = scan_numbers(narrow_text)
    quantities: list[Quantity] = []
    for previous, token in zip([None, *tokens], tokens, strict=False):
        low = previous if previous and _is_range(narrow_text, previous, token) else None
        quantity = _read(narrow_text, token, low)
        if quantity is None:
            continue
        if low and quantities and quantities[-1].end > low.start:
            quantities.pop()  # Example: 30人 in 30人至40人.
        if not quantities or quantity.start >= quantities[-1].end:
            quantities.append(quantity)
    for match in _TWO_OR_THREE.finditer(narrow_text):
        number = Decimal(2 if match["number"] == "俩" else 3)
        unit = "人" if match["people"] else "个"
        quantities.append(Quantity(number, unit, True, match[0], match.start(), match.end()))
    for match in _HALF_UNIT.finditer(narrow_text):
        unit, half = _SPELT.get(match["unit"], match["unit"]), Decimal("0.5")
        quantities.append(Quantity(half, unit, True, match[0], match.start(), match.end()))
    return sorted(quantities, key=lambda quantity: quantity.start)


def _is_range(text: str, low: NumberToken, high: NumberToken) -> bool:
    """Return whether two numbers are the ends of a range, as in 30至40人 or 30人至40人."""
    gap = re.fullmatch(rf"(?P<unit>{_UNITS})?{RANGE}", text[low.end : high.start])
    return gap is not None and (not gap["unit"] or text.startswith(gap["unit"], high.end))


def _read(text: str, token: NumberToken, low: NumberToken | None) -> Quantity | None:
    """Read the amount of a number, or return None if it is part of another word or has no unit.

    If the number is the last one of a range, ``low`` is the first one.
    """
    begin = (low or token).start
    leading = _LEADING.search(text, max(0, begin - _LONGEST_LEADING), begin)
    trailing = _TRAILING.match(text, token.end)
    if leading is None or leading["ordinal"]:
        return None
    start = leading.start() + len(leading[0]) - len(leading[0].lstrip())
    if token.words[0] in "百千万" and text[:begin].endswith("上"):  # Example: 上百人.
        start = begin - 1
    if trailing is None:
        return _read_without_unit(text, token, start)
    if _is_other_word(text, token, trailing.end(), trailing["unit"]):
        return None
    unit = _SPELT.get(trailing["unit"], trailing["unit"])
    amount = token.value
    is_time = UNITS[unit].measure is Measure.TIME
    if amount is not None and (trailing["half"] or (is_time and trailing["and_half"])):
        amount += Decimal("0.5")
    exact = token.exact and not (low or leading["about"] or trailing["more"] or trailing["after"])
    if unit == "小时" and _MINUTES.match(text, trailing.end()):  # Example: 三小时二十分.
        exact = False
    if _MONTH_BEFORE.search(text[:begin]):  # Example: 6月12人次.
        exact = False
    if amount is not None and not is_time and amount != amount.to_integral_value():
        amount, exact = None, False
    if UNITS[unit].measure is not Measure.OCCASIONS and (
        _TIMES_BEFORE.search(text[:begin]) or _TIMES_AFTER.match(text, trailing.end())
    ):
        amount, exact = None, False  # Example: 2场×40人.
    before = text[:start]
    patterns = (_EACH, _EACH_TIME, _EACH_PERSON)
    each = leading["each"] or next((m[0] for p in patterns if (m := p.search(before))), "")
    words = text[start : trailing.end()].strip()
    return Quantity(amount, unit, exact, words, start, trailing.end(), each)


def _read_without_unit(text: str, token: NumberToken, start: int) -> Quantity | None:
    """Read a number that follows its unit, or that counts people without a unit."""
    before = text[: token.start]
    if more := _NO_UNIT.match(text, token.end):
        end = more.end()
    elif nothing := _NOTHING_BUT.search(before):
        if not _NOTHING_AFTER.match(text, token.end):
            return None
        start, end = nothing.start(), token.end
    elif unit := _UNIT_FIRST.search(before):
        more = _MORE_WITHOUT_UNIT.match(text, token.end)
        end = more.end() if more else token.end
        exact = token.exact and not (more or unit["about"])
        name = "人" if unit["unit"] == "人数" else unit["unit"]
        return Quantity(token.value, name, exact, text[unit.start() : end], unit.start(), end)
    else:
        return None
    return Quantity(token.value, "人", False, text[start:end], start, end)


def _is_other_word(text: str, token: NumberToken, end: int, unit: str) -> bool:
    """Return whether the number is part of a date or of a word such as 一家人 or 一起."""
    before, after = text[: token.start], text[end:]
    number = token.words
    if re.search("[今去明]年$", before) or number == "万一":
        return True
    if unit == "节" and re.search("腊八$|三八$|五[一四]$|六一$|七一$|八一$", text[: token.end]):
        return True  # Example: 腊八节.
    if number == "一" and re.search(r"[统之第同唯]$", before):
        return True
    if re.search(r"[十百千]有$", before):  # Example: 四十有二.
        return True
    if number == "一" and unit in tuple("家起面块条处部套间天批"):
        return True
    if unit == "天" and after[:1] in ("气", "池", "然"):
        return True
    if unit == "回" and after[:1] in tuple(_NOT_TIMES):
        return True
    if number == "一" and unit == "个" and after[:1] in tuple("都也不没个"):
        return True  # Example: 一个都没缺席.
    if number == "一" and unit in ("人", "户") and re.match("一[档策案]", after):
        return True  # Example: 一人一档.
    if unit in ("批", "轮") and before.endswith("分"):  # Example: 分三批开展.
        return True
    if number == "一" and unit in ("次", "场", "回") and re.search("[又再这那上下头首另]$", before):
        return True  # Example: 又一次走深走实.
    if number == "一" and unit in _ONE_OF and re.match("[是叫为]|来自|通|[^，。；]?写", after):
        return True
    return unit in ("次", "个", "场") and after[:1] == "性"
