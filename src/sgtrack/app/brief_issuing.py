"""Issues a month's brief: freezes it, records its submission and keeps its files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from sgtrack.app.draft_brief import BriefFiles, pages
from sgtrack.app.gather_brief import follows, gather_month
from sgtrack.brief.brief_composition import Month, compose
from sgtrack.brief.rendering import FORMATS
from sgtrack.checks.contract_record import contract_record
from sgtrack.evidence.evidence_store import Keeping, keeping
from sgtrack.ledger import chain
from sgtrack.ledger.append import add, add_evidence, note_contract
from sgtrack.ledger.append import add_issued_brief as write_issue
from sgtrack.ledger.entry_reads import read_entries
from sgtrack.ledger.issued_briefs import read_first_day, read_issued_briefs, read_unreported_changes
from sgtrack.ledger.transaction import Transaction
from sgtrack.model.contract import Project
from sgtrack.model.entries import Activity, Entry, Evidence, Origin
from sgtrack.model.errors import Refused
from sgtrack.model.issued import IssuedBrief, IssuedFile, head_code
from sgtrack.model.queries import EntryFilter
from sgtrack.privacy.ledger_masking import without_names
from sgtrack.progress.periods import day_words
from sgtrack.progress.reporting_window import Window, windows
from sgtrack.recovery.ledger_writing import writing
from sgtrack.workspace import Workspace


def issue_brief(
    workspace: Workspace,
    project: Project,
    window: Window,
    today: date,
    origin: Origin,
    wanted: tuple[str, ...] = FORMATS,
) -> tuple[IssuedBrief, BriefFiles]:
    """Issue the brief of a reporting month; everything is written, or nothing.

    Returns:
        The brief, and its files by format: the usual ones, and those that are wanted besides.

    Raises:
        Refused: it was issued already, is not the next one, or cannot be written.
    """
    with writing(workspace.ledger) as transaction, keeping(workspace.evidence) as store:
        note_contract(transaction, project.slug, contract_record(project), origin)
        known = read_issued_briefs(transaction.fresh_db(), project.slug)
        check_turn(project, window, known, read_first_day(transaction.fresh_db(), project.slug))
        submission = _submission(transaction, project, window, today, origin, known)
        head = chain.read_head(transaction.fresh_db())
        month = replace(
            gather_month(transaction.fresh_db(), project, window, today), code=head_code(head)
        )
        context = without_names(transaction.fresh_db(), compose(month), [project])
        formats = tuple(dict.fromkeys([*FORMATS, *wanted]))
        files, remarks = pages(workspace, context.for_template(), formats)
        kept = _kept(store, project, window, files)
        if submission is not None:
            add_evidence(transaction, submission, tuple(kept.values()), origin)
        brief = IssuedBrief(
            id="",
            community=project.slug,
            number=window.number,
            month=window.label,
            first_day=month.since,
            last_day=month.now.as_of,
            due=window.due,
            issued=today,
            submission=submission.id if submission else None,
            head=head,
            context=context.frozen(),
            gains=month.gains,
            totals={one.indicator.key: one.actual for one in month.now.indicators},
            files=tuple(IssuedFile(f, one.sha256, one.size) for f, one in kept.items()),
        )
        write_issue(transaction, brief, _told(transaction, month), origin)
    return brief, BriefFiles(files, brief, remarks)


def check_turn(
    project: Project, window: Window, known: tuple[IssuedBrief, ...], first: date | None
) -> None:
    """Briefs are issued once and in order; months before the first entry may be left out.

    Raises:
        Refused: the month was issued, or another one comes first.
    """
    for brief in known:
        if brief.month == window.label:
            raise Refused(
                f"{window.label} 的简报已经在 {brief.issued} 发出（第{brief.number}期），不能再改",
                "有错就用 sgtrack amend 更正记录，会写进下一期；重新生成文件不加 --issue",
            )
    if known:
        if follows(project, window, known) is None:
            last = known[-1]
            labels = [one.label for one in windows(project)]
            place = labels.index(last.month) + 1 if last.month in labels else 0
            following = labels[place] if place < len(labels) else "没有了"
            raise Refused(
                f"{window.label} 不是下一期：最近发出的是 {last.month}（第{last.number}期）",
                f"下一期：{following}",
            )
        return
    for earlier in windows(project):
        if earlier.label == window.label:
            return
        if first is not None and first <= earlier.period.end:
            raise Refused(
                f"{earlier.label} 有记录，它的简报还没有发出，不能先发 {window.label}",
                f"先发出 sgtrack brief --month {earlier.label} --issue",
            )


def _submission(
    transaction: Transaction,
    project: Project,
    window: Window,
    today: date,
    origin: Origin,
    known: tuple[IssuedBrief, ...],
) -> Entry | None:
    """The activity that says the brief was handed in: one the officer logged, or a new one."""
    item = project.brief_item
    if item is None:
        return None
    used = {brief.submission for brief in known}
    for entry in read_entries(transaction.fresh_db(), EntryFilter((project.slug,), (item.code,))):
        activity = entry.activity
        month = activity.for_month or f"{activity.day:%Y-%m}"
        if activity.item == item.code and month == window.label and entry.id not in used:
            return entry
    late = (today - window.due).days
    when = f"应于{day_words(window.due)}前提交，迟交{late}天" if late > 0 else "按时提交"
    activity = Activity(
        community=project.slug,
        item=item.code,
        day=today,
        title=f"{window.year}年{window.month}月简报（第{window.number}期）",
        note=when,
        amounts={item.own_units[0]: Decimal(1)},
        for_month=window.label,
    )
    return add(transaction, activity, origin, again=True)


def _kept(
    store: Keeping, project: Project, window: Window, files: dict[str, bytes]
) -> dict[str, Evidence]:
    found = {}
    for kind, content in files.items():
        kept = store.take_content(f"{project.slug}-{window.label}.{kind}", content)
        found[kind] = Evidence("", kept.sha256, kept.size, kept.name, "简报")
    return found


def _told(transaction: Transaction, month: Month) -> tuple[str, ...]:
    voids = read_unreported_changes(
        transaction.fresh_db(), month.project.slug, month.now.as_of
    ).voids
    told = [entry.id for entry in (*month.regular, *month.late)]
    return tuple(dict.fromkeys([*told, *(one.changed_by for one in month.corrections), *voids]))
