"""The use cases of ``bundle``, ``merge`` and ``resolve``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sgtrack import clock
from sgtrack.app.context import AppContext
from sgtrack.entry.text_cleaning import clean_reason
from sgtrack.ledger.append import resolve
from sgtrack.ledger.conflicts import read_conflicts
from sgtrack.merging.bundle import BundleSummary, make_bundle
from sgtrack.merging.merge import MergeResult, merge
from sgtrack.model.entries import Conflict, Conflicts, normalize_id
from sgtrack.recovery.backups import writing
from sgtrack.store.opening import reading
from sgtrack.targets.cache import list_target_files
from sgtrack.targets.loading import load_folder


def bundle_ledger(
    context: AppContext, path: Path, *, with_names: bool, with_evidence: bool
) -> BundleSummary:
    """Write the whole ledger into one file that another ledger can merge.

    Raises:
        Refused: there is no sound ledger, or the file cannot be written.
    """
    return make_bundle(
        context.workspace,
        path,
        load_folder(context.workspace.targets).projects,
        with_names=with_names,
        with_evidence=with_evidence,
        made_at=clock.now().isoformat(timespec="seconds"),
    )


def merge_ledgers(
    context: AppContext, paths: list[Path], *, dry_run: bool, step: Callable[[], None]
) -> tuple[MergeResult, tuple[str, ...]]:
    """Merge ledgers, workspaces and bundles into the ledger: all of them or none.

    ``step`` is called after each ledger is checked, and after each is merged. The result comes with
    the communities of the ledger that have no target file.

    Raises:
        Refused: one of them cannot be merged; nothing was written.
    """
    result = merge(context.workspace, paths, context.origin(), dry_run=dry_run, step=step)
    with_targets = {path.stem for path in list_target_files(context.workspace.targets)}
    return result, tuple(sorted(result.communities - with_targets))


def list_conflicts(context: AppContext) -> Conflicts:
    """List the corrections on which several laptops disagree, and months issued twice."""
    with reading(context.workspace.ledger) as db:
        return read_conflicts(db)


def resolve_conflict(context: AppContext, typed_id: str, reason: str) -> tuple[Conflict, str, str]:
    """Choose the correction or void that counts; all of them stay in the ledger.

    Returns:
        The conflict as it was, the normalized id of the chosen decision, and the cleaned reason.

    Raises:
        Refused: there is no reason, or the id names no decision in conflict.
    """
    cleaned = clean_reason(reason, "用这一条", "签到表核对过")
    decision = normalize_id(typed_id)
    with writing(context.workspace.ledger) as transaction:
        conflict = resolve(transaction, decision, context.origin(), cleaned)
    return conflict, decision, cleaned
