"""Adds the records of another ledger that this one does not have, with their links.

Rows flow from a connection that only reads into the transaction that writes. SQLite could copy them
with ATTACH, but attaches ten ledgers at most and lets none go within a transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sgtrack.ledger.transaction import Transaction
from sgtrack.merging.source import Head, Other
from sgtrack.model.record_kinds import RECORD_KINDS
from sgtrack.store.connection import Connection, insert_rows, marks

Record = tuple[str, str]
"""A kind and an id."""


@dataclass(frozen=True, slots=True)
class Added:
    """What one ledger brought: its new records, the new ends of chains, and what was noticed.

    ``whole`` says that nothing of it was here before; ``older`` are sources of which this ledger
    has more, ``forked`` those of which both have something that the other lacks.
    """

    records: tuple[Record, ...]
    heads: tuple[Head, ...]
    whole: bool
    older: frozenset[str]
    forked: frozenset[str]

    @property
    def counts(self) -> Counter[str]:
        """How many records of each kind are new."""
        return Counter(kind for kind, _ in self.records)


def add_missing(transaction: Transaction, other: Other) -> Added:
    """Write every record that is not there, and bring the ends of the chains up to date.

    Nothing is written with INSERT OR REPLACE, so the keys guard what is there: the triggers that
    also do may be taken away. Links keep theirs, which is more than their key.
    """
    db = transaction.fresh_db()
    reached = {source: 0 for source, _, _ in other.heads}
    for source, seq, _ in other.heads:
        reached[source] = max(reached[source], seq)
    # Links beyond the heads were only added to a copy when that was upgraded.
    theirs = [
        row
        for row in other.db.execute("SELECT * FROM link ORDER BY source, seq")
        if row[1] <= reached.get(row[0], 0)
    ]
    sources = marks(reached)
    known: dict[str, str] = dict(
        db.execute(f"SELECT hash, source FROM link WHERE source IN ({sources})", [*reached])  # noqa: S608
    )
    fresh = [row for row in theirs if row[6] not in known]
    records = tuple((row[2], row[3]) for row in fresh if row[2] != "migration")
    whole = len(fresh) == len(theirs)
    if records:
        _copy(db, other.db, records, everything=whole)
    insert_rows(db, "link", fresh)
    hashes = {row[6] for row in theirs}
    lacking = {source for found, source in known.items() if found not in hashes}
    heads = _join_heads(db, other.heads, frozenset(known), frozenset(hashes))
    brought = {row[0] for row in fresh}
    return Added(
        records,
        heads,
        whole,
        older=frozenset(lacking - brought),
        forked=frozenset(lacking & brought),
    )


def _copy(
    db: Connection,
    other: Connection,
    records: Iterable[Record],
    *,
    everything: bool,
) -> None:
    if not everything:
        other.execute("CREATE TEMP TABLE fresh (kind TEXT, record_id TEXT)")
        insert_rows(other, "fresh", records)
    kinds = {kind for kind, _ in records}
    for kind in (kind for kind in RECORD_KINDS.values() if kind.name in kinds):
        for part in kind.tables:
            chosen = f"{part.key} IN (SELECT record_id FROM fresh WHERE kind = '{kind.name}')"  # noqa: S608
            if everything:
                # Of a bundle, what belongs to no merging yet is taken with its own merging.
                chosen = f"{part.key} <> ''"
            # The units of an activity, and its names, keep the order in which they were typed.
            rows = other.execute(f"SELECT * FROM {part.table} WHERE {chosen} ORDER BY rowid")  # noqa: S608
            insert_rows(db, part.table, rows)


def _join_heads(
    db: Connection, theirs: frozenset[Head], known: frozenset[str], brought: frozenset[str]
) -> tuple[Head, ...]:
    """Make the ends of all branches the heads; which of them are new."""
    sources = {source for source, _, _ in theirs}
    ours = {head for head in db.execute("SELECT source, seq, hash FROM head") if head[0] in sources}
    ends = {found for _, _, found in theirs}
    gone = [head for head in ours if head[2] in brought and head[2] not in ends]
    new = sorted(head for head in theirs if head[2] not in known)
    db.executemany("DELETE FROM head WHERE source = ? AND seq = ? AND hash = ?", gone)
    db.executemany("INSERT INTO head VALUES (?, ?, ?)", new)
    return tuple(new)
