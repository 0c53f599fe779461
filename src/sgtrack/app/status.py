"""Use cases of ``status``, ``due`` and ``explain``: figures and what explains them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sgtrack.app.context import AppContext, select_communities
from sgtrack.app.snapshot import Snapshot
from sgtrack.files import write_documents
from sgtrack.model.contract import Item, Project
from sgtrack.model.entries import EntryFilter
from sgtrack.model.errors import Refused
from sgtrack.progress.contract_status import (
    ContractStatus,
    compute_due,
    compute_item_progress,
    compute_progress,
    compute_status,
)
from sgtrack.progress.indicator_progress import Due, Progress
from sgtrack.progress.periods import month_ends
from sgtrack.progress.tally import tally
from sgtrack.targets.lookup import find_category, find_item

if TYPE_CHECKING:
    from sgtrack.progress.explanation import Explanation


@dataclass(frozen=True, slots=True)
class SelectedStatus:
    """A contract's status and the codes of the items to show; None for all items."""

    status: ContractStatus
    codes: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class StatusResult:
    """The status of each community; ``open_decisions`` counts entries in conflict."""

    as_of: date
    communities: tuple[SelectedStatus, ...]
    open_decisions: int


@dataclass(frozen=True, slots=True)
class CommunityDues:
    """What a community owes within the coming weeks, the earliest first."""

    project: Project
    dues: tuple[Due, ...]


@dataclass(frozen=True, slots=True)
class ExplainedItem:
    """An item of a community at a day; each of its indicators with its explanation."""

    project: Project
    item: Item
    as_of: date
    indicators: tuple[tuple[Progress, Explanation], ...]


def read_status(
    context: AppContext, community: str | None, which: str | None, as_of: str | None
) -> StatusResult:
    """Compute the status at a day, of an item, a category or the whole contract.

    Raises:
        Refused: no community has such an item or category, or the day is invalid.
    """
    projects = context.projects(community)
    day = context.day(as_of, projects[0])
    selection = select_communities(projects, partial(_item_codes, which=which))
    with context.snapshot() as snapshot:
        # One community after the other, so that only one has its figures in memory.
        statuses = [
            compute_status(project, snapshot.figures(project, day), day) for project, _ in selection
        ]
        open_series = [status.open_series for status in statuses]
        if any(open_series):  # the titles of groups and cases, which can name people
            masked = zip(statuses, snapshot.mask(open_series), strict=True)
            statuses = [replace(status, open_series=series) for status, series in masked]
        open_decisions = snapshot.count_open_decisions({project.slug for project in projects})
    communities = tuple(
        SelectedStatus(status, codes)
        for status, (_, codes) in zip(statuses, selection, strict=True)
    )
    return StatusResult(day, communities, open_decisions)


def write_status_page(
    context: AppContext, community: str | None, as_of: str | None, path: Path
) -> date:
    """Write the status of the chosen communities as a web page and return its day.

    Raises:
        Refused: the file name is not that of a web page, or the file cannot be written.
    """
    from sgtrack.brief.rendering import render_document  # loads jinja2
    from sgtrack.report.report_composition import compose_status_page

    projects = context.projects(community)
    day = context.day(as_of, projects[0])
    if path.suffix.lower() not in (".html", ".htm"):
        raise Refused(f"“{path.name}”不是网页的文件名", "文件名以 .html 结尾，如 进度.html")
    with context.snapshot() as snapshot:
        figures = [snapshot.figures(project, day, *month_ends(project)) for project in projects]
    pairs = [
        (compute_status(project, read, day), read)
        for project, read in zip(projects, figures, strict=True)
    ]
    values = compose_status_page(pairs, day)
    page = render_document("status", context.workspace.templates, values, ("html",))["html"]
    write_documents({path: page})
    return day


def read_dues(context: AppContext, community: str | None, weeks: int) -> tuple[CommunityDues, ...]:
    """Compute what the chosen communities owe within some weeks from today."""
    projects = context.projects(community)
    today = context.today
    with context.snapshot() as snapshot:
        return tuple(
            CommunityDues(
                project,
                compute_due(
                    compute_progress(
                        project, tally(project, snapshot.figures(project, today)), today
                    ),
                    weeks * 7,
                ),
            )
            for project in projects
        )


def explain_item(
    context: AppContext, community: str | None, which: str, as_of: str | None, limit: int | None
) -> tuple[ExplainedItem, ...]:
    """Explain the figures of an item in each community that has it, by the latest entries.

    Raises:
        Refused: no community has such an item, or it joins the contract after that day.
    """
    selection = context.items(community, which)
    day = context.day(as_of, selection[0][0])
    with context.snapshot() as snapshot:
        return tuple(
            _explain_in(snapshot, project, codes, day, limit) for project, codes in selection
        )


def _item_codes(project: Project, which: str | None) -> frozenset[str] | None:
    """The codes of a category's items, or of an item with its parts; None for all items."""
    if which is None:
        return None
    category = find_category(project, which)
    if category is not None:
        return frozenset(item.code for item in category.items)
    clause = project.clauses.get(which)
    codes = {i.code for i in clause.items} if clause else {find_item(project, which).code}
    return frozenset(c for c in project.items if codes.intersection(project.with_ancestors(c)))


def _explain_in(
    snapshot: Snapshot, project: Project, codes: tuple[str, ...], day: date, limit: int | None
) -> ExplainedItem:
    """Explain the item whose own code comes first in ``codes``, before the codes of its parts."""
    code = codes[0]
    item = project.at(day).items.get(code)
    if item is None:
        later = project.items[code]
        since = later.added.start if later.added else day
        raise Refused(
            f"{code} {later.name} 从 {since} 起才加入合同", f"--as-of 写 {since} 或以后的日期"
        )
    entries = snapshot.entries(
        EntryFilter((project.slug,), codes, start=project.period.start, end=day)
    )
    # Other items' figures are not read.
    tallies = tally(project, snapshot.figures(project, day, only={item.code}))
    progress = compute_item_progress(project, {item.code}, tallies, day)
    from sgtrack.progress.explanation import explain  # not needed by ``status``

    explanations = explain(project.at(day), item, entries, snapshot.roster(project.slug))
    if limit is not None:
        explanations = tuple(explanation.latest(limit) for explanation in explanations)
    indicators = tuple(zip(progress, snapshot.mask(explanations), strict=True))
    return ExplainedItem(project, item, day, indicators)
