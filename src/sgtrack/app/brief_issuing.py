"""The use case of ``brief --issue``: freeze a brief, record its submission, store its files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from hashlib import sha256

from sgtrack.app.context import AppContext
from sgtrack.app.draft_brief import (
    BriefRequest,
    BriefResult,
    MonthBrief,
    Paths,
    find_previous,
    gather_month,
    make_briefs,
    plan_submission,
    render_brief,
)
from sgtrack.app.edited_drafts import (
    GENERATED,
    Choose,
    EditedDraft,
    check_draft,
    find_draft,
    find_replaced,
    take_draft,
)
from sgtrack.app.issue_preview import BriefChanged, IssuePreview, check_early, preview_issue
from sgtrack.app.month_texts import compose_month
from sgtrack.brief.brief_context import BriefContext
from sgtrack.brief.brief_material import BriefMaterial
from sgtrack.brief.rendering import FORMATS
from sgtrack.checks.contract_record import contract_record
from sgtrack.evidence.evidence_store import evidence_writer
from sgtrack.ledger import chain
from sgtrack.ledger.append import add, add_evidence, note_contract
from sgtrack.ledger.brief_records import add_issued_brief
from sgtrack.ledger.entry_reads import read_entries
from sgtrack.ledger.issued_briefs import (
    read_first_day,
    read_issued_briefs,
    read_unreported_changes,
    read_withdrawn_briefs,
)
from sgtrack.ledger.transaction import Transaction
from sgtrack.model.contract import Project
from sgtrack.model.entries import Activity, Entry, Evidence, Origin
from sgtrack.model.errors import Refused
from sgtrack.model.issued import IssuedBrief, IssuedFile, head_code
from sgtrack.outputs import check_outputs, write_outputs
from sgtrack.progress.periods import Window, windows
from sgtrack.recovery.backups import writing
from sgtrack.store.connection import Connection


def issue_briefs(
    context: AppContext,
    request: BriefRequest,
    announce: Callable[[MonthBrief], None],
    confirm: Callable[[IssuePreview, bool], bool],
    choose: Choose,
    early: str | None = None,
    source: str | None = None,
) -> BriefResult:
    """Issue the requested briefs of a month, one community at a time, and write their files.

    Args:
        context: the workspace and the day.
        request: which briefs.
        announce: called with each brief as soon as it is issued.
        confirm: shows the officer what is frozen, and returns whether she wants it. It is called
            again, with true, if the ledger changed after she confirmed.
        choose: chooses one of several edited drafts, or None for the generated brief.
        early: why the briefs are issued more than a few days before the end of their windows.
        source: the edited Word file to issue; ``NO_FILE`` for the generated brief; None for the
            edited draft of the month, if there is one.

    Raises:
        Refused: a brief cannot be issued, was not confirmed or cannot be written, and
            ``request.everything`` is false. If writing fails, the brief stays issued.
    """
    projects = (
        context.every_project() if request.everything else (context.project(request.community),)
    )

    def issue(project: Project, window: Window, paths: Paths) -> MonthBrief:
        usual = {
            kind: context.workspace.brief_file(project.slug, window.label, kind)
            for kind in _formats_with(paths)
        }
        draft = find_draft(context.workspace, usual, source, choose)
        if draft is not None:
            paths = {**paths, "docx": usual["docx"]}
        edited = find_replaced(context.workspace, paths, draft)
        check_outputs(context.workspace, paths.values(), replaced=edited.digests)
        with context.snapshot() as snapshot:
            _check_turn_in(snapshot.db, project, window)
            reason = check_early(window, context.today, early)
            name, remarks = "", edited.remarks
            if draft is not None:
                name = draft.path.name
                remarks = (*check_draft(context, snapshot, project, window, draft), *remarks)
            today = context.today
            preview = preview_issue(snapshot, project, window, today, reason, name, remarks)
        brief = _issue_confirmed(context, paths, preview, draft, confirm)
        announce(brief)  # first, because the brief stays issued even if writing its files fails
        try:
            edited.move_aside()
            hers = (sha256(brief.content["docx"]).hexdigest(),) if draft is not None else ()
            write_outputs(context.workspace, brief.files, replaced=(*edited.digests, *hers))
        except Refused as refused:
            raise Refused(
                f"简报已经发出，只是 {refused.message}",
                f"{refused.hint}；再运行 sgtrack brief {window.options}，文件原样取出",
            ) from refused
        return brief

    return make_briefs(context, request, projects, issue)


def _formats_with(paths: Paths) -> tuple[str, ...]:
    """Return the formats in which a brief is stored: the default formats and keys of ``paths``."""
    return tuple(dict.fromkeys([*FORMATS, *paths]))


def _issue_confirmed(
    context: AppContext,
    paths: Paths,
    preview: IssuePreview,
    draft: EditedDraft | None,
    confirm: Callable[[IssuePreview, bool], bool],
) -> MonthBrief:
    """Issue a brief after the officer confirmed its preview; ask again if the preview changed.

    Raises:
        Refused: the officer does not confirm, or the brief cannot be issued.
    """
    project, window, is_new = preview.project, preview.window, False
    while confirm(preview, is_new):
        try:
            return issue_brief(context, project, window, paths, preview, draft)
        except BriefChanged as changed:
            preview, is_new = changed.now, True
    raise Refused(f"没有确认，{window.label} 的简报没有发出")


def issue_brief(
    context: AppContext,
    project: Project,
    window: Window,
    paths: Paths,
    expected: IssuePreview | None = None,
    draft: EditedDraft | None = None,
) -> MonthBrief:
    """Issue the brief of a month in the formats of ``FORMATS`` and of ``paths``.

    The rendered files are stored as evidence; the caller writes them to ``paths``. ``expected`` is
    the preview that the officer confirmed, or None. ``draft`` is the edited file that becomes the
    Word file of the brief, or None.

    Raises:
        Refused: the brief was already issued, is not the next to issue, or cannot be stored.
            Nothing was recorded.
        BriefChanged: the preview would differ from ``expected``. Nothing was recorded.
    """
    workspace, origin = context.workspace, context.origin()
    with (
        writing(workspace.ledger) as transaction,
        evidence_writer(workspace.evidence, transaction.after_commit) as store,
    ):
        earlier = _check_turn_in(transaction.fresh_db(), project, window)
        if expected is not None and transaction.chain_end() != expected.end:
            # Another program wrote while the officer was asked.
            snapshot = context.snapshot_of(transaction.fresh_db())
            typed = (expected.early, expected.source, expected.remarks)
            now = preview_issue(snapshot, project, window, context.today, *typed)
            if now != expected:
                raise BriefChanged(now)
        note_contract(transaction, project.slug, contract_record(project), origin)
        submission = _record_submission(
            transaction, project, window, context.today, origin, earlier
        )
        snapshot = context.snapshot_of(transaction.fresh_db())
        head = chain.read_head(snapshot.db)
        material = replace(
            gather_month(snapshot, project, window, context.today), code=head_code(head)
        )
        composed, told = compose_month(workspace, snapshot, material)
        values = composed.for_template()
        content, remarks = render_brief(workspace, values, _formats_with(paths))
        if draft is not None:
            content["docx"], found = take_draft(
                workspace, snapshot, draft, material, composed, content["docx"]
            )
            shown = expected.remarks if expected else ()
            remarks = (*remarks, *(remark for remark in found if remark not in shown), GENERATED)
        evidence = {}
        for kind, file in content.items():
            usual = workspace.brief_file(project.slug, window.label, kind)
            source = store.store_content(usual.name, file)
            evidence[kind] = Evidence("", source.sha256, source.size, source.name, "简报")
        if submission is not None:
            add_evidence(transaction, submission, tuple(evidence.values()), origin)
        brief = _freeze(
            material,
            composed,
            evidence,
            submission=submission.id if submission else None,
            head=head,
            early=expected.early if expected else "",
        )
        add_issued_brief(transaction, brief, _reported_ids(transaction, material), origin)
    return MonthBrief(project, window, brief.first_day, paths, content, (*told, *remarks), brief)


def _freeze(
    material: BriefMaterial,
    composed: BriefContext,
    evidence: Mapping[str, Evidence],
    *,
    submission: str | None,
    head: str,
    early: str,
) -> IssuedBrief:
    """Return the record of a brief with its figures, texts and files; its id is made on writing."""
    window = material.window
    return IssuedBrief(
        id="",
        community=material.project.slug,
        number=window.number,
        month=window.name,
        part=window.part,
        first_day=material.since,
        last_day=material.now.as_of,
        due=window.due,
        issued=material.today,
        submission=submission,
        head=head,
        context=composed.frozen(),
        gains=material.gains,
        totals={p.indicator.key: p.actual for p in material.now.indicators},
        files=tuple(IssuedFile(kind, e.sha256, e.size) for kind, e in evidence.items()),
        early=early,
    )


def _check_turn_in(db: Connection, project: Project, window: Window) -> tuple[IssuedBrief, ...]:
    """Check the turn of a brief (see :func:`check_turn`); return the briefs issued before."""
    earlier = read_issued_briefs(db, project.slug)
    withdrawn = {brief.month for brief in read_withdrawn_briefs(db, project.slug)}
    check_turn(project, window, earlier, read_first_day(db, project.slug), withdrawn)
    return earlier


def check_turn(
    project: Project,
    window: Window,
    briefs: tuple[IssuedBrief, ...],
    first: date | None,
    withdrawn: Collection[str] = (),
) -> None:
    """Check that the brief of ``window`` is the next one to issue.

    ``briefs`` are the issued briefs, oldest first. ``first`` is the day of the first entry, or None
    without entries; months before that day need no brief, unless their brief is in ``withdrawn``.

    Raises:
        Refused: the month was already issued, or another month must be issued first.
    """
    for brief in briefs:
        if brief.label == window.label:
            raise Refused(
                f"{window.label} 的简报已经在 {brief.issued} 发出（第{brief.number}期），不能再改",
                "有错就用 sgtrack amend 更正记录，会写进下一期；重新生成文件不加 --issue",
            )
    if briefs:
        if find_previous(project, window, briefs) is None:
            last = briefs[-1]
            labels = [w.label for w in windows(project)]
            place = labels.index(last.month) + 1 if last.month in labels else 0
            following = labels[place] if place < len(labels) else "没有了"
            raise Refused(
                f"{window.label} 不是下一期：最近发出的是 {last.label}（第{last.number}期）",
                f"下一期：{following}",
            )
        return
    for earlier in windows(project):
        if earlier.label == window.label:
            return
        if earlier.label in withdrawn:
            raise Refused(
                f"{earlier.label} 的简报撤回以后还没有重新发出，不能先发 {window.label}",
                f"先发出 sgtrack brief --month {earlier.label} --issue",
            )
        if first is not None and first <= earlier.period.end:
            raise Refused(
                f"{earlier.label} 有记录，它的简报还没有发出，不能先发 {window.label}",
                f"先发出 sgtrack brief --month {earlier.label} --issue",
            )


def _record_submission(
    transaction: Transaction,
    project: Project,
    window: Window,
    today: date,
    origin: Origin,
    briefs: tuple[IssuedBrief, ...],
) -> Entry | None:
    """Return the entry that logs the submission of this brief; create it if there is none.

    Return None if the contract has no item for briefs.
    """
    read = partial(read_entries, transaction.fresh_db())
    submission = plan_submission(read, project, window, today, briefs)
    if isinstance(submission, Activity):
        return add(transaction, submission, origin, again=True)
    return submission


def _reported_ids(transaction: Transaction, material: BriefMaterial) -> tuple[str, ...]:
    """Return the ids of the entries and voids that a brief reports."""
    changes = read_unreported_changes(
        transaction.fresh_db(), material.project.slug, material.now.as_of
    )
    reported = [entry.id for entry in material.entries]
    corrections = [correction.changed_by for correction in material.corrections]
    return tuple(dict.fromkeys([*reported, *corrections, *changes.voids]))
