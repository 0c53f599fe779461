"""What should be there by a day: a line to the target, bent where the contract was changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from sgtrack.model.contract import Indicator, Period, Project

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Stage:
    """From a day on, what is to be reached by the end of which day."""

    start: date
    target: Decimal
    end: date


def days_of(project: Project, indicator: Indicator) -> Period:
    """The days in which an indicator is part of the contract."""
    whole, added = project.period, indicator.added
    return Period(max(whole.start, added.start), whole.end) if added else whole


def stages_of_project(project: Project, indicator: Indicator) -> tuple[Stage, ...]:
    """What an indicator that runs over the whole project asked for, one change after the other."""
    begin = days_of(project, indicator).start
    changes = [
        *(one.change.start for one in indicator.revised),
        *(one.change.start for one in project.extensions if one.change.start > begin),
    ]
    return tuple(
        Stage(day, indicator.target_on(day) or Decimal(1), project.end_on(day))
        for day in sorted({begin, *changes})
    )


def stages_of_year(project: Project, indicator: Indicator, year: Period) -> tuple[Stage, ...]:
    """What an indicator that begins anew each year asks for in one of them."""
    changes = [
        *(one.change.start for one in indicator.revised),
        *(one.change.start for one in project.extensions),
    ]
    return tuple(
        Stage(day, indicator.target_on(day) or Decimal(1), min(year.end, project.end_on(day)))
        for day in sorted({year.start, *(day for day in changes if day in year)})
    )


def expected(stages: Iterable[Stage], as_of: date) -> Decimal:
    """What should be there at the end of a day.

    Until a change the line leads to the old target; from there on it leads from what should be
    there by then to the new target at the new end. Nobody is behind on the day of a change for
    having kept to what was agreed before. Where the new target is less than what should be there
    already, it is all that is expected.
    """
    known = list(stages)
    level = ZERO
    for stage, following in zip(known, [*known[1:], None], strict=True):
        if as_of < stage.start:
            break
        until = as_of if following is None else min(as_of, following.start - timedelta(days=1))
        level = min(level, stage.target)
        days = (stage.end - stage.start).days + 1
        elapsed = min((until - stage.start).days + 1, days)
        level += (stage.target - level) * elapsed / days
    return level.quantize(Decimal("0.01"), ROUND_HALF_UP)
