"""The progress of an indicator, a category and a contract at a date, as values.

The percentage of an indicator never passes 100, and within it no month, quarter, year or person can
make up for another. The overall percentage is the plain mean over all indicators, so that an
overfull indicator cannot make up for others.
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
    """The state of an indicator, from the best to the worst."""

    DONE = "done"
    ON_TRACK = "on_track"
    BEHIND = "behind"
    OVERDUE = "overdue"
    ENDED = "ended"
    """A change took it out of the contract; screens show it, but it is no longer owed."""


@dataclass(frozen=True, slots=True)
class PeriodProgress:
    """One month, quarter or year of a rhythm; ``closed`` once its deadline has passed."""

    owed: Owed
    actual: Decimal
    target: Decimal
    closed: bool

    @property
    def met(self) -> bool:
        """Whether the period reached its target, in time or late."""
        return self.actual >= self.target


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of one indicator at a date.

    ``actual`` and ``expected`` are in the indicator's unit: for a rhythm the sum over all periods
    and the targets of the closed ones; for a per-person indicator the amount of the person with the
    least in the current year; for a coverage the number of types; for a milestone 1 or 0.
    ``deadline`` is the next one, or the first that was missed. ``missing`` names the types not yet
    covered; ``people`` and ``people_met`` count the roster of a per-person indicator; ``near`` says
    that the deadline is so close that the contract's pace asks for a reminder.
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
    """A category with its indicators and their mean percentage."""

    category: Category
    percent: Decimal
    indicators: tuple[Progress, ...]


@dataclass(frozen=True, slots=True)
class ProjectProgress:
    """A whole contract at a date."""

    project: Project
    as_of: date
    percent: Decimal
    categories: tuple[CategoryProgress, ...]

    @property
    def indicators(self) -> tuple[Progress, ...]:
        """Every indicator in contract order."""
        return tuple(p for category in self.categories for p in category.indicators)

    @property
    def attention(self) -> tuple[Progress, ...]:
        """What is overdue or behind: first overdue, then due soon, then with the lowest share."""

        def urgency(p: Progress) -> tuple[bool, bool, Decimal, date]:
            share = p.actual / p.expected if p.expected else Decimal(1)
            return (p.state is not State.OVERDUE, not p.near, share, p.deadline)

        urgent = [p for p in self.indicators if p.state in (State.OVERDUE, State.BEHIND)]
        return tuple(sorted(urgent, key=urgency))


@dataclass(frozen=True, slots=True)
class Due:
    """Something owed by a day; ``amount`` is the missing amount, in the indicator's unit."""

    progress: Progress
    deadline: date
    label: str
    amount: Decimal
    late: bool


def mean(percents: Iterable[Decimal]) -> Decimal:
    """The mean to one decimal, rounded down so that 100 means complete; 100 without any."""
    values = list(percents)
    return _tenths(sum(values, ZERO) / len(values)) if values else HUNDRED


def share(actual: Decimal, target: Decimal) -> Decimal:
    """A percentage to one decimal, rounded down so that 100 means complete."""
    return _tenths(actual * 100 / target)


def _tenths(percent: Decimal) -> Decimal:
    return percent.quantize(Decimal("0.1"), ROUND_DOWN)
