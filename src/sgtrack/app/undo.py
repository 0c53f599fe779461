"""The use case of ``undo``: take back the last command of the user."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sgtrack.app.context import AppContext
from sgtrack.app.log import Movement, record_with_movement
from sgtrack.ledger.command_reversal import Reversal, find_reversal, take_back
from sgtrack.ledger.entry_reads import read_entries_by_id
from sgtrack.ledger.transaction import Transaction
from sgtrack.model.contract import Project
from sgtrack.model.entries import Activity, Entry
from sgtrack.recovery.backups import writing


@dataclass(frozen=True, slots=True)
class ShownReversal:
    """A command to take back, for the officer's decision.

    ``exact`` has the texts of the ledger, ``masked`` is for the screen. ``projects`` are the
    communities of the entries by slug.
    """

    exact: Reversal
    masked: Reversal
    projects: dict[str, Project]


@dataclass(frozen=True, slots=True)
class Undone:
    """The result of taking back a command.

    ``entries`` are the entries as they are now, with names masked; ``movements`` the changed
    indicators of each community.
    """

    entries: tuple[Entry, ...]
    movements: tuple[Movement, ...]


def read_last_command(context: AppContext) -> ShownReversal:
    """Find the last command of the user that can be taken back.

    Raises:
        Refused: there is none, or the last command cannot be taken back.
    """
    user = context.origin().by
    with context.snapshot() as snapshot:
        reversal = find_reversal(snapshot.db, user)
        slugs = dict.fromkeys(entry.activity.community for entry in reversal.entries)
        projects = {slug: context.project_of(slug) for slug in slugs}
        return ShownReversal(reversal, snapshot.mask(reversal), projects)


def undo_last_command(context: AppContext, shown: ShownReversal) -> Undone | None:
    """Take back the command that the officer was shown; return None if it changed since.

    Raises:
        Refused: the ledger cannot be written; nothing was written.
    """
    origin = context.origin()
    with writing(context.workspace.ledger) as transaction:
        reversal = find_reversal(transaction.fresh_db(), origin.by)
        if reversal != shown.exact:
            return None
        movements = _record(
            context,
            transaction,
            tuple(shown.projects.values()),
            _changed_activities(reversal),
            lambda: take_back(transaction, reversal, origin),
        )
        db = transaction.fresh_db()
        ids = [_newest_version(transaction, entry.id) for entry in reversal.entries]
        entries = read_entries_by_id(db, tuple(ids))
        return Undone(context.snapshot_of(db).mask(entries), movements)


def _changed_activities(reversal: Reversal) -> tuple[Activity, ...]:
    before = (activity for _, activity in reversal.reverted)
    return (*(entry.activity for entry in reversal.entries), *before)


def _record(
    context: AppContext,
    transaction: Transaction,
    projects: Sequence[Project],
    activities: tuple[Activity, ...],
    write: Callable[[], None],
) -> tuple[Movement, ...]:
    """Call ``write``, and return the movement of each community."""
    if not projects:
        write()
        return ()
    project, *others = projects
    own = tuple(activity for activity in activities if activity.community == project.slug)
    rest, movement = record_with_movement(
        context,
        transaction,
        project,
        own,
        lambda: _record(context, transaction, others, activities, write),
    )
    return (movement, *rest)


def _newest_version(transaction: Transaction, entry_id: str) -> str:
    """Return the id of the correction that replaced an entry, or the entry's own id."""
    row = transaction.db.execute(
        "SELECT max(id) FROM activity WHERE replaces = ?", (entry_id,)
    ).fetchone()
    return row[0] or entry_id
