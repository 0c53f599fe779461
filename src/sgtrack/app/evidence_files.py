"""The use cases of ``evidence``: add, list, verify and void the files that prove activities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sgtrack.app.context import AppContext
from sgtrack.entry.text_cleaning import clean_reason
from sgtrack.evidence.attach import (
    as_evidence,
    find_kind,
    is_picture,
    refuse_known,
    warn_of_shared_files,
)
from sgtrack.evidence.evidence_store import (
    DamagedEvidence,
    Source,
    evidence_writer,
    find_damaged_evidence,
    inspect,
)
from sgtrack.ledger.entry_reads import (
    find_entry,
    find_evidence,
    read_entries_by_id,
    read_lineage,
)
from sgtrack.ledger.known_people import without_names
from sgtrack.model.contract import Project
from sgtrack.model.entries import Entry, EntryFilter, Evidence
from sgtrack.model.errors import Refused
from sgtrack.recovery.backups import writing
from sgtrack.store.opening import open_ledger


@dataclass(frozen=True, slots=True)
class AddedEvidence:
    """An entry and its new evidence.

    ``warnings`` are messages about broken photos, and files that other activities have too.
    """

    project: Project
    entry: Entry
    evidence: tuple[Evidence, ...]
    warnings: tuple[str, ...]


def add_evidence(
    context: AppContext, typed_id: str, files: Sequence[Path], kind: str | None
) -> AddedEvidence:
    """Store files as evidence of an entry; if ``kind`` is None, guess the kinds from file names.

    Raises:
        Refused: no entry has this id, a file is unreadable or already attached to the entry, or
            the kind is unknown.
    """
    # SQLModel takes half a second to load, and ``evidence list`` does not need it.
    from sgtrack.ledger import append

    workspace = context.workspace
    with open_ledger(workspace.ledger) as ledger:
        with context.snapshot(ledger) as snapshot:
            entry = snapshot.entry(typed_id)
        project = context.project_of(entry.activity.community)
        kind = None if kind is None else find_kind(project, kind)
        sources = [inspect(path) for path in files]
        with (
            writing(ledger) as transaction,
            evidence_writer(workspace.evidence, transaction.after_commit) as store,
        ):
            entry = find_entry(transaction.fresh_db(), entry.id)
            needs = project.needs_of(entry.activity.item)
            evidence = as_evidence(store.store_files(sources), needs, kind)
            refuse_known(entry, evidence)
            append.add_evidence(transaction, entry, evidence, context.origin())
            db = transaction.fresh_db()
            (entry,) = read_entries_by_id(db, (entry.id,))
            shared = warn_of_shared_files(db, entry.evidence, read_lineage(db, entry.id))
            warnings = (*warn_of_broken_photos(sources), *shared)
            evidence, warnings = without_names(db, (evidence, warnings), [project])
    return AddedEvidence(project, entry, evidence, warnings)


def warn_of_broken_photos(files: Sequence[Source]) -> tuple[str, ...]:
    """Return a warning for each picture that cannot be shown in a document."""
    pictures = [file for file in files if is_picture(file.name)]
    if not pictures:
        return ()
    from sgtrack.pictures.photos import read_photo  # loads Pillow, which only pictures need

    warnings = []
    for file in pictures:
        try:
            read_photo(file.path)
        except Refused as refused:
            warnings.append(
                f"“{file.name}”{refused.message}，材料已接收，但无法放入简报；{refused.hint}"
            )
    return tuple(warnings)


def list_evidence(
    context: AppContext, community: str | None, which: str | None, *, with_names: bool
) -> tuple[Entry, ...]:
    """Return the entries with evidence, by community and date.

    Raises:
        Refused: no community has the item ``which``.
    """
    selection = context.items(community, which)
    with context.snapshot() as snapshot:
        entries = tuple(
            entry
            for project, items in selection
            for entry in snapshot.entries(EntryFilter((project.slug,), items))
            if entry.evidence
        )
        return snapshot.mask(entries, with_names=with_names)


def verify_evidence(
    context: AppContext, community: str | None
) -> tuple[int, tuple[DamagedEvidence, ...]]:
    """Verify all files of evidence, also of replaced and voided entries.

    Return the number of different files, and the evidence with a missing or changed file.
    """
    slugs = tuple(project.slug for project in context.projects(community))
    with context.snapshot() as snapshot:
        entries = snapshot.entries(EntryFilter(slugs, everything=True))
        damages = snapshot.mask(find_damaged_evidence(context.workspace.evidence, entries))
    return len({file.sha256 for entry in entries for file in entry.evidence}), damages


def void_evidence(context: AppContext, typed_id: str, reason: str) -> tuple[Evidence, str]:
    """Void a piece of evidence; return the evidence and the reason, both with names masked.

    Raises:
        Refused: no evidence has this id, or the reason is missing.
    """
    # SQLModel takes half a second to load, and ``evidence list`` does not need it.
    from sgtrack.ledger import append

    with open_ledger(context.workspace.ledger) as ledger:
        with context.snapshot(ledger) as snapshot:
            evidence = find_evidence(snapshot.db, typed_id)
        reason = clean_reason(reason, "去掉", "加错了活动")
        with writing(ledger) as transaction:
            evidence = find_evidence(transaction.fresh_db(), evidence.id)
            append.void_evidence(transaction, evidence, context.origin(), reason)
            return context.snapshot_of(transaction.fresh_db()).mask((evidence, reason))
