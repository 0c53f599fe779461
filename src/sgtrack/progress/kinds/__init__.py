"""The kinds of indicator, with one class for each kind, and the registry of these classes."""

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
"""All kinds by name. To add a kind, write a module for it and register its class here."""


def kind_of(indicator: Indicator) -> IndicatorKind:
    """Return the object that computes and describes an indicator."""
    return KINDS[indicator.kind]
