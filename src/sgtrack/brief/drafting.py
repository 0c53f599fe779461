"""A brief as it stands, or as it was issued."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sgtrack.brief.composition import compose
from sgtrack.brief.context import thawed
from sgtrack.brief.preparing import prepare
from sgtrack.brief.render import rendered
from sgtrack.brief.window import Window
from sgtrack.evidence.store import Condition, condition, path_in
from sgtrack.ledger.database import reading
from sgtrack.ledger.issued import IssuedBrief, issued
from sgtrack.targets.model import Project
from sgtrack.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Draft:
    """The files of a brief by format, and the issue they are of, where it was issued."""

    files: dict[str, bytes]
    issued: IssuedBrief | None


def draft(workspace: Workspace, project: Project, window: Window, today: date) -> Draft:
    """The brief of a reporting month.

    One that was issued is given as it was kept, to the byte; where a kept file was lost or
    altered, the brief is rendered anew from its frozen figures.

    Raises:
        Refused: a template cannot be used, or the ledger cannot be read.
    """
    with reading(workspace.ledger) as db:
        for brief in issued(db, project.slug):
            if brief.month == window.label:
                return Draft(_as_issued(workspace, brief), brief)
        context = compose(prepare(db, project, window, today))
    return Draft(rendered("brief", workspace.templates, context.for_template()), None)


def _as_issued(workspace: Workspace, brief: IssuedBrief) -> dict[str, bytes]:
    store = workspace.evidence
    if any(condition(store, file.sha256) is not Condition.INTACT for file in brief.files):
        return rendered("brief", workspace.templates, thawed(brief.context))
    return {file.format: path_in(store, file.sha256).read_bytes() for file in brief.files}
