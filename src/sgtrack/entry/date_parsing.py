"""Parsing of typed dates and months, such as ``3-12``, ``三月十二日``, ``3天前`` or ``上月``."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

from sgtrack.model.contract import Period
from sgtrack.model.errors import Refused
from sgtrack.model.numerals import HAN_NUMERALS, narrow, parse_number

YEARS = range(1900, 2200)
"""Accepted years; far enough from the limits of ``date`` that adding days cannot overflow."""
_NEAR_YEARS = 10
"""A year of two digits is at most this many years from today: 26-3-12, but not 12-3-26."""
_DAYS_AGO = {
    "今天": 0,
    "今日": 0,
    "昨天": 1,
    "昨日": 1,
    "前天": 2,
    "前日": 2,
    "大前天": 3,
    "大前日": 3,
}
_WEEKDAYS = "一二三四五六日"
_SEPARATOR = r"\s*[-/.年月]\s*"
_AGO = re.compile(r"(\d{1,3})\s*天(?:之|以)?前")
_FULL = re.compile(rf"(\d{{4}}|\d{{2}}){_SEPARATOR}(\d{{1,2}}){_SEPARATOR}(\d{{1,2}})\s*[日号]?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH_DAY = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_DAY = re.compile(r"(本月|这个月|当月|上个?月)?(\d{1,2})[日号]")
_WEEKDAY = re.compile(r"(上上个?|上个?|本|这个?)?(?:周|星期|礼拜)([一二三四五六日天])")
_WEEKS_AGO = {"上上": 2, "上": 1, "本": 0, "这": 0}
_NOT_SOLAR = re.compile(
    "农历|阴历|旧历|古历|[正冬腊]月|月初[一二三四五六七八九十]|大?年(?:初|三十)|除夕|节$|"
    "清明|端午|中秋|重阳|元宵|七夕|腊八|冬至"
)
"""Days of the lunar calendar and festivals, whose dates change from year to year."""
_YEAR_MONTH = re.compile(rf"(\d{{4}}){_SEPARATOR}(\d{{1,2}})\s*月?|(\d{{4}})(\d{{2}})")
_MONTH = re.compile(r"(\d{1,2})\s*月?(?:份)?")


def read_date(
    typed: str, today: date, period: Period | None = None, *, upcoming: bool = False
) -> date:
    """Parse a day, in digits or numerals.

    A month and day without a year (3-12) are in the current year. If that date is in the future,
    the previous year is used instead, unless the date would then be outside ``period``. For 2-29,
    only leap years are used. A day alone (28号) is in the current month, or in the previous month
    if it has not come yet and ``period`` contains that date. A weekday alone (周三) is the latest
    one up to today. The prefixes 本, 上 and 上上 mean the current and the previous weeks.

    With ``upcoming``, a day alone is always in the current month, as for the beginning of a plan.

    Raises:
        Refused: the text is not a date, the date does not exist, or its year is not between 1900
            and 2199.
    """
    text = narrow(unicodedata.normalize("NFKC", typed)).strip()
    if text in _DAYS_AGO:
        return today - timedelta(days=_DAYS_AGO[text])
    if match := _WEEKDAY.fullmatch(text):
        return _weekday((match[1] or "").rstrip("个"), match[2], today)
    written = text
    text = re.sub(r"(?<=\d)\s*[。,]\s*(?=\d)", ".", _in_digits(text))
    if match := _AGO.fullmatch(text):
        return today - timedelta(days=int(match[1]))
    if match := _FULL.fullmatch(text) or _COMPACT.fullmatch(text):
        return _day(typed, _year(typed, match[1], today), int(match[2]), int(match[3]))
    if match := _MONTH_DAY.fullmatch(text):
        return _without_year(typed, int(match[1]), int(match[2]), today, period)
    if match := _DAY.fullmatch(text):
        which = match[1] or ("本月" if upcoming else "")
        return _day_of_month(typed, which, int(match[2]), today, period)
    if _NOT_SOLAR.search(written):
        raise Refused(f"“{typed}”要写公历的日期", "写成 3-12 或 3月12日")
    raise Refused(f"“{typed}”不是日期", "写成 3-12、3月12日、2026-03-12、今天、昨天 或 周三")


def _in_digits(text: str) -> str:
    """Replace numerals by digits: 二〇二六年三月廿五日 becomes 2026年3月25日."""
    return re.sub(
        rf"[{HAN_NUMERALS}]+",
        lambda numeral: str(parse_number(numeral[0]) or numeral[0]),
        text,
    )


def read_month(typed: str, today: date, period: Period) -> tuple[int, int]:
    """Parse a month such as ``2026-03``, ``3``, ``3月``, ``上月`` or ``本月``.

    A month without a year is the latest one in the project period that has begun. If none has
    begun, it is the first one in the period. A month that the period does not contain is in the
    current year.

    Returns:
        The year and the month.

    Raises:
        Refused: the text is not a month.
    """
    text = _in_digits(narrow(unicodedata.normalize("NFKC", typed)).strip())
    if text in ("本月", "这个月", "当月"):
        return today.year, today.month
    if text in ("上月", "上个月"):
        before = today.replace(day=1) - timedelta(days=1)
        return before.year, before.month
    if match := _YEAR_MONTH.fullmatch(text):
        year, month = int(match[1] or match[3]), int(match[2] or match[4])
    elif match := _MONTH.fullmatch(text):
        month = int(match[1])
        year = _year_of(month, today, period)
    else:
        raise Refused(f"“{typed}”不是月份", "写成 2026-03、3 或 上月")
    if year not in YEARS:
        raise Refused(f"年份不对：{typed}", "改正年份，写成 2026-03 这样")
    if not 1 <= month <= 12:
        raise Refused(f"没有这个月份：{typed}", "月份从 1 到 12")
    return year, month


def _year_of(month: int, today: date, period: Period) -> int:
    inside = [
        year
        for year in range(period.start.year, period.end.year + 1)
        if (period.start.year, period.start.month) <= (year, month)
        and (year, month) <= (period.end.year, period.end.month)
    ]
    begun = [year for year in inside if (year, month) <= (today.year, today.month)]
    return max(begun) if begun else min(inside, default=today.year)


def _year(typed: str, written: str, today: date) -> int:
    year = int(written)
    if len(written) == 2:
        year += 2000
        if abs(year - today.year) > _NEAR_YEARS:
            raise Refused(f"年份不对：{typed}", "年份写四位，如 2026-03-12")
    return year


def _day(typed: str, year: int, month: int, day: int) -> date:
    if year not in YEARS:
        raise Refused(f"年份不对：{typed}", "改正年份，写成 2026-03-12 这样")
    try:
        return date(year, month, day)
    except ValueError:
        raise Refused(f"没有这一天：{typed}", "写成 3-12、3月12日 或 2026-03-12") from None


def _without_year(typed: str, month: int, day: int, today: date, period: Period | None) -> date:
    every = 4 if (month, day) == (2, 29) else 1
    this_year = _day(typed, today.year - today.year % every, month, day)
    if this_year <= today:
        return this_year
    last_year = _day(typed, this_year.year - every, month, day)
    return last_year if period is None or last_year in period else this_year


def _day_of_month(typed: str, which: str, day: int, today: date, period: Period | None) -> date:
    last_month = today.replace(day=1) - timedelta(days=1)
    if which.startswith("上"):
        return _day(typed, last_month.year, last_month.month, day)
    if not which and day > today.day:
        earlier = _day(typed, last_month.year, last_month.month, day)
        if period is None or earlier in period:
            return earlier
    return _day(typed, today.year, today.month, day)


def _weekday(which: str, name: str, today: date) -> date:
    wanted = _WEEKDAYS.index("日" if name == "天" else name)
    monday = today - timedelta(days=today.weekday())
    if which:
        return monday + timedelta(days=wanted - 7 * _WEEKS_AGO[which])
    day = monday + timedelta(days=wanted)
    return day - timedelta(days=7) if day > today else day
