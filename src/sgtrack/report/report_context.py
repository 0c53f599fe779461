"""Everything a report says, in words, as its templates see it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from sgtrack.brief.brief_context import Done

MONTHS_A_TABLE = 12


@dataclass(frozen=True, slots=True)
class ReportRow:
    """An indicator: what was asked, what was done and proven, and why something is missing."""

    code: str
    name: str
    target: str
    total: str
    percent: str
    proven: str
    state: str
    shortfall: str


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A category of the contract."""

    code: str
    name: str
    content: str
    percent: str
    rows: tuple[ReportRow, ...]


@dataclass(frozen=True, slots=True)
class MonthRow:
    """An indicator over the months of one table."""

    code: str
    name: str
    gains: tuple[str, ...]
    total: str


@dataclass(frozen=True, slots=True)
class MonthTable:
    """Twelve months side by side; those that are not there are empty."""

    labels: tuple[str, ...]
    rows: tuple[MonthRow, ...]


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """A group or case."""

    item: str
    title: str
    sessions: str
    days: str
    state: str


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Someone whom the contract counts per person; the name is a number unless names are wanted."""

    role: str
    name: str
    year: str
    actual: str
    target: str


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """What proves the activities of an item."""

    code: str
    name: str
    entries: str
    complete: str
    files: str


@dataclass(frozen=True, slots=True)
class BriefRow:
    """A brief that was handed in."""

    number: str
    month: str
    issued: str
    late: str
    code: str


@dataclass(frozen=True, slots=True)
class ReportContext:
    """What the templates of a report see."""

    title: str
    community: str
    agency: str
    date: str
    with_names: bool
    facts: tuple[str, ...]
    overview: tuple[str, ...]
    percent: str
    sections: tuple[ReportSection, ...]
    months: tuple[MonthTable, ...]
    highlights: tuple[Done, ...]
    series: tuple[SeriesRow, ...]
    training: tuple[str, ...]
    people: tuple[PersonLine, ...]
    media: tuple[Done, ...]
    problems: tuple[str, ...]
    evidence_summary: tuple[str, ...]
    evidence: tuple[EvidenceLine, ...]
    briefs: tuple[BriefRow, ...]
    code: str

    def for_template(self) -> dict[str, Any]:
        """The context by name, as templates refer to it."""
        return {one.name: getattr(self, one.name) for one in fields(self)}
