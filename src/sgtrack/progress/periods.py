"""The months, quarters and years that a rhythm asks for, and how periods and days are named."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from sgtrack.model.contract import Per, Period

_MONTHS = {Per.MONTH: 1, Per.QUARTER: 3, Per.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Owed:
    """One month, quarter or year in which a rhythm's target is owed.

    ``label`` is ``2026-03``, ``2026-Q1`` or ``2026``; ``on_screen`` is 3月, 一季度 or 2026年, with
    the year if the project spans several; ``deadline`` is the last day in time.
    """

    label: str
    on_screen: str
    period: Period
    deadline: date


@cache
def owed_periods(project: Period, per: Per, due_day: int | None = None) -> tuple[Owed, ...]:
    """List the periods of a rhythm, which together fill the project period.

    Months and quarters are those of the calendar; years run from the first day of the project, as
    每人每年 does in a contract that begins in July. A period of which less than half lies in the
    project joins its neighbour: a contract from 15 March to 14 March asks four times for
    一季度一次, not five times.
    """
    whole = _years(project) if per is Per.YEAR else _calendar(project, _MONTHS[per])
    parts = [(full, _clip(full, project)) for full in whole]
    while len(parts) > 1 and _is_fragment(*parts[0]):
        (_, short), (full, rest) = parts[0], parts[1]
        parts[:2] = [(full, Period(short.start, rest.end))]
    while len(parts) > 1 and _is_fragment(*parts[-1]):
        (full, rest), (_, short) = parts[-2], parts[-1]
        parts[-2:] = [(full, Period(rest.start, short.end))]
    several = project.start.year != project.end.year
    return tuple(
        Owed(_label(full, per), _spoken(full, per, several), part, _deadline(full, part, due_day))
        for full, part in parts
    )


def year_of(project: Period, as_of: date) -> Owed:
    """The year of the project that a day belongs to; the first one before it has begun."""
    years = owed_periods(project, Per.YEAR)
    return ([year for year in years if year.period.start <= as_of] or list(years[:1]))[-1]


def _calendar(project: Period, months: int) -> list[Period]:
    first = (project.start.month - 1) // months * months + 1
    start = date(project.start.year, first, 1)
    found = []
    while start <= project.end:
        following = add_months(start, months)
        found.append(Period(start, following - timedelta(days=1)))
        start = following
    return found


def _years(project: Period) -> list[Period]:
    found = []
    start = project.start
    while start <= project.end:
        following = add_months(start, 12)
        found.append(Period(start, following - timedelta(days=1)))
        start = following
    return found


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last one of that month where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _clip(full: Period, project: Period) -> Period:
    return Period(max(full.start, project.start), min(full.end, project.end))


def _is_fragment(full: Period, part: Period) -> bool:
    return part.days * 2 < full.days


def _label(full: Period, per: Per) -> str:
    if per is Per.YEAR:
        return str(full.start.year)
    if per is Per.QUARTER:
        return f"{full.start.year}-Q{(full.start.month + 2) // 3}"
    return f"{full.start.year}-{full.start.month:02}"


def _spoken(full: Period, per: Per, with_year: bool) -> str:
    year = f"{full.start.year}年"
    if per is Per.YEAR:
        return year
    quarter = (full.start.month + 2) // 3
    name = f"{'一二三四'[quarter - 1]}季度" if per is Per.QUARTER else f"{full.start.month}月"
    return f"{year}{name}" if with_year else name


def _deadline(full: Period, part: Period, due_day: int | None) -> date:
    if due_day is None:
        return part.end
    last = calendar.monthrange(full.start.year, full.start.month)[1]
    due = full.start.replace(day=min(due_day, last))
    return due if due in part else part.end


def spans(some: Sequence[str], every: Sequence[str], most: int | None = None) -> str:
    """Name some of all periods, three and more in a row as a range: 1月至5月、8月.

    At most ``most`` ranges are named: 1月至5月、8月等.
    """
    runs: list[list[str]] = []
    for name in some:
        if runs and every.index(name) == every.index(runs[-1][-1]) + 1:
            runs[-1].append(name)
        else:
            runs.append([name])
    named = "、".join(
        f"{run[0]}至{run[-1]}" if len(run) > 2 else "、".join(run) for run in runs[:most]
    )
    return named if len(runs[:most]) == len(runs) else f"{named}等"


def deadline_words(deadline: date, as_of: date) -> str:
    """How a deadline lies to a day: 已过期限3天, 今天截止, 3月12日前."""
    days = (deadline - as_of).days
    if days < 0:
        return f"已过期限{-days}天"
    if days == 0:
        return "今天截止"
    return f"{day_words(deadline)}前"


def day_words(day: date) -> str:
    """A day without its year: 3月12日."""
    return f"{day.month}月{day.day}日"
