"""The base class of all kinds of indicator, and the evaluation of an indicator."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import ClassVar

from sgtrack.model.contract import PER_ON_SCREEN, Indicator, Item, Kind, Per, Period, Project
from sgtrack.model.entries import Activity
from sgtrack.model.units import plain
from sgtrack.progress.indicator_progress import Due, Progress, State, share
from sgtrack.progress.pace import compute_expected, days_of, stages_of
from sgtrack.progress.periods import Owed
from sgtrack.progress.tally import ONE, ZERO, Credit, Tallies


@dataclass(frozen=True, slots=True)
class Evaluation:
    """An indicator, the contract in force on a day, and the figures to evaluate it with."""

    project: Project
    item: Item
    indicator: Indicator
    tallies: Tallies
    as_of: date

    @property
    def target(self) -> Decimal:
        """The target in force; 1 where the contract names none."""
        return self.indicator.target or ONE

    @property
    def unit(self) -> str:
        """The unit of the target; empty for a milestone."""
        return self.indicator.unit or ""

    @property
    def period(self) -> Period:
        """The days in which the indicator is part of the contract."""
        return days_of(self.project, self.indicator)

    def target_in(self, owed: Owed) -> Decimal:
        """The target of a period: of a month or quarter the one in force when it began.

        Of a year it is the last one, or a change within a contract of one year would never count.
        """
        decides = owed.period.end if self.indicator.per is Per.YEAR else owed.period.start
        return self.indicator.target_on(decides) or ONE

    def until_now(self, period: Period) -> Period:
        """The days of a period up to the day of the evaluation."""
        return Period(period.start, min(period.end, self.as_of))

    def amount_in(self, period: Period) -> Decimal:
        """The amount of the item in a period."""
        return self.tallies.amount(self.item.code, self.unit, period, self.as_of)

    def credits_in(self, period: Period) -> Iterable[Credit]:
        """What each row adds to :meth:`amount_in`."""
        return self.tallies.credits(self.item.code, self.unit, period, self.as_of)

    def pace_state(self, actual: Decimal, expected: Decimal, deadline: date) -> State:
        """Whether an incomplete indicator is behind: it lacks too much, or its deadline is near.

        It must lack a whole unit, or a target of 1 would be behind from its second day on.
        """
        lacks = expected - actual >= 1 and actual < expected * self.project.pace.on_track
        return State.BEHIND if lacks or self.is_near(deadline) else State.ON_TRACK

    def is_near(self, deadline: date) -> bool:
        """Whether a deadline is so close that the contract's pace asks for a reminder."""
        return (deadline - self.as_of).days <= self.project.pace.remind_days

    def steady_progress(self, actual: Decimal, missing: tuple[str, ...] = ()) -> Progress:
        """The progress of an indicator that should grow evenly over the project period."""
        end = self.project.period.end
        stages = stages_of(self.project, self.indicator, Period(self.period.start, date.max))
        expected = compute_expected(stages, self.as_of)
        if actual >= self.target:
            state = State.DONE
        elif self.as_of > end:
            state = State.OVERDUE
        else:
            state = self.pace_state(actual, expected, end)
        return Progress(
            self.item,
            self.indicator,
            actual,
            expected,
            share(min(actual, self.target), self.target),
            state,
            end,
            missing=missing,
            near=self.is_near(end),
        )


