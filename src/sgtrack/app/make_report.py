"""The use cases of ``report`` and ``dossier``: write documents for the evaluator and the county."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from sgtrack.app.context import AppContext
from sgtrack.app.month_texts import read_texts
from sgtrack.app.snapshot import Snapshot
from sgtrack.brief.officer_texts import REPORT_SECTIONS, OfficerTexts, new_file
from sgtrack.brief.rendering import choose_formats, render_document
from sgtrack.dossier.dossier_archive import open_archive
from sgtrack.dossier.dossier_index import IndexMaterial
from sgtrack.dossier.dossier_index import compose as compose_index
from sgtrack.dossier.index_page import INDEX, render_index_page, render_item_page
from sgtrack.dossier.index_workbook import write_index_workbook
from sgtrack.dossier.placement import place
from sgtrack.evidence.attach import MEDIA_EVIDENCE
from sgtrack.evidence.evidence_store import Condition
from sgtrack.files import write_documents
from sgtrack.ledger import chain
from sgtrack.ledger.figure_reads import read_figures
from sgtrack.model.contract import Project
from sgtrack.model.entries import EntryFilter
from sgtrack.model.errors import Refused
from sgtrack.model.figures import FigureQuery
from sgtrack.outputs import check_outputs, write_outputs, writing_output
from sgtrack.progress.contract_status import compute_status
from sgtrack.progress.county_progress import county_of
from sgtrack.progress.kinds.per_person_kind import compute_person_progress
from sgtrack.progress.periods import month_ends
from sgtrack.progress.tally import tally
from sgtrack.report.county_report import CommunityMaterial, compose_county
from sgtrack.report.report_activities import quarter_ends, sum_by_quarter
from sgtrack.report.report_composition import (
    TITLES,
    ReportMaterial,
    compose,
    compute_month_columns,
)
from sgtrack.store.opening import ledger_exists

_COUNTY_FORMATS = ("docx", "md", "html")
_INDEX_WORKBOOK = "索引.xlsx"


@dataclass(frozen=True, slots=True)
class ReportFile:
    """The file of a community's report.

    ``as_of`` is the last day that the report covers. ``texts`` is the file of the officer's own
    texts. ``unknown`` are the lines of this file that stand under none of the report's headings.
    """

    project: Project
    as_of: date
    path: Path
    texts: Path
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CountyReport:
    """The files of the report on all communities.

    ``as_of`` is the last day that the report covers. ``open_decisions`` is the number of entries
    with an unresolved conflict.
    """

    projects: tuple[Project, ...]
    as_of: date
    paths: tuple[Path, ...]
    open_decisions: int


@dataclass(frozen=True, slots=True)
class DossierResult:
    """The path of a dossier, and the numbers of its entries and files.

    ``damaged`` is the number of missing or changed files. ``lacking`` is the number of entries that
    lack required evidence.
    """

    path: Path
    entries: int
    files: int
    damaged: int
    lacking: int


def make_reports(
    context: AppContext,
    kind: str,
    *,
    community: str | None,
    as_of: str | None,
    format_: str | None,
    with_names: bool,
) -> tuple[ReportFile, ...]:
    """Write the report of each chosen community, read from one snapshot of the ledger.

    ``kind`` is "midterm" or "final". ``as_of`` is the last day to cover.

    Raises:
        Refused: the day is in the future, a template cannot be used, or a file cannot be written.
    """
    chosen = choose_formats(format_)
    reports: list[ReportFile] = []
    files: dict[Path, bytes] = {}
    new_texts: dict[Path, bytes] = {}
    projects = [(p, context.past_day(as_of, p)) for p in context.projects(community)]
    with context.snapshot() as snapshot:
        for project, until in projects:
            material = gather_report(snapshot, project, until, context.today, with_names=with_names)
            path = texts_file(context, project, kind)
            own = read_texts(path, REPORT_SECTIONS)
            if own is None:
                title = f"{project.full_name}{TITLES[kind]}：自己写的文字"
                new_texts[path] = new_file(title, "报告", REPORT_SECTIONS).encode("utf-8")
                own = OfficerTexts()
            material = replace(material, texts=own.paragraphs)
            composed = snapshot.mask(compose(kind, material), with_names=with_names)
            content = render_document(kind, context.workspace.templates, asdict(composed), chosen)
            named = _name_files(context, f"{project.slug}-{kind}", content)
            files |= named
            reports += [ReportFile(project, until, p, path, own.unknown) for p in named]
    write_outputs(context.workspace, files)
    write_documents(new_texts)
    return tuple(reports)


def make_county_report(
    context: AppContext, *, as_of: str | None, format_: str | None
) -> CountyReport:
    """Write one report on all communities together, read from one snapshot of the ledger.

    Raises:
        Refused: the day is in the future, a template cannot be used, or a file cannot be written.
    """
    chosen = _COUNTY_FORMATS if format_ is None else choose_formats(format_, _COUNTY_FORMATS)
    projects = context.every_project()
    until = context.past_day(as_of, projects[0])
    with context.snapshot() as snapshot:
        communities = []
        for project in projects:
            media = tuple(c for c in project.items if MEDIA_EVIDENCE in project.needs_of(c))
            by_type = FigureQuery(typed=frozenset(project.items), boundaries=frozenset({until}))
            material = CommunityMaterial(
                compute_status(project, snapshot.figures(project, until), until),
                read_figures(snapshot.db, project.slug, by_type),
                snapshot.entries(EntryFilter((project.slug,), media, end=until)) if media else (),
            )
            communities.append(material)
        head = chain.read_head(snapshot.db) if ledger_exists(context.workspace.ledger) else ""
        open_decisions = snapshot.count_open_decisions({project.slug for project in projects})
    county = county_of((community.status for community in communities), until)
    values = compose_county(county, communities, context.today, head)
    content = render_document("county", context.workspace.templates, values, chosen)
    files = _name_files(context, "county", content)
    write_outputs(context.workspace, files)
    return CountyReport(projects, until, tuple(files), open_decisions)


def make_dossier(
    context: AppContext,
    community: str | None,
    as_of: str | None,
    output: Path | None,
    *,
    with_names: bool,
    started: Callable[[int], Callable[[int], None]],
) -> DossierResult:
    """Write a zip file with the evidence of a community up to a day, and an index of the files.

    If ``output`` is None, the zip file is written to the reports folder. With ``with_names``,
    titles and file names show names of people; the content of the files is never changed.

    ``started`` is called with the number of bytes to copy. The function that it returns is called
    after each copied chunk, with the size of the chunk in bytes.

    Raises:
        Refused: the day or the file name is not valid, or no whole file can be written.
    """
    project = context.project(community)
    until = context.past_day(as_of, project)
    today = context.today
    path = output or context.workspace.reports / f"{project.slug}-dossier.zip"
    if path.suffix.lower() != ".zip":
        raise Refused(f"“{path.name}”不是压缩包的名字", "文件名以 .zip 结尾，如 评估材料.zip")
    if path.is_dir():
        raise Refused(f"{path} 是文件夹", "写压缩包的文件名，如 评估材料.zip")
    check_outputs(context.workspace, (path,))
    with context.snapshot() as snapshot:
        masker = snapshot.masker(with_names=with_names)
        figures = snapshot.figures(project, until)
        entries = snapshot.entries(EntryFilter((project.slug,), end=until))
        head = chain.read_head(snapshot.db)
    placement = place(project, masker.within(entries))
    placed = [file for files in placement.files.values() for file in files]
    conditions: dict[str, Condition] = {}
    advance = started(sum(file.evidence.size for file in placed))
    moment = (today.year, today.month, today.day, 0, 0, 0)
    with open_archive(path, moment, partial(writing_output, context.workspace)) as target:
        for file in placed:
            digest = file.evidence.sha256
            store = context.workspace.evidence
            conditions[digest] = target.add_file(file.path, store, digest, advance)
        status = compute_status(project, figures, until)
        material = IndexMaterial(
            status, entries, figures.roster, placement, conditions, head, today
        )
        index = masker.within(compose_index(material))
        for item in index.items.values():
            target.add_content(item.list, render_item_page(item))
        target.add_content(_INDEX_WORKBOOK, write_index_workbook(index))
        target.add_content(INDEX, render_index_page(index))
    return DossierResult(
        path,
        entries=len(entries),
        files=len(placed),
        damaged=sum(1 for f in placed if conditions[f.evidence.sha256] is not Condition.INTACT),
        lacking=sum(1 for item in index.items.values() for entry in item.entries if entry.missing),
    )


def gather_report(
    snapshot: Snapshot, project: Project, as_of: date, today: date, *, with_names: bool
) -> ReportMaterial:
    """Read the data for a community's report up to the day ``as_of``."""
    days = (*month_ends(project), *quarter_ends(project, as_of))
    figures = snapshot.figures(project, as_of, *days)
    tallies = tally(project, figures)
    briefs = snapshot.issued_briefs(project.slug)
    entries = snapshot.entries(EntryFilter((project.slug,), end=as_of))
    return ReportMaterial(
        status=compute_status(project, figures, as_of),
        months=compute_month_columns(project, tallies, briefs, as_of),
        entries=entries,
        series=tuple(
            (item, series)
            for item in project.items.values()
            if item.series
            for series in tallies.series(item.code, as_of)
        ),
        people=compute_person_progress(project, tallies, as_of),
        briefs=tuple(brief for brief in briefs if brief.issued <= as_of),
        head=chain.read_head(snapshot.db),
        today=today,
        with_names=with_names,
        quarters=sum_by_quarter(project, tallies, entries, as_of),
    )


def texts_file(context: AppContext, project: Project, kind: str) -> Path:
    """Return the path of the officer's own texts for a report."""
    return context.workspace.briefs / f"{project.slug}-{kind}-文字.md"


def _name_files(context: AppContext, stem: str, content: Mapping[str, bytes]) -> dict[Path, bytes]:
    return {context.workspace.reports / f"{stem}.{kind}": content[kind] for kind in content}
