"""Adds records to the chain of hashes; ``ledger/chain.py`` verifies the chain.

The module is part of ``store`` because creating or upgrading a ledger also adds a record.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from sgtrack.model.entries import new_id
from sgtrack.model.errors import Refused
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


def append_records(db: Connection, kind: str, *record_ids: str) -> None:
    """Add records to the end of the chain.

    The caller must first insert all rows of the records, because the digests cover them.

    Raises:
        Refused: another program deleted or replaced the end of the chain.
    """
    source, newest, head, is_cut_off = db.execute(
        "SELECT id, coalesce(seq, 0), coalesce(hash, ''), EXISTS (SELECT 1 FROM link AS l "
        "WHERE l.source = ledger.id AND l.seq > coalesce(head.seq, 0)) FROM ledger "
        "LEFT JOIN head ON source = id ORDER BY seq DESC, hash DESC LIMIT 1"
    ).fetchone()
    if is_cut_off:
        raise Refused(
            "台账校验链的末尾（表 head）被别的程序改动过，不能再往后记",
            "先用 sgtrack verify 看改动在哪里，再用 sgtrack recover 重建末尾",
        )
    bodies = read_bodies(db, kind, record_ids)
    before, links = head, []
    for seq, record_id in enumerate(record_ids, start=newest + 1):
        salted = make_digest(bodies[record_id])
        link = hash_link(before, source, seq, kind, record_id, salted.digest)
        links.append((source, seq, kind, record_id, salted.salt, salted.digest, link))
        before = link
    change_together(
        db,
        [
            *insertions("link", links),
            ("DELETE FROM head WHERE source = ? AND hash = ?", (source, head)),
            *insertions("head", [(source, newest + len(links), before)]),
        ],
    )


def restore_heads(db: Connection) -> bool:
    """Insert the missing heads of chains from their newest links; return whether any was missing.

    A head is missing if its chain has links after the last one that is a head.
    """
    missing = db.execute(
        "SELECT source, seq, hash FROM link AS l WHERE NOT EXISTS (SELECT 1 FROM head AS h "
        "WHERE h.source = l.source AND h.seq >= l.seq) AND NOT EXISTS (SELECT 1 FROM link AS n "
        "WHERE n.source = l.source AND n.seq > l.seq)"
    ).fetchall()
    for source, seq, link in missing:
        # An older head of the chain is a link that other links follow, so it ends nothing.
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


def make_digest(body: str) -> SaltedDigest:
    """Compute the digest of a body with a new random salt."""
    salt = secrets.token_hex(16)
    return SaltedDigest(compute_digest(salt, body), salt)


def compute_digest(salt: str, body: str) -> str:
    """Return the SHA-256 digest of the salt followed by the body, in hexadecimal."""
    return sha256((salt + body).encode("utf-8", "surrogatepass")).hexdigest()


def hash_link(before: str, source: str, seq: int, kind: str, record_id: str, digest: str) -> str:
    """Return the SHA-256 hash of a link; ``before`` is the hash of the previous link."""
    parts = (before, source, str(seq), kind, record_id, digest)
    return sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
