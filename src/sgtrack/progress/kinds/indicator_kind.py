"""The base class of all kinds of indicator, and the data from which they compute progress."""

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
from sgtrack.model.wording import PROJECT_ENDED, deadline_words
from sgtrack.progress.indicator_progress import Due, Progress, State, share
from sgtrack.progress.pace import compute_expected, days_of, stages_of
from sgtrack.progress.periods import Owed, owed_periods
from sgtrack.progress.tally import ONE, ZERO, Credit, Tallies


@dataclass(frozen=True, slots=True)
class Evaluation:
    """An indicator of the contract in force on a day, and the tallies to evaluate it with."""

    project: Project
    item: Item
    indicator: Indicator
    tallies: Tallies
    as_of: date

    @property
    def target(self) -> Decimal:
        """The target in force; 1 if the contract names no target."""
        return self.indicator.target or ONE

    @property
    def unit(self) -> str:
        """The unit of the target; empty for a milestone."""
        return self.indicator.unit or ""

    @property
    def period(self) -> Period:
        """The period from the day the indicator was added to the end of the project."""
        return days_of(self.project, self.indicator)

    def target_in(self, owed: Owed) -> Decimal:
        """Return the target of a period.

        A month or quarter has the target in force on its first day. A year has the target in force
        on its last day, because otherwise a change within a one-year contract would have no effect.
        """
        decides = owed.period.end if self.indicator.per is Per.YEAR else owed.period.start
        return self.indicator.target_on(decides) or ONE

    def until_now(self, period: Period) -> Period:
        """Return the part of a period up to the day ``as_of``."""
        return Period(period.start, min(period.end, self.as_of))

    def amount_in(self, period: Period) -> Decimal:
        """Return the amount of the item in a period, in the unit of the indicator."""
        return self.tallies.amount(self.item.code, self.unit, period, self.as_of)

    def credits_in(self, period: Period) -> Iterable[Credit]:
        """Return the credits that make up :meth:`amount_in`."""
        return self.tallies.credits(self.item.code, self.unit, period, self.as_of)

    def pace_state(
        self, actual: Decimal, expected: Decimal, period: Period, deadline: date
    ) -> State:
        """Return whether an incomplete indicator is behind or on track in a period.

        It is behind if its deadline is near. It is also behind if the actual amount is too small a
        share of the expected amount and at least one unit below it. Because of this minimum of one
        unit, a target of 1 is not behind on its second day. In the first days of a period an amount
        is never too small (:meth:`has_just_begun`).
        """
        lacks = expected - actual >= 1 and actual < expected * self.project.pace.on_track
        lacks = lacks and not self.has_just_begun(period)
        return State.BEHIND if lacks or self.is_near(deadline) else State.ON_TRACK

    def is_in_first_twelfth(self, period: Period) -> bool:
        """Return whether less than a twelfth of a period has passed."""
        return ((self.as_of - period.start).days + 1) * 12 < period.days

    def has_just_begun(self, period: Period) -> bool:
        """Return whether too little of a period has passed to be behind in it.

        This is the case in the first twelfth of the period. If the item also has a monthly or
        quarterly target in the same unit, it is the case until the first such month or quarter is
        over.
        """
        if self.is_in_first_twelfth(period):
            return True
        first_ends = (
            owed_periods(period, other.per, other.due_day)[0].period.end
            for other in self.item.indicators
            if other.per in (Per.MONTH, Per.QUARTER) and other.unit == self.indicator.unit
        )
        return self.as_of < max(first_ends, default=period.start)

    def is_near(self, deadline: date) -> bool:
        """Return whether a deadline has passed or is at most ``Pace.remind_days`` days away."""
        return (deadline - self.as_of).days <= self.project.pace.remind_days

    def steady_progress(self, actual: Decimal, missing: tuple[str, ...] = ()) -> Progress:
        """Return the progress of an indicator whose amount should grow evenly over the project."""
        end = self.project.period.end
        stages = stages_of(self.project, self.indicator, Period(self.period.start, date.max))
        expected = compute_expected(stages, self.as_of)
        if actual >= self.target:
            state = State.DONE
        elif self.as_of > end:
            state = State.OVERDUE
        else:
            state = self.pace_state(actual, expected, self.period, end)
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
    """The base class of a kind of indicator; each subclass is registered in ``KINDS``."""

    kind: ClassVar[Kind]
    by_year: ClassVar[bool] = False
    """Whether the kind needs separate figures for each year."""
    by_label: ClassVar[bool] = False
    """Whether the kind needs the types and days of activities."""
    by_name: ClassVar[bool] = False
    """Whether the kind needs the amounts of each person."""
    adds_amounts: ClassVar[bool] = False
    """Whether the actual amount is a sum, in which each group or case counts once."""
    owes_periods: ClassVar[bool] = False
    """Whether each period has a target. If so, :meth:`claimed` returns the percentage."""
    per_person: ClassVar[bool] = False
    """Whether the actual amount is the minimum over people, which cannot be summed."""
    has_pace: ClassVar[bool] = False
    """Whether the amount should grow evenly, so that a shortfall can be made up later."""
    no_formula: ClassVar[str] = ""
    """The reason why an exported workbook has no formula for the kind; empty if it has one."""

    @abstractmethod
    def progress(self, evaluation: Evaluation) -> Progress:
        """Compute the actual amount, the expected amount, the percentage and the state."""

    @abstractmethod
    def credits(self, evaluation: Evaluation) -> Iterable[Credit]:
        """Return the credits that explain the actual amount; a credit may be 0."""

    @abstractmethod
    def rule_words(self, project: Project, item: Item, indicator: Indicator) -> str:
        """Describe to an evaluator how the indicator is counted."""

    @abstractmethod
    def gap_words(self, progress: Progress, most: int | None = None) -> str:
        """Describe what is missing, with at most ``most`` ranges of missed periods."""

    def lack_words(self, progress: Progress, as_of: date, most: int | None = None) -> str:
        """Describe what is missing and by when: 尚未完成（12月31日截止）."""
        gap = self.gap_words(progress, most)
        if self.lasts_to_end(progress) and progress.deadline < as_of:
            return f"{PROJECT_ENDED}{gap}"
        return f"{gap}（{deadline_words(progress.deadline, as_of)}）"

    def lasts_to_end(self, progress: Progress) -> bool:
        """Return whether the last day of the project is the only deadline."""
        return not self.owes_periods

    def concerns(self, indicator: Indicator, activity: Activity) -> bool:
        """Return whether an activity of the item has an amount that the indicator counts."""
        return bool(activity.amounts.get(indicator.unit or ""))

    def target_words(self, indicator: Indicator, amount: str) -> str:
        """Describe the target as the contract does.

        ``amount`` is the target with its unit. After a change it includes the earlier values, as in
        由50人次调整为60人次.
        """
        if indicator.per is None:
            return amount
        due = f"（{indicator.due_day}日前）" if indicator.due_day else ""
        return f"{PER_ON_SCREEN[indicator.per]}{amount}{due}"

    def actual_words(self, progress: Progress) -> str:
        """Describe the actual amount."""
        return f"{plain(progress.actual)}{progress.indicator.unit}"

    def total_words(self, progress: Progress) -> str:
        """Describe the actual amount in full, for a table in a document."""
        return self.actual_words(progress)

    def moved_words(self, progress: Progress) -> str:
        """Describe the actual amount, to show it before and after an entry."""
        return plain(progress.actual)

    def expected_words(self, progress: Progress) -> str:
        """Format the expected amount, rounded down to one decimal."""
        return plain(progress.expected.quantize(Decimal("0.1"), ROUND_DOWN))

    def behind_words(self, progress: Progress, as_of: date) -> str:
        """Describe briefly how far the indicator is behind."""
        return self.lack_words(progress, as_of)

    def gain_words(self, gain: Decimal, indicator: Indicator) -> str:
        """Describe what a month added, for the table of a brief; ``gain`` may be negative."""
        return f"{plain(gain)}{indicator.unit}" if gain else "0"

    def achieved_words(self, gain: Decimal, indicator: Indicator) -> str:
        """Describe what a month added, for a sentence of a brief; empty to leave it out."""
        return f"{plain(gain)}{indicator.unit}"

    def claimed(self, progress: Progress) -> Decimal:
        """Return the percentage for a kind with periods, otherwise the actual amount.

        Reports compare this value with the proven one.
        """
        return progress.percent if self.owes_periods else progress.actual

    def count(self, progress: Progress) -> tuple[Decimal, Decimal]:
        """Return a target and an actual number that can be summed over communities."""
        return progress.indicator.target or ZERO, progress.actual

    def count_words(self, actual: Decimal, target: Decimal, indicator: Indicator) -> str:
        """Describe the sums of :meth:`count` over communities."""
        return f"{plain(actual)}/{plain(target)}{indicator.unit}"

    def due(self, progress: Progress, as_of: date, until: date) -> Iterator[Due]:
        """Yield the indicator if it is incomplete, and overdue or due by the day ``until``."""
        if progress.state is not State.DONE and progress.deadline <= until:
            amount = (progress.indicator.target or ONE) - progress.actual
            yield Due(progress, progress.deadline, "", amount, progress.deadline < as_of)


class AmountKind(IndicatorKind):
    """The base class of kinds whose actual amount is a sum of amounts."""

    adds_amounts = True

    def rule_words(self, project: Project, item: Item, indicator: Indicator) -> str:
        """Describe how amounts are summed, the target per period, and the parts that count too."""
        unit = indicator.unit or ""
        if item.counts_groups(indicator.unit):
            when = f"满{item.sessions}次或结束后" if item.sessions > 1 else ""
            words = f"不同的名称{when}各计一{unit}，同一名称多次进行只计一次"
        elif item.once(indicator.unit):
            words = "写了姓名的按不同姓名计，没写姓名的按数量相加"
        else:
            words = f"各次的{unit}相加"
        if indicator.per is not None:
            target = plain(indicator.target or ZERO)
            words += f"，{PER_ON_SCREEN[indicator.per]}各自应达到{target}{unit}"
            if indicator.revised and indicator.per is not Per.YEAR:
                words += "（变更以前开始的各期按当时的数）"
        parts = [code for code, part in project.items.items() if part.part_of == item.code]
        return words + (f"，{'、'.join(parts)} 也计入" if parts else "")
