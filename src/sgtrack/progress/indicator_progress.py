"""Frozen dataclasses for the progress of indicators, categories and contracts at a date.

The percentage of an indicator is at most 100, and so is the share of each period or person in it. A
surplus therefore cannot make up for a shortfall elsewhere. The overall percentage is the unweighted
mean over all indicators that no change ended.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum

from sgtrack.model.contract import Category, Indicator, Item, Project
from sgtrack.progress.periods import Owed

ZERO = Decimal(0)
HUNDRED = Decimal(100)


class State(StrEnum):
    """The states of an indicator, from the best to the worst; ``ENDED`` comes last."""

    DONE = "done"
    ON_TRACK = "on_track"
    BEHIND = "behind"
    OVERDUE = "overdue"
    ENDED = "ended"
    """The state of an indicator that a change ended; screens still show it."""


@dataclass(frozen=True, slots=True)
class PeriodProgress:
    """The progress in one period; ``closed`` says whether its deadline has passed."""

    owed: Owed
    actual: Decimal
    target: Decimal
    closed: bool

    @property
    def met(self) -> bool:
        """Whether the period reached its target, on time or late."""
        return self.actual >= self.target


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of one indicator at a date.

    Fields that need an explanation:
        actual: the amount so far. For a coverage it is the number of types that occurred. For a
            milestone it is 1 or 0. For a per-person indicator it is the lowest amount of any person
            in the current year.
        expected: the amount that should be reached at the date. For a periodic indicator it is the
            sum of the targets of closed periods. For a milestone it is 1 after the deadline,
            otherwise 0.
        deadline: the first missed deadline. If none was missed, it is the next deadline. If
            everything is complete, it is the last deadline.
        missing: the types of a coverage that have not occurred.
        people, people_met: the number of people of a per-person indicator in the current year, and
            of those who reached the target.
        near: whether the deadline has passed or is at most ``Pace.remind_days`` days away.
    """

    item: Item
    indicator: Indicator
    actual: Decimal
    expected: Decimal
    percent: Decimal
    state: State
    deadline: date
    periods: tuple[PeriodProgress, ...] = ()
    missing: tuple[str, ...] = ()
    people: int = 0
    people_met: int = 0
    near: bool = False


@dataclass(frozen=True, slots=True)
class CategoryProgress:
    """The progress of the indicators of a category, and their mean percentage."""

    category: Category
    percent: Decimal
    indicators: tuple[Progress, ...]


@dataclass(frozen=True, slots=True)
class ProjectProgress:
    """The progress of a whole contract at a date."""

    project: Project
    as_of: date
    percent: Decimal
    categories: tuple[CategoryProgress, ...]

    @property
    def elapsed(self) -> Decimal:
        """The percentage of the project's days that have passed, rounded down to one decimal."""
        period = self.project.period
        days = min(max((self.as_of - period.start).days + 1, 0), period.days)
        return share(Decimal(days), Decimal(period.days))

    @property
    def indicators(self) -> tuple[Progress, ...]:
        """The progress of every indicator, in contract order."""
        return tuple(p for category in self.categories for p in category.indicators)

    @property
    def attention(self) -> tuple[Progress, ...]:
        """The progress of indicators that are overdue, behind or due soon, the most urgent first.

        Overdue indicators come first, then those with a near deadline. Within these groups, those
        with the lowest share of the expected amount come first.
        """

        def urgency(p: Progress) -> tuple[bool, bool, Decimal, date]:
            share = p.actual / p.expected if p.expected else Decimal(1)
            return (p.state is not State.OVERDUE, not p.near, share, p.deadline)

        urgent = [
            p
            for p in self.indicators
            if p.state in (State.OVERDUE, State.BEHIND) or (p.state is State.ON_TRACK and p.near)
        ]
        return tuple(sorted(urgent, key=urgency))


@dataclass(frozen=True, slots=True)
class Due:
    """An incomplete indicator or period, with its deadline.

    ``label`` names the period, if any. ``amount`` is the missing amount in the indicator's unit.
    ``late`` says whether the deadline has passed.
    """

    progress: Progress
    deadline: date
    label: str
    amount: Decimal
    late: bool


def mean(percents: Iterable[Decimal]) -> Decimal:
    """Return the mean of some percentages, or 100 if there are none.

    It is rounded down to one decimal, so that 100 always means complete.
    """
    values = list(percents)
    return _tenths(sum(values, ZERO) / len(values)) if values else HUNDRED


def share(actual: Decimal, target: Decimal) -> Decimal:
    """Return ``actual`` as a percentage of ``target``.

    It is rounded down to one decimal, so that 100 always means complete.
    """
    return _tenths(actual * 100 / target)


def _tenths(percent: Decimal) -> Decimal:
    return percent.quantize(Decimal("0.1"), ROUND_DOWN)
