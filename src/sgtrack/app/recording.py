"""What every command that writes an activity shares: one order of steps, one result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sgtrack.app.context import AppContext
from sgtrack.checks.contract_record import contract_record
from sgtrack.ledger.append import note_contract
from sgtrack.ledger.transaction import Transaction
from sgtrack.model.contract import Project
from sgtrack.model.entries import Activity, Entry
from sgtrack.model.figures import Figures
from sgtrack.progress.contract_status import compute_item_progress
from sgtrack.progress.figure_query import figure_query_of
from sgtrack.progress.indicator_progress import Progress
from sgtrack.progress.tally import served, tally

Written = TypeVar("Written")


@dataclass(frozen=True, slots=True)
class Movement:
    """The progress of the items that a write touches, before and after it."""

    before: tuple[Progress, ...]
    after: tuple[Progress, ...]


@dataclass(frozen=True, slots=True)
class RecordedEntry:
    """An entry as it was written, or as it would be; names in its texts are masked.

    ``understood`` are the units whose amount was not typed, ``shared_files`` a sentence for each
    file that also proves another activity. ``reported_until`` is the last day of the issued briefs
    where the activity comes after them, as 补记.
    """

    project: Project
    entry: Entry
    understood: tuple[str, ...]
    remarks: tuple[str, ...]
    movement: Movement
    shared_files: tuple[str, ...] = ()
    reported_until: date | None = None


def record_with_movement(
    context: AppContext,
    transaction: Transaction,
    project: Project,
    activities: tuple[Activity, ...],
    write: Callable[[], Written],
) -> tuple[Written, Movement]:
    """Note the contract, read the figures, write, and read the figures again.

    Args:
        context: the context of the command.
        transaction: the turn to write.
        project: the contract.
        activities: the activities that begin or cease to count.
        write: writes them.
    """
    note_contract(transaction, project.slug, contract_record(project), context.origin())
    codes = frozenset(code for one in activities for code in served(project, one.items))
    query = figure_query_of(project, [context.today], codes)

    def progress(figures: Figures) -> tuple[Progress, ...]:
        return tuple(compute_item_progress(project, codes, tally(project, figures), context.today))

    before = transaction.figures(project.slug, query)
    written = write()
    after = transaction.figures(project.slug, query)
    return written, Movement(progress(before), progress(after))
