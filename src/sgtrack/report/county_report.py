"""Composes the report on all communities of a county for its bureau. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sgtrack.brief.brief_composition import TO_FILL_IN, done, full_day
from sgtrack.model.contract import Project
from sgtrack.model.entries import Entry
from sgtrack.model.figures import Figures
from sgtrack.model.issued import head_code
from sgtrack.progress.contract_status import ContractStatus
from sgtrack.progress.county_progress import (
    CategoryCell,
    Column,
    County,
    IndicatorTotal,
    cells_of,
    states_of,
)
from sgtrack.progress.indicator_progress import State
from sgtrack.progress.kinds import kind_of
from sgtrack.progress.progress_wording import STATE_ON_SCREEN, label, lack_words, target_words

TITLE = "社会工作服务项目进展汇总"
_NEEDY_COMMUNITIES = 10
_URGENT_INDICATORS = 3
_SHADES = ((80, "FFFFFF"), (60, "F2F2F2"), (40, "D9D9D9"), (20, "BFBFBF"), (0, "A6A6A6"))
"""The greys of the heat table by the lowest percentage of each; black is readable on all."""
_NO_SHADE = "FFFFFF"


@dataclass(frozen=True, slots=True)
class CommunityMaterial:
    """The input of the report for one community; ``media`` are its media reports.

    ``figures`` contain the activities of every item.
    """

    status: ContractStatus
    figures: Figures
    media: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A cell of the heat table: its text and its shade as a hexadecimal colour."""

    shown: str
    shade: str


@dataclass(frozen=True, slots=True)
class HeatRow:
    """The percentages of a community by category, and its total."""

    name: str
    cells: tuple[HeatCell, ...]
    total: HeatCell


@dataclass(frozen=True, slots=True)
class HeatColumn:
    """A category of the heat table."""

    code: str
    name: str
    mean: HeatCell


@dataclass(frozen=True, slots=True)
class TotalRow:
    """An indicator, summed over all communities that have it."""

    code: str
    name: str
    target: str
    total: str
    percent: str
    proven: str
    behind: str


@dataclass(frozen=True, slots=True)
class TotalSection:
    """A category, summed over all communities."""

    code: str
    name: str
    percent: str
    rows: tuple[TotalRow, ...]


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A community that needs help: its completion and its most urgent indicators."""

    name: str
    percent: str
    overdue: str
    behind: str
    urgent: str


@dataclass(frozen=True, slots=True)
class ProofRow:
    """The share of a community's activities that have all their evidence."""

    name: str
    activities: str
    complete: str
    share: str
    percent: str
    proven: str


@dataclass(frozen=True, slots=True)
class MediaRow:
    """A media report."""

    community: str
    date: str
    title: str
    place: str


@dataclass(frozen=True, slots=True)
class CountyContext:
    """The values of the templates of the report."""

    title: str
    county: str
    date: str
    as_of: str
    overview: tuple[str, ...]
    columns: tuple[HeatColumn, ...]
    heat: tuple[HeatRow, ...]
    mean: HeatCell
    needs: tuple[NeedRow, ...]
    sections: tuple[TotalSection, ...]
    proof: tuple[ProofRow, ...]
    media_summary: tuple[str, ...]
    media: tuple[MediaRow, ...]
    code: str


def compose_county(
    county: County, communities: Sequence[CommunityMaterial], today: date, head: str
) -> CountyContext:
    """Compose the report.

    Args:
        county: the progress of all communities.
        communities: the input of each community.
        today: the date of the report.
        head: the head of the ledger's chain; empty without a ledger.
    """
    by_slug = {material.status.project.slug: material for material in communities}
    projects = [status.project for status in county.standings]
    ordered = [by_slug[project.slug] for project in projects]
    names = dict.fromkeys(project.county for project in projects if project.county)
    return CountyContext(
        title=TITLE,
        county="、".join(names) or TO_FILL_IN,
        date=full_day(today),
        as_of=full_day(county.as_of),
        overview=tuple(_overview(county)),
        columns=tuple(
            HeatColumn(*category.column, _heat(CategoryCell(category.percent, State.DONE)))
            for category in county.categories
        ),
        heat=tuple(_heat_row(status, county.columns) for status in county.standings),
        mean=_heat(CategoryCell(county.percent, State.DONE)),
        needs=tuple(_needs(county)),
        sections=tuple(
            TotalSection(
                *category.column,
                f"{category.percent}%",
                tuple(_total_row(total) for total in category.indicators),
            )
            for category in county.categories
        ),
        proof=tuple(_proof_row(material, county.as_of) for material in ordered),
        media_summary=(_media_summary(ordered),),
        media=tuple(_media(ordered)),
        code=head_code(head) if head else "",
    )


