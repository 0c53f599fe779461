"""Verifies the chain of hashes, which shows whether another program changed the ledger.

The check needs only the standard library and the tables and views of the schema. Anyone can repeat
it with the script in docs/history.md.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sgtrack.store.chain_links import SaltedDigest, hash_link, read_bodies
from sgtrack.store.connection import Connection, batches

Link = tuple[str, int, str, str, str, str, str]
"""A row of the chain: source, sequence number, kind, record id, salt, digest and hash."""


@dataclass(frozen=True, slots=True)
class ChainFault:
    """A sign that another program changed the ledger.

    ``kind`` and ``record_id`` are empty if the fault belongs to no single record.
    """

    kind: str
    record_id: str
    message: str


@dataclass(frozen=True, slots=True)
class ChainReport:
    """The result of a verification: the number of links, the newest hash, and all faults."""

    links: int
    head: str
    faults: tuple[ChainFault, ...]


def read_head(db: Connection) -> str:
    """Read the newest hash of this ledger's own chain; return an empty text if there is none."""
    row = db.execute(
        "SELECT hash FROM head JOIN ledger ON ledger.id = head.source "
        "ORDER BY seq DESC, hash DESC LIMIT 1"
    ).fetchone()
    return row[0] if row else ""


def verify_chain(db: Connection, *, in_bundle: bool = False) -> ChainReport:
    """Recompute every hash and compare it with the stored hash.

    This finds records that were altered, deleted or added by another program, and a chain that was
    edited or cut off. The result is reliable only if the tables and views match the schema of this
    program. ``in_bundle`` accepts digests of pseudonymized records that belong to no merge yet.
    """
    faults: list[ChainFault] = []
    expected = ExpectedDigests(db, in_bundle=in_bundle)
    (own,) = db.execute("SELECT id FROM ledger").fetchone() or ("",)
    branches = Branches()
    migrations: dict[str, bool] = {}
    for link, body in _links(db):
        if link is None:
            branches.count += 1
            faults.append(ChainFault("", "", f"校验链的第 {branches.count} 条被改动"))
            continue
        source, seq, kind, record_id, salt, digest, stored = link
        broken = branches.grow(source, seq, kind, record_id, digest, stored)
        if broken:
            faults.append(ChainFault(kind, record_id, broken))
        message = expected.compare(source, kind, record_id, SaltedDigest(digest, salt), body)
        if kind == "migration":
            # The migrations of merged ledgers are not part of this ledger.
            if source == own:
                migrations[record_id] = migrations.get(record_id, False) or not message
        elif message:
            faults.append(ChainFault(kind, record_id, message))
    faults += [
        ChainFault("migration", number, "内容被改动")
        for number, is_intact in migrations.items()
        if not is_intact
    ]
    if _is_cut_off(db, branches.leaves, own):
        faults.append(ChainFault("", "", "最后的记录被整条抹去，或校验链的末尾被改动"))
    faults += [
        ChainFault(kind, record_id, "不是 sgtrack 写入的")
        for kind, record_id in db.execute(
            "SELECT c.kind, c.record_id FROM content AS c WHERE NOT EXISTS "
            "(SELECT 1 FROM link AS l WHERE l.kind = c.kind AND l.record_id = c.record_id)"
        )
    ]
    faults += [
        ChainFault(kind, record_id, "隐去姓名的依据不是 sgtrack 写入的")
        for kind, record_id in expected.unlisted
    ]
    faults += [
        ChainFault("merge", merge_id, "合并进来的记录被整条抹去")
        for (merge_id,) in db.execute(
            "SELECT id FROM merge AS m WHERE NOT EXISTS "
            "(SELECT 1 FROM link AS l WHERE (l.source, l.seq, l.hash) = (m.source, m.seq, m.hash))",
        )
    ]
    return ChainReport(branches.count, read_head(db), tuple(faults))


@dataclass(frozen=True, slots=True)
class _RedactionStep:
    """A redaction of a record by the ledger ``redacted_by``: the digests before and after it."""

    before: str
    after: SaltedDigest
    redacted_by: str


