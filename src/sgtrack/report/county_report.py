"""Composes the report on all communities of a county for its bureau. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

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
IN_NEED = 10
"""How many communities are told of that need help most."""
MOST_URGENT = 3
"""How many indicators are named of each."""
_SHADES = ((80, "FFFFFF"), (60, "F2F2F2"), (40, "D9D9D9"), (20, "BFBFBF"), (0, "A6A6A6"))
"""The greys of the heat table, by the percentage they begin at; black can be read on all."""
_NO_SHADE = "FFFFFF"


@dataclass(frozen=True, slots=True)
class CommunityMaterial:
    """What the report is composed from of one community.

    ``figures`` have the activities of every item, and ``media`` are entries that count.
    """

    standing: ContractStatus
    figures: Figures
    media: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A cell of the heat table: what stands in it and how dark it is."""

    shown: str
    shade: str


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A community over the categories, with what it is in all."""

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
    """An indicator over all communities that have it."""

    code: str
    name: str
    target: str
    total: str
    percent: str
    proven: str
    behind: str


@dataclass(frozen=True, slots=True)
class TotalSection:
    """A category over all communities."""

    code: str
    name: str
    percent: str
    rows: tuple[TotalRow, ...]


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A community that needs help: how far it is, and what is most urgent there."""

    name: str
    percent: str
    overdue: str
    behind: str
    urgent: str


@dataclass(frozen=True, slots=True)
class ProofRow:
    """How much of what a community did is proven."""

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
    """What the templates of the report see."""

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

    def for_template(self) -> dict[str, Any]:
        """The context by name, as templates refer to it."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


def compose_county(
    county: County, communities: Sequence[CommunityMaterial], today: date, head: str
) -> CountyContext:
    """Say everything the report says.

    Args:
        county: the communities side by side.
        communities: what the ledger says of each.
        today: the day the report is written.
        head: the end of the chain; empty where there is none.
    """
    by_slug = {one.standing.project.slug: one for one in communities}
    ordered = [by_slug[one.project.slug] for one in county.standings]
    names = dict.fromkeys(one.project.county for one in county.standings if one.project.county)
    return CountyContext(
        title=TITLE,
        county="、".join(names) or TO_FILL_IN,
        date=full_day(today),
        as_of=full_day(county.as_of),
        overview=tuple(_overview(county)),
        columns=tuple(
            HeatColumn(*one.column, _heat(CategoryCell(one.percent, State.DONE)))
            for one in county.categories
        ),
        heat=tuple(_heat_row(one, county.columns) for one in county.standings),
        mean=_heat(CategoryCell(county.percent, State.DONE)),
        needs=tuple(_needs(county)),
        sections=tuple(
            TotalSection(
                *one.column, f"{one.percent}%", tuple(_total_row(row) for row in one.indicators)
            )
            for one in county.categories
        ),
        proof=tuple(_proof_row(one, county.as_of) for one in ordered),
        media_summary=(_media_summary(ordered),),
        media=tuple(_media(ordered)),
        code=head_code(head) if head else "",
    )


def _overview(county: County) -> Iterator[str]:
    count = dict.fromkeys(State, 0)
    for standing in county.standings:
        for state, number in states_of(standing).items():
            count[state] += number
    states = "、".join(f"{STATE_ON_SCREEN[state]}{count[state]}项" for state in State)
    yield (
        f"截至{full_day(county.as_of)}，{len(county.standings)}个社区共{sum(count.values())}项指标，"
        f"平均完成率{county.percent}%，按佐证齐全的活动计算为{county.proven}%；其中{states}。"
    )
    overdue = sum(1 for one in county.standings if states_of(one)[State.OVERDUE])
    least = min(county.standings, key=lambda one: one.claimed.percent)
    most = max(county.standings, key=lambda one: one.claimed.percent)
    yield (
        f"有逾期指标的社区{overdue}个。完成率最高的是{most.project.full_name}"
        f"（{most.claimed.percent}%），最低的是{least.project.full_name}"
        f"（{least.claimed.percent}%）。"
    )


def _heat_row(standing: ContractStatus, columns: tuple[Column, ...]) -> HeatRow:
    cells = cells_of(standing)
    return HeatRow(
        standing.project.name,
        tuple(_heat(cells.get(column)) for column in columns),
        _heat(CategoryCell(standing.claimed.percent, State.DONE)),
    )


def _heat(cell: CategoryCell | None) -> HeatCell:
    if cell is None:
        return HeatCell("—", _NO_SHADE)
    shade = next(colour for least, colour in _SHADES if cell.percent >= least)
    mark = "!" if cell.worst is State.OVERDUE else ""
    return HeatCell(f"{int(cell.percent)}{mark}", shade)


def _needs(county: County) -> Iterator[NeedRow]:
    for one in county.standings[:IN_NEED]:
        urgent = one.claimed.attention
        if not urgent:
            return
        named = [
            f"{label(each)}：{lack_words(each, county.as_of)}" for each in urgent[:MOST_URGENT]
        ]
        states = states_of(one)
        yield NeedRow(
            one.project.full_name,
            f"{one.claimed.percent}%",
            f"{states[State.OVERDUE]}项",
            f"{states[State.BEHIND]}项",
            "；".join(named),
        )


def _total_row(one: IndicatorTotal) -> TotalRow:
    return TotalRow(
        one.code,
        one.name,
        f"{target_words(one.indicator)}×{one.communities}",
        kind_of(one.indicator).count_words(one.actual, one.target, one.indicator),
        f"{one.percent}%",
        f"{one.proven}%",
        f"{one.states[State.OVERDUE] + one.states[State.BEHIND]}个",
    )


def _proof_row(one: CommunityMaterial, as_of: date) -> ProofRow:
    project = one.standing.project
    activities, complete = _proven(project, one.figures, as_of)
    return ProofRow(
        project.full_name,
        f"{activities}次",
        f"{complete}次",
        f"{int(Decimal(complete) * 100 / activities)}%" if activities else "",
        f"{one.standing.claimed.percent}%",
        f"{one.standing.proven.percent}%",
    )


def _proven(project: Project, figures: Figures, as_of: date) -> tuple[int, int]:
    """How many activities there are, and how many of them have all their evidence."""
    rows = [row for row in figures.activities if row.day <= as_of]
    complete = [row for row in rows if project.needs.get(row.items[0], frozenset()) <= row.evidence]
    return sum(row.activities for row in rows), sum(row.activities for row in complete)


def _media_summary(communities: Sequence[CommunityMaterial]) -> str:
    count = sum(len(one.media) for one in communities)
    without = [one.standing.project.name for one in communities if not one.media]
    if not without:
        return f"共{count}篇，每个社区都有。"
    return f"共{count}篇；还没有报道的社区{len(without)}个：{'、'.join(without)}。"


def _media(communities: Sequence[CommunityMaterial]) -> Iterator[MediaRow]:
    told = [(one.standing.project, entry) for one in communities for entry in one.media]
    for project, entry in sorted(told, key=lambda one: (one[1].activity.day, one[1].id)):
        shown = done(project, entry)
        yield MediaRow(
            project.name, full_day(entry.activity.day), shown.title, entry.activity.place
        )
