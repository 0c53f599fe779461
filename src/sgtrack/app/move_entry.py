"""The use case of ``amend --community``: move an entry to another community."""

from __future__ import annotations

from dataclasses import replace

from sgtrack.app.context import AppContext
from sgtrack.app.log import RecordedEntry, record_with_movement
from sgtrack.app.series import find_ends, reopen, settle_series
from sgtrack.entry.activity_input import ActivityInput
from sgtrack.entry.proposal import propose_amendment
from sgtrack.entry.series_matching import session_words
from sgtrack.entry.text_cleaning import clean_passage, clean_reason
from sgtrack.ledger import append
from sgtrack.ledger.entry_reads import find_entry
from sgtrack.ledger.known_people import read_roster
from sgtrack.ledger.transaction import Transaction
from sgtrack.model.contract import Project
from sgtrack.model.entries import Activity, Entry, short_id
from sgtrack.model.errors import Refused
from sgtrack.recovery.backups import writing
from sgtrack.store.opening import open_ledger


def move_entry(
    context: AppContext, entry_id: str, community: str, change: ActivityInput, *, dry_run: bool
) -> tuple[RecordedEntry, RecordedEntry] | None:
    """Void an entry and log it in another community, with its evidence and texts.

    Return the voided entry and the new one, or None if the entry is of that community already.
    Both communities report the move in their next briefs.

    Raises:
        Refused: there is no such entry, it no longer counts, the reason is missing, the other
            contract has another item under this code, or the entry is the submission of a brief.
    """
    with open_ledger(context.workspace.ledger) as ledger:
        with context.snapshot(ledger) as snapshot:
            old = snapshot.entry(entry_id)
        source, target = context.project_of(old.activity.community), context.project(community)
        if source.slug == target.slug:
            return None
        reason = clean_reason(change.reason, "更正", "记错了社区")
        if old.activity.for_month:
            raise Refused(
                f"{short_id(old.id)} 是 {old.activity.for_month} 简报的提交记录，不能改到其他社区",
                "各社区的简报各自发出：sgtrack brief --issue -c 社区",
            )
        _refuse_other_items(source, target, old.activity, change)
        with writing(ledger, dry_run=dry_run) as transaction:
            old = find_entry(transaction.fresh_db(), old.id)
            return _move(context, transaction, (source, target), old, change, reason)


def _move(
    context: AppContext,
    transaction: Transaction,
    projects: tuple[Project, Project],
    old: Entry,
    change: ActivityInput,
    reason: str,
) -> tuple[RecordedEntry, RecordedEntry]:
    source, target = projects
    origin = context.origin()
    roster = read_roster(transaction.fresh_db(), target.slug)
    proposal, others = settle_series(
        context.snapshot_of(transaction.fresh_db()),
        target,
        propose_amendment(target, old.activity, change, context.today, roster),
        new=bool(change.again),
        reopens=bool(change.reopens),
    )
    ends = find_ends(transaction, others, proposal.activity)
    _, before = record_with_movement(
        context,
        transaction,
        source,
        (old.activity,),
        lambda: append.void(transaction, old, origin, f"改记到{target.name}：{reason}"),
    )

    def write() -> Entry:
        reopen(transaction, ends, origin)
        entry = append.add(
            transaction,
            proposal.activity,
            origin,
            again=bool(change.again),
            reason=f"从{source.name}改记：{reason}",
            evidence=old.evidence,
        )
        effect = old.effect if change.effect is None else clean_passage(change.effect, "成效")
        for subject, text in (("effect", effect), ("late_reason", old.late_reason)):
            if text:
                append.annotate(transaction, entry, subject, text, origin)
        return replace(entry, effect=effect, late_reason=old.late_reason)

    activities = (proposal.activity, *(end.activity for end in ends))
    entry, after = record_with_movement(context, transaction, target, activities, write)
    snapshot = context.snapshot_of(transaction.fresh_db())
    voided, shown = snapshot.mask((old, entry), entry.activity.participants)
    return (
        RecordedEntry(source, voided, (), (), before),
        RecordedEntry(
            target,
            shown,
            proposal.understood,
            proposal.remarks,
            after,
            series=session_words(target, shown.activity, others),
        ),
    )


def _refuse_other_items(
    source: Project, target: Project, old: Activity, change: ActivityInput
) -> None:
    """Refuse to keep an item code that means something else in the other contract."""
    kept = (old.item,) if change.item is None else ()
    for code, option in (
        *((code, "--item") for code in kept),
        *((code, "--also") for code in (old.also if change.also is None else ())),
    ):
        here, there = source.items.get(code), target.items.get(code)
        if here is None or there is None or here.name != there.name:
            meaning = f"是{there.name}" if there else "没有这一项"
            raise Refused(
                f"{code} 在{source.name}是{here.name if here else '合同里没有的'}，"
                f"在{target.name}{meaning}",
                f"加上 {option} 写明在{target.name}记到哪一项",
            )
