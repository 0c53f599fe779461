"""The months of a project side by side; together they are the cumulative figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sgtrack.model.contract import Project
from sgtrack.model.issued import IndicatorKey, IssuedBrief
from sgtrack.progress.contract_status import compute_progress
from sgtrack.progress.periods import windows
from sgtrack.progress.tally import ZERO, Tallies


@dataclass(frozen=True, slots=True)
class MonthColumn:
    """What a month brought by indicator; ``issued`` says whether its brief has been handed in.

    The label is 2026-03, or empty for what has come since the last brief of the project.
    """

    label: str
    gains: Mapping[IndicatorKey, Decimal]
    issued: bool


def month_columns(
    project: Project, tallies: Tallies, briefs: tuple[IssuedBrief, ...], as_of: date
) -> tuple[MonthColumn, ...]:
    """Every month until a day: as issued where it was, else as the ledger has it now."""
    known = [brief for brief in briefs if brief.last_day <= as_of]
    columns = [MonthColumn(brief.month, brief.gains, True) for brief in known]
    before: Mapping[IndicatorKey, Decimal] = known[-1].totals if known else {}
    labels = [window.label for window in windows(project)]
    last = known[-1].month if known else ""
    begin = labels.index(last) + 1 if last in labels else 0
    for window in windows(project)[begin:]:
        if window.period.start > as_of:
            break
        now = _actuals(project, tallies, min(window.period.end, as_of))
        columns.append(MonthColumn(window.label, _difference(now, before), False))
        before = now
    rest = _difference(_actuals(project, tallies, as_of), before)
    if any(rest.values()):
        columns.append(MonthColumn("", rest, False))
    return tuple(columns)


def _actuals(project: Project, tallies: Tallies, as_of: date) -> dict[IndicatorKey, Decimal]:
    found = compute_progress(project, tallies, as_of).indicators
    return {one.indicator.key: one.actual for one in found}


def _difference(
    now: Mapping[IndicatorKey, Decimal], before: Mapping[IndicatorKey, Decimal]
) -> dict[IndicatorKey, Decimal]:
    return {key: actual - before.get(key, ZERO) for key, actual in now.items()}
