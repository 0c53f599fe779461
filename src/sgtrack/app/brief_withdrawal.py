"""The use case of ``brief withdraw``: take back an issued brief until the next one is issued."""

from __future__ import annotations

from sgtrack.app.context import AppContext
from sgtrack.entry.date_parsing import read_month
from sgtrack.entry.text_cleaning import clean
from sgtrack.ledger.append import void
from sgtrack.ledger.brief_records import add_withdrawal
from sgtrack.ledger.entry_reads import read_current, read_entries_by_id
from sgtrack.ledger.issued_briefs import read_issued_briefs, read_standing_submissions
from sgtrack.model.errors import Refused
from sgtrack.model.issued import IssuedBrief
from sgtrack.progress.periods import window_of
from sgtrack.recovery.backups import writing


def withdraw_brief(
    context: AppContext, community: str | None, month: str, reason: str
) -> IssuedBrief:
    """Withdraw the newest issued brief, void its submission, and return the brief.

    A supplement is withdrawn before the brief that it belongs to. If several laptops issued the
    brief, all of them are withdrawn.

    Raises:
        Refused: the brief was not issued or is not the newest, or the reason is missing; nothing
            was written.
    """
    project = context.project(community)
    words = clean(reason, "原因")
    if not words:
        raise Refused("没有写原因", "用 -r 写明为什么撤回")
    window = window_of(project, *read_month(month, context.today, project.period))
    origin = context.origin()
    with writing(context.workspace.ledger) as transaction:
        briefs = read_issued_briefs(transaction.fresh_db(), project.slug)
        if all(brief.month != window.name for brief in briefs):
            raise Refused(
                f"{window.label} 没有发出的简报，不用撤回", "用 sgtrack brief list 查看发出的各期"
            )
        newest = briefs[-1]
        if newest.month != window.name:
            raise Refused(
                f"{window.label} 不是最近一期：{newest.label} 已经在它以后发出，不能撤回",
                "有错就用 sgtrack amend 更正记录，会写进下一期",
            )
        submissions = read_standing_submissions(transaction.fresh_db(), newest)
        for brief_id, entry_id in submissions.items():
            add_withdrawal(transaction, brief_id, words, origin)
            if entry_id is None:
                continue
            db = transaction.fresh_db()
            (submission,) = read_entries_by_id(db, (entry_id,))
            submission = read_current(db, submission)
            if submission.counts:
                void(transaction, submission, origin, words)
        return newest