class IndicatorKind(ABC):
    """One kind of indicator; register a new one in ``KINDS``.

    The class attributes say which figures it needs from the ledger: ``by_year`` separate amounts
    for each year, ``by_label`` the types and days of activities, ``by_name`` what each person has.
    """

    kind: ClassVar[Kind]
    by_year: ClassVar[bool] = False
    by_label: ClassVar[bool] = False
    by_name: ClassVar[bool] = False
    adds_amounts: ClassVar[bool] = False
    """Whether it adds up amounts; groups and cases then count once."""
    owes_periods: ClassVar[bool] = False
    """Whether each of its periods is owed; :meth:`claimed` is then the percentage."""
    per_person: ClassVar[bool] = False
    """Whether its amount is that of the person with the least, so that it does not add up."""
    has_pace: ClassVar[bool] = False
    """Whether its amount should grow evenly in its own unit, so that arrears can be made up."""
    no_formula: ClassVar[str] = ""
    """Why a workbook cannot compute it by a formula; empty where it can."""

    @abstractmethod
    def progress(self, evaluation: Evaluation) -> Progress:
        """Compute how much there is, how much there should be, the percentage and the state."""

    @abstractmethod
    def credits(self, evaluation: Evaluation) -> Iterable[Credit]:
        """Yield what each row adds to the actual amount of :meth:`progress`."""

    @abstractmethod
    def rule_words(self, project: Project, item: Item, indicator: Indicator) -> str:
        """How the indicator is counted, in words for an evaluator."""

    @abstractmethod
    def lack_words(self, progress: Progress, as_of: date, most: int | None = None) -> str:
        """What is missing and by when; of missed periods at most ``most`` ranges are named."""

    def concerns(self, indicator: Indicator, activity: Activity) -> bool:
        """Whether an activity of the item has anything that the indicator counts."""
        return bool(activity.amounts.get(indicator.unit or ""))

    def target_words(self, indicator: Indicator, amount: str) -> str:
        """The target as the contract says it; ``amount`` has all targets so far: 50→60人次."""
        if indicator.per is None:
            return amount
        due = f"（{indicator.due_day}日前）" if indicator.due_day else ""
        return f"{PER_ON_SCREEN[indicator.per]}{amount}{due}"

    def actual_words(self, progress: Progress) -> str:
        """The actual amount, in the unit of the target."""
        return f"{plain(progress.actual)}{progress.indicator.unit}"

    def total_words(self, progress: Progress) -> str:
        """The whole amount, for the table of a brief."""
        return self.actual_words(progress)

    def moved_words(self, progress: Progress) -> str:
        """The actual amount, to compare with the one before an entry."""
        return plain(progress.actual)

    def expected_words(self, progress: Progress) -> str:
        """The expected amount, to one decimal."""
        return plain(progress.expected.quantize(Decimal("0.1"), ROUND_DOWN))

    def behind_words(self, progress: Progress, as_of: date) -> str:
        """How far the indicator is behind, in few words."""
        return self.lack_words(progress, as_of)

    def gain_words(self, gain: Decimal, indicator: Indicator) -> str:
        """What a month added, for the table of a brief; a correction may take away."""
        return f"{plain(gain)}{indicator.unit}" if gain else "0"

    def achieved_words(self, gain: Decimal, indicator: Indicator) -> str:
        """What a month achieved, for a sentence of a brief; empty if there is nothing to say."""
        return f"{plain(gain)}{indicator.unit}"

    def claimed(self, progress: Progress) -> Decimal:
        """The amount whose proven share is reported."""
        return progress.percent if self.owes_periods else progress.actual

    def count(self, progress: Progress) -> tuple[Decimal, Decimal]:
        """The target and the actual number, which add up over communities."""
        return progress.indicator.target or ZERO, progress.actual

    def count_words(self, actual: Decimal, target: Decimal, indicator: Indicator) -> str:
        """The sums of :meth:`count` over communities."""
        return f"{plain(actual)}/{plain(target)}{indicator.unit}"

    def due(self, progress: Progress, as_of: date, until: date) -> Iterator[Due]:
        """Yield what is owed up to the day ``until``, or was missed before."""
        if progress.state is not State.DONE and progress.deadline <= until:
            amount = (progress.indicator.target or ONE) - progress.actual
            yield Due(progress, progress.deadline, "", amount, progress.deadline < as_of)


class AmountKind(IndicatorKind):
    """A kind whose amounts add up."""

    adds_amounts = True

    def rule_words(self, project: Project, item: Item, indicator: Indicator) -> str:
        """How amounts add up, what each period must reach, and which parts count too."""
        unit = indicator.unit or ""
        if item.counts_groups(indicator.unit):
            when = f"做满{item.sessions}次或结束后" if item.sessions > 1 else ""
            words = f"不同的名称{when}各算一{unit}，同一名称多次进行只算一次"
        elif item.once(indicator.unit):
            words = "写了姓名的按不同姓名计，没写姓名的按数量相加"
        else:
            words = f"各次的{unit}相加"
        if indicator.per is not None:
            target = plain(indicator.target or ZERO)
            words += f"，{PER_ON_SCREEN[indicator.per]}各自要达到{target}{unit}"
            if indicator.revised and indicator.per is not Per.YEAR:
                words += "（变更以前开始的各期按当时的数）"
        parts = [code for code, part in project.items.items() if part.part_of == item.code]
        return words + (f"，{'、'.join(parts)} 也计入" if parts else "")
