"""The pace of an indicator: how much there should be by a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from sgtrack.model.contract import Indicator, Period, Project


@dataclass(frozen=True, slots=True)
class Stage:
    """The target and the end that are in force from a day on."""

    start: date
    target: Decimal
    end: date


def days_of(project: Project, indicator: Indicator) -> Period:
    """The days in which an indicator is part of the contract."""
    whole, added = project.period, indicator.added
    return Period(max(whole.start, added.start), whole.end) if added else whole


def stages_of(project: Project, indicator: Indicator, days: Period) -> tuple[Stage, ...]:
    """List the targets of an indicator that are in force within some days, in their order."""
    changes = [revision.change.start for revision in indicator.revised]
    changes += [extension.change.start for extension in project.extensions]
    return tuple(
        Stage(day, indicator.target_on(day) or Decimal(1), min(days.end, project.end_on(day)))
        for day in sorted({days.start, *(day for day in changes if day in days)})
    )


def compute_expected(stages: Sequence[Stage], as_of: date) -> Decimal:
    """Compute how much there should be at the end of a day, along a line from zero to the target.

    Until a change the line leads to the old target; from then on it leads from the amount expected
    so far to the new target at the new end. So nobody falls behind on the day of a change. A new
    target below the amount expected so far replaces it at once.
    """
    level = Decimal(0)
    for stage, following in zip(stages, [*stages[1:], None], strict=True):
        if as_of < stage.start:
            break
        until = as_of if following is None else min(as_of, following.start - timedelta(days=1))
        level = min(level, stage.target)
        days = (stage.end - stage.start).days + 1
        elapsed = min((until - stage.start).days + 1, days)
        level += (stage.target - level) * elapsed / days
    return level.quantize(Decimal("0.01"), ROUND_HALF_UP)
