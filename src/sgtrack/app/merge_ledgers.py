"""The use cases of ``bundle``, ``merge`` and ``resolve``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sgtrack import clock
from sgtrack.app.context import AppContext
from sgtrack.entry.text_cleaning import clean_reason
from sgtrack.ledger.conflicts import read_conflicts
from sgtrack.ledger.resolutions import resolve
from sgtrack.merging.bundle import BundleSummary, make_bundle
from sgtrack.merging.merge import MergeResult, merge
from sgtrack.model.entries import Conflict, Conflicts, normalize_id
from sgtrack.privacy.redact_workspace import count_returned_names
from sgtrack.recovery.backups import writing
from sgtrack.store.opening import reading
from sgtrack.targets.cache import list_target_files
from sgtrack.targets.loading import load_folder


def bundle_ledger(
    context: AppContext, path: Path, *, with_names: bool, with_evidence: bool
) -> BundleSummary:
    """Write the whole ledger to a bundle, a file for ``merge`` on another laptop.

    Raises:
        Refused: the ledger is missing, altered or damaged, or the file cannot be written.
    """
    return make_bundle(
        context.workspace,
        path,
        load_folder(context.workspace.targets).projects,
        with_names=with_names,
        with_evidence=with_evidence,
        made_at=clock.now().isoformat(timespec="seconds"),
    )


@dataclass(frozen=True, slots=True)
class MergeOutcome:
    """The result of a merge, and points that the officer must check afterwards.

    ``without_targets`` are the slugs of communities without a target file. ``returned_names``
    counts names that ``forget`` had removed here and that another ledger brought back.
    """

    result: MergeResult
    without_targets: tuple[str, ...]
    returned_names: int


def merge_ledgers(
    context: AppContext, paths: list[Path], *, dry_run: bool, step: Callable[[], None]
) -> MergeOutcome:
    """Merge other ledgers, workspaces and bundles into the ledger in one transaction.

    ``step`` is called twice for each path: after its check and after its merge.

    Raises:
        Refused: one of the paths cannot be merged; nothing was written.
    """
    result = merge(context.workspace, paths, context.origin(), dry_run=dry_run, step=step)
    with_targets = {path.stem for path in list_target_files(context.workspace.targets)}
    without_targets = tuple(sorted(result.communities - with_targets))
    return MergeOutcome(result, without_targets, count_returned_names(context.workspace))


def list_conflicts(context: AppContext) -> Conflicts:
    """Return all conflicts: entries with conflicting changes, and months with several briefs."""
    with reading(context.workspace.ledger) as db:
        return read_conflicts(db)


def resolve_conflict(context: AppContext, typed_id: str, reason: str) -> tuple[Conflict, str, str]:
    """Record which correction or void of a conflict counts; the ledger keeps all of them.

    Returns:
        The conflict as it was before, the normalized id of the chosen correction or void, and the
        cleaned reason.

    Raises:
        Refused: the reason is missing, or no correction or void in conflict has this id.
    """
    cleaned = clean_reason(reason, "用这一条", "签到表核对过")
    decision = normalize_id(typed_id)
    with writing(context.workspace.ledger) as transaction:
        conflict = resolve(transaction, decision, context.origin(), cleaned)
    return conflict, decision, cleaned
