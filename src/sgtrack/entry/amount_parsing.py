"""Parsing of typed amounts, such as ``80人次``, ``2.5学时``, ``三人次`` or ``100``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sgtrack.model.errors import Incomplete, Refused
from sgtrack.model.numerals import (
    ABOUT,
    ABOUT_AFTER,
    HAN_NUMERALS,
    RANGE,
    NumberToken,
    narrow,
    scan_numbers,
)
from sgtrack.model.units import (
    HEADCOUNT,
    LARGEST_AMOUNT,
    SPELLINGS,
    UNITS,
    Measure,
    is_distinct,
    matching_unit,
    plain,
)

_AMOUNT = re.compile(r"(?P<sign>[-+]?)(?P<rest>[^-+].*)")
_NO_UNIT = re.compile(r"[\d\s.,+-]")
"""Characters that no unit contains."""
_ABOUT = re.compile(rf"^(?:{ABOUT})|(?:{ABOUT_AFTER}|以[上下内]|\+)$")
_MORE = re.compile(rf"^(?:有余|[余多来把+]|{RANGE}\d+)")
_AS_AMOUNT = "数量写成数字加单位，如 80人次 100份；标题用 -t，姓名用 --who 甲、乙"
_LONGEST, _LONGEST_WORD = 15, 1000
"""The maximum number of characters of a number, and of a typed word with amounts."""


@dataclass(frozen=True, slots=True)
class AmountInput:
    """A typed amount; ``unit`` is None if no unit was typed."""

    amount: Decimal
    unit: str | None
    text: str


def read_amounts(words: list[str], *, zero: bool = False) -> list[AmountInput]:
    """Parse the amounts of a command line.

    ``zero`` allows 0, with which ``amend`` removes an amount from an entry.

    Raises:
        Refused: a word is not an amount, or an amount is negative, too long, or a forbidden zero.
    """
    for word in words:
        if len(word) > _LONGEST_WORD:
            raise Refused(f"“{word[:_LONGEST]}…”太长，不像数量", "检查是否多打了数字")
    text = " ".join(map(_separate, words))
    text = re.sub(r"(?<=\d)\s+(?=[^\d\s+-])", "", text)
    text = re.sub(rf"(?<!\S)([{HAN_NUMERALS}]+)\s+(?=[^\d\s+-])", r"\1", text)
    return [_read(word, zero=zero) for word in text.split()]


def _separate(word: str) -> str:
    """Put spaces between the amounts of a typed word; remove spaces within a number: 1 200份."""
    text = narrow(word)
    for token in reversed(scan_numbers(text)):
        if token.value is not None:
            joined = re.sub(r"[\s,，]", "", token.words)
            text = text[: token.start] + joined + text[token.end :]
    text = unicodedata.normalize("NFKC", re.sub(r"[，、；;]|,(?!\d)|(?<!\d),", " ", text))
    return re.sub(r"(?<!\d)(?=\.\d)", "0", re.sub(r"(?<=\d)\.(?!\d)", "", text))


def read_attendance(typed: str, *, zero: bool = False) -> int:
    """Parse the number of people who came, such as 120 or 120人次; it counts for no item.

    Raises:
        Refused: the text is not a whole number of people.
    """
    amounts = read_amounts([typed], zero=zero)
    if len(amounts) != 1 or amounts[0].unit not in (None, *HEADCOUNT):
        raise Refused(f"“{typed}”不是到场人次", "写成 --attendance 120")
    (attendance,) = amounts
    if attendance.amount != attendance.amount.to_integral_value():
        raise Refused(f"“{typed}”要写整数", "写成 --attendance 120")
    if attendance.amount > LARGEST_AMOUNT:
        raise Refused(f"“{typed}”太大，不像一次活动的人次", "检查是否多打了数字")
    return int(attendance.amount)


def _read(word: str, *, zero: bool) -> AmountInput:
    match = _AMOUNT.fullmatch(word)
    token = _leading_number(match["rest"]) if match else None
    if match is None or token is None:
        raise _not_an_amount(word)
    if len(token.words) > _LONGEST:
        raise Refused(f"“{word[:_LONGEST]}…”太长，不像数量", "检查是否多打了数字")
    amount, unit = token.value, match["rest"][token.end :]
    if amount is not None and unit.startswith("个半") and unit != "个半":
        amount, unit = amount + Decimal("0.5"), unit[2:]  # Example: 2个半小时.
    is_known = unit in ("", *UNITS, *SPELLINGS)
    is_about = not token.exact or (not is_known and (_MORE.match(unit) or _ABOUT.search(unit)))
    is_word = not is_known and not token.words[0].isdigit()  # Example: 一同.
    if amount is None or is_about or is_word or _NO_UNIT.search(unit):
        raise _not_an_amount(word)
    if match["sign"] == "-" and amount:
        raise Refused(
            f"数量不能是负数：{word}", "记多了请用 sgtrack amend 更正，或用 sgtrack void 作废"
        )
    if not amount and not zero:
        raise Refused(f"数量不能是零：{word}", "没有发生的不用记录")
    return AmountInput(amount, unit or None, word)


def _leading_number(text: str) -> NumberToken | None:
    token = next(iter(scan_numbers(text)), None)
    return token if token is not None and token.start == 0 else None


def _not_an_amount(word: str) -> Refused:
    """Return the refusal of a word that is not an amount, is approximate, or is a calculation."""
    if word.startswith("-"):
        return Refused(f"不认识的选项 {word}", "用 --help 看可用的选项", exit_code=2)
    stated = _ABOUT.sub("", word)
    token = _leading_number(stated)
    unit = _MORE.sub("", stated[token.end :]) if token else ""
    if token and unit in ("", *UNITS, *SPELLINGS):
        if token.value is None and not re.search("[几数一二三四五六七八九]", token.words):
            return Refused(f"“{word}”不是数量", _AS_AMOUNT)
        example = f"{80 if token.value is None else plain(token.value)}{unit}"
        if re.search(r"[×xX*✕✖+]\s*\d", word):
            return Refused(f"“{word}”要写算好的数", f"如 {example}")
        return Refused(f"“{word}”不是准确的数", f"按实际的数写，如 {example}")
    return Refused(f"“{word}”不是数量", _AS_AMOUNT)


def settle(
    typed: Iterable[AmountInput],
    *,
    units: tuple[str, ...],
    item: str,
    names: int = 0,
    once_per_person: bool = False,
) -> tuple[dict[str, Decimal], tuple[str, ...]]:
    """Assign a unit to every amount, and add the amounts that are implied.

    Args:
        typed: the amounts as typed. An amount of 0 means that the activity has none in this unit,
            so that none is implied.
        units: the units the activity may have, those of its own item first.
        item: the code and name of the item, for messages.
        names: the number of named people or groups.
        once_per_person: whether each person counts only once, even in 人次.

    Returns:
        The amounts by unit, and the units whose amounts were not typed but implied.

    Raises:
        Refused: an amount has a wrong, repeated or ambiguous unit, has too many decimals, is larger
            than ``LARGEST_AMOUNT``, or is smaller than the number of names. Refused also if the
            item needs an amount and none is typed or implied.
    """
    amounts: dict[str, Decimal] = {}
    declined = set()
    for amount in typed:
        unit = _unit_of(amount, units, item)
        if not amount.amount:
            declined.add(unit)
            continue
        if unit in amounts:
            raise Refused(f"“{unit}”写了两次", "合成一个数量再写")
        if amount.amount > LARGEST_AMOUNT:
            raise Refused(f"“{amount.text}”太大，不像一次活动的数量", "检查是否多打了数字")
        if UNITS[unit].measure is Measure.TIME:
            if amount.amount != amount.amount.quantize(Decimal("0.01")):
                raise Refused(f"“{amount.text}”的小数太长", "最多两位小数，如 2.5学时")
        elif amount.amount != amount.amount.to_integral_value():
            raise Refused(f"“{amount.text}”要写整数", "只有小时和学时可以有小数")
        amounts[unit] = amount.amount
    named = {u for u in units if is_distinct(u) or (once_per_person and u in HEADCOUNT)}
    # An amount of 0 visits says that nobody was counted, but the event took place.
    uncounted = {u: Decimal(1) for u in declined if UNITS[u].measure is Measure.VISITS}
    implied = _implied_amounts(amounts | uncounted, units, names, named)
    implied = {unit: amount for unit, amount in implied.items() if unit not in declined}
    amounts |= implied
    for unit in amounts:
        if unit in named and names > amounts[unit]:
            raise Refused(
                f"写了 {names} 个姓名，数量却只有 {amounts[unit]}{unit}", "改正数量，或少写几个姓名"
            )
    if units and not amounts:
        example = " ".join(f"{n}{unit}" for n, unit in zip((20, 100, 2), units, strict=False))
        raise Incomplete(f"{item} 要写数量", f"如 {example}")
    return amounts, tuple(implied)


def _unit_of(typed: AmountInput, units: tuple[str, ...], item: str) -> str:
    if not units:
        raise Refused(f"{item} 没有数量，完成时记一次即可", f"去掉“{typed.text}”")
    if typed.unit is None:
        if len(units) == 1:
            return units[0]
        raise Incomplete(
            f"“{typed.text}”没有写单位，{item} 有 {'、'.join(units)}",
            f"写成 {typed.text}{units[0]} 这样",
        )
    unit = matching_unit(typed.unit, units)
    if unit is None:
        raise Refused(f"{item} 没有单位“{typed.unit}”", f"可用的单位：{'、'.join(units)}")
    return unit


def _implied_amounts(
    amounts: dict[str, Decimal], units: tuple[str, ...], names: int, named: set[str]
) -> dict[str, Decimal]:
    """Return the implied amounts, which were not typed.

    Names imply the number of people or groups. Amounts of people, or no typed amounts, imply one
    event (1场, 1次, 1个…). A typed number of events (2场) implies the same number in other
    units of events. Leaflets alone (100份) imply no event.
    """
    implied: dict[str, Decimal] = {}
    if names and not named.intersection(amounts):
        implied |= {unit: Decimal(names) for unit in units if unit in named}
    measures = {UNITS[unit].measure for unit in amounts}
    if not measures or measures & {Measure.VISITS, Measure.DISTINCT, Measure.OCCASIONS}:
        given = [a for u, a in amounts.items() if UNITS[u].implied]
        occasions = given[0] if given else Decimal(1)
        implied |= {u: occasions for u in units if UNITS[u].implied and u not in amounts}
    return implied
