"""Finds and reads the numbers of Chinese text, in digits and in numerals.

The readers of sentences, typed amounts, dates, sheets and tenders all use this module, so that they
understand the same numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from math import prod

HAN_DIGITS = {ch: n for n, ch in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
HAN_POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10000, "亿": 100_000_000}
HAN_NUMERALS = "零〇一二两三四五六七八九十百千万亿廿卅"
"""The characters of Chinese numerals, except those of banks (壹贰叁)."""
NARROW_FORMS = {ord("０") + n: str(n) for n in range(10)} | {
    ord(form): standard for form, standard in zip("．＋／％○　", ".+/%〇 ", strict=True)
}
"""A translation table from full-width digits, signs and spaces to their usual forms."""
ABOUT = r"大约|大概|差不多|约有|约为|约莫|约摸|(?<![预节邀签])约|将近|接近|逼近|(?<![附最])近"
"""A pattern for words before an approximate number: 约30."""
ABOUT_AFTER = "左右|上下"
"""A pattern for words after an approximate number and its unit: 30人左右."""
RANGE = r"\s*[-–—~～－至到]{1,2}\s*"
"""A pattern for the text between the two numbers of a range: 30至40."""

_PLAIN = str.maketrans(
    "壹贰貳叁參肆伍陆陸柒捌玖拾佰仟萬wWkK", "一二二三三四五六六七八九十百千万万万千千"
)
_TENS = {"廿": "二十", "卅": "三十"}
_DIGIT = "零〇一二两三四五六七八九"
_BANK = "壹贰貳叁參肆伍陆陸柒捌玖"
_OPERATOR = r"\s*[×xX*✕✖+]\s*"
_TIME = r"(?=\s*个?(?:小时|学时|课时|钟头|工时|天|年|倍|元|公里|[万亿]))"
_OTHER = (
    r"\d+(?:\.\d+){2,}|\d{2,4}-\d{1,2}-\d{1,2}(?!\d)|\d+/\d+(?:/\d+)?|\d{1,2}[:：]\d{2}(?!\d)"
    r"|(?<![A-Za-z])[A-WYZa-wyz]\d+"
)
"""Codes (5.1.2), dates with a year, fractions and dates (5/19), times of day, and names (A12)."""
_SPLIT = r"\d+(?: \d+)+(?=\s?[^\d\s.、）])"
"""Digits with spaces between, as copied from a PDF file: 1 2 0人次."""
_WHOLE = (
    r"(?<![年月])\d{1,3}(?:(?:,\d{3})+|(?:，\d{3})+)(?!\d)|(?<![-年月])\d{1,3}(?: \d{3})+(?!\d)"
    r"|(?<![年月])\d+(?:,\d+)+|\d+"
)
_HAN = (
    rf"[{HAN_NUMERALS}]*(?:几|(?<![人户次场份总])数(?=[十百千万]))[{HAN_NUMERALS}]+"
    rf"|[{HAN_NUMERALS}]+几?|几"
)
_HAN_POINT = rf"[{HAN_NUMERALS}]+点[{_DIGIT}]+(?![{HAN_NUMERALS}])"
_NOT_CLOCK = "".join(
    f"(?<!{words})"
    for words in ("上午", "下午", "中午", "晚上", "早上", "凌晨", "傍晚", "早", "晚")
)
_HAN_DECIMAL = (
    rf"{_NOT_CLOCK}(?<![日号天从于]){_HAN_POINT}(?![分刻半钟])|{_HAN_POINT}{_TIME}[万亿]?"
    rf"|[{HAN_NUMERALS}]+点[{_DIGIT}]+[万亿]|\d+点\d+{_TIME}"
)
"""Decimals in words. 下午三点五人 is a time of day and a number, 三点五小时 is one number."""
_BANKERS = (
    rf"(?:[{_BANK}]零?[拾佰仟萬万亿]零?)+[{_BANK}]?|拾[{_BANK}]|[壹贰貳叁參肆柒捌玖]"
    r"|(?<![队退入大登着])[伍陆](?=[份场次个例篇册张本期节件项条])"
)
"""Numerals of banks. 伍 and 陆 alone are also parts of words and surnames: 队伍, 陆家."""
_PART = re.compile(rf"\d+(?:\.\d+)?|[{_DIGIT}]|[十百千万亿]")
_APART = re.compile(r"(?:分别|依次)[^，。；\d]*$")
"""Words before a list of numbers, whose commas do not separate thousands: 分别为120,135人."""


@dataclass(frozen=True, slots=True)
class NumberToken:
    """A number as it is written, with its position in the text.

    ``value`` is None if the number is indefinite (几十), or if the digits do not form a plain
    number but a code, a time of day, a fraction or a date. ``exact`` is false if the value had to
    be estimated or calculated: 百人, 三四十, 40×2, 40+30.
    """

    start: int
    end: int
    words: str
    value: Decimal | None
    exact: bool


def narrow(text: str) -> str:
    """Replace full-width digits, signs and spaces by the usual ones; keep all offsets."""
    return text.translate(NARROW_FORMS)


@cache
def _pattern(*, split: bool) -> re.Pattern[str]:
    whole = f"{_SPLIT}|{_WHOLE}" if split else _WHOLE
    decimal = rf"(?:{whole})(?:\.\d+)?"
    power = r"(?:\s?[万亿]|[百千]|(?<=[百千万]\d)十)"
    further = rf"(?:零?\d+(?:\.\d+)?|[{_DIGIT}十百千]+)"
    number = rf"{decimal}(?:[wWkK](?![A-Za-z\d])|{power}{further}?)*几?"
    arabic = rf"{number}(?:{_OPERATOR}{number})*"
    return re.compile(rf"{_OTHER}|{_HAN_DECIMAL}|{arabic}|{_BANKERS}|{_HAN}")


def scan_numbers(text: str, *, split: bool = False) -> list[NumberToken]:
    """Find every number of a narrow text, in text order.

    Each token is as long as possible, so that no number begins or ends inside another: 1 200, 1,200
    and 1千2百 are one number each. ``split`` also joins digits with single spaces between them
    (1 2 0), which PDF files contain.
    """
    tokens = []
    for match in _pattern(split=split).finditer(text):
        value, exact = _read(match[0])
        if re.search("[,，]", match[0]) and _APART.search(text[: match.start()]):
            value, exact = None, False
        tokens.append(NumberToken(match.start(), match.end(), match[0], value, exact))
    return tokens


def parse_number(written: str) -> Decimal | None:
    """Parse a number in digits or numerals: 1,200; 1 200; 2.5万; 1千2百; 一百二; 伍拾; 十六点五.

    Return None for other words, for calculations, and for ranges such as 三四十 or 几十.
    """
    bare = re.sub(r"\s", "", narrow(written))
    match = _pattern(split=False).fullmatch(bare)
    if match is None or re.search(_OPERATOR, bare):
        return None
    return _read(bare)[0]


def _read(words: str) -> tuple[Decimal | None, bool]:
    """Return the value of a token (None if it has none), and whether it is stated exactly."""
    if re.search("[几数]", words) or re.fullmatch(_OTHER, words):
        return None, False
    if re.search(_OPERATOR, words):
        total = Decimal(0)
        for term in words.split("+"):
            factors = [_read(number)[0] for number in re.split("[×xX*✕✖]", term)]
            total += prod(factor or Decimal(0) for factor in factors)
        return total, False
    if "," in words and not re.fullmatch(r"\d{1,3}(?:,\d{3})+(?!\d).*", words):
        return None, False
    bare = re.sub(r"[\s,，]", "", words).translate(_PLAIN)
    for short, long in _TENS.items():
        bare = bare.replace(short, long)
    if "点" in bare:
        return _read_decimal(bare), True
    if not re.search(r"\d", bare) and re.search("[一二三四五六七八九两]{2}", bare):
        is_plain = re.search("[零〇]", bare) and not re.search("[十百千万亿]", bare)
        return (_by_position(bare), True) if is_plain and bare[0] not in "零〇" else (None, False)
    if len(bare) > 1 and set(bare) <= set(_DIGIT) and bare[0] not in "零〇":
        return _by_position(bare), True
    mixed = re.search(rf"\d.*[百千万亿](?:\d|[{_DIGIT}十]+)$", bare)
    return _combine(_PART.findall(bare)), bare[0] not in "百千万亿" and mixed is None


def _by_position(numeral: str) -> Decimal:
    return Decimal("".join(str(HAN_DIGITS[ch]) for ch in numeral))


def _read_decimal(numeral: str) -> Decimal:
    whole, _, rest = numeral.partition("点")
    digits = rest.rstrip("万亿")
    before = _combine(_PART.findall(whole))
    value = Decimal(f"{before}.{''.join(str(HAN_DIGITS.get(ch, ch)) for ch in digits)}")
    return _without_zeros(value * HAN_POWERS.get(rest[len(digits) :], 1))


def _without_zeros(value: Decimal) -> Decimal:
    whole = value.to_integral_value()
    return whole if value == whole else value


def _combine(parts: list[str]) -> Decimal:
    """Add up digits and powers of ten. A last digit takes the next lower power: 一百二 is 120."""
    total = section = Decimal(0)
    digit: Decimal | None = None
    power, zero = 1, False
    for part in parts:
        if part in HAN_POWERS:
            power = HAN_POWERS[part]
            if power >= HAN_POWERS["万"]:
                below = section + (digit or 0)
                if 0 < total < power:  # Example: 三万亿.
                    total, below = Decimal(0), total + below
                total += (below or 1) * power
                section = Decimal(0)
            else:
                section += (1 if digit is None else digit) * power
            digit, zero = None, False
        elif part in "零〇":
            zero = True
        else:
            digit = Decimal(HAN_DIGITS.get(part, part))
    if digit and power >= HAN_POWERS["百"] and not zero and len(parts[-1]) == 1:
        digit *= power // 10
    return _without_zeros(total + section + (digit or 0))
