"""Checks whether an activity fulfils the conditions of an item, such as 每场不少于30人."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING

from sgtrack.model.contract import Item, Project
from sgtrack.model.units import HEADCOUNT, UNITS, Measure, headcount, matching_unit, plain

if TYPE_CHECKING:
    from sgtrack.model.entries import Activity

ZERO = Decimal(0)


def too_early(item: Item, day: date) -> bool:
    """Return whether the item was added to the contract after a day."""
    return item.added is not None and day < item.added.start


def rejection_reason(item: Item, activity: Activity) -> str:
    """Return in Chinese which condition of an item an activity misses; empty if it misses none.

    A reason is also returned if a change added the item after the activity. An entry of several 场
    or 次 is checked by its average. Only the conditions of the item itself are checked, not those
    of its parents.
    """
    if item.added is not None and too_early(item, activity.day):
        return f"自 {item.added.start} 起列入合同，此前的不计"
    occasions = count_occasions(activity.amounts) if item.each else ZERO
    for unit, least in item.each:
        if unit in HEADCOUNT:
            amount = headcount(activity.amounts, len(activity.participants))
        else:
            match = matching_unit(unit, tuple(activity.amounts))
            amount = activity.amounts[match] if match else ZERO
        if amount >= least * occasions:
            continue
        condition = f"每{item.occasion}不少于{plain(least)}{unit}"
        if not amount:
            return f"没有写{'人数' if unit in HEADCOUNT else unit}（{condition}），不计"
        on_average = f"平均每{item.occasion}" if occasions > 1 else ""
        average = plain((amount / occasions).quantize(Decimal("0.1"), ROUND_DOWN))
        return f"{on_average}只有{average}{unit}（{condition}），不计"
    return ""


def shortfalls(project: Project, activity: Activity) -> dict[str, str]:
    """Return in Chinese the conditions that an activity misses, by item, including parent items."""
    codes = dict.fromkeys(c for code in activity.items for c in project.with_ancestors(code))
    reasons = {
        code: rejection_reason(project.items[code], activity)
        for code in codes
        if code in project.items
    }
    return {code: reason for code, reason in reasons.items() if reason}


def each_words(item: Item) -> str:
    """Describe the minimum amounts of a single activity of an item; empty if there are none."""
    return "，".join(f"每{item.occasion}不少于{plain(least)}{unit}" for unit, least in item.each)


def condition_words(item: Item) -> str:
    """Describe all conditions of an item: on each activity, on groups or cases, and on people."""
    conditions = [each_words(item)] if item.each else []
    if item.series and item.sessions > 1:
        conditions.append(f"每个不少于{item.sessions}{item.occasion}")
    if item.once_per_person:
        conditions.append("每人只计一次")
    return "，".join(conditions)


def count_occasions(amounts: Mapping[str, Decimal]) -> Decimal:
    """Return the largest amount in a unit of occasions, such as 场 or 次; 1 if there is none."""
    counts = [a for unit, a in amounts.items() if UNITS[unit].measure is Measure.OCCASIONS]
    return max(counts, default=Decimal(1))
