"""The training record of each person whom the contract counts per person (培养记录)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from sgtrack.brief.brief_composition import full_day
from sgtrack.model.contract import Indicator, Item, Kind, Period, Project
from sgtrack.model.entries import Entry
from sgtrack.model.figures import Figures
from sgtrack.model.units import plain
from sgtrack.progress.conditions import rejection_reason
from sgtrack.progress.periods import year_of
from sgtrack.progress.tally import ZERO, served, tally


@dataclass(frozen=True, slots=True)
class Lesson:
    """A training someone took part in."""

    date: str
    course: str
    place: str
    hours: str


@dataclass(frozen=True, slots=True)
class Trainee:
    """Someone with every lesson of the year; whoever has none is there as well."""

    name: str
    count: str
    total: str
    met: str
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True, slots=True)
class TrainingRecord:
    """The record of a roster in a year, as its template sees it."""

    community: str
    role: str
    item: str
    year: str
    target: str
    date: str
    with_names: bool
    people: tuple[Trainee, ...]

    def for_template(self) -> dict[str, Any]:
        """The record by name, as templates refer to it."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


def training_records(
    project: Project,
    figures: Figures,
    entries: tuple[Entry, ...],
    as_of: date,
    *,
    with_names: bool,
) -> tuple[TrainingRecord, ...]:
    """The record of every per-person indicator in the year of a day."""
    project = project.at(as_of)
    year = year_of(project.period, as_of)
    until = Period(year.period.start, min(year.period.end, as_of))
    tallies = tally(project, figures)
    return tuple(
        TrainingRecord(
            community=project.full_name,
            role=indicator.role or "",
            item=f"{item.code} {item.name}",
            year=year.on_screen,
            target=f"{plain(indicator.target or ZERO)}{indicator.unit}",
            date=full_day(as_of),
            with_names=with_names,
            people=tuple(
                _trainee(
                    name if with_names else f"第{n}人",
                    indicator,
                    _attended(project, item, indicator, entries, name, until),
                )
                for n, name in enumerate(
                    tallies.people(indicator.role or "", item.code, year.period), start=1
                )
            ),
        )
        for _, _, item, indicator in project.indicators()
        if indicator.kind is Kind.PER_PERSON
    )


def _attended(
    project: Project,
    item: Item,
    indicator: Indicator,
    entries: tuple[Entry, ...],
    name: str,
    until: Period,
) -> list[tuple[Entry, Decimal]]:
    return [
        (entry, entry.activity.amounts[indicator.unit or ""])
        for entry in entries
        if name in entry.activity.participants
        and entry.activity.day in until
        and item.code in served(project, entry.activity.items)
        and indicator.unit in entry.activity.amounts
        and not rejection_reason(item, entry.activity)
    ]


def _trainee(name: str, indicator: Indicator, attended: list[tuple[Entry, Decimal]]) -> Trainee:
    total = sum((hours for _, hours in attended), ZERO)
    missing = (indicator.target or ZERO) - total
    unit = indicator.unit or ""
    return Trainee(
        name=name,
        count=f"{len(attended)}次",
        total=f"{plain(total)}{unit}",
        met="达标" if missing <= 0 else f"还差{plain(missing)}{unit}",
        lessons=tuple(
            Lesson(
                full_day(entry.activity.day),
                entry.activity.title,
                entry.activity.place,
                f"{plain(hours)}{unit}",
            )
            for entry, hours in attended
        ),
    )
