"""Makes the dossier of a community: files first, in pieces, then the index over them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sgtrack.app.context import AppContext
from sgtrack.dossier.dossier_archive import archive
from sgtrack.dossier.dossier_index import IndexMaterial, compose
from sgtrack.dossier.index_page import INDEX, index_page, list_page
from sgtrack.dossier.index_workbook import workbook
from sgtrack.dossier.placement import place
from sgtrack.evidence.evidence_store import Condition, path_in
from sgtrack.ledger import chain
from sgtrack.model.contract import Project
from sgtrack.model.queries import EntryFilter
from sgtrack.progress.contract_status import compute_status

WORKBOOK = "索引.xlsx"


@dataclass(frozen=True, slots=True)
class Made:
    """What went into a dossier; ``damaged`` files are missing or changed."""

    entries: int
    files: int
    damaged: int
    lacking: int


def make_dossier(
    context: AppContext,
    project: Project,
    as_of: date,
    output: Path,
    *,
    with_names: bool,
    started: Callable[[int], Callable[[int], None]],
) -> Made:
    """Write the dossier of a community as it stands at a day.

    Args:
        context: the workspace and the day.
        project: the contract.
        as_of: the last day that counts.
        output: the zip file.
        with_names: show names in titles and names of files; content of files stays as it is.
        started: is told how many bytes there are, and gives what is to be told of each piece.

    Raises:
        Refused: it cannot be written; nothing is left of it.
    """
    today = context.today
    with context.snapshot() as snapshot:
        masker = snapshot.masker(with_names=with_names)
        found = snapshot.figures(project, as_of)
        listed = snapshot.entries(EntryFilter((project.slug,), end=as_of))
        head = chain.head_of(snapshot.db)
    placement = place(project, masker.within(listed))
    placed = [file for entry in placement.entries.values() for file in entry.files]
    conditions: dict[str, Condition] = {}
    moved = started(sum(file.evidence.size for file in placed))
    with archive(output, (today.year, today.month, today.day, 0, 0, 0)) as target:
        for file in placed:
            digest = file.evidence.sha256
            source = path_in(context.workspace.evidence, digest)
            conditions[digest] = target.add_file(file.path, source, digest, moved)
        told = compose(
            IndexMaterial(
                compute_status(project, found, as_of),
                listed,
                found.roster,
                placement,
                conditions,
                head,
                today,
            )
        )
        index = masker.within(told)
        for item in index.items:
            target.add_content(item.list, list_page(item))
        target.add_content(WORKBOOK, workbook(index))
        target.add_content(INDEX, index_page(index))
    return Made(
        entries=len(listed),
        files=len(placed),
        damaged=sum(1 for f in placed if conditions[f.evidence.sha256] is not Condition.INTACT),
        lacking=sum(1 for item in index.items for entry in item.entries if entry.missing),
    )
