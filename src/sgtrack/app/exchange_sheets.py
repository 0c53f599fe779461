"""The use cases of ``export`` and ``import``: read the data to export, and import sheets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from itertools import chain

from sgtrack.app.context import AppContext
from sgtrack.app.snapshot import Snapshot
from sgtrack.checks.contract_record import contract_record
from sgtrack.ledger.append import add_many, note_contract
from sgtrack.ledger.chain import read_head
from sgtrack.ledger.entry_reads import read_amounts_by_key
from sgtrack.model.contract import Project
from sgtrack.model.entries import Entry, EntryFilter
from sgtrack.progress.contract_status import compute_status
from sgtrack.progress.indicator_progress import ProjectProgress
from sgtrack.recovery.backups import writing
from sgtrack.sheets.classify_rows import ClassifiedRows, classify_rows
from sgtrack.sheets.headings import Layout
from sgtrack.sheets.row_parsing import read_rows
from sgtrack.store.connection import Connection


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
        return _classify(context, snapshot, project, layouts, advance)


def record_rows(
    context: AppContext,
    project: Project,
    layouts: Sequence[Layout],
    rows: ClassifiedRows,
    advance: Callable[[], None],
    *,
    dry_run: bool,
) -> ClassifiedRows:
    """Record the new rows of sheets in one transaction; with ``dry_run`` only check them.

    If another program wrote to the ledger since :func:`read_sheet_rows`, the rows are classified
    again, and nothing is recorded if one of them is bad now. ``advance`` is called after each
    activity.

    Returns:
        The rows as they were recorded.
    """
    origin = context.origin()
    with writing(context.workspace.ledger, dry_run=dry_run) as transaction:
        db = transaction.fresh_db()
        if _read_state(db) != rows.state:
            rows = _classify(context, context.snapshot_of(db), project, layouts, lambda: None)
        if rows.new and not rows.bad:
            note_contract(transaction, project.slug, contract_record(project), origin)
            add_many(transaction, rows.new, origin, advance)
    return rows


def _classify(
    context: AppContext,
    snapshot: Snapshot,
    project: Project,
    layouts: Sequence[Layout],
    advance: Callable[[], None],
) -> ClassifiedRows:
    rows = chain.from_iterable(
        read_rows(project, layout, context.today, advance) for layout in layouts
    )
    classified = classify_rows(rows, read_amounts_by_key(snapshot.db, project.slug))
    classified.state = _read_state(snapshot.db)
    if classified.bad:
        classified.bad = snapshot.mask(classified.bad, classified.names)
    return classified


def _read_state(db: Connection) -> str:
    """Return a text that changes with every record; it is empty without activities."""
    is_begun = db.execute("SELECT 1 FROM activity LIMIT 1").fetchone()
    return read_head(db) if is_begun else ""
