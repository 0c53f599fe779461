"""Total: the sum over the project period must reach the target (入户访视50人次)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sgtrack.model.contract import Kind
from sgtrack.model.units import plain
from sgtrack.progress.indicator_progress import Progress
from sgtrack.progress.kinds.indicator_kind import AmountKind, Evaluation
from sgtrack.progress.periods import deadline_words
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

    def lack_words(self, progress: Progress, as_of: date, most: int | None = None) -> str:
        """Describe what is missing, as in 已有13，应有25，共还差37人次，12月31日前.

        After the deadline, leave out the actual and the expected amount.
        """
        unit = progress.indicator.unit
        rest = plain((progress.indicator.target or ZERO) - progress.actual)
        deadline = deadline_words(progress.deadline, as_of)
        if progress.deadline < as_of:
            return f"还差{rest}{unit}，{deadline}"
        expected = plain(progress.expected.to_integral_value())
        return f"已有{plain(progress.actual)}，应有{expected}，共还差{rest}{unit}，{deadline}"

    def behind_words(self, progress: Progress, as_of: date) -> str:
        """Describe briefly how far it is behind, as in 应有192人次、已有52人次."""
        unit = progress.indicator.unit
        expected = plain(progress.expected.to_integral_value())
        return f"应有{expected}{unit}、已有{plain(progress.actual)}{unit}"
