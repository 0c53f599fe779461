"""The texts of a report, as its templates see them."""

from __future__ import annotations

from dataclasses import dataclass

from sgtrack.brief.brief_context import Done

MONTHS_A_TABLE = 12


@dataclass(frozen=True, slots=True)
class ReportRow:
    """An indicator: its target, its completion with and without evidence, and its shortfall."""

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
    """An indicator in the months of one table."""

    code: str
    name: str
    gains: tuple[str, ...]
    total: str


@dataclass(frozen=True, slots=True)
class MonthTable:
    """Twelve months side by side; the columns after the last month are empty."""

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
    """A person whom the contract counts; ``name`` is a number unless names are wanted."""

    role: str
    name: str
    year: str
    actual: str
    target: str


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """The evidence of the activities of an item."""

    code: str
    name: str
    entries: str
    complete: str
    files: str


@dataclass(frozen=True, slots=True)
class BriefRow:
    """An issued brief."""

    number: str
    month: str
    issued: str
    late: str
    code: str


@dataclass(frozen=True, slots=True)
class ReportContext:
    """The values of the templates of a report."""

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
