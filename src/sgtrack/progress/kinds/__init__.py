"""The kinds of indicator, one class each, and the table in which they are registered."""

from __future__ import annotations

from sgtrack.model.contract import Indicator
from sgtrack.progress.kinds.coverage_kind import CoverageKind
from sgtrack.progress.kinds.indicator_kind import IndicatorKind
from sgtrack.progress.kinds.milestone_kind import MilestoneKind
from sgtrack.progress.kinds.per_person_kind import PerPersonKind
from sgtrack.progress.kinds.periodic_kind import PeriodicKind
from sgtrack.progress.kinds.total_kind import TotalKind

KINDS: dict[str, IndicatorKind] = {
    kind.kind: kind
    for kind in (TotalKind(), PeriodicKind(), PerPersonKind(), CoverageKind(), MilestoneKind())
}
"""Every kind by its name in the contract file; a new kind is one file and its entry here."""


def kind_of(indicator: Indicator) -> IndicatorKind:
    """The class that computes and words an indicator."""
    return KINDS[indicator.kind]
