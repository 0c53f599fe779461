"""The use cases of ``report midterm``, ``report final`` and ``report county``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sgtrack.app.context import AppContext
from sgtrack.app.gather_report import gather, gather_county
from sgtrack.brief.rendering import formats, rendered, write
from sgtrack.model.contract import Project
from sgtrack.progress.county_progress import county_of
from sgtrack.report.county_report import compose_county
from sgtrack.report.report_composition import compose
from sgtrack.store.opening import ledger_exists

COUNTY_FORMATS = ("docx", "md", "html")


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A written report: the communities it covers, its last day and its path."""

    projects: tuple[Project, ...]
    as_of: date
    path: Path


def make_reports(
    context: AppContext,
    kind: str,
    *,
    community: str | None,
    as_of: str | None,
    format_: str | None,
    with_names: bool,
) -> tuple[ReportFile, ...]:
    """Write the midterm or final report of each community, from one snapshot of the ledger.

    Raises:
        Refused: the day is in the future, a template cannot be used, or a file cannot be written.
    """
    chosen = formats(format_)
    reports: list[ReportFile] = []
    files: dict[Path, bytes] = {}
    projects = [(p, context.past_day(as_of, p)) for p in context.projects(community)]
    with context.snapshot() as snapshot:
        for project, until in projects:
            material = gather(snapshot.db, project, until, context.today, with_names=with_names)
            composed = snapshot.mask(compose(kind, material), with_names=with_names)
            content = rendered(kind, context.workspace.templates, composed.for_template(), chosen)
            written = _name_files(context, f"{project.slug}-{kind}", content, chosen)
            files |= written
            reports += [ReportFile((project,), until, path) for path in written]
    write(files)
    return tuple(reports)


def make_county_report(
    context: AppContext, *, as_of: str | None, format_: str | None
) -> tuple[ReportFile, ...]:
    """Write the report on all communities, from one snapshot of the ledger.

    Raises:
        Refused: the day is in the future, a template cannot be used, or a file cannot be written.
    """
    chosen = COUNTY_FORMATS if format_ is None else formats(format_, COUNTY_FORMATS)
    projects = context.every_project()
    until = context.past_day(as_of, projects[0])
    with context.snapshot() as snapshot:
        communities, head = gather_county(snapshot.db, projects, until)
    if not ledger_exists(context.workspace.ledger):
        head = ""
    county = county_of((one.standing for one in communities), until)
    values = compose_county(county, communities, context.today, head).for_template()
    content = rendered("county", context.workspace.templates, values, chosen)
    files = _name_files(context, "county", content, chosen)
    write(files)
    return tuple(ReportFile(projects, until, path) for path in files)


def _name_files(
    context: AppContext, stem: str, content: Mapping[str, bytes], chosen: Iterable[str]
) -> dict[Path, bytes]:
    return {context.workspace.reports / f"{stem}.{kind}": content[kind] for kind in chosen}
