"""The days that a month's brief covers, and the day it is due."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from sgtrack.model.contract import Period, Project
from sgtrack.model.errors import Refused
from sgtrack.progress.periods import add_months

DUE_DAY = 25
"""The day of the month a brief is due if the contract sets none."""


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
    start, end = project.period.start, project.period.end
    months: list[Window] = []
    first = start.replace(day=1)
    begins = start
    while first <= end:
        following = add_months(first, 1)
        closes = _closing_day(project.brief.window_starts, first)
        if following > end:
            closes = end
        if closes >= begins:
            due = _due(project, first)
            months.append(
                Window(
                    first.year, first.month, len(months) + 1, Period(begins, min(closes, end)), due
                )
            )
            begins = closes + timedelta(days=1)
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


def _closing_day(window_starts: int, first: date) -> date:
    if window_starts == 1:
        return add_months(first, 1) - timedelta(days=1)
    return first.replace(day=window_starts - 1)


def _due(project: Project, first: date) -> date:
    """The contract's day (每月25日前), in the month itself or, for calendar months, in the next."""
    days = [i.due_day for _, _, _, i in project.indicators() if i.due_day]
    owed = first if project.brief.window_starts > 1 else add_months(first, 1)
    last = calendar.monthrange(owed.year, owed.month)[1]
    return owed.replace(day=min(days[0] if days else DUE_DAY, last))
