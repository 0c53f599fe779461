"""Verifies the chain of hashes, which shows whether another program changed the ledger.

Only the standard library and the views of the schema are used, so that anybody can do the same with
a plain SQLite client (docs/history.md).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sgtrack.store.chain_links import SaltedDigest, hash_link, read_bodies
from sgtrack.store.connection import Connection, batches

Link = tuple[str, int, str, str, str, str, str]
"""A row of the chain: source, place, kind, record, salt, digest and hash."""


@dataclass(frozen=True, slots=True)
class ChainFault:
    """A place where the ledger is not what the program wrote; ``record_id`` is empty for a link."""

    kind: str
    record_id: str
    message: str


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a check of the whole chain found: faults in the order of entry, the first one first."""

    links: int
    head: str
    faults: tuple[ChainFault, ...]


def read_head(db: Connection) -> str:
    """The hash of the newest link of this ledger's own; empty in a ledger without any."""
    row = db.execute(
        "SELECT hash FROM head JOIN ledger ON ledger.id = head.source "
        "ORDER BY seq DESC, hash DESC LIMIT 1"
    ).fetchone()
    return row[0] if row else ""


def verify_chain(db: Connection) -> ChainReport:
    """Recompute every hash and compare it with the stored one.

    Four things are found: a record that differs from what was written, one that is gone, one that
    was never written by the program, and a chain that was itself edited or cut off. Where a
    forgetting rewrote a record, what the forgetting says it is now takes the place of what the link
    says it was. The tables and views must be those of this program's schema.
    """
    faults: list[ChainFault] = []
    seals = ExpectedDigests(db)
    (own,) = db.execute("SELECT id FROM ledger").fetchone() or ("",)
    branches = Branches()
    migrated: dict[str, bool] = {}
    for row, body in _links(db):
        if row is None:
            branches.count += 1
            faults.append(ChainFault("", "", f"校验链的第 {branches.count} 条被改动"))
            continue
        source, seq, kind, record_id, salt, digest, stored = row
        said = branches.grow(source, seq, kind, record_id, digest, stored)
        if said:
            faults.append(ChainFault(kind, record_id, said))
        wrong = _wrong(kind, record_id, body, SaltedDigest(digest, salt), seals)
        if kind == "migration":
            # How another ledger was upgraded is no part of this one; its own is.
            if source == own:
                migrated[record_id] = migrated.get(record_id, False) or not wrong
        elif wrong:
            faults.append(ChainFault(kind, record_id, wrong))
    faults += [
        ChainFault("migration", one, "内容被改动") for one, fits in migrated.items() if not fits
    ]
    faults += _cut_off(db, branches.leaves, own)
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
        self._renewals = read_redactions(db)
        self._abridged = _abridged(db)

    def of(self, kind: str, record_id: str, first: SaltedDigest) -> Sequence[SaltedDigest]:
        """The seals of which one must fit; ``first`` is what the link says.

        A record that a forgetting rewrote is held to what the newest one announces; one whose salt
        was left out with its names, to a form without them.
        """
        renewals = self._renewals.get((kind, record_id))
        held_to = renewals[-1].now if renewals else first
        return (held_to,) if held_to.salt else self._abridged.get((kind, record_id), ())

    def connected(self, kind: str, record_id: str, first: SaltedDigest) -> bool:
        """Whether each renewal begins where an earlier one ended, and only the last has its salt.

        Ledgers that were merged may each have forgotten a name in the same record; the newest
        renewal says what became of both.
        """
        before = [first]
        for one in self._renewals.get((kind, record_id), ()):
            if before[-1].salt or one.before not in {earlier.digest for earlier in before}:
                return False
            before.append(one.now)
        return True


def find_leaves(db: Connection) -> set[tuple[str, int, str]]:
    """Find the ends of all branches from the links alone: source, place and hash."""
    branches = Branches()
    for source, seq, *rest in db.execute(
        "SELECT source, seq, kind, record_id, digest, hash FROM link ORDER BY source, seq"
    ):
        branches.grow(source, seq, *rest)
    return branches.leaves


