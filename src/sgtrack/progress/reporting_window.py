"""The stretch of days a month's brief reports on, and the day it is owed."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from sgtrack.model.contract import Period, Project
from sgtrack.model.errors import Refused
from sgtrack.progress.periods import add_months

DUE_DAY = 25
"""By when a brief is owed where the contract sets no day."""


@dataclass(frozen=True, slots=True)
class Window:
    """A reporting month: its days, its number in the project (第N期), the day the brief is owed."""

    year: int
    month: int
    number: int
    period: Period
    due: date

    @property
    def label(self) -> str:
        """As file names write it: 2026-03."""
        return f"{self.year}-{self.month:02}"


def windows(project: Project) -> tuple[Window, ...]:
    """Every reporting month of a project, in order.

    They leave no day out and share none: the first begins with the project and the last ends with
    it, so that the briefs of a project add up to its cumulative figures.
    """
    start, end = project.period.start, project.period.end
    found: list[Window] = []
    first = start.replace(day=1)
    begins = start
    while first <= end:
        following = add_months(first, 1)
        closes = _closing_day(project.brief.window_starts, first)
        if following > end:
            closes = end
        if closes >= begins:
            due = _due(project, first)
            found.append(
                Window(
                    first.year, first.month, len(found) + 1, Period(begins, min(closes, end)), due
                )
            )
            begins = closes + timedelta(days=1)
        first = following
    return tuple(found)


def month_ends(project: Project) -> tuple[date, ...]:
    """The last day of every reporting month."""
    return tuple(window.period.end for window in windows(project))


def window_of(project: Project, year: int, month: int) -> Window:
    """The reporting month of that name.

    Raises:
        Refused: the project has no brief for it.
    """
    known = windows(project)
    for window in known:
        if (window.year, window.month) == (year, month):
            return window
    raise Refused(
        f"{year}年{month}月不在项目期内",
        f"{project.name}的简报从 {known[0].label} 到 {known[-1].label}",
    )


def due_next(project: Project, today: date) -> Window:
    """The reporting month whose brief is due next; the last one once all are past."""
    known = windows(project)
    return next((window for window in known if window.due >= today), known[-1])


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
