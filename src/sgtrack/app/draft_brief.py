"""The use case of ``brief``: write the brief of a month, as a draft or as it was issued."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from sgtrack.app.context import AppContext
from sgtrack.app.month_texts import choose_window, compose_month
from sgtrack.app.snapshot import Snapshot
from sgtrack.brief.brief_context import ANNEXES, read_frozen
from sgtrack.brief.brief_material import BriefMaterial, with_submission
from sgtrack.brief.images import illustrate
from sgtrack.brief.rendering import render_document
from sgtrack.evidence.evidence_store import Condition, check_condition, path_in
from sgtrack.ledger.issued_briefs import read_new_entries, read_unreported_changes
from sgtrack.model.contract import Project
from sgtrack.model.entries import Activity, Entry, EntryFilter, Origin
from sgtrack.model.errors import Refused
from sgtrack.model.issued import IssuedBrief, UnreportedChanges
from sgtrack.model.wording import day_words
from sgtrack.outputs import check_outputs, choose_name, write_outputs
from sgtrack.plan.integer_program import NotSolved
from sgtrack.plan.outcome import PlannedMonth
from sgtrack.plan.planner import RECENT, compute_plan
from sgtrack.progress.contract_status import compute_month_ends, compute_progress
from sgtrack.progress.indicator_progress import ProjectProgress
from sgtrack.progress.periods import Window, month_ends, windows
from sgtrack.progress.tally import Tallies, tally
from sgtrack.workspace import Workspace

_PLAN_SECONDS = 5.0
"""The maximum time to compute the plan in a brief, in seconds."""
Paths = Mapping[str, Path]
"""The output path of a brief for each requested format."""
Content = dict[str, bytes]
"""The content of the files of a brief, by format."""


@dataclass(frozen=True, slots=True)
class BriefRequest:
    """A request for briefs, as the officer typed it; ``everything`` means all communities.

    ``annex`` says which annexes the briefs have; None means as each target file says.
    ``is_supplement`` requests the supplement to the last brief of the contract.
    """

    community: str | None
    month: str | None
    formats: tuple[str, ...]
    everything: bool
    annex: str | None = None
    is_supplement: bool = False


@dataclass(frozen=True, slots=True)
class MonthBrief:
    """The brief of a community for a month.

    ``first_day`` is the first day that the brief covers. It is before the start of ``window`` if
    the brief of the previous month was issued before the end of that month. ``issued`` is None for
    a draft. ``remarks`` are messages about pictures that cannot be shown, and about files that the
    officer edited, beside which new files are written.
    """

    project: Project
    window: Window
    first_day: date
    paths: Paths
    content: Content
    remarks: tuple[str, ...]
    issued: IssuedBrief | None = None

    @property
    def files(self) -> dict[Path, bytes]:
        """The content of each file, by its path."""
        return {path: self.content[kind] for kind, path in self.paths.items()}


@dataclass(frozen=True, slots=True)
class BriefResult:
    """The finished briefs; ``failed`` lists the communities with a refused brief and the errors."""

    briefs: tuple[MonthBrief, ...]
    failed: tuple[tuple[Project, Refused], ...]


def check_annex(typed: str | None) -> str | None:
    """Return the typed value of ``--annex``.

    Raises:
        Refused: the value is not one of ``ANNEXES``.
    """
    if typed is not None and typed not in ANNEXES:
        raise Refused(f"没有附件“{typed}”这种写法", f"可以写 {'、'.join(ANNEXES)}", exit_code=2)
    return typed


def draft_briefs(
    context: AppContext, request: BriefRequest, announce: Callable[[MonthBrief], None]
) -> BriefResult:
    """Write the requested briefs of a month; read each from one snapshot of the ledger.

    ``announce`` is called with each brief as soon as it is rendered.

    Raises:
        Refused: a file cannot be written, or a brief cannot be made and ``request.everything`` is
            false.
    """
    projects = (
        context.every_project() if request.everything else context.projects(request.community)
    )

    def draft(project: Project, window: Window, usual: Paths) -> MonthBrief:
        if window.period.start > context.today:
            raise Refused(
                f"{window.label} 的统计从 {window.period.start} 开始，还没有到",
                "写已经开始的月份",
            )
        with context.snapshot() as snapshot:
            issued = snapshot.issued_briefs(project.slug)
            as_issued = next((b for b in issued if b.label == window.label), None)
            content: Content = {}
            remarks: tuple[str, ...] = ()
            if as_issued is not None:
                content, remarks = _read_issued(context.workspace, as_issued, request.formats)
            known = [sha256(file).hexdigest() for file in content.values()]
            paths = {
                kind: choose_name(context.workspace, path, known) for kind, path in usual.items()
            }
            check_outputs(context.workspace, paths.values(), replaced=known)
            if as_issued is None:
                material = gather_month(snapshot, project, window, context.today)
                first_day = material.since
                composed, told = compose_month(context.workspace, snapshot, material)
            else:
                first_day = as_issued.first_day
        if as_issued is None:
            values = composed.for_template()
            content, remarks = render_brief(context.workspace, values, request.formats)
            remarks = (*told, *remarks)
        edited = tuple(
            f"{path} 改过（或不是 sgtrack 写的），没有动它；新的写在旁边：{paths[kind].name}"
            for kind, path in usual.items()
            if paths[kind] != path
        )
        remarks = (*edited, *remarks)
        brief = MonthBrief(project, window, first_day, paths, content, remarks, as_issued)
        announce(brief)
        return brief

    result = make_briefs(context, request, projects, draft)
    files = {path: file for brief in result.briefs for path, file in brief.files.items()}
    issued = [file.sha256 for brief in result.briefs if brief.issued for file in brief.issued.files]
    # Issued files are not recorded as written by sgtrack, because the officer may have edited them.
    write_outputs(context.workspace, files, replaced=issued)
    return result


def make_briefs(
    context: AppContext,
    request: BriefRequest,
    projects: Iterable[Project],
    make: Callable[[Project, Window, Paths], MonthBrief],
) -> BriefResult:
    """Call ``make`` for the brief of each community.

    If ``request.everything`` is true, refused briefs are added to ``failed`` of the result.

    Raises:
        Refused: a brief was refused, and ``request.everything`` is false.
    """
    briefs: list[MonthBrief] = []
    failed: list[tuple[Project, Refused]] = []
    for project in projects:
        try:
            window = choose_window(
                context, project, request.month, is_supplement=request.is_supplement
            )
            paths = {
                kind: context.workspace.brief_file(project.slug, window.label, kind)
                for kind in request.formats
            }
            chosen = project
            if request.annex:
                chosen = replace(project, brief=replace(project.brief, annex=request.annex))
            briefs.append(make(chosen, window, paths))
        except Refused as refusal:
            if not request.everything:
                raise
            failed.append((project, refusal))
    return BriefResult(tuple(briefs), tuple(failed))


def render_brief(
    workspace: Workspace, values: dict[str, Any], formats: tuple[str, ...]
) -> tuple[Content, tuple[str, ...]]:
    """Render a brief in some formats; also return messages about pictures that cannot be shown.

    Raises:
        Refused: a template cannot be used.
    """
    if not {"docx", "html"} & set(formats):
        return render_document("brief", workspace.templates, values, formats), ()
    pictures = illustrate(
        values, workspace.evidence, paper="docx" in formats, page="html" in formats
    )
    content = render_document("brief", workspace.templates, values, formats, pictures)
    return content, pictures.remarks


def _read_issued(
    workspace: Workspace, brief: IssuedBrief, formats: tuple[str, ...]
) -> tuple[Content, tuple[str, ...]]:
    """Return the files of an issued brief, and messages about pictures that cannot be shown.

    Missing or changed files are rendered again from the frozen figures.
    """
    store = workspace.evidence
    stored = {
        file.format: path_in(store, file.sha256).read_bytes()
        for file in brief.files
        if file.format in formats and check_condition(store, file.sha256) is Condition.INTACT
    }
    lost = tuple(kind for kind in formats if kind not in stored)
    if not lost:
        return stored, ()
    rendered, remarks = render_brief(workspace, read_frozen(brief.context), lost)
    damaged = [file.format for file in brief.files if file.format in lost]
    if damaged:
        words = f"存档的 {'、'.join(damaged)} 文件缺失或被改动，照发出时的数字重新生成"
        remarks = (f"{words}，没有在 Word 里改过的内容", *remarks)
    return stored | rendered, remarks


def gather_month(
    snapshot: Snapshot, project: Project, window: Window, today: date, *, with_plan: bool = True
) -> BriefMaterial:
    """Gather the content of a month's brief, up to today if the month has not ended.

    The brief of the month after the last issued brief covers all changes that were not reported
    yet, including late entries and corrections. Any other brief covers only the days of its month.
    The submission of the brief counts although it is recorded only when the brief is issued, so
    that issuing changes no figure of a draft.
    """
    as_of = min(max(today, window.period.start), window.period.end)
    figures = snapshot.figures(project, as_of, *month_ends(project))
    briefs = snapshot.issued_briefs(project.slug)
    submission = plan_submission(snapshot.entries, project, window, today, briefs)
    if isinstance(submission, Activity):
        at = datetime.combine(today, time(), UTC)
        figures = figures.with_entry(Entry("", submission, Origin(at, "", "")))
    tallies = tally(project, figures)
    now = with_submission(compute_progress(project, tallies, as_of), window)
    last = find_previous(project, window, briefs)
    if last is not None:
        before, reported = last.totals, last.last_day
        changes = read_unreported_changes(snapshot.db, project.slug, as_of)
    else:
        reported = window.period.start - timedelta(days=1)
        earlier = compute_progress(project, tallies, reported)
        before = {progress.indicator.key: progress.actual for progress in earlier.indicators}
        changes = UnreportedChanges(
            read_new_entries(snapshot.db, project.slug, window.period.start, as_of)
        )
    return BriefMaterial(
        project=project,
        window=window,
        since=min(reported + timedelta(days=1), as_of),
        today=today,
        now=now,
        before=before,
        regular=tuple(e for e in changes.entries if e.activity.day > reported),
        late=tuple(e for e in changes.entries if e.activity.day <= reported),
        corrections=changes.corrections,
        pace=compute_month_ends(project, tallies, as_of),
        planned=_plan_next_month(snapshot, now, tallies, window) if with_plan else None,
        series_starts={
            (item.code, series.title): series.first
            for item in project.items.values()
            if item.series
            for series in tallies.series(item.code, as_of)
        },
        annex=project.brief.annex,
    )


def plan_submission(
    read_entries: Callable[[EntryFilter], tuple[Entry, ...]],
    project: Project,
    window: Window,
    today: date,
    briefs: tuple[IssuedBrief, ...],
) -> Entry | Activity | None:
    """Return the entry of the submission of a brief, or the activity to log if there is none.

    An entry that belongs to another brief in ``briefs`` is not used. Return None for a supplement,
    and if the contract has no item for briefs.
    """
    item = project.brief_item
    if item is None or window.is_supplement:
        return None
    used = {brief.submission for brief in briefs}
    for entry in read_entries(EntryFilter((project.slug,), (item.code,))):
        activity = entry.activity
        month = activity.for_month or f"{activity.day:%Y-%m}"
        if activity.item == item.code and month == window.label and entry.id not in used:
            return entry
    late = (today - window.due).days
    return Activity(
        community=project.slug,
        item=item.code,
        day=today,
        title=f"{window.year}年{window.month}月简报（第{window.number}期）",
        note=f"应于{day_words(window.due)}前提交，迟交{late}天" if late > 0 else "按时提交",
        amounts={item.own_units[0]: Decimal(1)},
        for_month=window.label,
    )


def _plan_next_month(
    snapshot: Snapshot, now: ProjectProgress, tallies: Tallies, window: Window
) -> tuple[PlannedMonth, ...] | None:
    """Return the plan up to the end of the next month, or None.

    The result is None if the contract has no next month, or if solving fails.
    """
    project, tomorrow = now.project, now.as_of + timedelta(days=1)
    until = next((w.period.end for w in windows(project) if w.number == window.number + 1), None)
    if until is None:
        return None
    recent = snapshot.entries(EntryFilter((project.slug,), end=now.as_of, last=RECENT))
    activities = [entry.activity for entry in recent]
    try:
        plan = compute_plan(now, tallies, activities, tomorrow, seconds=_PLAN_SECONDS)
    except NotSolved:
        return None
    return tuple(month for month in plan.months if month.month.period.end <= until)


def find_previous(
    project: Project, window: Window, briefs: tuple[IssuedBrief, ...]
) -> IssuedBrief | None:
    """Return the last issued brief if it directly precedes the brief of ``window``, else None."""
    labels = [w.label for w in windows(project)]
    last = briefs[-1] if briefs else None
    if window.is_supplement:
        return last if last and (last.month, last.part + 1) == (window.name, window.part) else None
    if last and last.month in labels and labels.index(window.label) == labels.index(last.month) + 1:
        return last
    return None
