"""A brief as it stands, or as it was issued."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sgtrack.app.gather_brief import gather_month
from sgtrack.brief.brief_composition import compose
from sgtrack.brief.brief_context import thawed
from sgtrack.brief.images import illustrate
from sgtrack.brief.rendering import FORMATS, rendered
from sgtrack.evidence.evidence_store import Condition, condition, path_in
from sgtrack.ledger.issued_briefs import read_issued_briefs
from sgtrack.model.contract import Project
from sgtrack.model.issued import IssuedBrief
from sgtrack.privacy.ledger_masking import without_names
from sgtrack.progress.reporting_window import Window
from sgtrack.store.opening import reading
from sgtrack.workspace import Workspace


@dataclass(frozen=True, slots=True)
class BriefFiles:
    """The files of a brief by format, and the issue they are of, where it was issued.

    ``remarks`` tell what could not be shown.
    """

    files: dict[str, bytes]
    issued: IssuedBrief | None
    remarks: tuple[str, ...] = ()


def draft_brief(
    workspace: Workspace,
    project: Project,
    window: Window,
    today: date,
    wanted: tuple[str, ...] = FORMATS,
) -> BriefFiles:
    """The brief of a reporting month in the wanted formats.

    One that was issued is given as it was kept, to the byte; where a kept file was lost or
    altered, the brief is rendered anew from its frozen figures.

    Raises:
        Refused: a template cannot be used, or the ledger cannot be read.
    """
    with reading(workspace.ledger) as db:
        for brief in read_issued_briefs(db, project.slug):
            if brief.month == window.label:
                return _as_issued(workspace, brief, wanted)
        context = without_names(db, compose(gather_month(db, project, window, today)), [project])
    files, remarks = pages(workspace, context.for_template(), wanted)
    return BriefFiles(files, None, remarks)


def pages(
    workspace: Workspace, context: dict[str, Any], wanted: tuple[str, ...]
) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """A brief in every wanted format with its pictures, and what could not be shown.

    Raises:
        Refused: a template cannot be used.
    """
    if not {"docx", "html"} & set(wanted):
        return rendered("brief", workspace.templates, context, wanted), ()
    pictures = illustrate(
        context, workspace.evidence, paper="docx" in wanted, page="html" in wanted
    )
    files = rendered("brief", workspace.templates, context, wanted, pictures)
    return files, pictures.remarks


def _as_issued(workspace: Workspace, brief: IssuedBrief, wanted: tuple[str, ...]) -> BriefFiles:
    store = workspace.evidence
    kept = {
        file.format: path_in(store, file.sha256).read_bytes()
        for file in brief.files
        if file.format in wanted and condition(store, file.sha256) is Condition.INTACT
    }
    lost = tuple(kind for kind in wanted if kind not in kept)
    made, remarks = pages(workspace, thawed(brief.context), lost) if lost else ({}, ())
    return BriefFiles(kept | made, brief, remarks)
