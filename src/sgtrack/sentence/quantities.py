"""Finds amounts (numbers with a unit) in Chinese text, and marks approximate ones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from sgtrack.model.text import (
    HAN_NUMERALS,
    HAN_POWERS,
    NARROW_FORMS,
    any_of,
    expand_tens,
    parse_number,
)
from sgtrack.model.units import UNITS

_HAN = f"{HAN_NUMERALS}廿卅"
_NUMBER = (
    r"(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?[百千万]?"
    rf"|[{_HAN}]*[几数][{_HAN}]+|[{_HAN}]+几?|几"
)
_SPELT = {
    "个人": "人",
    "个小时": "小时",
    "个学时": "学时",
    "个课时": "学时",
    "课时": "学时",
    "钟头": "小时",
    "号人": "人",
    "人数": "人",
    "回": "次",
}
_UNITS = any_of({*UNITS, *_SPELT} - {"人数"})
_ABOUT_BEFORE = (
    r"大约|大概|差不多|约有|约为|约莫|(?<![预节邀签])约|将近|接近|突破|逼近|(?<![附最])近|估计|估摸|超过|超|逾|"
    r"不少于|不低于|不下于?|不到|不足|未满|至少|至多|最多|少说[也都]?|怕[是有]|总有|约摸|估摸着|上(?=[百千万])|(?<![愉爽])快|达到?近|(?<=[共计达])过"
)
_ABOUT_AFTER = "左右|上下|以上|以内|以下|不到|不止|来往|出头|有余|开外"
_COME = r"(?:来了|到了|去了|有|发了|坐了|用了)?"
_SHARED = r"每[人户次个场份家位名班期天日节批轮组队]?|各"
_QUANTITY = re.compile(
    rf"(?P<ordinal>第)?(?P<each>{_SHARED})?(?P<about>(?:{_ABOUT_BEFORE}){_COME})?\s*"
    rf"(?P<range>\d+\s*[-—~～至到]\s*)?(?P<number>{_NUMBER})\s*(?P<half>个半)?(?P<more>有余|[余多来把])?\s*"
    rf"(?P<unit>{_UNITS})(?P<after>{_ABOUT_AFTER})?"
)
_NO_UNIT = re.compile(
    rf"(?P<number>{_NUMBER})\s*(?P<more>有余|[余多来把])\s*(?=(?:(?:困难|留守|困境|社区|辖区)?(?:老人|居民|群众|孩子|儿童|学生|村民|市民|党员|家长|人员|师生|职工|娃|群众|街坊|乡亲|邻居|学员)))"
)
_NOTHING_BUT = re.compile(
    rf"(?:来了|到了|坐了|的人)(?:{_ABOUT_BEFORE}|有|共)*(?P<number>{_NUMBER})(?=[，。；！!]|$)"
)
"""Numbers of people without a unit: 听的人五六十, 居民来了差不多两百."""
_UNIT_FIRST = re.compile(
    r"(?P<unit>人次|户次|场次|人数)(?:数|为|达到?|共计?|有|[:：])?\s*"
    rf"(?P<about>{_ABOUT_BEFORE})?\s*(?P<number>{_NUMBER})(?P<more>有余|[余多]|左右|以上)?"
    rf"(?!\d|[余多]?\s*(?:{_UNITS}))"
)
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
_MINUTES = re.compile(r"(?:零|又)?[\d一二三四五六七八九十]+(?:分|刻)|半")
_ONE_OF = ("个", "名", "位", "人", "篇", "份", "本", "支", "例")
"""Units in which 一 may begin a description instead of an amount: 2个，一个是老人，一个是学生."""
_NOT_TIMES = "访家来去复应收忆头到馈族城乡"
"""Characters that form another word with 回: 回访, 回家."""
_BOOKS = re.compile(r"《[^》]*》")
"""Titles, whose numbers are no amounts: 《殡葬政策一本通》."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount with its unit, and the words that state it.

    ``amount`` is None if the number is indefinite (几十). ``exact`` is false for an approximate
    number (80余, 近百). ``start`` and ``end`` are the character offsets of the words in the text.
    ``each`` holds the words for an amount per event, person or place (每场, 各), or is empty.
    """

    amount: Decimal | None
    unit: str
    exact: bool
    words: str
    start: int
    end: int
    each: str = ""


def narrow(text: str) -> str:
    """Replace full-width digits, dots and spaces by ASCII, without changing any offset."""
    return text.translate(NARROW_FORMS)


def find_quantities(text: str) -> list[Quantity]:
    """Find all amounts in a text, in text order; ordinals (第3场) are not amounts."""
    quantities = []
    narrow_text = _BOOKS.sub(lambda book: "《" * len(book[0]), narrow(text))
    for match in _QUANTITY.finditer(narrow_text):
        if match["ordinal"] or _is_other_word(narrow_text, match):
            continue
        preceding = narrow_text[: match.start()]
        patterns = (_EACH, _EACH_TIME, _EACH_PERSON)
        before = next((m for pattern in patterns if (m := pattern.search(preceding))), None)
        each = match["each"] or (before[0] if before else "")
        quantities.append(_quantity(narrow_text, match, each))
    no_unit = (m for m in _NO_UNIT.finditer(narrow_text) if not _is_other_word(narrow_text, m))
    for match in (*no_unit, *_NOTHING_BUT.finditer(narrow_text)):
        amount, _ = _parse_value(match["number"])
        quantities.append(Quantity(amount, "人", False, match[0], match.start(), match.end()))
    for match in _TWO_OR_THREE.finditer(narrow_text):
        number = Decimal(2 if match["number"] == "俩" else 3)
        unit = "人" if match["people"] else "个"
        quantities.append(Quantity(number, unit, True, match[0], match.start(), match.end()))
    for match in _UNIT_FIRST.finditer(narrow_text):
        if not any(other.start < match.end() and match.start() < other.end for other in quantities):
            quantities.append(_quantity(narrow_text, match))
    for match in _HALF_UNIT.finditer(narrow_text):
        unit, half = _SPELT.get(match["unit"], match["unit"]), Decimal("0.5")
        quantities.append(Quantity(half, unit, True, match[0], match.start(), match.end()))
    return sorted(quantities, key=lambda quantity: quantity.start)


def _quantity(text: str, match: re.Match[str], each: str = "") -> Quantity:
    parts = match.groupdict()
    amount, exact = _parse_value(match["number"])
    if parts.get("half") and amount is not None:
        amount += Decimal("0.5")
    unit = _SPELT.get(match["unit"], match["unit"])
    if any(parts.get(name) for name in ("about", "more", "after", "range")):
        exact = False
    if unit == "小时" and _MINUTES.match(text, match.end()):  # Example: 三小时二十分.
        exact = False
    return Quantity(amount, unit, exact, match[0].strip(), match.start(), match.end(), each)


def _is_other_word(text: str, match: re.Match[str]) -> bool:
    """Return whether the number is part of a date or of a word such as 一家人 or 一起."""
    before = text[: match.start("number")]
    after = text[match.end() :]
    if re.search(rf"[\d{_HAN}][年月]$|[今去明]年$|[第\d.－-]$", before) and not re.search(
        r"\d\s*[-—~～至到]\s*$", before
    ):
        return True
    number, unit = match["number"], match.groupdict().get("unit", "人")
    if number == "一" and re.search(r"[统之第同唯万]$", before):
        return True
    if re.search(r"[十百千]有$", before):  # Example: 四十有二.
        return True
    if number == "一" and unit in tuple("家起面块条处部套间天批"):
        return True
    if unit == "天" and after[:1] in ("气", "池", "然"):
        return True
    if match.groupdict().get("unit") == "回" and after[:1] in tuple(_NOT_TIMES):
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


def _parse_value(written: str) -> tuple[Decimal | None, bool]:
    """Return the value of a number (None if it is indefinite), and whether the number is exact."""
    if "几" in written or "数" in written:
        return None, False
    if written[0] in "百千万":  # 百人 means about 100 people.
        return Decimal(HAN_POWERS[written[0]]), False
    value = parse_number(expand_tens(written))
    return value, value is not None
