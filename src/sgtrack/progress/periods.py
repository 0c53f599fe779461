"""Computes and names the periods of indicators and the reporting months of briefs."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from sgtrack.model.contract import Per, Period, Project
from sgtrack.model.errors import Refused
from sgtrack.model.issued import brief_label, brief_options

DUE_DAY = 25
"""The day of the month on which a brief is due if the contract sets no other day."""
_MONTHS = {Per.MONTH: 1, Per.QUARTER: 3, Per.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Owed:
    """A month, quarter or year in which a target must be reached.

    ``label`` is ``2026-03``, ``2026-Q1`` or ``2026``. ``on_screen`` is 3月, 一季度 or 2026年; it
    includes the year if the project spans several years. ``deadline`` is the last day for reaching
    the target in time.
    """

    label: str
    on_screen: str
    period: Period
    deadline: date


@cache
def owed_periods(project: Period, per: Per, due_day: int | None = None) -> tuple[Owed, ...]:
    """Divide a project into the months, quarters or years in which a target must be reached.

    Months and quarters follow the calendar; years begin on the first day of the project. If less
    than half of a period lies within the project, it is merged with its neighbour: a project from
    15 March to 14 March has four quarters, not five. If the first and the last period are
    incomplete and together no longer than one whole period, they count as one: from 16 June to 15
    June there are twelve months.

    The deadline of a period is its last day. With ``due_day`` it is this day of the first month of
    the period, if the day lies within the period.
    """
    parts = [
        (full, Period(max(full.start, project.start), min(full.end, project.end)))
        for full in _whole_periods(project, per)
    ]
    if len(parts) > 2 and _make_up_one(parts[0], parts[-1]):
        (_, first), (_, last) = parts[0], parts[-1]
        if first.days < last.days:
            parts[:2] = [(parts[1][0], Period(first.start, parts[1][1].end))]
        else:
            parts[-2:] = [(parts[-2][0], Period(parts[-2][1].start, last.end))]
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
    """Return the project year that contains a day, or else the nearest project year."""
    years = owed_periods(project, Per.YEAR)
    return ([year for year in years if year.period.start <= as_of] or list(years[:1]))[-1]


def _whole_periods(project: Period, per: Per) -> list[Period]:
    """Return the whole months, quarters or years that cover a project."""
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
    """Add months to a day; return the last day of the month if the month is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return _day_of_month(date(year, month + 1, 1), day.day)


def _make_up_one(first: tuple[Period, Period], last: tuple[Period, Period]) -> bool:
    """Return whether two incomplete periods are together no longer than one whole period.

    Each is given as the whole period and its part within the project.
    """
    are_incomplete = all(full != part for full, part in (first, last))
    longest = max(full.days for full, _ in (first, last))
    return are_incomplete and first[1].days + last[1].days <= longest


def _is_fragment(full: Period, part: Period) -> bool:
    return part.days * 2 < full.days


def _names(full: Period, per: Per, with_year: bool) -> tuple[str, str]:
    """Return the label of a period and its name on the screen."""
    year, month = full.start.year, full.start.month
    prefix = f"{year}年" if with_year else ""
    if per is Per.YEAR:
        return str(year), f"{year}年"
    if per is Per.QUARTER:
        quarter = (month + 2) // 3
        return f"{year}-Q{quarter}", f"{prefix}{'一二三四'[quarter - 1]}季度"
    return f"{year}-{month:02}", f"{prefix}{month}月"


def _day_of_month(month: date, day: int) -> date:
    """Return a day of a month, or the last day if the month is too short."""
    last = calendar.monthrange(month.year, month.month)[1]
    return month.replace(day=min(day, last))


def spans(some: Sequence[str], every: Sequence[str], most: int | None = None) -> str:
    """Join the names of some periods, with three or more in a row as a range: 1月至5月、8月.

    ``every`` has the names of all periods, in order. At most ``most`` runs of consecutive periods
    are named; 等 at the end stands for the rest: 1月至5月、8月等.
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


@dataclass(frozen=True, slots=True)
class Window:
    """A reporting month, with the number of its brief (第N期) and the day the brief is due.

    ``part`` is 1 for the brief of the month, 2 and more for its supplements (补充简报).
    """

    year: int
    month: int
    number: int
    period: Period
    due: date
    part: int = 1

    @property
    def name(self) -> str:
        """The month in data, such as 2026-03."""
        return f"{self.year}-{self.month:02}"

    @property
    def label(self) -> str:
        """The name of the brief in files and messages; see :func:`brief_label`."""
        return brief_label(self.name, self.part)

    @property
    def options(self) -> str:
        """The options that name the brief; see :func:`brief_options`."""
        return brief_options(self.name, self.part)

    @property
    def is_supplement(self) -> bool:
        """Whether this is a supplement to the brief of the last month."""
        return self.part > 1


def windows(project: Project) -> tuple[Window, ...]:
    """Return the reporting months of a project.

    Each day of the project belongs to exactly one of them, so that the figures of all briefs add up
    to the cumulative figures.
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
            # If reporting months are calendar months, 每月25日前 means the 25th of the next month.
            due = _day_of_month(first if starts > 1 else following, due_day)
            months.append(Window(first.year, first.month, len(months) + 1, days, due))
            begin = last + timedelta(days=1)
        first = following
    return tuple(months)


def is_last_window(project: Project, window: Window) -> bool:
    """Return whether a reporting month is the last one; only a supplement can follow its brief."""
    return window.period.end == project.period.end


def month_ends(project: Project) -> tuple[date, ...]:
    """Return the last day of every reporting month."""
    return tuple(window.period.end for window in windows(project))


def window_of(project: Project, year: int, month: int) -> Window:
    """Return the reporting month for a year and a month.

    Raises:
        Refused: the project has no such reporting month.
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
    """Return the first reporting month whose brief is due today or later, or else the last one."""
    months = windows(project)
    return next((window for window in months if window.due >= today), months[-1])
