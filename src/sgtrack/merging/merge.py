"""Merges other ledgers into this one: all of them or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sgtrack.evidence.evidence_store import Keeping, keeping, path_in
from sgtrack.ledger.conflicts import read_conflicts
from sgtrack.ledger.rollups import find_affected_by_all
from sgtrack.ledger.transaction import Transaction, origin_columns
from sgtrack.merging.copy_missing import Added, Record, add_missing
from sgtrack.merging.reconcile import bring_together, differing
from sgtrack.merging.source import Other, open_other
from sgtrack.model.entries import Conflicts, Origin
from sgtrack.model.errors import Refused
from sgtrack.recovery.ledger_writing import writing
from sgtrack.store import dialect
from sgtrack.store.connection import Connection
from sgtrack.store.sqlite import expected_schema
from sgtrack.store.tables import MergeRow
from sgtrack.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Merged:
    """What one ledger brought.

    ``counts`` are new records by kind, ``rewritten`` records whose names were replaced or came
    with it; ``files`` were taken into the store, ``absent`` are named in it but not at hand;
    ``older`` and ``forked`` say that this ledger has more of a source, or that both went on.
    """

    path: Path
    counts: Counter[str]
    rewritten: int
    files: int
    absent: int
    older: bool
    forked: bool

    @property
    def new(self) -> bool:
        """Whether anything was taken from it."""
        return bool(self.counts or self.rewritten or self.files)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a merging did, what is in conflict now, and which communities the ledger knows."""

    merged: tuple[Merged, ...]
    conflicts: Conflicts
    communities: frozenset[str]


def merge(
    workspace: Workspace,
    paths: list[Path],
    origin: Origin,
    *,
    keep: bool,
    step: Callable[[], None] = lambda: None,
) -> Outcome:
    """Merge ledgers, workspace folders and bundles into the ledger of a workspace.

    Args:
        workspace: whose ledger it is; it is made where there is none.
        paths: what is to be merged.
        origin: who merges, when and by which command.
        keep: whether it is to last; without it everything is done, and undone.
        step: called whenever a ledger was checked or merged.

    Raises:
        Refused: one of them cannot be merged; nothing was written.
    """
    with ExitStack() as resources:
        scratch = Path(resources.enter_context(TemporaryDirectory()))
        schema = expected_schema()
        others = []
        for path in paths:
            others.append(open_other(path, workspace.ledger, scratch, schema, resources))
            step()
        with (
            writing(workspace.ledger, keep=keep) as transaction,
            keeping(workspace.evidence, keep=keep) as store,
        ):
            # A correction may come before what it corrects; all must be there in the end.
            dialect.defer_references(transaction.fresh_db())
            merged = []
            with _unguarded(transaction.fresh_db(), others):
                for other in others:
                    merged.append(_merge_one(transaction, other, store, origin))
                    step()
            transaction.roll_up()
            communities = transaction.fresh_db().execute("SELECT DISTINCT community FROM activity")
            return Outcome(
                tuple(merged),
                read_conflicts(transaction.fresh_db()),
                frozenset(row[0] for row in communities),
            )


def _unguarded(db: Connection, others: list[Other]) -> AbstractContextManager[None]:
    """Take the triggers away that :func:`add_missing` can do without, if there is anything to add.

    Once for all ledgers: SQLite reads every statement anew when the schema changes.
    """
    heads = {head for other in others for head in other.heads}
    known = "SELECT 1 FROM link WHERE source = ? AND seq = ? AND hash = ?"
    if all(db.execute(known, head).fetchone() for head in heads):
        return nullcontext()
    return dialect.lift_guards(db, against=("replaced",), besides="link")


def _merge_one(transaction: Transaction, other: Other, store: Keeping, origin: Origin) -> Merged:
    both = differing(transaction.fresh_db(), other.db)
    try:
        added = add_missing(transaction, other)
    except dialect.integrity_error(transaction.fresh_db()) as error:
        raise Refused(
            f"{other.path} 里有编号和台账里的另一条记录相同",
            "有一份台账不是 sgtrack 写的；没有合并",
        ) from error
    rewritten = bring_together(transaction, other.db, both, origin) if both else ()
    if added.heads or rewritten:
        _record(transaction, other, added, rewritten, origin)
    if added.whole:
        # What nothing here can refer to touches no entries but its own.
        transaction.changed(row[0] for row in other.db.execute("SELECT id FROM activity"))
    else:
        transaction.changed(
            find_affected_by_all(transaction.fresh_db(), (*added.records, *rewritten))
        )
    taken, absent = _take_files(other, store)
    return Merged(
        path=other.path,
        counts=added.counts,
        rewritten=len(rewritten),
        files=taken,
        absent=absent,
        older=other.own in added.older,
        forked=bool(added.forked),
    )


def _record(
    transaction: Transaction,
    other: Other,
    added: Added,
    rewritten: tuple[Record, ...],
    origin: Origin,
) -> None:
    """Put the ends of the other chains into this one's, with what nameless records are held to."""
    db = transaction.fresh_db()
    heads = added.heads or sorted(head for head in other.heads if head[0] == other.own)[-1:]
    taken = {*added.records, *rewritten}
    forms = [
        row
        for row in other.db.execute(
            "SELECT kind, record_id, digest, salt FROM abridgement WHERE merge_id = ''"
        )
        if (row[0], row[1]) in taken
    ]
    for source, seq, found in heads:
        merge_id = transaction.next_id(origin)
        db.executemany(
            "INSERT INTO abridgement VALUES (?, ?, ?, ?, ?)", [(merge_id, *row) for row in forms]
        )
        forms = []
        row = MergeRow(id=merge_id, source=source, seq=seq, hash=found, **origin_columns(origin))
        transaction.write("merge", merge_id, [row])


def _take_files(other: Other, store: Keeping) -> tuple[int, int]:
    """Take the files that are not here yet; how many, and how many are not at hand."""
    taken = absent = 0
    for digest in _digests(other):
        if path_in(store.folder, digest).is_file():
            continue
        file = other.open_file(digest)
        if file is None:
            absent += 1
            continue
        with file:
            if not store.take_known(digest, file):
                raise Refused(
                    f"{other.path} 里的佐证材料 {digest[:12]}… 已经损坏，没有合并",
                    "在原来的电脑上运行 sgtrack verify；或不带佐证材料重新打包",
                )
        taken += 1
    return taken, absent


def _digests(other: Other) -> Iterator[str]:
    for (digest,) in other.db.execute(
        "SELECT sha256 FROM evidence UNION SELECT sha256 FROM issued_file"
    ):
        yield digest
