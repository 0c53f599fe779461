"""The phrases that screens and documents share, in the words of official Chinese.

``docs/zh/用语.md`` explains each of them and names the words that they replace.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

BEHIND = "滞后"
OVERDUE = "逾期"
ALSO = "同时计入"
PROJECT_ENDED = "项目期满时"


def day_words(day: date) -> str:
    """Format a day without its year: 3月12日."""
    return f"{day.month}月{day.day}日"


def full_day(day: date) -> str:
    """Format a day with its year: 2026年3月12日."""
    return f"{day.year}年{day.month}月{day.day}日"


def deadline_words(deadline: date, as_of: date) -> str:
    """Describe a deadline relative to a day: 12月31日截止, 今日截止 or 3月31日截止，已逾期5天."""
    days = (deadline - as_of).days
    if days == 0:
        return "今日截止"
    late = f"，已逾期{-days}天" if days < 0 else ""
    return f"{day_words(deadline)}截止{late}"


def adjusted_words(amounts: Sequence[str]) -> str:
    """Describe a changed target: 由50人次调整为60人次, 由50人次先后调整为60人次、90人次."""
    first, *later = amounts
    if not later:
        return first
    return f"由{first}{'先后' if len(later) > 1 else ''}调整为{'、'.join(later)}"


def since_words(day: date) -> str:
    """Name the day from which a change is in force: 自2026年7月1日起."""
    return f"自{full_day(day)}起"


def required_words(names: Iterable[str]) -> str:
    """Describe what an activity must include: 须含生活服务类、社区事务类."""
    return f"须含{'、'.join(names)}"


def also_words(names: Iterable[str]) -> str:
    """Name the further items that an activity counts for: 同时计入五社联动服务活动."""
    return f"{ALSO}{'、'.join(names)}"
