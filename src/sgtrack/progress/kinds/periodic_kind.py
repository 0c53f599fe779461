"""A rhythm: every month, quarter or year reaches its own target (一季度一次)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from sgtrack.model.contract import Indicator, Kind, Per, Project
from sgtrack.model.units import plain
from sgtrack.progress.indicator_progress import Due, PeriodProgress, Progress, State, share
from sgtrack.progress.kinds.indicator_kind import AmountKind, Evaluation
from sgtrack.progress.pace import days_of
from sgtrack.progress.periods import Owed, deadline_words, owed_periods, spans
from sgtrack.progress.tally import ZERO, Credit


class PeriodicKind(AmountKind):
    """An amount owed anew in each period; no period makes up for another."""

    kind = Kind.PERIODIC
    owes_periods = True
    no_formula = "逐期计算"

    def progress(self, evaluation: Evaluation) -> Progress:
        """Compare each period with its own target."""
        periods = tuple(
            PeriodProgress(
                owed,
                evaluation.amount_in(owed.period),
                evaluation.target_in(owed),
                closed=evaluation.as_of > owed.deadline,
            )
            for owed in _owed(evaluation.project, evaluation.indicator)
        )
        closed = [one for one in periods if one.closed]
        missed = [one for one in closed if not one.met]
        following = [one for one in periods if not one.closed and not one.met]
        if missed:
            state = State.OVERDUE
        elif not following:
            state = State.DONE
        elif evaluation.is_near(following[0].owed.deadline):
            state = State.BEHIND
        else:
            state = State.ON_TRACK
        deadline = [*missed, *following, *periods[-1:]][0].owed.deadline
        return Progress(
            evaluation.item,
            evaluation.indicator,
            actual=sum((one.actual for one in periods), ZERO),
            expected=sum((one.target for one in closed), ZERO),
            percent=share(
                sum((min(one.actual, one.target) for one in periods), ZERO),
                sum((one.target for one in periods), ZERO),
            ),
            state=state,
            deadline=deadline,
            periods=periods,
            near=evaluation.is_near(deadline),
        )

    def credits(self, evaluation: Evaluation) -> Iterable[Credit]:
        """Yield what each row adds to its own period."""
        for owed in _owed(evaluation.project, evaluation.indicator):
            yield from evaluation.credits_in(owed.period)

    def actual_words(self, progress: Progress) -> str:
        """How many periods have what they ask for: 3/12期达标."""
        met = sum(1 for one in progress.periods if one.met)
        return f"{met}/{len(progress.periods)}期达标"

    def total_words(self, progress: Progress) -> str:
        """The sum, and how many periods have what they ask for."""
        return f"{super().actual_words(progress)}（{self.actual_words(progress)}）"

    def moved_words(self, progress: Progress) -> str:
        """How many periods have what they ask for."""
        return self.actual_words(progress)

    def lack_words(self, progress: Progress, as_of: date, most: int | None = None) -> str:
        """缺1月至3月，共3次; or of the current period: 4月还差1次，4月25日前."""
        unit = progress.indicator.unit or ""
        missed = [one for one in progress.periods if one.closed and not one.met]
        if missed:
            every = [one.owed.on_screen for one in progress.periods]
            rest = plain(sum((one.target - one.actual for one in missed), ZERO))
            return f"缺{spans([one.owed.on_screen for one in missed], every, most)}，共{rest}{unit}"
        current = next(one for one in progress.periods if not one.met)
        rest = f"{plain(current.target - current.actual)}{unit}"
        by = deadline_words(current.owed.deadline, as_of)
        return f"{current.owed.on_screen}还差{rest}，{by}"

    def count(self, progress: Progress) -> tuple[Decimal, Decimal]:
        """The periods, and those that have what they ask for."""
        met = sum(1 for one in progress.periods if one.met)
        return Decimal(len(progress.periods)), Decimal(met)

    def count_words(self, actual: Decimal, target: Decimal, indicator: Indicator) -> str:
        """33/36期达标."""
        return f"{plain(actual)}/{plain(target)}期达标"

    def due(self, progress: Progress, as_of: date, until: date) -> Iterator[Due]:
        """Yield every period that lacks something."""
        for one in progress.periods:
            if not one.met and one.owed.deadline <= until:
                lack = one.target - one.actual
                yield Due(progress, one.owed.deadline, one.owed.on_screen, lack, one.closed)


def _owed(project: Project, indicator: Indicator) -> tuple[Owed, ...]:
    return owed_periods(days_of(project, indicator), indicator.per or Per.MONTH, indicator.due_day)
