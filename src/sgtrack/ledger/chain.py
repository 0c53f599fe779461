"""Verifies the chain of hashes, which shows whether another program changed the ledger.

The module uses only the standard library and the views of the schema, so that anybody can do the
same with a plain SQLite client (docs/history.md).
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sgtrack.store.chain_links import SaltedDigest, hash_link, read_bodies
from sgtrack.store.connection import Connection, batches

Link = tuple[str, int, str, str, str, str, str]
"""A row of the chain: source, place, kind, record, salt, digest and hash."""


@dataclass(frozen=True, slots=True)
class ChainFault:
    """A difference from what the program wrote; ``record_id`` is empty for a link."""

    kind: str
    record_id: str
    message: str


@dataclass(frozen=True, slots=True)
class ChainReport:
    """The number of links, the newest hash, and the faults in the order of entry."""

    links: int
    head: str
    faults: tuple[ChainFault, ...]


def read_head(db: Connection) -> str:
    """Read the hash of the newest link of this ledger's own; empty without any."""
    row = db.execute(
        "SELECT hash FROM head JOIN ledger ON ledger.id = head.source "
        "ORDER BY seq DESC, hash DESC LIMIT 1"
    ).fetchone()
    return row[0] if row else ""


def verify_chain(db: Connection) -> ChainReport:
    """Recompute every hash and compare it with the stored one.

    This finds altered records, deleted records, records that the program never wrote, and a chain
    that was itself edited or cut off. A redacted record is compared with the digest that its
    newest redaction states. The tables and views must be those of this program's schema.
    """
    faults: list[ChainFault] = []
    expected = ExpectedDigests(db)
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
        message = expected.compare(kind, record_id, SaltedDigest(digest, salt), body)
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
        ChainFault("merge", merge_id, "合并进来的记录被整条抹去")
        for (merge_id,) in db.execute(
            "SELECT id FROM merge AS m WHERE NOT EXISTS "
            "(SELECT 1 FROM link AS l WHERE (l.source, l.seq, l.hash) = (m.source, m.seq, m.hash))",
        )
    ]
    return ChainReport(branches.count, read_head(db), tuple(faults))


class ExpectedDigests:
    """The digests that records are verified against: of their links, or of later redactions."""

    def __init__(self, db: Connection) -> None:
        self._redactions = defaultdict[tuple[str, str], list[tuple[str, SaltedDigest]]](list)
        """For each record its redactions: the digest before, and the salted digest after."""
        for kind, record_id, old, new, salt in db.execute(
            "SELECT kind, record_id, old_digest, new_digest, salt FROM forgotten "
            "ORDER BY forgetting_id",
        ):
            self._redactions[kind, record_id].append((old, SaltedDigest(new, salt)))
        self._pseudonymized = defaultdict[tuple[str, str], list[SaltedDigest]](list)
        for kind, record_id, digest, salt in db.execute(
            "SELECT kind, record_id, digest, salt FROM abridgement"
        ):
            self._pseudonymized[kind, record_id].append(SaltedDigest(digest, salt))

    def fits(self, kind: str, record_id: str, linked: SaltedDigest, body: str) -> bool:
        """Whether a body fits the digest of the link, or of the newest redaction.

        A record whose salt was left out with its names fits the digest it was imported with.
        """
        key = (kind, record_id)
        expected = self._redactions[key][-1][1] if key in self._redactions else linked
        digests = [expected] if expected.salt else self._pseudonymized.get(key, [])
        return any(digest.fits(body) for digest in digests)

    def compare(self, kind: str, record_id: str, linked: SaltedDigest, body: str | None) -> str:
        """Say what is wrong with a record, or return an empty text."""
        if body is None:
            return "记录被删除"
        if body and not self._are_connected(kind, record_id, linked):
            return "隐去姓名的经过被改动"
        if not body or not self.fits(kind, record_id, linked, body):
            return "内容被改动"
        return ""

    def _are_connected(self, kind: str, record_id: str, linked: SaltedDigest) -> bool:
        """Whether each redaction begins where an earlier one ended, and only the last has its salt.

        Ledgers that were merged may each have redacted the same record; the newest redaction
        states the result of both.
        """
        before = [linked]
        for old, new in self._redactions.get((kind, record_id), ()):
            if before[-1].salt or old not in {earlier.digest for earlier in before}:
                return False
            before.append(new)
        return True


def find_leaves(db: Connection) -> set[tuple[str, int, str]]:
    """Find the last link of every branch from the links alone: source, place and hash."""
    branches = Branches()
    for source, seq, *rest in db.execute(
        "SELECT source, seq, kind, record_id, digest, hash FROM link ORDER BY source, seq"
    ):
        branches.grow(source, seq, *rest)
    return branches.leaves


class Branches:
    """Follows the chains of all sources link by link, in the order of source and place.

    Copies of a ledger that are written to separately share their first links and then branch, so a
    link may follow any link one place before it.
    """

    def __init__(self) -> None:
        self.count = 0
        self.leaves: set[tuple[str, int, str]] = set()
        """The last link of every branch: source, place and hash."""
        self._place: tuple[str, int] = ("", 0)
        self._before: set[str] = set()
        self._here: set[str] = set()

    def grow(
        self, source: str, seq: int, kind: str, record_id: str, digest: str, stored: str
    ) -> str:
        """Add the next link; return what is wrong with it, or an empty text."""
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
        # An edited link still follows the links before it.
        self.leaves -= {(source, seq - 1, before) for before in self._before}
        return "校验链在这条被改动"


def _links(db: Connection) -> Iterator[tuple[Link | None, str | None]]:
    """Read every link in order with the body of its record.

    A row that is no link is None, and so is the body of a missing record; an unreadable body is
    empty.
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
    """As :func:`read_bodies`; an empty body for a record that cannot be read."""
    try:
        return read_bodies(db, kind, record_ids)
    except sqlite3.OperationalError:  # a value that the program never writes, such as a BLOB
        if len(record_ids) == 1:
            return {record_ids[0]: ""}
    return {
        key: body
        for record_id in record_ids
        for key, body in _readable(db, kind, [record_id]).items()
    }


def read_current_digest(db: Connection, kind: str, record_id: str) -> str:
    """Read the digest that a record is verified against now."""
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
