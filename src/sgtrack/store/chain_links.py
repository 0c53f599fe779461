"""Appends records to the chain of hashes; ``ledger/chain.py`` verifies it.

It lies in ``store`` because making or migrating a ledger also appends a record to the chain.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from sgtrack.model.entries import new_id
from sgtrack.store.connection import Connection, insert_rows, marks


@dataclass(frozen=True, slots=True)
class SaltedDigest:
    """The salted digest that a record is verified against."""

    digest: str
    salt: str

    def fits(self, body: str) -> bool:
        """Whether this is the digest of a body."""
        return compute_digest(self.salt, body) == self.digest


def append_records(db: Connection, kind: str, *record_ids: str) -> None:
    """Add complete records, which have just been written, to the end of the chain."""
    source, newest, head = db.execute(
        "SELECT id, coalesce(seq, 0), coalesce(hash, '') FROM ledger "
        "LEFT JOIN head ON source = id ORDER BY seq DESC, hash DESC LIMIT 1"
    ).fetchone()
    bodies = read_bodies(db, kind, record_ids)
    before, links = head, []
    for seq, record_id in enumerate(record_ids, start=newest + 1):
        salted = make_digest(bodies[record_id])
        link = hash_link(before, source, seq, kind, record_id, salted.digest)
        links.append((source, seq, kind, record_id, salted.salt, salted.digest, link))
        before = link
    insert_rows(db, "link", links)
    db.execute("DELETE FROM head WHERE source = ? AND hash = ?", (source, head))
    db.execute("INSERT INTO head VALUES (?, ?, ?)", (source, newest + len(links), before))


def append_migration(db: Connection, number: int) -> None:
    """Add the row of a migration to the chain; the first one begins the chain."""
    if number == 1:
        begin_chain(db)
    else:
        append_records(db, "migration", str(number))


def begin_chain(db: Connection) -> None:
    """Give a ledger its id and chain its records in the order they were entered."""
    db.execute("INSERT INTO ledger VALUES (?)", (new_id(datetime.now(UTC), None),))
    records = db.execute(
        "SELECT kind, record_id FROM content ORDER BY kind <> 'migration', length(record_id), "
        "record_id"
    ).fetchall()
    for kind, record_id in records:
        append_records(db, kind, record_id)


def destroy_salts(db: Connection, kind: str, record_id: str) -> None:
    """Empty every salt of a record, so that nobody can test guesses against its old digests."""
    for table in ("link", "forgotten", "abridgement"):
        db.execute(
            f"UPDATE {table} SET salt = '' WHERE kind = ? AND record_id = ?",  # noqa: S608
            (kind, record_id),
        )


def read_bodies(db: Connection, kind: str, record_ids: Sequence[str]) -> dict[str, str]:
    """Read the bodies of records of a kind by id; digests are computed over them."""
    return dict(
        db.execute(
            "SELECT record_id, body FROM content "  # noqa: S608
            f"WHERE kind = ? AND record_id IN ({marks(record_ids)})",
            (kind, *record_ids),
        )
    )


def make_digest(body: str) -> SaltedDigest:
    """Compute a digest of a body with a new salt, so that nobody can test a guess at the body."""
    salt = secrets.token_hex(16)
    return SaltedDigest(compute_digest(salt, body), salt)


def compute_digest(salt: str, body: str) -> str:
    """Compute the digest of a body with a salt."""
    return sha256((salt + body).encode("utf-8", "surrogatepass")).hexdigest()


def hash_link(before: str, source: str, seq: int, kind: str, record_id: str, digest: str) -> str:
    """Compute the hash of a link over the hash before it, its own place and its digest."""
    parts = (before, source, str(seq), kind, record_id, digest)
    return sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
