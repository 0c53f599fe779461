"""Where each person of a roster stands in the current year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sgtrack.model.contract import Kind, Period, Project
from sgtrack.progress.periods import year_of
from sgtrack.progress.tally import ZERO, Tallies


@dataclass(frozen=True, slots=True)
class PersonProgress:
    """What one person has of a per-person indicator in a year, in its unit."""

    name: str
    role: str
    item: str
    unit: str
    actual: Decimal
    target: Decimal
    year: str


def persons_of(project: Project, tallies: Tallies, as_of: date) -> tuple[PersonProgress, ...]:
    """Every person of every per-person indicator, those at zero included."""
    project = project.at(as_of)
    owed = year_of(project.period, as_of)
    year = owed.period
    until = Period(year.start, min(year.end, as_of))
    return tuple(
        PersonProgress(
            name,
            indicator.role or "",
            item.code,
            indicator.unit or "",
            tallies.amount_of(name, item.code, indicator.unit or "", until),
            indicator.target or ZERO,
            owed.on_screen,
        )
        for _, _, item, indicator in project.indicators()
        if indicator.kind is Kind.PER_PERSON
        for name in tallies.people(indicator.role or "", item.code, year)
    )
