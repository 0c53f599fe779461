"""A milestone: done on a date, with evidence (制度上墙, 中期评估报告)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from sgtrack.model.contract import Indicator, Item, Kind, Project
from sgtrack.model.entries import Activity
from sgtrack.model.units import plain
from sgtrack.progress.indicator_progress import Progress, State, share
from sgtrack.progress.kinds.indicator_kind import Evaluation, IndicatorKind
from sgtrack.progress.periods import deadline_words
from sgtrack.progress.tally import ONE, ZERO, Credit


class MilestoneKind(IndicatorKind):
    """Something that is done once, by its day or by the end of the project."""

    kind = Kind.MILESTONE
    by_label = True
    no_formula = "完成一次即可"

    def progress(self, evaluation: Evaluation) -> Progress:
        """Check whether there is an activity."""
        due = evaluation.indicator.due or evaluation.project.period.end
        actual = sum((credit.counted for credit in self.credits(evaluation)), ZERO)
        overdue, near = evaluation.as_of > due, evaluation.is_near(due)
        if actual:
            state = State.DONE
        elif overdue:
            state = State.OVERDUE
        else:
            state = State.BEHIND if near else State.ON_TRACK
        return Progress(
            evaluation.item,
            evaluation.indicator,
            actual,
            ONE if overdue else ZERO,
            share(actual, ONE),
            state,
            due,
            near=near,
        )

    def credits(self, evaluation: Evaluation) -> Iterable[Credit]:
        """Yield every activity; the first one completes it."""
        until_now = evaluation.until_now(evaluation.period)
        return evaluation.tallies.first_credits(evaluation.item.code, until_now)

    def concerns(self, indicator: Indicator, activity: Activity) -> bool:
        """Whether an activity can complete it: every one can."""
        return True

    def rule_words(self, project: Project, item: Item, indicator: Indicator) -> str:
        """When it is complete."""
        return "记录一次就算完成"

    def target_words(self, indicator: Indicator, amount: str) -> str:
        """For example: 完成."""
        return "完成"

    def actual_words(self, progress: Progress) -> str:
        """已完成 or 未完成."""
        return "已完成" if progress.actual else "未完成"

    def moved_words(self, progress: Progress) -> str:
        """已完成 or 未完成."""
        return self.actual_words(progress)

    def expected_words(self, progress: Progress) -> str:
        """Empty: a milestone has no amount that grows."""
        return ""

    def gain_words(self, gain: Decimal, indicator: Indicator) -> str:
        """完成, or 撤回 where a correction took it away."""
        return {1: "完成", -1: "撤回"}.get(int(gain), "0")

    def achieved_words(self, gain: Decimal, indicator: Indicator) -> str:
        """For example: 已完成."""
        return "已完成"

    def lack_words(self, progress: Progress, as_of: date, most: int | None = None) -> str:
        """For example: 还没有完成，12月31日前."""
        return f"还没有完成，{deadline_words(progress.deadline, as_of)}"

    def count(self, progress: Progress) -> tuple[Decimal, Decimal]:
        """One community, and whether it is complete there."""
        return ONE, progress.actual

    def count_words(self, actual: Decimal, target: Decimal, indicator: Indicator) -> str:
        """For example: 2/3个社区完成."""
        return f"{plain(actual)}/{plain(target)}个社区完成"
