"""The use cases of ``check`` and ``verify``: find doubtful entries, and detect alterations."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sgtrack.app.context import AppContext
from sgtrack.app.snapshot import Snapshot
from sgtrack.checks.brief_files import check_brief_files
from sgtrack.checks.findings import Finding, Material, Topic, disagreements, findings
from sgtrack.checks.integrity import (
    ChainPlace,
    Integrity,
    check_integrity,
    find_code,
    find_foreign_files,
)
from sgtrack.evidence.evidence_store import CONDITION_ON_SCREEN, Condition, find_damaged_evidence
from sgtrack.ledger.conflicts import find_duplicates_of_sources, read_conflicts
from sgtrack.ledger.entry_reads import count_by_community, read_contract_versions
from sgtrack.model.contract import Project
from sgtrack.model.entries import Conflicts, EntryFilter
from sgtrack.targets.cache import list_target_files


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The findings of each community.

    ``unknown`` lists each slug without a target file, with the number of its entries. ``copies``
    are the names of files that look like copies of the ledger that a cloud drive made.
    """

    findings: tuple[tuple[Project, tuple[Finding, ...]], ...]
    unknown: tuple[tuple[str, int], ...]
    copies: tuple[str, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether there is nothing to report."""
        return not (self.unknown or self.copies) and not any(
            findings for _, findings in self.findings
        )


def check_entries(context: AppContext, community: str | None, *, with_names: bool) -> CheckResult:
    """Check the entries of the chosen communities with all rules.

    Raises:
        Refused: a target file has problems, or there is no such community.
    """
    projects = context.projects(community)
    with context.snapshot() as snapshot:
        foreign = find_foreign_files(snapshot.db)
        open_conflicts = read_conflicts(snapshot.db)
        checked = tuple(
            (
                project,
                snapshot.mask(
                    _check_project(context, snapshot, project, foreign, open_conflicts),
                    with_names=with_names,
                ),
            )
            for project in projects
        )
        slugs = {path.stem for path in list_target_files(context.workspace.targets)}
        unknown = tuple(row for row in count_by_community(snapshot.db) if row[0] not in slugs)
    # The check of a single community must not report entries of other communities.
    copies = tuple(path.name for path in context.workspace.ledger_copies())
    return CheckResult(checked, () if community else unknown, copies)


def verify_ledger(context: AppContext, code: str | None) -> tuple[Integrity, ChainPlace | None]:
    """Check that the ledger and its files were not altered; find a printed code in the hash chain.

    ``code`` is the typed code; if it is None, no code is searched for.

    Raises:
        Refused: the ledger does not contain the code.
    """
    workspace = context.workspace
    with context.snapshot() as snapshot:
        place = None if code is None else find_code(snapshot.db, code)
        integrity = check_integrity(snapshot.db, workspace.ledger, workspace.evidence)
        if integrity.links:  # without it, the tables may be missing or altered
            faults, remarks = check_brief_files(snapshot.db, workspace)
            integrity = replace(
                integrity,
                faults=(*integrity.faults, *faults),
                remarks=(*integrity.remarks, *remarks),
            )
        return snapshot.mask(integrity), place


def _check_project(
    context: AppContext,
    snapshot: Snapshot,
    project: Project,
    foreign: set[str],
    open_conflicts: Conflicts,
) -> tuple[Finding, ...]:
    slug = project.slug
    entries = snapshot.entries(EntryFilter((slug,)))
    damages = (
        Finding(
            Topic.EVIDENCE_DAMAGED,
            (damage.entry,),
            f"{CONDITION_ON_SCREEN[damage.condition]}："
            f"{damage.evidence.kind} {damage.evidence.name}",
        )
        for damage in find_damaged_evidence(context.workspace.evidence, entries)
        # The files of merged entries may exist only on another laptop.
        if damage.condition is not Condition.MISSING or damage.evidence.sha256 not in foreign
    )
    between = disagreements(
        open_conflicts.of({slug}), find_duplicates_of_sources(snapshot.db, slug)
    )
    contracts = read_contract_versions(snapshot.db, slug)
    material = Material(project, entries, snapshot.roster(slug), contracts)
    return (*damages, *between, *findings(material))
