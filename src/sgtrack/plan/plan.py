"""A plan: the activities of each month, what they bring, and what they cannot complete."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sgtrack.model.contract import Indicator, Item, Period, Project
from sgtrack.plan.activity_types import Form
from sgtrack.plan.problem import Month


@dataclass(frozen=True, slots=True)
class Planned:
    """Activities of one kind in a month.

    ``days`` are those of the month on which they count for what they are planned for; ``deadline``
    says that the contract wants them by the last of these days, ``late`` that it wanted them
    before. ``types`` are the missing types they should be of, ``groups`` how many groups or cases
    are complete with them.
    """

    form: Form
    count: int
    days: Period
    deadline: bool = False
    late: bool = False
    types: tuple[str, ...] = ()
    groups: int = 0


@dataclass(frozen=True, slots=True)
class PlannedMonth:
    """A reporting month and its activities, in contract order."""

    month: Month
    activities: tuple[Planned, ...]

    @property
    def count(self) -> int:
        """How many activities the month has; handing in a brief is none."""
        return sum(one.count for one in self.activities if not one.form.item.is_brief)


@dataclass(frozen=True, slots=True)
class Short:
    """What the plan leaves missing of an indicator, in its unit.

    ``periods`` are the months or quarters it is of, in a rhythm; ``gone`` says that their time has
    passed, otherwise the months have no room for it.
    """

    item: Item
    indicator: Indicator
    missing: Decimal
    periods: tuple[str, ...]
    gone: bool


@dataclass(frozen=True)
class Plan:
    """A plan from a day to the end of a contract.

    ``fewest`` says the solver has proven that no fewer activities reach as much, ``even`` that they
    cannot be spread more evenly.
    """

    project: Project
    as_of: date
    months: tuple[PlannedMonth, ...]
    short: tuple[Short, ...]
    most: int | None = None
    fewest: bool = True
    even: bool = True

    @property
    def count(self) -> int:
        """How many activities it has; handing in a brief is none."""
        return sum(month.count for month in self.months)

    @property
    def planned(self) -> tuple[Planned, ...]:
        """Its activities, the earliest month first."""
        return tuple(one for month in self.months for one in month.activities)
