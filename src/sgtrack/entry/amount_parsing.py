"""Parsing of typed amounts, such as ``80人次``, ``2.5学时`` or ``100``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sgtrack.model.errors import Refused
from sgtrack.model.units import (
    HEADCOUNT,
    LARGEST_AMOUNT,
    UNITS,
    Measure,
    is_distinct,
    matching_unit,
)

_AMOUNT = re.compile(
    r"(?P<sign>[-+]?)(?P<number>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?P<unit>[^\d\s.,+-]*)"
)
_LONGEST = 15


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
    text = unicodedata.normalize("NFKC", re.sub("[，、；]", " ", " ".join(words)))
    text = re.sub(r"(?<=\d)\s+(?=[^\d\s+-])", "", text)
    return [_read(word, zero=zero) for word in text.split()]


def _read(word: str, *, zero: bool) -> AmountInput:
    match = _AMOUNT.fullmatch(word)
    if match is None:
        if word.startswith("-"):
            raise Refused(f"不认识的选项 {word}", "用 --help 看可用的选项", exit_code=2)
        raise Refused(
            f"“{word}”不是数量",
            "数量写成数字加单位，如 80人次 100份；标题用 -t，姓名用 --who 甲、乙",
        )
    if len(match["number"]) > _LONGEST:
        raise Refused(f"“{word[:_LONGEST]}…”太长，不像数量", "检查是否多打了数字")
    amount = Decimal(match["number"].replace(",", ""))
    if match["sign"] == "-" and amount:
        raise Refused(
            f"数量不能是负数：{word}", "记多了请用 sgtrack amend 更正，或用 sgtrack void 作废"
        )
    if not amount and not zero:
        raise Refused(f"数量不能是零：{word}", "没有发生的不用记录")
    return AmountInput(amount, match["unit"] or None, word)


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
        typed: the amounts as typed.
        units: the units the activity may have, those of its own item first.
        item: the code and name of the item, for messages.
        names: the number of named people or groups.
        once_per_person: whether each person counts only once, even in 人次.

    Returns:
        The amounts by unit, and the units whose amounts were not typed but implied.

    Raises:
        Refused: an amount has a wrong, repeated or ambiguous unit, has too many decimals, is
            larger than ``LARGEST_AMOUNT``, or is smaller than the number of names. Refused also if
            the item needs an amount and none is typed or implied.
    """
    amounts: dict[str, Decimal] = {}
    for amount in typed:
        unit = _unit_of(amount, units, item)
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
    understood = _understood(amounts, units, names, named)
    amounts |= understood
    for unit in amounts:
        if unit in named and names > amounts[unit]:
            raise Refused(
                f"写了 {names} 个姓名，数量却只有 {amounts[unit]}{unit}", "改正数量，或少写几个姓名"
            )
    if units and not amounts:
        example = " ".join(f"{n}{unit}" for n, unit in zip((20, 100, 2), units, strict=False))
        raise Refused(f"{item} 要写数量", f"如 {example}")
    return amounts, tuple(understood)


def _unit_of(typed: AmountInput, units: tuple[str, ...], item: str) -> str:
    if not units:
        raise Refused(f"{item} 没有数量，完成时记一次即可", f"去掉“{typed.text}”")
    if typed.unit is None:
        if len(units) == 1:
            return units[0]
        raise Refused(
            f"“{typed.text}”没有写单位，{item} 有 {'、'.join(units)}",
            f"写成 {typed.text}{units[0]} 这样",
        )
    unit = matching_unit(typed.unit, units)
    if unit is None:
        raise Refused(f"{item} 没有单位“{typed.unit}”", f"可用的单位：{'、'.join(units)}")
    return unit


def _understood(
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
