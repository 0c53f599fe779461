"""Where each person of a roster stands in the current year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sgtrack.progress.periods import owed_periods
from sgtrack.progress.tally import ZERO, Tallies
from sgtrack.targets.model import Kind, Per, Period, Project


@dataclass(frozen=True, slots=True)
class PersonProgress:
    """What one person has of a per-person indicator, in its unit."""

    name: str
    role: str
    item: str
    unit: str
    actual: Decimal
    target: Decimal


def persons_of(project: Project, tallies: Tallies, as_of: date) -> tuple[PersonProgress, ...]:
    """Every person of every per-person indicator, those at zero included."""
    years = owed_periods(project.period, Per.YEAR)
    year = ([y for y in years if y.period.start <= as_of] or list(years))[-1].period
    until = Period(year.start, min(year.end, as_of))
    return tuple(
        PersonProgress(
            name,
            indicator.role or "",
            item.code,
            indicator.unit or "",
            tallies.amount_of(name, item.code, indicator.unit or "", until),
            indicator.target or ZERO,
        )
        for _, _, item, indicator in project.indicators()
        if indicator.kind is Kind.PER_PERSON
        for name in tallies.people(indicator.role or "", item.code, year)
    )
