"""Pure functions that compose the report on all communities, for the county bureau."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sgtrack.brief.brief_composition import TO_FILL_IN, done
from sgtrack.model.entries import Entry
from sgtrack.model.figures import Figures
from sgtrack.model.issued import head_code
from sgtrack.model.wording import full_day
from sgtrack.progress.contract_status import ContractStatus
from sgtrack.progress.county_progress import Column, County, IndicatorTotal, cells_of, states_of
from sgtrack.progress.indicator_progress import State
from sgtrack.progress.kinds import kind_of
from sgtrack.progress.progress_wording import STATE_ON_SCREEN, lack_words, target_words

TITLE = "社会工作服务项目进展汇总"
_NEEDY_COMMUNITIES = 10
_URGENT_INDICATORS = 3
_SHADES = ((80, "FFFFFF"), (60, "F2F2F2"), (40, "D9D9D9"), (20, "BFBFBF"), (0, "A6A6A6"))
"""Pairs of a minimum percentage and its grey (RGB) in the heat table.

Black text is readable on every grey.
"""
_NO_SHADE = "FFFFFF"


@dataclass(frozen=True, slots=True)
class CommunityMaterial:
    """The input of the county report for one community.

    ``figures`` contain the number of activities of each item. ``media`` are entries about media
    reports.
    """

    status: ContractStatus
    figures: Figures
    media: tuple[Entry, ...]


def compose_county(
    county: County, communities: Sequence[CommunityMaterial], today: date, head: str
) -> dict[str, Any]:
    """Compose the values for the templates of the county report.

    ``head`` is the digest of the last record of the hash chain, or empty without a ledger.
    """
    by_slug = {material.status.project.slug: material for material in communities}
    projects = [status.project for status in county.standings]
    ordered = [by_slug[project.slug] for project in projects]
    names = dict.fromkeys(project.county for project in projects if project.county)
    categories = [
        (category.column, category.percent, [_total_row(total) for total in category.indicators])
        for category in county.categories
    ]
    return {
        "title": TITLE,
        "county": "、".join(names) or TO_FILL_IN,
        "date": full_day(today),
        "as_of": full_day(county.as_of),
        "overview": list(_overview(county)),
        "columns": [
            {"code": code, "name": name, "mean": _heat_cell(percent)}
            for (code, name), percent, _ in categories
        ],
        "heat": [_heat_row(status, county.columns) for status in county.standings],
        "mean": _heat_cell(county.percent),
        "needs": list(_needs(county)),
        "sections": [
            {"code": code, "name": name, "percent": f"{percent}%", "rows": rows}
            for (code, name), percent, rows in categories
        ],
        "proof": [_proof_row(material, county.as_of) for material in ordered],
        "media_summary": [_media_summary(ordered)],
        "media": list(_media(ordered)),
        "code": head_code(head) if head else "",
    }


def _overview(county: County) -> Iterator[str]:
    count = dict.fromkeys(State, 0)
    for status in county.standings:
        for state, number in states_of(status).items():
            count[state] += number
    states = "、".join(f"{STATE_ON_SCREEN[s]}{count[s]}项" for s in State if count[s])
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


def _heat_row(status: ContractStatus, columns: tuple[Column, ...]) -> dict[str, Any]:
    cells = cells_of(status)
    shown = []
    for column in columns:
        cell = cells.get(column)
        if cell is None:
            shown.append({"shown": "—", "shade": _NO_SHADE})
        else:
            shown.append(_heat_cell(cell.percent, is_overdue=cell.worst is State.OVERDUE))
    total = _heat_cell(status.claimed.percent)
    return {"name": status.project.name, "cells": shown, "total": total}


def _heat_cell(percent: Decimal, *, is_overdue: bool = False) -> dict[str, str]:
    shade = next(shade for least, shade in _SHADES if percent >= least)
    return {"shown": f"{int(percent)}{'!' if is_overdue else ''}", "shade": shade}


def _needs(county: County) -> Iterator[dict[str, str]]:
    for status in county.standings[:_NEEDY_COMMUNITIES]:
        urgent = status.claimed.attention
        if not urgent:
            return
        states = states_of(status)
        yield {
            "name": status.project.full_name,
            "percent": f"{status.claimed.percent}%",
            "overdue": f"{states[State.OVERDUE]}项",
            "behind": f"{states[State.BEHIND]}项",
            "urgent": "；".join(
                f"{progress.item.label}：{lack_words(progress, county.as_of)}"
                for progress in urgent[:_URGENT_INDICATORS]
            ),
        }


def _total_row(total: IndicatorTotal) -> dict[str, str]:
    indicator = total.indicator
    return {
        "code": total.code,
        "name": total.name,
        "target": f"{target_words(indicator)}×{total.communities}",
        "total": kind_of(indicator).count_words(total.actual, total.target, indicator),
        "percent": f"{total.percent}%",
        "proven": f"{total.proven}%",
        "behind": f"{total.states[State.OVERDUE] + total.states[State.BEHIND]}个",
    }


def _proof_row(material: CommunityMaterial, as_of: date) -> dict[str, str]:
    status = material.status
    needs = status.project.needs
    rows = [row for row in material.figures.activities if row.day <= as_of]
    activities = sum(row.activities for row in rows)
    complete = sum(
        row.activities for row in rows if needs.get(row.items[0], frozenset()) <= row.evidence
    )
    return {
        "name": status.project.full_name,
        "activities": f"{activities}次",
        "complete": f"{complete}次",
        "share": f"{int(Decimal(complete) * 100 / activities)}%" if activities else "",
        "percent": f"{status.claimed.percent}%",
        "proven": f"{status.proven.percent}%",
    }


def _media_summary(communities: Sequence[CommunityMaterial]) -> str:
    count = sum(len(material.media) for material in communities)
    without = [material.status.project.name for material in communities if not material.media]
    if not without:
        return f"共{count}篇，每个社区都有。"
    return f"共{count}篇；尚无报道的社区{len(without)}个：{'、'.join(without)}。"


def _media(communities: Sequence[CommunityMaterial]) -> Iterator[dict[str, str]]:
    reports = [(m.status.project, entry) for m in communities for entry in m.media]
    for project, entry in sorted(reports, key=lambda pair: (pair[1].activity.day, pair[1].id)):
        yield {
            "community": project.name,
            "date": full_day(entry.activity.day),
            "title": done(project, entry).title,
            "place": entry.activity.place,
        }