class Branches:
    """Follows the chains of all sources link by link, in the order of source and place.

    Copies of a ledger that went on for themselves share what they have in common and then branch,
    so a link goes on from any link one place before it, by whichever hash its own was made of.
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
        # The end of an edited chain is still its end.
        self.leaves -= {(source, seq - 1, before) for before in self._before}
        return "校验链在这条被改动"


def _links(db: Connection) -> Iterator[tuple[Link | None, str | None]]:
    """Every link in order, None where it is none, with what its record says, None where it is gone.

    What is there but cannot be read is empty, which no record is.
    """
    found = db.execute(
        "SELECT source, seq, kind, record_id, salt, digest, hash FROM link ORDER BY source, seq"
    )
    for rows in batches(found):
        links = [row if _is_link(row) else None for row in rows]
        ids: dict[str, list[str]] = {}
        for link in filter(None, links):
            ids.setdefault(link[2], []).append(link[3])
        said = {kind: _readable(db, kind, some) for kind, some in ids.items()}
        for link in links:
            yield link, said[link[2]].get(link[3]) if link else None


def _is_link(row: tuple[object, ...]) -> bool:
    return tuple(map(type, row)) == (str, int, str, str, str, str, str)


def _readable(db: Connection, kind: str, record_ids: Sequence[str]) -> dict[str, str]:
    """As :func:`read_bodies`; an empty body for a record that cannot be read."""
    try:
        return read_bodies(db, kind, record_ids)
    except sqlite3.OperationalError:  # a value that the program never writes, such as a BLOB
        if len(record_ids) == 1:
            return {record_ids[0]: ""}
    return {one: body for i in record_ids for one, body in _readable(db, kind, [i]).items()}


def _wrong(
    kind: str, record_id: str, body: str | None, first: SaltedDigest, seals: ExpectedDigests
) -> str:
    """Say what is wrong with a record, or return an empty text."""
    if body is None:
        return "记录被删除"
    if not body:
        return "内容被改动"
    if not seals.connected(kind, record_id, first):
        return "隐去姓名的经过被改动"
    if not any(one.fits(body) for one in seals.of(kind, record_id, first)):
        return "内容被改动"
    return ""


@dataclass(frozen=True, slots=True)
class Redaction:
    """A record's digest before a redaction, and the salted digest after it."""

    before: str
    now: SaltedDigest


def read_redactions(db: Connection) -> dict[tuple[str, str], list[Redaction]]:
    """Read the redactions of each record, the first one first."""
    found: dict[tuple[str, str], list[Redaction]] = {}
    for kind, record_id, old, new, salt in db.execute(
        "SELECT kind, record_id, old_digest, new_digest, salt FROM forgotten "
        "ORDER BY forgetting_id",
    ):
        found.setdefault((kind, record_id), []).append(Redaction(old, SaltedDigest(new, salt)))
    return found


def _abridged(db: Connection) -> dict[tuple[str, str], list[SaltedDigest]]:
    """Read the digests of records that were imported with pseudonyms."""
    found: dict[tuple[str, str], list[SaltedDigest]] = {}
    for kind, record_id, digest, salt in db.execute(
        "SELECT kind, record_id, digest, salt FROM abridgement"
    ):
        found.setdefault((kind, record_id), []).append(SaltedDigest(digest, salt))
    return found


def read_current_digest(db: Connection, kind: str, record_id: str) -> str:
    """Read the digest that a record is verified against now."""
    row = db.execute(
        "SELECT new_digest FROM forgotten WHERE kind = ? AND record_id = ? "
        "ORDER BY forgetting_id DESC LIMIT 1",
        (kind, record_id),
    ).fetchone()
    if row is None:
        row = db.execute(
            "SELECT digest FROM link WHERE kind = ? AND record_id = ?", (kind, record_id)
        ).fetchone()
    return str(row[0])


def _cut_off(db: Connection, leaves: set[tuple[str, int, str]], own: str) -> Iterable[ChainFault]:
    (ledgers,) = db.execute("SELECT count(*) FROM ledger").fetchone()
    begun = any(source == own for source, _, _ in leaves)
    if set(db.execute("SELECT source, seq, hash FROM head")) != leaves or ledgers != 1 or not begun:
        yield ChainFault("", "", "最后的记录被整条抹去，或校验链的末尾被改动")
