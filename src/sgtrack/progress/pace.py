"""Computes the pace of an indicator: the amount expected by a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from sgtrack.model.contract import Indicator, Item, Period, Project

MID_TERM = "中期"
"""If the name of a milestone contains this word, it is due in the middle of the project."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A target that is in force from the day ``start`` on, with its deadline ``end``."""

    start: date
    target: Decimal
    end: date


def days_of(project: Project, indicator: Indicator) -> Period:
    """Return the period from the day an indicator was added to the end of the project."""
    whole, added = project.period, indicator.added
    return Period(max(whole.start, added.start), whole.end) if added else whole


def milestone_due(project: Project, item: Item, indicator: Indicator) -> date | None:
    """Return the day by which a milestone is due; None means the last day of the project.

    A mid-term report (中期) without a day in the target file is due in the middle of the project.
    """
    if indicator.due is None and MID_TERM in item.name:
        return project.period.start + timedelta(days=project.period.days // 2)
    return indicator.due


def stages_of(project: Project, indicator: Indicator, days: Period) -> tuple[Stage, ...]:
    """Divide ``days`` into stages, at each change of the target or of the project's end."""
    changes = [revision.change.start for revision in indicator.revised]
    changes += [extension.change.start for extension in project.extensions]
    return tuple(
        Stage(day, indicator.target_on(day) or Decimal(1), min(days.end, project.end_on(day)))
        for day in sorted({days.start, *(day for day in changes if day in days)})
    )


def compute_expected(stages: Sequence[Stage], as_of: date) -> Decimal:
    """Compute the amount that is expected at the end of a day.

    The amount grows linearly from zero to the target at the end of the first stage (``Stage.end``).
    After a change it grows from the amount expected so far to the new target at the new end, so
    that the change alone does not put an indicator behind. If the new target is below the amount
    expected so far, the expected amount drops to the new target at once.
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
