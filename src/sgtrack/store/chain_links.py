"""Adds records to the chain of hashes; ``ledger/chain.py`` verifies the chain.

The module is part of ``store`` because creating or upgrading a ledger also adds a record.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256

from sgtrack.model.entries import new_id
from sgtrack.model.errors import Refused
from sgtrack.model.record_kinds import RECORD_KINDS
from sgtrack.store.connection import Connection, insertions, marks
from sgtrack.store.dialect import change_together


@dataclass(frozen=True, slots=True)
class SaltedDigest:
    """The SHA-256 digest of a record's body and the salt it was computed with, in hexadecimal.

    After the salt is erased, nobody can test a guess at the body against the digest.
    """

    digest: str
    salt: str

    def fits(self, body: str) -> bool:
        """Return whether the digest is that of ``body``."""
        return compute_digest(self.salt, body) == self.digest


Record = tuple[str, str]
"""The kind and the id of a record."""


@dataclass(frozen=True, slots=True)
class ChainEnd:
    """The end of the chain to which this ledger appends; every write of sgtrack moves it.

    Fields that need an explanation:
        source: the id of the ledger, which names the chain.
        seq, hash: the last link; 0 and empty if there is none.
        is_cut_off: whether another program deleted or replaced the end.
        newest_id: the greatest id of all records, or None.
    """

    source: str
    seq: int
    hash: str
    is_cut_off: bool
    newest_id: str | None


_END = (  # noqa: S608 - one index seek for each kind
    "SELECT id, coalesce(seq, 0), coalesce(hash, ''), EXISTS (SELECT 1 FROM link AS l "
    "WHERE l.source = ledger.id AND l.seq > coalesce(head.seq, 0)), "
    "(SELECT max(newest) FROM ({}) AS kinds) FROM ledger "
    "LEFT JOIN head ON source = id ORDER BY seq DESC, hash DESC LIMIT 1"
).format(
    " UNION ALL ".join(
        f"SELECT max(record_id) AS newest FROM link WHERE kind = '{kind}'"  # noqa: S608
        for kind in RECORD_KINDS
    )
)


def read_end(db: Connection) -> ChainEnd:
    """Read the end of the chain to which this ledger appends."""
    source, seq, link, is_cut_off, newest_id = db.execute(_END).fetchone()
    return ChainEnd(source, seq, link, bool(is_cut_off), newest_id)


def append_records(db: Connection, kind: str, *record_ids: str) -> None:
    """Add records of one kind to the end of the chain, as :func:`extend_chain` does."""
    extend_chain(db, read_end(db), [(kind, record_id) for record_id in record_ids])


def extend_chain(db: Connection, end: ChainEnd, records: Sequence[Record]) -> ChainEnd:
    """Add records after the end of the chain, and return the new end.

    The caller must first insert all rows of the records, because the digests cover them.

    Raises:
        Refused: another program deleted or replaced the end of the chain.
    """
    if end.is_cut_off:
        raise Refused(
            "台账校验链的末尾（表 head）被其他程序改动过，不能再往后记",
            "先用 sgtrack verify 看改动在哪里，再用 sgtrack recover 重建末尾",
        )
    bodies = _read_bodies(db, records)
    before, links = end.hash, []
    for seq, (kind, record_id) in enumerate(records, start=end.seq + 1):
        salted = make_digest(bodies[kind, record_id])
        link = hash_link(before, end.source, seq, kind, record_id, salted.digest)
        links.append((end.source, seq, kind, record_id, salted.salt, salted.digest, link))
        before = link
    seq = end.seq + len(links)
    change_together(
        db,
        [
            *insertions("link", links),
            ("DELETE FROM head WHERE source = ? AND hash = ?", (end.source, end.hash)),
            *insertions("head", [(end.source, seq, before)]),
        ],
    )
    ids = [record_id for kind, record_id in records if kind in RECORD_KINDS]
    newest_id = max([end.newest_id or "", *ids]) or None
    return replace(end, seq=seq, hash=before, newest_id=newest_id)


def restore_heads(db: Connection) -> bool:
    """Insert the missing heads of chains from their newest links; return whether any was missing.

    The head of a chain is missing if no stored head is at or after the newest link.
    """
    missing = db.execute(
        "SELECT source, seq, hash FROM link AS l WHERE NOT EXISTS (SELECT 1 FROM head AS h "
        "WHERE h.source = l.source AND h.seq >= l.seq) AND NOT EXISTS (SELECT 1 FROM link AS n "
        "WHERE n.source = l.source AND n.seq > l.seq)"
    ).fetchall()
    for source, seq, link in missing:
        # These older heads are not ends of the chain any more, because other links follow them.
        db.execute("DELETE FROM head WHERE source = ?", (source,))
        db.execute("INSERT INTO head VALUES (?, ?, ?)", (source, seq, link))
    return bool(missing)


def append_migration(db: Connection, number: int) -> None:
    """Add a migration to the chain; migration 1 starts the chain."""
    if number == 1:
        begin_chain(db)
    else:
        append_records(db, "migration", str(number))


def begin_chain(db: Connection) -> None:
    """Give a ledger its id, and add all its existing records to the chain, oldest first."""
    db.execute("INSERT INTO ledger VALUES (?)", (new_id(datetime.now(UTC), None),))
    records = db.execute(
        "SELECT kind, record_id FROM content ORDER BY kind <> 'migration', length(record_id), "
        "record_id"
    ).fetchall()
    for kind, record_id in records:
        append_records(db, kind, record_id)


def destroy_salts(db: Connection, kind: str, record_id: str) -> None:
    """Erase every salt of a record, so that nobody can test a guess at its old text."""
    for table in ("link", "forgotten", "abridgement"):
        db.execute(
            f"UPDATE {table} SET salt = '' WHERE kind = ? AND record_id = ?",  # noqa: S608
            (kind, record_id),
        )


def read_bodies(db: Connection, kind: str, record_ids: Sequence[str]) -> dict[str, str]:
    """Return the body of each record, by record id; a body is the record's fields as JSON."""
    return dict(
        db.execute(
            "SELECT record_id, body FROM content "  # noqa: S608
            f"WHERE kind = ? AND record_id IN ({marks(record_ids)})",
            (kind, *record_ids),
        )
    )


def _read_bodies(db: Connection, records: Sequence[Record]) -> dict[Record, str]:
    """Return the body of each record; all kinds are read with one statement."""
    ids: dict[str, list[str]] = {}
    for kind, record_id in records:
        ids.setdefault(kind, []).append(record_id)
    query = " UNION ALL ".join(
        f"SELECT kind, record_id, body FROM content WHERE kind = ? AND record_id IN ({marks(some)})"  # noqa: S608
        for some in ids.values()
    )
    values = [value for kind, some in ids.items() for value in (kind, *some)]
    return {(kind, record_id): body for kind, record_id, body in db.execute(query, values)}


def make_digest(body: str) -> SaltedDigest:
    """Compute the digest of a body with a new random salt."""
    salt = os.urandom(16).hex()
    return SaltedDigest(compute_digest(salt, body), salt)


def compute_digest(salt: str, body: str) -> str:
    """Return the SHA-256 digest of the salt followed by the body, in hexadecimal."""
    return sha256((salt + body).encode("utf-8", "surrogatepass")).hexdigest()


def hash_link(before: str, source: str, seq: int, kind: str, record_id: str, digest: str) -> str:
    """Return the SHA-256 hash of a link; ``before`` is the hash of the previous link."""
    parts = (before, source, str(seq), kind, record_id, digest)
    return sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
