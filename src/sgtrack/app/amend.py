"""The use cases of ``amend`` and ``void``: correct an entry, or exclude it from the figures."""

from __future__ import annotations

from sgtrack.app.context import AppContext
from sgtrack.app.log import RecordedEntry, record_with_movement
from sgtrack.app.series import settle_series
from sgtrack.entry.activity_input import ActivityInput
from sgtrack.entry.proposal import nothing_to_change, propose_amendment
from sgtrack.entry.series_matching import session_words
from sgtrack.entry.text_cleaning import clean_reason
from sgtrack.ledger import append
from sgtrack.ledger.entry_reads import find_entry
from sgtrack.model.entries import SeriesSession
from sgtrack.recovery.backups import writing
from sgtrack.store.opening import open_ledger


def amend_entry(
    context: AppContext, entry_id: str, change: ActivityInput, *, dry_run: bool
) -> RecordedEntry:
    """Correct an entry by a new entry that replaces it, and return the new entry.

    A field that is None in ``change`` keeps its old value. With ``dry_run`` nothing is written.

    Raises:
        Refused: there is no such entry, it no longer counts, the reason is missing, the ledger
            already has the corrected activity, or the contract does not allow it.
    """
    with open_ledger(context.workspace.ledger) as ledger:
        with context.snapshot(ledger) as snapshot:
            old = snapshot.entry(entry_id)
        project = context.project_of(old.activity.community)
        reason = clean_reason(change.reason, "更正", "签到表核对后更正")
        with writing(ledger, dry_run=dry_run) as transaction:
            # During the wait for the lock, ``forget`` may have replaced a name in the old entry,
            # whose texts the new entry keeps.
            old = find_entry(transaction.fresh_db(), old.id)
            proposal = propose_amendment(project, old.activity, change, context.today)
            others: tuple[SeriesSession, ...] = ()
            is_renamed = (change.title, change.item, change.also) != (None, None, None)
            if is_renamed:
                proposal, others = settle_series(
                    context.snapshot_of(transaction.fresh_db()),
                    project,
                    proposal,
                    new=bool(change.again),
                    except_id=old.id,
                )
                if proposal.activity == old.activity:
                    raise nothing_to_change()
            entry, movement = record_with_movement(
                context,
                transaction,
                project,
                (old.activity, proposal.activity),
                lambda: append.amend(
                    transaction,
                    old,
                    proposal.activity,
                    context.origin(),
                    reason,
                    again=bool(change.again),
                ),
            )
            snapshot = context.snapshot_of(transaction.fresh_db())
            shown = snapshot.mask(entry, entry.activity.participants)
    return RecordedEntry(
        project,
        shown,
        proposal.understood,
        proposal.remarks,
        movement,
        series=session_words(project, shown.activity, others) if is_renamed else "",
    )


def void_entry(
    context: AppContext, entry_id: str, reason: str, *, dry_run: bool
) -> tuple[RecordedEntry, str]:
    """Void an entry, which excludes it from the figures.

    Return the entry before it was voided, and the reason, both with names masked. With
    ``dry_run`` nothing is written.

    Raises:
        Refused: there is no such entry, it no longer counts, or the reason is missing.
    """
    with open_ledger(context.workspace.ledger) as ledger:
        with context.snapshot(ledger) as snapshot:
            entry = snapshot.entry(entry_id)
        project = context.project_of(entry.activity.community)
        reason = clean_reason(reason, "作废", "重复记录")
        with writing(ledger, dry_run=dry_run) as transaction:
            entry = find_entry(transaction.fresh_db(), entry.id)
            _, movement = record_with_movement(
                context,
                transaction,
                project,
                (entry.activity,),
                lambda: append.void(transaction, entry, context.origin(), reason),
            )
            snapshot = context.snapshot_of(transaction.fresh_db())
            shown, entry = snapshot.mask((reason, entry), entry.activity.participants)
    return RecordedEntry(project, entry, (), (), movement), shown
