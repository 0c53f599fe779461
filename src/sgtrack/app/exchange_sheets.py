"""The use cases of ``export`` and ``import``: read the data to export, and import sheets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import chain
from types import MappingProxyType

from sgtrack.app.context import AppContext
from sgtrack.app.log import Movement, record_with_movement
from sgtrack.app.sheet_corrections import (
    Corrector,
    SheetCorrections,
    activities_of,
    apply_to_keys,
    write_corrections,
)
from sgtrack.app.sheet_series import settle_rows
from sgtrack.app.snapshot import Snapshot
from sgtrack.entry.text_cleaning import clean, clean_reason
from sgtrack.ledger.append import add_many
from sgtrack.ledger.chain import read_head
from sgtrack.ledger.entry_reads import read_amounts_by_key, read_replaced_keys, read_sources
from sgtrack.model.contract import Project
from sgtrack.model.entries import Entry, EntryFilter
from sgtrack.model.errors import Refused
from sgtrack.progress.contract_status import compute_status
from sgtrack.progress.indicator_progress import ProjectProgress
from sgtrack.recovery.backups import writing
from sgtrack.sheets.cell_parsing import BadCell
from sgtrack.sheets.classify_rows import Choices, ClassifiedRows, classify_rows
from sgtrack.sheets.foreign_rows import read_foreign_rows
from sgtrack.sheets.headings import Layout
from sgtrack.sheets.row_parsing import Read, SkippedRow, read_rows
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


@dataclass(frozen=True, slots=True)
class SheetImport:
    """The changes of the ledger that the rows of a file imply, and the result of writing them.

    ``rows`` are the rows without ids, and ``edited`` the rows that ``export`` wrote. ``movement``
    is None before writing.
    """

    project: Project
    rows: ClassifiedRows
    edited: SheetCorrections
    movement: Movement | None = None

    @property
    def bad(self) -> list[BadCell]:
        """All invalid cells."""
        return [*self.rows.bad, *self.edited.bad]

    @property
    def changes_ledger(self) -> bool:
        """Whether there is anything to write."""
        return bool(len(self.rows.new) or self.edited.corrections or self.edited.effects)

    @property
    def has_rows(self) -> bool:
        """Whether the file has any row that stands for an activity."""
        return bool(self.changes_ledger or self.rows.existing or self.edited.unchanged)


def read_sheet_rows(
    context: AppContext,
    project: Project,
    layouts: Sequence[Layout],
    advance: Callable[[], None],
    choices: Choices = MappingProxyType({}),
) -> SheetImport:
    """Read the rows of sheets, and compare them with the ledger.

    Names in the messages about faulty rows are masked. ``advance`` is called after each row.
    ``choices`` are the officer's answers about doubtful rows.
    """
    with context.snapshot() as snapshot:
        return _compare(context, snapshot, project, layouts, advance, choices)


def record_rows(
    context: AppContext,
    layouts: Sequence[Layout],
    confirmed: SheetImport,
    advance: Callable[[], None],
    choices: Choices = MappingProxyType({}),
    *,
    reason: str = "",
    dry_run: bool,
) -> SheetImport:
    """Record the new rows and the corrections of sheets in one transaction.

    If another program wrote to the ledger since :func:`read_sheet_rows`, the rows are compared
    again, and nothing is recorded if one of them is bad now. ``advance`` is called after each
    activity. With ``dry_run`` the ledger does not change.

    Args:
        context: the context of the command.
        layouts: the sheets.
        confirmed: what the officer has seen and confirmed.
        advance: a function without arguments.
        choices: the officer's answers about doubtful rows.
        reason: the reason for all corrections and for late entries.
        dry_run: whether to run only the checks.

    Returns:
        The rows as they were recorded.

    Raises:
        Refused: there are corrections without a reason, or corrections that were not confirmed.
    """
    project, origin = confirmed.project, context.origin()
    corrections, effects = confirmed.edited.corrections, confirmed.edited.effects
    reason = clean(reason, "原因")
    if corrections:
        reason = clean_reason(reason or ("试算" if dry_run else ""), "更正", "签到表核对后更正")
    with writing(context.workspace.ledger, dry_run=dry_run) as transaction:
        db = transaction.fresh_db()
        now = confirmed
        if _read_state(db) != confirmed.rows.state:
            snapshot = context.snapshot_of(db)
            now = _compare(context, snapshot, project, layouts, lambda: None, choices)
            if now.bad or now.edited.questions:
                return now
            if (now.edited.corrections, now.edited.effects) != (corrections, effects):
                raise Refused(
                    "刚才另一个程序改了台账，更正和显示的不一样了，没有写入", "再导入一次"
                )

        def write() -> None:
            write_corrections(transaction, corrections, effects, origin, reason)
            add_many(transaction, now.rows.new, origin, advance, reason=reason)

        activities = (*activities_of(corrections), *now.rows.items.values())
        _, movement = record_with_movement(context, transaction, project, activities, write)
    return replace(now, movement=movement)


def _compare(
    context: AppContext,
    snapshot: Snapshot,
    project: Project,
    layouts: Sequence[Layout],
    advance: Callable[[], None],
    choices: Choices,
) -> SheetImport:
    db = snapshot.db
    corrector = Corrector(context, snapshot, project, choices)
    corrector.compare(layouts)
    edited = corrector.found
    amounts_by_key: dict[bytes, Mapping[str, Decimal]] = {**read_amounts_by_key(db, project.slug)}
    apply_to_keys(edited, amounts_by_key)
    rows: Iterable[Read | BadCell | SkippedRow] = chain(
        read_foreign_rows(project, edited.foreign, context.today),
        *(read_rows(project, layout, context.today, advance) for layout in layouts),
    )
    file = layouts[0].table.file
    classified = classify_rows(
        settle_rows(snapshot, project, rows),
        amounts_by_key,
        read_replaced_keys(db, project.slug),
        lambda: read_sources(db, project.slug, f"{file} "),
        choices,
    )
    classified.state = _read_state(db)
    corrector.settle_rows(classified)
    if classified.bad or edited.bad:
        classified.bad = snapshot.mask(classified.bad, classified.names)
        edited.bad = snapshot.mask(edited.bad, classified.names)
    return SheetImport(project, classified, edited)


def _read_state(db: Connection) -> str:
    """Return a text that changes with every record; it is empty without activities."""
    is_begun = db.execute("SELECT 1 FROM activity LIMIT 1").fetchone()
    return read_head(db) if is_begun else ""