class ExpectedDigests:
    """The digests that records are verified against; a link of the chain covers each of them.

    A record has the digests of its link, of its redactions and of the merges that imported it with
    pseudonyms. Only the digests of its present text have a salt.
    """

    def __init__(self, db: Connection, *, in_bundle: bool = False) -> None:
        """Read the redactions and merges; ``in_bundle`` also accepts digests without a merge."""
        row = db.execute("SELECT id FROM ledger").fetchone()
        self._own: str = row[0] if row else ""
        self._redactions = defaultdict[tuple[str, str], list[_RedactionStep]](list)
        for kind, record_id, old, new, salt, source in db.execute(
            "SELECT f.kind, f.record_id, f.old_digest, f.new_digest, f.salt, l.source "
            "FROM forgotten AS f JOIN link AS l "
            "ON l.kind = 'forgetting' AND l.record_id = f.forgetting_id ORDER BY f.forgetting_id",
        ):
            step = _RedactionStep(old, SaltedDigest(new, salt), source)
            self._redactions[kind, record_id].append(step)
        self._pseudonymized = defaultdict[tuple[str, str], list[SaltedDigest]](list)
        self.unlisted: list[tuple[str, str]] = []
        """The records with a digest that belongs to no merge of the chain."""
        for kind, record_id, digest, salt, merge_id, is_chained in db.execute(
            "SELECT a.kind, a.record_id, a.digest, a.salt, a.merge_id, l.record_id IS NOT NULL "
            "FROM abridgement AS a LEFT JOIN link AS l "
            "ON l.kind = 'merge' AND l.record_id = a.merge_id"
        ):
            if is_chained or (in_bundle and not merge_id):
                self._pseudonymized[kind, record_id].append(SaltedDigest(digest, salt))
            else:
                self.unlisted.append((kind, record_id))

    def fits(self, kind: str, record_id: str, linked: SaltedDigest, body: str) -> bool:
        """Return whether a body matches every digest of a record for which a salt is stored.

        At least one salt must be stored.
        """
        steps = self._redactions.get((kind, record_id), ())
        pseudonymized = self._pseudonymized.get((kind, record_id), ())
        digests = (linked, *(step.after for step in steps), *pseudonymized)
        salted = [digest for digest in digests if digest.salt]
        return bool(salted) and all(digest.fits(body) for digest in salted)

    def compare(
        self, source: str, kind: str, record_id: str, linked: SaltedDigest, body: str | None
    ) -> str:
        """Return a description of what is wrong with a record of a source, or an empty text.

        ``body`` is None if the record is missing, and empty if it is unreadable.
        """
        if body is None:
            return "记录被删除"
        if body and not self._are_connected(source, kind, record_id, linked):
            return "隐去姓名的经过被改动"
        if not body or not self.fits(kind, record_id, linked, body):
            return "内容被改动"
        return ""

    def _are_connected(self, source: str, kind: str, record_id: str, linked: SaltedDigest) -> bool:
        """Return whether each redaction starts from an earlier digest and erased all older salts.

        Merged ledgers may have redacted the same record separately. Therefore a redaction need not
        start from the digest directly before it. A redaction by a third ledger, which is neither
        this one nor the one that wrote the record, may leave the record unchanged here.
        """
        digests, is_salted = {linked.digest}, bool(linked.salt)
        for step in self._redactions.get((kind, record_id), ()):
            is_binding = step.redacted_by in (source, self._own)
            if step.before not in digests or (is_salted and (step.after.salt or is_binding)):
                return False
            digests.add(step.after.digest)
            is_salted = is_salted or bool(step.after.salt)
        return True


def find_leaves(db: Connection) -> set[tuple[str, int, str]]:
    """Find the last link of every branch without reading the stored heads.

    Return the source, sequence number and hash of each last link.
    """
    branches = Branches()
    for source, seq, *rest in db.execute(
        "SELECT source, seq, kind, record_id, digest, hash FROM link ORDER BY source, seq"
    ):
        branches.grow(source, seq, *rest)
    return branches.leaves


