"""Total: the sum over the project period must reach the target (入户访视50人次)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sgtrack.model.contract import Kind
from sgtrack.model.units import plain
from sgtrack.model.wording import deadline_words
from sgtrack.progress.indicator_progress import Progress
from sgtrack.progress.kinds.indicator_kind import AmountKind, Evaluation
from sgtrack.progress.tally import ZERO, Credit


class TotalKind(AmountKind):
    """The kind of indicator with one target for the sum over the project period."""

    kind = Kind.TOTAL
    has_pace = True

    def progress(self, evaluation: Evaluation) -> Progress:
        """Compare the sum over the project period with the target."""
        return evaluation.steady_progress(evaluation.amount_in(evaluation.period))

    def credits(self, evaluation: Evaluation) -> Iterable[Credit]:
        """Return the credits that make up the sum."""
        return evaluation.credits_in(evaluation.period)

    def gap_words(self, progress: Progress, most: int | None = None) -> str:
        """Describe what is missing, as in 尚缺37人次."""
        rest = (progress.indicator.target or ZERO) - progress.actual
        return f"尚缺{plain(rest)}{progress.indicator.unit}"

    def lack_words(self, progress: Progress, as_of: date, most: int | None = None) -> str:
        """Describe the pace and the amount missing to the target.

        An example is 已完成13人次，序时应完成25人次，距目标差37人次（12月31日截止）.
        After the deadline, leave out the pace.
        """
        if progress.deadline < as_of:
            return super().lack_words(progress, as_of, most)
        actual, expected, rest = _amounts(progress)
        return (
            f"已完成{actual}，序时应完成{expected}，距目标差{rest}"
            f"（{deadline_words(progress.deadline, as_of)}）"
        )

    def behind_words(self, progress: Progress, as_of: date) -> str:
        """Describe how far it is behind: 完成52人次，序时应完成192人次."""
        actual, expected, _ = _amounts(progress)
        return f"完成{actual}，序时应完成{expected}"


def _amounts(progress: Progress) -> tuple[str, str, str]:
    """Return the actual, the expected and the missing amount, each with the unit."""
    rest = (progress.indicator.target or ZERO) - progress.actual
    amounts = (progress.actual, progress.expected.to_integral_value(), rest)
    actual, expected, missing = (f"{plain(a)}{progress.indicator.unit}" for a in amounts)
    return actual, expected, missing
