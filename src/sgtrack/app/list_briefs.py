"""The use case of ``brief list``; apart from issuing, because it must not load the templates."""

from __future__ import annotations

from sgtrack.app.context import AppContext
from sgtrack.ledger.issued_briefs import read_issued_briefs
from sgtrack.model.contract import Project
from sgtrack.model.issued import IssuedBrief


def list_issued_briefs(
    context: AppContext, community: str | None
) -> list[tuple[Project, tuple[IssuedBrief, ...]]]:
    """List the issued briefs of each community, the first one first."""
    projects = context.projects(community)
    with context.snapshot() as snapshot:
        return [(project, read_issued_briefs(snapshot.db, project.slug)) for project in projects]
