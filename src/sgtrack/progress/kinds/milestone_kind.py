"""Milestones: something must be done once, with evidence (制度上墙, 中期评估报告)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from sgtrack.model.contract import Indicator, Item, Kind, Project
from sgtrack.model.entries import Activity
from sgtrack.model.units import plain
from sgtrack.progress.indicator_progress import Progress, State, share
from sgtrack.progress.kinds.indicator_kind import Evaluation, IndicatorKind
from sgtrack.progress.pace import MID_TERM, milestone_due
from sgtrack.progress.tally import ONE, ZERO, Credit


class MilestoneKind(IndicatorKind):
    """The kind of indicator that one activity completes."""

    kind = Kind.MILESTONE
    by_label = True
    no_formula = "完成一次即可"

    def progress(self, evaluation: Evaluation) -> Progress:
        """Check whether there is an activity that completes the milestone."""
        project, item = evaluation.project, evaluation.item
        due = milestone_due(project, item, evaluation.indicator) or project.period.end
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
        """Return a credit for each activity; only the first one counts."""
        until_now = evaluation.until_now(evaluation.period)
        return evaluation.tallies.first_credits(evaluation.item.code, until_now)

    def concerns(self, indicator: Indicator, activity: Activity) -> bool:
        """Return True, because every activity of the item can complete the milestone."""
        return True

    def rule_words(self, project: Project, item: Item, indicator: Indicator) -> str:
        """Describe when the milestone is complete."""
        return "记录一次即为完成"

    def target_words(self, indicator: Indicator, amount: str) -> str:
        """Return 完成."""
        return "完成"

    def actual_words(self, progress: Progress) -> str:
        """Return 已完成 or 未完成."""
        return "已完成" if progress.actual else "未完成"

    def moved_words(self, progress: Progress) -> str:
        """Return 已完成 or 未完成."""
        return self.actual_words(progress)

    def expected_words(self, progress: Progress) -> str:
        """Return an empty string, because a milestone has no amount that grows."""
        return ""

    def gain_words(self, gain: Decimal, indicator: Indicator) -> str:
        """Return 完成 for a gain of 1, 撤回 for -1, and 0 for no change.

        The gain is -1 if a correction or a void removed the activity that completed the milestone.
        """
        return {1: "完成", -1: "撤回"}.get(int(gain), "0")

    def achieved_words(self, gain: Decimal, indicator: Indicator) -> str:
        """Return 已完成."""
        return "已完成"

    def gap_words(self, progress: Progress, most: int | None = None) -> str:
        """Return 尚未完成."""
        return "尚未完成"

    def lasts_to_end(self, progress: Progress) -> bool:
        """Return whether the milestone has no deadline before the end of the project."""
        return progress.indicator.due is None and MID_TERM not in progress.item.name

    def count(self, progress: Progress) -> tuple[Decimal, Decimal]:
        """Return 1 as the target, and 1 if the milestone is complete, otherwise 0."""
        return ONE, progress.actual

    def count_words(self, actual: Decimal, target: Decimal, indicator: Indicator) -> str:
        """Describe how many communities completed the milestone, as in 2/3个社区完成."""
        return f"{plain(actual)}/{plain(target)}个社区完成"
