"""The use case of ``brief withdraw``: take back an issued brief until the next one is issued."""

from __future__ import annotations

from sgtrack.app.context import AppContext
from sgtrack.entry.date_parsing import read_month
from sgtrack.entry.text_cleaning import clean
from sgtrack.ledger.append import void
from sgtrack.ledger.brief_records import add_withdrawal
from sgtrack.ledger.entry_reads import read_entries_by_id
from sgtrack.ledger.issued_briefs import read_issued_briefs, read_standing_ids
from sgtrack.ledger.transaction import Transaction
from sgtrack.model.entries import Entry
from sgtrack.model.errors import Refused
from sgtrack.model.issued import IssuedBrief
from sgtrack.progress.periods import window_of
from sgtrack.recovery.backups import writing


def withdraw_brief(
    context: AppContext, community: str | None, month: str, reason: str
) -> IssuedBrief:
    """Withdraw the newest issued brief, void its submission, and return the brief.

    If several laptops issued the month, all its briefs are withdrawn.

    Raises:
        Refused: the month was not issued, is not the newest one, or there is no reason; nothing was
            written.
    """
    project = context.project(community)
    words = clean(reason, "原因")
    if not words:
        raise Refused("没有写原因", "用 -r 写明为什么撤回")
    window = window_of(project, *read_month(month, context.today, project.period))
    origin = context.origin()
    with writing(context.workspace.ledger) as transaction:
        briefs = read_issued_briefs(transaction.fresh_db(), project.slug)
        if all(brief.month != window.label for brief in briefs):
            raise Refused(
                f"{window.label} 没有发出的简报，不用撤回", "用 sgtrack brief list 查看发出的各期"
            )
        newest = briefs[-1]
        if newest.month != window.label:
            raise Refused(
                f"{window.label} 不是最近一期：{newest.month} 已经在它以后发出，不能撤回",
                "有错就用 sgtrack amend 更正记录，会写进下一期",
            )
        for brief_id in read_standing_ids(transaction.fresh_db(), project.slug, window.label):
            add_withdrawal(transaction, brief_id, words, origin)
            submission = _find_submission(transaction, brief_id)
            if submission is not None and submission.counts:
                void(transaction, submission, origin, words)
        return newest


def _find_submission(transaction: Transaction, brief_id: str) -> Entry | None:
    """Return the newest version of the entry that logs the submission of a brief, or None."""
    db = transaction.fresh_db()
    (entry_id,) = db.execute(
        "SELECT submission FROM issued_brief WHERE id = ?", (brief_id,)
    ).fetchone()
    if entry_id is None:
        return None
    (entry,) = read_entries_by_id(db, (entry_id,))
    while entry.replaced_by is not None:
        (entry,) = read_entries_by_id(db, (entry.replaced_by,))
    return entry
