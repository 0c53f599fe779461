"""The use cases of ``export`` and ``import``: read the data to export, and import sheets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from itertools import chain

from sgtrack.app.context import AppContext
from sgtrack.checks.contract_record import contract_record
from sgtrack.ledger.append import add_many, note_contract
from sgtrack.ledger.entry_reads import read_amounts_by_key
from sgtrack.model.contract import Project
from sgtrack.model.entries import Entry, EntryFilter
from sgtrack.progress.contract_status import compute_status
from sgtrack.progress.indicator_progress import ProjectProgress
from sgtrack.recovery.backups import writing
from sgtrack.sheets.classify_rows import ClassifiedRows, CompactActivities, classify_rows
from sgtrack.sheets.headings import Layout
from sgtrack.sheets.row_parsing import read_rows


def read_export(
    context: AppContext, project: Project, until: date, *, with_names: bool
) -> tuple[ProjectProgress, tuple[Entry, ...]]:
    """Read the progress and the entries of a community up to the day ``until``.

    The progress includes activities without evidence.
    """
    with context.snapshot() as snapshot:
        entries = snapshot.entries(EntryFilter((project.slug,), end=until))
        status = compute_status(project, snapshot.figures(project, until), until)
        return status.claimed, snapshot.mask(entries, with_names=with_names)


def read_sheet_rows(
    context: AppContext,
    project: Project,
    layouts: Sequence[Layout],
    advance: Callable[[], None],
) -> ClassifiedRows:
    """Read the rows of sheets, and classify them by comparison with the ledger.

    Names in the messages about faulty rows are masked. ``advance`` is called after each row.
    """
    with context.snapshot() as snapshot:
        rows = chain.from_iterable(
            read_rows(project, layout, context.today, advance) for layout in layouts
        )
        classified = classify_rows(rows, read_amounts_by_key(snapshot.db, project.slug))
        if classified.bad:
            classified.bad = snapshot.mask(classified.bad, classified.names)
        return classified


def record_rows(
    context: AppContext,
    project: Project,
    activities: CompactActivities,
    advance: Callable[[], None],
    *,
    dry_run: bool,
) -> None:
    """Record activities from sheets in one transaction; with ``dry_run`` only check them.

    ``advance`` is called after each activity.
    """
    origin = context.origin()
    with writing(context.workspace.ledger, dry_run=dry_run) as transaction:
        note_contract(transaction, project.slug, contract_record(project), origin)
        add_many(transaction, activities, origin, advance)
