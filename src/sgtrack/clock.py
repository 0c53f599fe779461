"""The current date and time; ``SGTRACK_TODAY`` replaces the date in tests and demonstrations."""

from __future__ import annotations

import os
from datetime import date, datetime

from sgtrack.model.errors import Refused

VARIABLE = "SGTRACK_TODAY"
YEARS = range(2000, 2100)
"""The years in which the clock of a computer can be right; an empty battery shows 1970 or 1980."""


def today() -> date:
    """Return the date in ``SGTRACK_TODAY`` if it is set, otherwise today's local date.

    Raises:
        Refused: ``SGTRACK_TODAY`` is not an ISO date of these years, or the clock is wrong.
    """
    day = _local_time().date()
    value = os.environ.get(VARIABLE)
    if not value:
        if day.year not in YEARS:
            raise Refused(f"这台电脑的时钟是 {day}，不对", "在系统里调好日期，再试一次")
        return day
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise Refused(
            f"环境变量 {VARIABLE} 的“{value}”不是日期", "写成 2026-03-12 这样，或取消这个变量"
        ) from None
    if day.year not in YEARS:
        raise Refused(
            f"环境变量 {VARIABLE} 的“{value}”不在 {YEARS[0]} 至 {YEARS[-1]} 年之间",
            "写成 2026-03-12 这样，或取消这个变量",
        )
    return day


def now() -> datetime:
    """Combine the date of :func:`today` with the current local time and UTC offset."""
    moment = _local_time()
    return datetime.combine(today(), moment.timetz())


def _local_time() -> datetime:
    try:
        return datetime.now().astimezone()
    except (ValueError, OverflowError, OSError):  # a UTC offset of a day or more
        raise Refused(
            f"这台电脑的时区不对（TZ={os.environ.get('TZ', '')}）", "在系统里改成北京时间，再试一次"
        ) from None
