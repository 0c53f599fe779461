"""Merges other ledgers into this one; if one cannot be merged, none is.

The rows are read over one connection and written over another. ATTACH is not used, because SQLite
attaches at most ten databases and detaches none within a transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass
from pathlib import Path

from sgtrack.evidence.evidence_store import EvidenceWriter, evidence_writer, path_in
from sgtrack.ledger.conflicts import read_conflicts
from sgtrack.ledger.entry_rows import origin_columns
from sgtrack.ledger.rollups import find_affected_entries
from sgtrack.ledger.transaction import Transaction
from sgtrack.merging.bundle import DIGESTS
from sgtrack.merging.reconcile import (
    Reconciled,
    erase_outdated_salts,
    find_differing,
    reconcile,
)
from sgtrack.merging.source import Head, SourceLedger, open_source
from sgtrack.model.entries import Conflicts, Origin
from sgtrack.model.errors import Refused
from sgtrack.model.record_kinds import RECORD_KINDS
from sgtrack.recovery.backups import back_up_before_merge, is_gone, writing
from sgtrack.scratch import scratch_folder
from sgtrack.store import dialect
from sgtrack.store.chain_links import Record
from sgtrack.store.connection import Connection, batches, insert_rows, marks
from sgtrack.store.merge_tables import MergeRow
from sgtrack.store.sqlite import expected_schema
from sgtrack.workspace import Workspace


@dataclass(frozen=True, slots=True)
class MergedLedger:
    """The result of merging one ledger.

    ``counts`` are the numbers of new records by kind. ``rewritten`` counts existing records whose
    texts changed. ``unchanged`` counts records that this ledger wrote and only the other ledger
    redacted; they stay as they are. ``files`` counts evidence files that were added to the store,
    and ``absent`` evidence files that neither ledger has.

    ``older`` means that this ledger already had all links of the merged ledger's own chain, and
    more. ``forked`` means that each ledger had links of the same chain that the other lacked.
    """

    path: Path
    counts: Counter[str]
    rewritten: int
    unchanged: int
    files: int
    absent: int
    older: bool
    forked: bool

    @property
    def new(self) -> bool:
        """Whether the merge added or changed anything."""
        return bool(self.counts or self.rewritten or self.files)


@dataclass(frozen=True, slots=True)
class MergeResult:
    """The result for each merged ledger, and the conflicts and communities after the merge."""

    merged: tuple[MergedLedger, ...]
    conflicts: Conflicts
    communities: frozenset[str]


@dataclass(frozen=True, slots=True)
class _AddedRecords:
    """The records and chain heads that were added from one ledger.

    ``whole`` means that all links of that ledger were new. ``older`` are the sources of which this
    ledger already had all links, and more. ``forked`` are the sources of which each ledger had
    links that the other lacked.
    """

    records: tuple[Record, ...]
    heads: tuple[Head, ...]
    whole: bool
    older: frozenset[str]
    forked: frozenset[str]


def merge(
    workspace: Workspace,
    paths: list[Path],
    origin: Origin,
    *,
    dry_run: bool = False,
    step: Callable[[], None] = lambda: None,
) -> MergeResult:
    """Merge ledgers, workspace folders and bundles into the ledger of a workspace.

    A missing ledger of the workspace is created. ``step`` is called twice for each path: after its
    ledger is checked and after it is merged. ``dry_run`` undoes everything at the end.

    Raises:
        Refused: one of the paths cannot be merged; nothing was written.
    """
    with ExitStack() as resources:
        scratch = resources.enter_context(scratch_folder(workspace.root))
        schema = expected_schema()
        sources = []
        for path in paths:
            sources.append(open_source(path, workspace.ledger, scratch, schema, resources))
            step()
        ledger = workspace.ledger
        has_file = isinstance(ledger, Path) and not is_gone(ledger)
        with (
            writing(ledger, dry_run=dry_run) as transaction,
            evidence_writer(workspace.evidence, transaction.after_commit, dry_run=dry_run) as store,
        ):
            if isinstance(ledger, Path) and has_file and not dry_run:
                # Other programs cannot write now, so this is the state before the merge.
                back_up_before_merge(ledger)
            db = transaction.fresh_db()
            # A correction may be copied before the entry that it replaces.
            dialect.defer_references(db)
            merged = []
            with _triggers_off(db, sources):
                for source in sources:
                    merged.append(_merge_ledger(transaction, source, store, origin))
                    step()
            db = transaction.fresh_db()
            communities = db.execute("SELECT DISTINCT community FROM activity")
            return MergeResult(
                tuple(merged), read_conflicts(db), frozenset(row[0] for row in communities)
            )


def _triggers_off(db: Connection, sources: list[SourceLedger]) -> AbstractContextManager[None]:
    """Return a context that drops the triggers which :func:`_add_missing` does not need.

    The context does nothing if no ledger has anything to add. One context serves all ledgers,
    because SQLite compiles every statement again after each change of the schema.
    """
    heads = {head for source in sources for head in source.heads}
    existing = "SELECT 1 FROM link WHERE source = ? AND seq = ? AND hash = ?"
    if all(db.execute(existing, head).fetchone() for head in heads):
        return nullcontext()
    return dialect.lift_guards(db, against=("replaced",), besides="link")


def _merge_ledger(
    transaction: Transaction, source: SourceLedger, store: EvidenceWriter, origin: Origin
) -> MergedLedger:
    differing = find_differing(transaction.fresh_db(), source.db)
    try:
        added = _add_missing(transaction, source)
    except dialect.integrity_error(transaction.fresh_db()) as error:
        raise Refused(
            f"{source.path} 里有编号和台账里的另一条记录相同",
            "有一份台账不是 sgtrack 写的；没有合并",
        ) from error
    reconciled = Reconciled()
    if differing:
        reconciled = reconcile(transaction, source.db, differing, origin)
    rewritten = reconciled.rewritten
    if added.heads or rewritten:
        _record_merge(transaction, source, added, rewritten, origin)
    if added.whole:
        # All records are new, so they affect only entries of the merged ledger.
        rows = source.db.execute("SELECT id, community, substr(day, 1, 7) FROM activity")
        transaction.changed({entry_id: (community, month) for entry_id, community, month in rows})
    else:
        _erase_outdated_salts(transaction.fresh_db(), added.records, rewritten)
        transaction.changed(
            find_affected_entries(transaction.fresh_db(), (*added.records, *rewritten))
        )
    files, absent = _add_files(source, store)
    return MergedLedger(
        path=source.path,
        counts=Counter(kind for kind, _ in added.records),
        rewritten=len(rewritten),
        unchanged=len(reconciled.unchanged),
        files=files,
        absent=absent,
        older=source.ledger_id in added.older,
        forked=bool(added.forked),
    )


def _add_missing(transaction: Transaction, source: SourceLedger) -> _AddedRecords:
    """Write every record that this ledger lacks, with its link, and update the chain heads.

    INSERT OR REPLACE is never used, so the primary keys protect the existing rows, and the triggers
    against replacing can be dropped. The triggers on ``link`` are not dropped, because they also
    refuse a second link of the same record.
    """
    db = transaction.fresh_db()
    last = {name: 0 for name, _, _ in source.heads}
    for name, seq, _ in source.heads:
        last[name] = max(last[name], seq)
    # The upgrade of a copy appended links after the heads; these must not be merged.
    links = [
        row
        for row in source.db.execute("SELECT * FROM link ORDER BY source, seq")
        if row[1] <= last.get(row[0], 0)
    ]
    existing: dict[str, str] = dict(
        db.execute(f"SELECT hash, source FROM link WHERE source IN ({marks(last)})", [*last])  # noqa: S608
    )
    new_links = [row for row in links if row[6] not in existing]
    records = tuple((row[2], row[3]) for row in new_links if row[2] != "migration")
    whole = len(new_links) == len(links)
    if records:
        _copy_records(db, source.db, records, everything=whole)
    insert_rows(db, "link", new_links)
    hashes = frozenset(row[6] for row in links)
    only_here = {name for link_hash, name in existing.items() if link_hash not in hashes}
    only_there = {row[0] for row in new_links}
    return _AddedRecords(
        records,
        _join_heads(db, source.heads, frozenset(existing), hashes),
        whole,
        older=frozenset(only_here - only_there),
        forked=frozenset(only_here & only_there),
    )


def _copy_records(
    db: Connection, source: Connection, records: Iterable[Record], *, everything: bool
) -> None:
    new_ids: dict[str, list[str]] = {}
    for name, record_id in records:
        new_ids.setdefault(name, []).append(record_id)
    for kind in RECORD_KINDS.values():
        ids = new_ids.get(kind.name, [])
        # Rows that the bundle added to ``abridgement`` have no merge id; ``_record_merge`` writes
        # them.
        chosen = (
            [("<> ''", ())]
            if everything and ids
            else [(f"IN ({marks(batch)})", batch) for batch in batches(ids)]
        )
        for part in kind.tables:
            for condition, values in chosen:
                # Sorting by rowid keeps the order in which amounts and participants were typed.
                query = f"SELECT * FROM {part.table} WHERE {part.key} {condition} ORDER BY rowid"  # noqa: S608
                insert_rows(db, part.table, source.execute(query, values))


def _join_heads(
    db: Connection, theirs: frozenset[Head], known: frozenset[str], copied: frozenset[str]
) -> tuple[Head, ...]:
    """Update the heads so that they are the last links of all branches; return the new heads.

    ``theirs`` are the heads of the other ledger. ``known`` are the hashes of the links that this
    ledger had, and ``copied`` the hashes of all links of the other ledger.
    """
    names = {name for name, _, _ in theirs}
    ours = {head for head in db.execute("SELECT source, seq, hash FROM head") if head[0] in names}
    ends = {link_hash for _, _, link_hash in theirs}
    passed = [head for head in ours if head[2] in copied and head[2] not in ends]
    new = sorted(head for head in theirs if head[2] not in known)
    db.executemany("DELETE FROM head WHERE source = ? AND seq = ? AND hash = ?", passed)
    db.executemany("INSERT INTO head VALUES (?, ?, ?)", new)
    return tuple(new)


def _record_merge(
    transaction: Transaction,
    source: SourceLedger,
    added: _AddedRecords,
    rewritten: tuple[Record, ...],
    origin: Origin,
) -> None:
    """Append a merge record for each new head of the other ledger.

    If there is no new head, the last head of the other ledger's own chain is used. The first merge
    record also stores the digests of pseudonymized texts.
    """
    db = transaction.fresh_db()
    heads = added.heads or sorted(h for h in source.heads if h[0] == source.ledger_id)[-1:]
    taken = {*added.records, *rewritten}
    digests = [
        row
        for row in source.db.execute(
            "SELECT kind, record_id, digest, salt FROM abridgement WHERE merge_id = ''"
        )
        if (row[0], row[1]) in taken
    ]
    for name, seq, link_hash in heads:
        merge_id = transaction.next_id(origin)
        db.executemany(
            "INSERT INTO abridgement VALUES (?, ?, ?, ?, ?)", [(merge_id, *row) for row in digests]
        )
        digests = []
        row = MergeRow(id=merge_id, source=name, seq=seq, hash=link_hash, **origin_columns(origin))
        transaction.write([("merge", merge_id)], [row])


def _erase_outdated_salts(
    db: Connection, added: tuple[Record, ...], rewritten: tuple[Record, ...]
) -> None:
    """Erase the outdated salts of rewritten records, and of records that an added record lists."""
    records = set(rewritten)
    for kind, table, key in (
        ("forgetting", "forgotten", "forgetting_id"),
        ("merge", "abridgement", "merge_id"),
    ):
        for batch in batches(record_id for name, record_id in added if name == kind):
            records.update(
                db.execute(
                    f"SELECT p.kind, p.record_id FROM {table} AS p JOIN link AS l "  # noqa: S608
                    f"ON l.kind = p.kind AND l.record_id = p.record_id "
                    f"WHERE p.{key} IN ({marks(batch)})",
                    batch,
                )
            )
    if records:
        erase_outdated_salts(db, sorted(records))


def _add_files(source: SourceLedger, store: EvidenceWriter) -> tuple[int, int]:
    """Add the evidence files that the store lacks.

    Return the number of added files, and the number of files that the other ledger lacks too.
    """
    added = absent = 0
    for (digest,) in source.db.execute(DIGESTS):
        if path_in(store.folder, digest).is_file():
            continue
        file = source.open_file(digest)
        if file is None:
            absent += 1
            continue
        with file:
            if not store.store_verified(digest, file):
                raise Refused(
                    f"{source.path} 里的佐证材料 {digest[:12]}… 已经损坏，没有合并",
                    "在原来的电脑上运行 sgtrack verify；或不带佐证材料重新打包",
                )
        added += 1
    return added, absent
