"""Coverage: every listed type must occur at least once (包括生活服务类、社区事务类…)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from sgtrack.model.contract import Indicator, Item, Kind, Project
from sgtrack.model.entries import Activity
from sgtrack.model.figures import ActivityFigure
from sgtrack.model.wording import required_words
from sgtrack.progress.indicator_progress import Progress
from sgtrack.progress.kinds.indicator_kind import Evaluation, IndicatorKind
from sgtrack.progress.tally import Credit


class CoverageKind(IndicatorKind):
    """The kind of indicator that counts how many of the listed types occurred."""

    kind = Kind.COVERAGE
    by_label = True
    no_formula = "按类型计"

    def progress(self, evaluation: Evaluation) -> Progress:
        """Count the listed types that occurred, and list the missing ones."""
        rows = [credit.row for credit in self.credits(evaluation) if credit.counted]
        covered = {row.activity_type for row in rows if isinstance(row, ActivityFigure)}
        types = evaluation.indicator.types
        missing = tuple(listed for listed in types if listed not in covered)
        return evaluation.steady_progress(evaluation.target - len(missing), missing)

    def credits(self, evaluation: Evaluation) -> Iterable[Credit]:
        """Yield a credit for each activity of a listed type; each type counts only once."""
        until_now = evaluation.until_now(evaluation.period)
        return evaluation.tallies.type_credits(
            evaluation.item.code, evaluation.indicator.types, until_now
        )

    def concerns(self, indicator: Indicator, activity: Activity) -> bool:
        """Return whether an activity is of a listed type."""
        return activity.activity_type in indicator.types

    def rule_words(self, project: Project, item: Item, indicator: Indicator) -> str:
        """Describe which types must occur."""
        return f"出现过的类型各计一个，{required_words(indicator.types)}"

    def target_words(self, indicator: Indicator, amount: str) -> str:
        """Describe the target, as in 类型4类."""
        return f"类型{amount}"

    def achieved_words(self, gain: Decimal, indicator: Indicator) -> str:
        """Return an empty string, because the item's total already reports the gain."""
        return ""

    def gap_words(self, progress: Progress, most: int | None = None) -> str:
        """Describe the missing types, as in 尚缺公益慈善类."""
        return f"尚缺{'、'.join(progress.missing)}"
