"""The periods that a rhythm asks for, the reporting months, and how they are named."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from sgtrack.model.contract import Per, Period, Project
from sgtrack.model.errors import Refused

DUE_DAY = 25
"""The day of the month a brief is due if the contract sets none."""
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
    parts = [
        (full, Period(max(full.start, project.start), min(full.end, project.end)))
        for full in _whole_periods(project, per)
    ]
    while len(parts) > 1 and _is_fragment(*parts[0]):
        (_, short), (full, rest) = parts[0], parts[1]
        parts[:2] = [(full, Period(short.start, rest.end))]
    while len(parts) > 1 and _is_fragment(*parts[-1]):
        (full, rest), (_, short) = parts[-2], parts[-1]
        parts[-2:] = [(full, Period(rest.start, short.end))]
    several = project.start.year != project.end.year
    owed = []
    for full, part in parts:
        due = part.end if due_day is None else _day_of_month(full.start, due_day)
        owed.append(Owed(*_names(full, per, several), part, due if due in part else part.end))
    return tuple(owed)


def year_of(project: Period, as_of: date) -> Owed:
    """The year of the project that a day belongs to; before the project begins, the first one."""
    years = owed_periods(project, Per.YEAR)
    return ([year for year in years if year.period.start <= as_of] or list(years[:1]))[-1]


def _whole_periods(project: Period, per: Per) -> list[Period]:
    """The periods that cover a project; months and quarters are those of the calendar."""
    months = _MONTHS[per]
    start = project.start
    if per is not Per.YEAR:
        start = start.replace(month=(start.month - 1) // months * months + 1, day=1)
    periods = []
    while start <= project.end:
        following = add_months(start, months)
        periods.append(Period(start, following - timedelta(days=1)))
        start = following
    return periods


def add_months(day: date, months: int) -> date:
    """Add months to a day; a month that is too short gives its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return _day_of_month(date(year, month + 1, 1), day.day)


def _is_fragment(full: Period, part: Period) -> bool:
    return part.days * 2 < full.days


def _names(full: Period, per: Per, with_year: bool) -> tuple[str, str]:
    """The label and the name on the screen."""
    year, month = full.start.year, full.start.month
    prefix = f"{year}年" if with_year else ""
    if per is Per.YEAR:
        return str(year), f"{year}年"
    if per is Per.QUARTER:
        quarter = (month + 2) // 3
        return f"{year}-Q{quarter}", f"{prefix}{'一二三四'[quarter - 1]}季度"
    return f"{year}-{month:02}", f"{prefix}{month}月"


def _day_of_month(month: date, day: int) -> date:
    """Return a day of a month, or the last day of a month that is too short."""
    last = calendar.monthrange(month.year, month.month)[1]
    return month.replace(day=min(day, last))


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
    """A deadline as seen on a day: 已过期限3天, 今天截止, 3月12日前."""
    days = (deadline - as_of).days
    if days < 0:
        return f"已过期限{-days}天"
    if days == 0:
        return "今天截止"
    return f"{day_words(deadline)}前"


def day_words(day: date) -> str:
    """A day without its year: 3月12日."""
    return f"{day.month}月{day.day}日"


@dataclass(frozen=True, slots=True)
class Window:
    """A reporting month: its days, its number in the project (第N期), the day its brief is due."""

    year: int
    month: int
    number: int
    period: Period
    due: date

    @property
    def label(self) -> str:
        """The month in file names: 2026-03."""
        return f"{self.year}-{self.month:02}"


def windows(project: Project) -> tuple[Window, ...]:
    """List the reporting months of a project.

    Each day of the project belongs to exactly one, so that briefs add up to cumulative figures.
    """
    begin, end = project.period.start, project.period.end
    starts = project.brief.window_starts
    due_day = next((i.due_day for _, _, _, i in project.indicators() if i.due_day), DUE_DAY)
    months: list[Window] = []
    first = begin.replace(day=1)
    while first <= end:
        following = add_months(first, 1)
        last = first.replace(day=starts - 1) if starts > 1 else following - timedelta(days=1)
        if following > end:
            last = end
        if last >= begin:
            days = Period(begin, min(last, end))
            # For calendar months the contract's 每月25日前 means the 25th of the next month.
            due = _day_of_month(first if starts > 1 else following, due_day)
            months.append(Window(first.year, first.month, len(months) + 1, days, due))
            begin = last + timedelta(days=1)
        first = following
    return tuple(months)


def month_ends(project: Project) -> tuple[date, ...]:
    """The last day of every reporting month."""
    return tuple(window.period.end for window in windows(project))


def window_of(project: Project, year: int, month: int) -> Window:
    """The reporting month of that name.

    Raises:
        Refused: the project has no brief for it.
    """
    months = windows(project)
    for window in months:
        if (window.year, window.month) == (year, month):
            return window
    raise Refused(
        f"{year}年{month}月不在项目期内",
        f"{project.name}的简报从 {months[0].label} 到 {months[-1].label}",
    )


def due_next(project: Project, today: date) -> Window:
    """The reporting month whose brief is due next; the last one once all are past."""
    months = windows(project)
    return next((window for window in months if window.due >= today), months[-1])
