"""What the coming weeks ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sgtrack.model.contract import Kind
from sgtrack.progress.indicator_progress import Progress, ProjectProgress, State


@dataclass(frozen=True, slots=True)
class Due:
    """Something owed by a day; ``amount`` is what is missing, in the indicator's unit."""

    progress: Progress
    deadline: date
    label: str
    amount: Decimal
    late: bool


def coming(progress: ProjectProgress, days: int) -> tuple[Due, ...]:
    """What is owed from the day of ``progress`` on, for so many days, and what was missed before.

    Every open month, quarter and year of a rhythm, every milestone, and the targets of the whole
    project once its end is near. The earliest comes first.
    """
    until = progress.as_of + timedelta(days=days)
    found = [due for one in progress.indicators for due in _owed(one, progress.as_of, until)]
    return tuple(sorted(found, key=lambda due: due.deadline))


def _owed(one: Progress, as_of: date, until: date) -> list[Due]:
    if one.state is State.ENDED:
        return []
    if one.indicator.kind is Kind.PERIODIC:
        return [
            Due(one, p.owed.deadline, p.owed.on_screen, p.target - p.actual, p.closed)
            for p in one.periods
            if not p.met and p.owed.deadline <= until
        ]
    if one.state is State.DONE or one.deadline > until:
        return []
    amount = (one.indicator.target or Decimal(1)) - one.actual
    return [Due(one, one.deadline, "", amount, one.deadline < as_of)]
