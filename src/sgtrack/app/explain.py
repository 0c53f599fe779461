"""Use case of ``explain``: the entries behind the figures of an item, and the rule they follow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sgtrack.app.context import AppContext
from sgtrack.app.snapshot import Snapshot
from sgtrack.model.contract import Item, Project
from sgtrack.model.errors import Refused
from sgtrack.model.queries import EntryFilter
from sgtrack.progress.contract_status import compute_item_progress
from sgtrack.progress.explanation import Explanation, explain
from sgtrack.progress.indicator_progress import Progress
from sgtrack.progress.tally import tally


@dataclass(frozen=True, slots=True)
class ExplainedItem:
    """An item of a community at a day; each of its indicators with its explanation."""

    project: Project
    item: Item
    as_of: date
    indicators: tuple[tuple[Progress, Explanation], ...]


def explain_item(
    context: AppContext, community: str | None, which: str, as_of: str | None, limit: int | None
) -> tuple[ExplainedItem, ...]:
    """Explain the figures of an item in each community that has it.

    Args:
        context: the workspace and the day.
        community: the community the officer named.
        which: the item, as typed.
        as_of: the day the officer typed.
        limit: the number of latest entries to list for each indicator; None for all.

    Raises:
        Refused: no community has such an item, or it joins the contract after that day.
    """
    selection = context.items(community, which)
    day = context.day(as_of, selection[0][0])
    with context.snapshot() as snapshot:
        return tuple(
            _explain_in(snapshot, project, codes, day, limit) for project, codes in selection
        )


def _explain_in(
    snapshot: Snapshot, project: Project, codes: tuple[str, ...], day: date, limit: int | None
) -> ExplainedItem:
    """Explain an item, of which ``codes`` begins with its own code and lists its parts."""
    item = _item_at(project, codes[0], day)
    entries = snapshot.entries(
        EntryFilter((project.slug,), codes, start=project.period.start, end=day)
    )
    # Other items' figures are not read.
    tallies = tally(project, snapshot.figures(project, day, only={item.code}))
    progress = compute_item_progress(project, {item.code}, tallies, day)
    explanations = explain(project.at(day), item, entries, snapshot.roster(project.slug))
    if limit is not None:
        explanations = tuple(explanation.latest(limit) for explanation in explanations)
    indicators = tuple(zip(progress, snapshot.mask(explanations), strict=True))
    return ExplainedItem(project, item, day, indicators)


def _item_at(project: Project, code: str, day: date) -> Item:
    """The item as the contract has it on a day."""
    current = project.at(day).items.get(code)
    if current is None:
        item = project.items[code]
        since = item.added.start if item.added else day
        raise Refused(
            f"{code} {item.name} 从 {since} 起才加入合同", f"--as-of 写 {since} 或以后的日期"
        )
    return current
