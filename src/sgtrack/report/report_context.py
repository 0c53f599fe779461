"""The values for the templates of the midterm and the final report."""

from __future__ import annotations

from dataclasses import dataclass

from sgtrack.brief.brief_context import Done

MONTHS_A_TABLE = 12
"""Number of month columns in a table."""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """An indicator.

    ``percent`` is the percentage that is done. ``proven`` is the proven share of the done amount.
    """

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
    """A category of the contract with its indicators."""

    code: str
    name: str
    content: str
    percent: str
    rows: tuple[ReportRow, ...]


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A row of a table of months: the increases of one indicator."""

    code: str
    name: str
    gains: tuple[str, ...]
    total: str


@dataclass(frozen=True, slots=True)
class MonthTable:
    """A table with ``MONTHS_A_TABLE`` month columns; columns after the last month are empty."""

    labels: tuple[str, ...]
    rows: tuple[MonthRow, ...]


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """A group or a case that runs over several sessions."""

    item: str
    title: str
    sessions: str
    days: str
    state: str


@dataclass(frozen=True, slots=True)
class PersonLine:
    """The progress of a person; ``name`` is like 第1人 unless the report shows names."""

    role: str
    name: str
    year: str
    actual: str
    target: str


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """The evidence for an item.

    ``entries`` is the number of activities, ``complete`` the number with all required evidence.
    """

    code: str
    name: str
    entries: str
    complete: str
    files: str


@dataclass(frozen=True, slots=True)
class BriefRow:
    """An issued brief in the list of briefs."""

    number: str
    month: str
    issued: str
    late: str
    code: str


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """A category in the table of all categories, with the number of indicators in each state."""

    name: str
    indicators: str
    done: str
    behind: str
    overdue: str
    percent: str
    proven: str


@dataclass(frozen=True, slots=True)
class PeopleGroup:
    """The services to a group of people, such as 老年人; ``services`` names the service items."""

    name: str
    activities: str
    amounts: str
    services: str


@dataclass(frozen=True, slots=True)
class QuarterRow:
    """The activities of a quarter.

    ``completed`` is the number of indicators that were completed in the quarter, and ``percent``
    the overall percentage at its end.
    """

    name: str
    days: str
    activities: str
    visits: str
    households: str
    completed: str
    percent: str


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """An activity in the list of all activities; ``evidence`` is 齐全, or names what is missing."""

    date: str
    item: str
    title: str
    place: str
    amounts: str
    effect: str
    evidence: str


@dataclass(frozen=True, slots=True)
class ClauseActivities:
    """The activities of a clause in the order of their dates."""

    code: str
    text: str
    count: str
    rows: tuple[ActivityRow, ...]


@dataclass(frozen=True, slots=True)
class EvidenceShare:
    """How many activities of a category have all evidence; ``lacking`` names what the rest lack."""

    code: str
    name: str
    activities: str
    complete: str
    percent: str
    lacking: str


@dataclass(frozen=True, slots=True)
class ReportContext:
    """The values for the templates of a report.

    ``results``, ``practices``, ``causes``, ``conclusions`` and ``advice`` are texts of the officer.
    """

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
    categories: tuple[CategoryRow, ...]
    groups: tuple[PeopleGroup, ...]
    quarters: tuple[QuarterRow, ...]
    activities: tuple[ClauseActivities, ...]
    series_summary: tuple[str, ...]
    shares: tuple[EvidenceShare, ...]
    changes: tuple[str, ...]
    results: tuple[str, ...]
    practices: tuple[str, ...]
    causes: tuple[str, ...]
    conclusions: tuple[str, ...]
    advice: tuple[str, ...]
