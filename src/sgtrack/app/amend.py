"""The use cases of ``amend`` and ``void``: correct or annotate an entry, or exclude it."""

from __future__ import annotations

from dataclasses import replace

from sgtrack.app.context import AppContext
from sgtrack.app.log import Movement, RecordedEntry, record_with_movement
from sgtrack.app.series import find_ends, reopen, settle_series
from sgtrack.entry.activity_input import ActivityInput
from sgtrack.entry.proposal import nothing_to_change, propose_amendment
from sgtrack.entry.series_matching import session_words
from sgtrack.entry.text_cleaning import clean, clean_passage, clean_reason
from sgtrack.ledger import append
from sgtrack.ledger.entry_reads import find_entry
from sgtrack.ledger.issued_briefs import is_late
from sgtrack.ledger.known_people import read_roster
from sgtrack.model.entries import Entry, SeriesSession
from sgtrack.model.errors import Refused
from sgtrack.recovery.backups import writing
from sgtrack.store.opening import open_ledger


def amend_entry(
    context: AppContext, entry_id: str, change: ActivityInput, *, dry_run: bool
) -> RecordedEntry:
    """Correct an entry by a new entry that replaces it, and return the new entry.

    A field that is None in ``change`` keeps its old value. An effect, or only the reason of a late
    entry, is written beside the entry and is not a correction. With ``dry_run`` nothing is written.

    Raises:
        Refused: there is no such entry, it no longer counts, the reason is missing, the ledger
            already has the corrected activity, or the contract does not allow it.
    """
    if not change.changes_activity:
        return _annotate(context, entry_id, change, dry_run=dry_run)
    effect = None if change.effect is None else clean_passage(change.effect, "成效")
    with open_ledger(context.workspace.ledger) as ledger:
        with context.snapshot(ledger) as snapshot:
            old = snapshot.entry(entry_id)
        project = context.project_of(old.activity.community)
        reason = clean_reason(change.reason, "更正", "签到表核对后更正")
        with writing(ledger, dry_run=dry_run) as transaction:
            # During the wait for the lock, ``forget`` may have replaced a name in the old entry,
            # whose texts the new entry keeps.
            old = find_entry(transaction.fresh_db(), old.id)
            roster = read_roster(transaction.fresh_db(), project.slug)
            proposal = propose_amendment(project, old.activity, change, context.today, roster)
            others: tuple[SeriesSession, ...] = ()
            is_renamed = (change.title, change.item, change.also) != (None, None, None)
            if is_renamed:
                proposal, others = settle_series(
                    context.snapshot_of(transaction.fresh_db()),
                    project,
                    proposal,
                    new=bool(change.again),
                    reopens=bool(change.reopens),
                    except_id=old.id,
                )
                if proposal.activity == old.activity:
                    raise nothing_to_change()
            activity, ends = proposal.activity, find_ends(transaction, others, proposal.activity)

            def write() -> Entry:
                origin, again = context.origin(), bool(change.again)
                reopen(transaction, ends, origin)
                return append.amend(transaction, old, activity, origin, reason, again=again)

            changed = (old.activity, activity, *(end.activity for end in ends))
            entry, movement = record_with_movement(context, transaction, project, changed, write)
            if effect is not None:
                append.annotate(transaction, entry, "effect", effect, context.origin())
                entry = replace(entry, effect=effect)
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


def _annotate(
    context: AppContext, entry_id: str, change: ActivityInput, *, dry_run: bool
) -> RecordedEntry:
    """Add the effect of an activity, or the reason why it was logged late."""
    reason = clean(change.reason, "原因")
    with open_ledger(context.workspace.ledger) as ledger:
        with context.snapshot(ledger) as snapshot:
            old = snapshot.entry(entry_id)
            late = is_late(snapshot.db, old)
        project = context.project_of(old.activity.community)
        texts: dict[str, str] = {}
        if change.effect is not None:
            texts["effect"] = clean_passage(change.effect, "成效")
        if reason and late:
            texts["late_reason"] = reason
        if not texts:
            raise nothing_to_change()
        if reason and not late:
            raise Refused("补写成效不是更正，不用写原因", "去掉 -r")
        with writing(ledger, dry_run=dry_run) as transaction:
            entry = find_entry(transaction.fresh_db(), old.id)
            for subject, text in texts.items():
                append.annotate(transaction, entry, subject, text, context.origin())
            entry = find_entry(transaction.fresh_db(), old.id)
            shown = context.snapshot_of(transaction.db).mask(entry, entry.activity.participants)
    return RecordedEntry(project, shown, (), (), Movement((), ()))


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
