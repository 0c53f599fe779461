"""The use cases of ``list``, ``show``, ``brief list`` and shell completion."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sgtrack.app.context import AppContext
from sgtrack.entry.date_parsing import read_month
from sgtrack.entry.text_cleaning import clean
from sgtrack.files import hash_file
from sgtrack.ledger.entry_reads import count_entries
from sgtrack.model.contract import Project
from sgtrack.model.entries import Entry, EntryFilter, short_id
from sgtrack.model.errors import Refused
from sgtrack.progress.periods import add_months, windows
from sgtrack.workspace import Workspace

if TYPE_CHECKING:
    from sgtrack.app.snapshot import Snapshot
    from sgtrack.model.issued import IssuedBrief


@dataclass(frozen=True, slots=True)
class EntryList:
    """Entries that match a search, by date.

    ``total`` is the number of all matches, including entries beyond the limit. ``projects`` are the
    communities by slug. ``open_decisions`` is the number of entries with an unresolved conflict.
    """

    entries: tuple[Entry, ...]
    total: int
    projects: dict[str, Project]
    open_decisions: int


@dataclass(frozen=True, slots=True)
class EntryDetails:
    """An entry with the earlier versions that it replaces, newest first.

    ``project`` is None if the target file of the community is missing or invalid.
    """

    entry: Entry
    history: tuple[Entry, ...]
    project: Project | None


def find_entries(
    context: AppContext,
    community: str | None,
    item: str | None,
    *,
    month: str | None,
    text: str | None,
    everything: bool,
    limit: int | None,
    with_names: bool,
) -> EntryList:
    """Find the entries that match all given criteria.

    Return at most the latest ``limit`` entries, or all if ``limit`` is None. With ``everything``,
    also find replaced and voided entries.

    Raises:
        Refused: no community has such an item, or the month is invalid.
    """
    cleaned = clean(text, "文字")
    selection = context.items(community, item)
    entries: list[Entry] = []
    total = 0
    with context.snapshot() as snapshot:
        for project, codes in selection:
            entry_filter = EntryFilter(
                (project.slug,), codes, text=cleaned, everything=everything, last=limit
            )
            if month is not None:
                year, number = read_month(month, context.today, project.period)
                start = date(year, number, 1)
                end = add_months(start, 1) - timedelta(days=1)
                entry_filter = replace(entry_filter, start=start, end=end)
            matches = snapshot.entries(entry_filter)
            is_complete = len(matches) != limit
            total += len(matches) if is_complete else count_entries(snapshot.db, entry_filter)
            entries += matches
        entries.sort(key=lambda entry: (entry.activity.day, entry.id))
        entries = entries if limit is None else entries[-limit:]
        masked = snapshot.mask(tuple(entries), with_names=with_names)
        projects = {project.slug: project for project, _ in selection}
        return EntryList(masked, total, projects, snapshot.count_open_decisions(projects))


def show_entry(context: AppContext, typed_id: str, *, with_names: bool) -> EntryDetails:
    """Read an entry and the earlier versions that it replaces.

    Raises:
        Refused: no entry has this id, or several ids end with the typed text.
    """
    with context.snapshot() as snapshot:
        entry = snapshot.entry(typed_id)
        history: list[Entry] = []
        older = entry.replaces
        while older is not None:
            history.append(snapshot.entry(older))
            older = history[-1].replaces
        try:
            project = context.project_of(entry.activity.community)
        except Refused:
            project = None
        entry, before = snapshot.mask((entry, tuple(history)), with_names=with_names)
    return EntryDetails(entry, before, project)


def suggest_entries(
    context: AppContext, community: str | None, prefix: str, *, limit: int, among: int
) -> tuple[tuple[str, str], ...]:
    """Suggest at most ``limit`` entries with a short id that starts with ``prefix``, newest first.

    Each suggestion is a short id and a description: day, item and title. Only the ``among`` latest
    entries are searched.
    """
    projects = {project.slug: project for project in context.projects(community)}
    suggestions = []
    with context.snapshot() as snapshot:
        entries = snapshot.entries(EntryFilter(tuple(projects), last=among))
        for entry in sorted(entries, key=lambda entry: entry.id, reverse=True):
            activity = entry.activity
            if not short_id(entry.id).startswith(prefix.upper()):
                continue
            item = projects[activity.community].items.get(activity.item)
            name = activity.title or (item.name if item else "")
            suggestions.append((short_id(entry.id), f"{activity.day} {activity.item} {name}"))
        return snapshot.mask(tuple(suggestions[:limit]))


@dataclass(frozen=True, slots=True)
class ListedBriefs:
    """The issued briefs of a community, oldest first, with the withdrawn ones.

    ``lacks_supplement`` says that the last brief of the contract was issued and that entries or
    corrections came after it.
    """

    project: Project
    briefs: tuple[IssuedBrief, ...]
    lacks_supplement: bool


def list_issued_briefs(context: AppContext, community: str | None) -> tuple[ListedBriefs, ...]:
    """Return the issued briefs of each chosen community."""
    with context.snapshot() as snapshot:
        return tuple(
            _list_briefs(context, snapshot, project) for project in context.projects(community)
        )


def _list_briefs(context: AppContext, snapshot: Snapshot, project: Project) -> ListedBriefs:
    issued = snapshot.issued_briefs(project.slug)
    briefs = sorted(
        (*issued, *snapshot.withdrawn_briefs(project.slug)),
        key=lambda brief: (brief.last_day, brief.id),
    )
    is_over = bool(issued) and issued[-1].month == windows(project)[-1].name
    return ListedBriefs(
        project,
        tuple(_mask_reasons(snapshot, brief) for brief in briefs),
        is_over and snapshot.has_unreported(project, context.today),
    )


def _mask_reasons(snapshot: Snapshot, brief: IssuedBrief) -> IssuedBrief:
    early, withdrawn = snapshot.mask((brief.early, brief.withdrawn))
    return replace(brief, early=early, withdrawn=withdrawn)


def find_altered_briefs(workspace: Workspace, briefs: Iterable[IssuedBrief]) -> tuple[Path, ...]:
    """Find files at the usual paths of issued briefs that differ from the issued files."""
    altered = []
    for brief in briefs:
        for file in () if brief.withdrawn else brief.files:
            path = workspace.brief_file(brief.community, brief.label, file.format)
            try:
                if path.is_file() and hash_file(path) != file.sha256:
                    altered.append(path)
            except OSError:  # another program has it open
                altered.append(path)
    return tuple(altered)
