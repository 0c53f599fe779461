"""Periodic: every month, quarter or year must reach its own target (一季度一次)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from sgtrack.model.contract import Indicator, Kind, Per, Project
from sgtrack.model.units import plain
from sgtrack.progress.indicator_progress import Due, PeriodProgress, Progress, State, share
from sgtrack.progress.kinds.indicator_kind import AmountKind, Evaluation
from sgtrack.progress.pace import days_of
from sgtrack.progress.periods import Owed, owed_periods, spans
from sgtrack.progress.tally import ZERO, Credit


class PeriodicKind(AmountKind):
    """The kind of indicator with a target for each period; a surplus is not carried over."""

    kind = Kind.PERIODIC
    owes_periods = True
    no_formula = "逐期计算"

    def progress(self, evaluation: Evaluation) -> Progress:
        """Compare the amount in each period with the target of that period."""
        periods = tuple(
            PeriodProgress(
                owed,
                evaluation.amount_in(owed.period),
                evaluation.target_in(owed),
                closed=evaluation.as_of > owed.deadline,
            )
            for owed in _owed(evaluation.project, evaluation.indicator)
        )
        closed = [period for period in periods if period.closed]
        missed = [period for period in closed if not period.met]
        following = [period for period in periods if not period.closed and not period.met]
        if missed:
            state = State.OVERDUE
        elif not following:
            state = State.DONE
        elif evaluation.is_near(following[0].owed.deadline) and not (
            evaluation.is_in_first_twelfth(evaluation.period) and not closed
        ):
            state = State.BEHIND
        else:
            state = State.ON_TRACK
        deadline = [*missed, *following, *periods[-1:]][0].owed.deadline
        return Progress(
            evaluation.item,
            evaluation.indicator,
            actual=sum((period.actual for period in periods), ZERO),
            expected=sum((period.target for period in closed), ZERO),
            percent=share(
                sum((min(period.actual, period.target) for period in periods), ZERO),
                sum((period.target for period in periods), ZERO),
            ),
            state=state,
            deadline=deadline,
            periods=periods,
            near=evaluation.is_near(deadline),
        )

    def credits(self, evaluation: Evaluation) -> Iterable[Credit]:
        """Yield the credits of all periods, in order."""
        for owed in _owed(evaluation.project, evaluation.indicator):
            yield from evaluation.credits_in(owed.period)

    def actual_words(self, progress: Progress) -> str:
        """Describe how many periods reached their target, as in 3/12期达标."""
        target, actual = self.count(progress)
        return self.count_words(actual, target, progress.indicator)

    def total_words(self, progress: Progress) -> str:
        """Describe the sum over all periods, and how many periods reached their target."""
        return f"{super().actual_words(progress)}（{self.actual_words(progress)}）"

    def moved_words(self, progress: Progress) -> str:
        """Describe how many periods reached their target, as in 3/12期达标."""
        return self.actual_words(progress)

    def gap_words(self, progress: Progress, most: int | None = None) -> str:
        """Describe the missed periods, as in 1月至3月尚缺3次 or 1月至3月简报尚未提交.

        If none was missed, describe the first incomplete period, as in 4月尚缺1次.
        """
        unmet = [period for period in progress.periods if not period.met]
        lacking = _missed(progress) or unmet[:1]
        every = [period.owed.on_screen for period in progress.periods]
        which = spans([period.owed.on_screen for period in lacking], every, most)
        if progress.item.is_brief:
            return f"{which}简报尚未提交"
        rest = plain(sum((period.target - period.actual for period in lacking), ZERO))
        return f"{which}尚缺{rest}{progress.indicator.unit or ''}"

    def lack_words(self, progress: Progress, as_of: date, most: int | None = None) -> str:
        """Describe the missed periods, or the first incomplete one and its deadline."""
        if _missed(progress):
            return self.gap_words(progress, most)
        return super().lack_words(progress, as_of, most)

    def count(self, progress: Progress) -> tuple[Decimal, Decimal]:
        """Return the number of periods, and of those that reached their target."""
        met = sum(1 for period in progress.periods if period.met)
        return Decimal(len(progress.periods)), Decimal(met)

    def count_words(self, actual: Decimal, target: Decimal, indicator: Indicator) -> str:
        """Describe how many periods reached their target, as in 33/36期达标."""
        return f"{plain(actual)}/{plain(target)}期达标"

    def due(self, progress: Progress, as_of: date, until: date) -> Iterator[Due]:
        """Yield every period below its target that is overdue, or due by the day ``until``."""
        for period in progress.periods:
            owed = period.owed
            if not period.met and owed.deadline <= until:
                lack = period.target - period.actual
                yield Due(progress, owed.deadline, owed.on_screen, lack, period.closed)


def _missed(progress: Progress) -> list[PeriodProgress]:
    return [period for period in progress.periods if period.closed and not period.met]


def _owed(project: Project, indicator: Indicator) -> tuple[Owed, ...]:
    return owed_periods(days_of(project, indicator), indicator.per or Per.MONTH, indicator.due_day)
