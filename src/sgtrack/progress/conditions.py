"""Whether a single activity counts: what it must have (每场不少于30人), and whether it was due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING

from sgtrack.model.contract import Item, Project
from sgtrack.model.units import HEADCOUNT, UNITS, Measure, plain, present, spoken_for

if TYPE_CHECKING:
    from sgtrack.model.entries import Activity

ZERO = Decimal(0)


def too_early(item: Item, day: date) -> bool:
    """Whether the item was only added to the contract after a day."""
    return item.added is not None and day < item.added.start


def why_not(item: Item, day: date, amounts: Mapping[str, Decimal], names: int) -> str:
    """Why an activity does not count for an item, in the contract's words; empty where it does.

    An entry of several 场 or 次 is held against the conditions with what there was at each on
    average.

    Args:
        item: the item it would count for; what this is a part of judges for itself.
        day: when it was.
        amounts: everything the activity has, by unit.
        names: how many people or groups it names.
    """
    if item.added is not None and too_early(item, day):
        return f"从 {item.added.start} 起才加入合同，不计"
    times = _occasions(amounts) if item.each else ZERO
    for unit, least in item.each:
        has = _amount(amounts, names, unit)
        if has >= least * times:
            continue
        asked = f"每{item.occasion}不少于{plain(least)}{unit}"
        if not has:
            what = "人数" if unit in HEADCOUNT else unit
            return f"没有写{what}（{asked}），不计"
        on_average = f"平均每{item.occasion}" if times > 1 else ""
        return f"{on_average}只有{_shown(has / times)}{unit}（{asked}），不计"
    return ""


def shortfalls(project: Project, activity: Activity) -> dict[str, str]:
    """The items an activity would count for but does not, each with the reason."""
    served = dict.fromkeys(c for code in activity.items for c in project.with_ancestors(code))
    found = {
        code: why_not(
            project.items[code], activity.day, activity.amounts, len(activity.participants)
        )
        for code in served
        if code in project.items
    }
    return {code: reason for code, reason in found.items() if reason}


def each_words(item: Item) -> str:
    """What the contract asks of every single activity of an item; empty where nothing."""
    return "，".join(f"每{item.occasion}不少于{plain(least)}{unit}" for unit, least in item.each)


def condition_words(item: Item) -> str:
    """As :func:`each_words`, with what it asks of a whole group or case and of people."""
    said = [each_words(item)] if item.each else []
    if item.series and item.sessions > 1:
        said.append(f"每个不少于{item.sessions}{item.occasion}")
    if item.once_per_person:
        said.append("每人只计一次")
    return "，".join(said)


def _amount(amounts: Mapping[str, Decimal], names: int, unit: str) -> Decimal:
    if unit in HEADCOUNT:
        return present(amounts, names)
    meant = spoken_for(unit, tuple(amounts))
    return amounts[meant] if meant else ZERO


def _occasions(amounts: Mapping[str, Decimal]) -> Decimal:
    given = [a for unit, a in amounts.items() if UNITS[unit].measure is Measure.OCCASIONS]
    return max(given, default=Decimal(1))


def _shown(amount: Decimal) -> str:
    return plain(amount.quantize(Decimal("0.1"), ROUND_DOWN))
