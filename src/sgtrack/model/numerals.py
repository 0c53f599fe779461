"""Reads numbers written in Arabic digits or Chinese numerals."""

from __future__ import annotations

import re
from decimal import Decimal

HAN_DIGITS = {ch: n for n, ch in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
HAN_POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10000}
HAN_NUMERALS = "零〇一二两三四五六七八九十百千万"
"""The characters of a Chinese number."""
_SHORT_TENS = str.maketrans({"廿": "二十", "卅": "三十"})


def expand_tens(numeral: str) -> str:
    """Write 廿 and 卅 out as 二十 and 三十."""
    return numeral.translate(_SHORT_TENS)


def parse_number(written: str) -> Decimal | None:
    """Parse a number; return None for other words and for ranges such as 三四十 or 几十.

    Digits may have thousands separators, spaces and a power after them: 1,200; 1 200; 2.5万.
    """
    bare = re.sub(r"[\s,，]", "", written)
    if not bare:
        return None
    if bare[0] in "0123456789":
        power = HAN_POWERS.get(bare[-1], 1)
        digits = bare.rstrip("十百千万")
        return Decimal(digits) * power if re.fullmatch(r"\d+(\.\d+)?", digits) else None
    if re.search(r"[一二三四五六七八九两]{2}", bare) or not set(bare) <= set(HAN_NUMERALS):
        return None
    return _parse_han(bare)


def _parse_han(numeral: str) -> Decimal:
    total = section = digit = 0
    for ch in numeral:
        if ch in HAN_DIGITS:
            digit = HAN_DIGITS[ch]
        elif ch == "万":
            total += (section + digit) * HAN_POWERS[ch]
            section = digit = 0
        else:
            section += (digit or 1) * HAN_POWERS[ch]
            digit = 0
    return Decimal(total + section + digit)