def _overview(county: County) -> Iterator[str]:
    count = dict.fromkeys(State, 0)
    for status in county.standings:
        for state, number in states_of(status).items():
            count[state] += number
    states = "、".join(f"{STATE_ON_SCREEN[state]}{count[state]}项" for state in State)
    yield (
        f"截至{full_day(county.as_of)}，{len(county.standings)}个社区共{sum(count.values())}项指标，"
        f"平均完成率{county.percent}%，按佐证齐全的活动计算为{county.proven}%；其中{states}。"
    )
    overdue = sum(1 for status in county.standings if states_of(status)[State.OVERDUE])
    least = min(county.standings, key=lambda status: status.claimed.percent)
    most = max(county.standings, key=lambda status: status.claimed.percent)
    yield (
        f"有逾期指标的社区{overdue}个。完成率最高的是{most.project.full_name}"
        f"（{most.claimed.percent}%），最低的是{least.project.full_name}"
        f"（{least.claimed.percent}%）。"
    )


def _heat_row(status: ContractStatus, columns: tuple[Column, ...]) -> HeatRow:
    cells = cells_of(status)
    return HeatRow(
        status.project.name,
        tuple(_heat(cells.get(column)) for column in columns),
        _heat(CategoryCell(status.claimed.percent, State.DONE)),
    )


def _heat(cell: CategoryCell | None) -> HeatCell:
    if cell is None:
        return HeatCell("—", _NO_SHADE)
    shade = next(shade for least, shade in _SHADES if cell.percent >= least)
    mark = "!" if cell.worst is State.OVERDUE else ""
    return HeatCell(f"{int(cell.percent)}{mark}", shade)


def _needs(county: County) -> Iterator[NeedRow]:
    for status in county.standings[:_NEEDY_COMMUNITIES]:
        urgent = status.claimed.attention
        if not urgent:
            return
        urgent_texts = [
            f"{label(progress)}：{lack_words(progress, county.as_of)}"
            for progress in urgent[:_URGENT_INDICATORS]
        ]
        states = states_of(status)
        yield NeedRow(
            status.project.full_name,
            f"{status.claimed.percent}%",
            f"{states[State.OVERDUE]}项",
            f"{states[State.BEHIND]}项",
            "；".join(urgent_texts),
        )


def _total_row(total: IndicatorTotal) -> TotalRow:
    return TotalRow(
        total.code,
        total.name,
        f"{target_words(total.indicator)}×{total.communities}",
        kind_of(total.indicator).count_words(total.actual, total.target, total.indicator),
        f"{total.percent}%",
        f"{total.proven}%",
        f"{total.states[State.OVERDUE] + total.states[State.BEHIND]}个",
    )


def _proof_row(material: CommunityMaterial, as_of: date) -> ProofRow:
    project = material.status.project
    activities, complete = _count_complete(project, material.figures, as_of)
    return ProofRow(
        project.full_name,
        f"{activities}次",
        f"{complete}次",
        f"{int(Decimal(complete) * 100 / activities)}%" if activities else "",
        f"{material.status.claimed.percent}%",
        f"{material.status.proven.percent}%",
    )


def _count_complete(project: Project, figures: Figures, as_of: date) -> tuple[int, int]:
    """Count the activities, and those that have all their evidence."""
    rows = [row for row in figures.activities if row.day <= as_of]
    complete = [row for row in rows if project.needs.get(row.items[0], frozenset()) <= row.evidence]
    return sum(row.activities for row in rows), sum(row.activities for row in complete)


def _media_summary(communities: Sequence[CommunityMaterial]) -> str:
    count = sum(len(material.media) for material in communities)
    without = [material.status.project.name for material in communities if not material.media]
    if not without:
        return f"共{count}篇，每个社区都有。"
    return f"共{count}篇；还没有报道的社区{len(without)}个：{'、'.join(without)}。"


def _media(communities: Sequence[CommunityMaterial]) -> Iterator[MediaRow]:
    reports = [(m.status.project, entry) for m in communities for entry in m.media]
    for project, entry in sorted(reports, key=lambda pair: (pair[1].activity.day, pair[1].id)):
        shown = done(project, entry)
        yield MediaRow(
            project.name, full_day(entry.activity.day), shown.title, entry.activity.place
        )