class Branches:
    """The branches of all chains, followed link by link in the order of source and sequence number.

    Two copies of a ledger share their first links. If both copies are written to, the chain splits
    into two branches. Therefore a link may follow any link of its source with the previous sequence
    number.
    """

    def __init__(self) -> None:
        self.count = 0
        self.leaves: set[tuple[str, int, str]] = set()
        """The last link of every branch: source, sequence number and hash."""
        self._place: tuple[str, int] = ("", 0)
        self._before: set[str] = set()
        self._here: set[str] = set()

    def grow(
        self, source: str, seq: int, kind: str, record_id: str, digest: str, stored: str
    ) -> str:
        """Add the next link; return a description of what is wrong with it, or an empty text."""
        self.count += 1
        if (source, seq) != self._place:
            last_source, last = self._place
            follows = source == last_source and seq == last + 1
            self._before = self._here if follows else {""} if seq == 1 else set()
            self._place, self._here = (source, seq), set()
        self._here.add(stored)
        self.leaves.add((source, seq, stored))
        if not self._before:
            return "这条之前有记录被整条抹去"
        for before in self._before:
            if hash_link(before, source, seq, kind, record_id, digest) == stored:
                self.leaves.discard((source, seq - 1, before))
                return ""
        # The edited link was not removed, so the links before it do not end a branch.
        self.leaves -= {(source, seq - 1, before) for before in self._before}
        return "校验链在这条被改动"


def _links(db: Connection) -> Iterator[tuple[Link | None, str | None]]:
    """Yield every link with the body of its record, in the order of source and sequence number.

    The link is None if a value of its row has the wrong type. The body is None if the record is
    missing, and empty if the record is unreadable.
    """
    links_in_order = db.execute(
        "SELECT source, seq, kind, record_id, salt, digest, hash FROM link ORDER BY source, seq"
    )
    for rows in batches(links_in_order):
        links = [row if _is_link(row) else None for row in rows]
        ids: dict[str, list[str]] = {}
        for link in filter(None, links):
            ids.setdefault(link[2], []).append(link[3])
        bodies = {kind: _readable(db, kind, record_ids) for kind, record_ids in ids.items()}
        for link in links:
            yield link, bodies[link[2]].get(link[3]) if link else None


def _is_link(row: tuple[object, ...]) -> bool:
    return tuple(map(type, row)) == (str, int, str, str, str, str, str)


def _readable(db: Connection, kind: str, record_ids: Sequence[str]) -> dict[str, str]:
    """Read bodies like :func:`read_bodies`; return an empty body for an unreadable record."""
    try:
        return read_bodies(db, kind, record_ids)
    except sqlite3.OperationalError:  # another program wrote a value such as a BLOB
        if len(record_ids) == 1:
            return {record_ids[0]: ""}
    return {
        key: body
        for record_id in record_ids
        for key, body in _readable(db, kind, [record_id]).items()
    }


def read_current_digest(db: Connection, kind: str, record_id: str) -> str:
    """Read the digest of a record's newest redaction, or of its link if it was never redacted."""
    where = "WHERE kind = :kind AND record_id = :record_id"
    (digest,) = db.execute(
        f"SELECT coalesce((SELECT new_digest FROM forgotten {where} "  # noqa: S608
        f"ORDER BY forgetting_id DESC LIMIT 1), (SELECT digest FROM link {where}))",
        {"kind": kind, "record_id": record_id},
    ).fetchone()
    return str(digest)


def _is_cut_off(db: Connection, leaves: set[tuple[str, int, str]], own: str) -> bool:
    (ledgers,) = db.execute("SELECT count(*) FROM ledger").fetchone()
    is_begun = any(source == own for source, _, _ in leaves)
    heads = set(db.execute("SELECT source, seq, hash FROM head"))
    return heads != leaves or ledgers != 1 or not is_begun
