"""The chain of hashes that shows whether the ledger was changed behind the program's back.

Only the standard library and the views of the schema are used, so that anybody can do the same with
a plain SQLite client (docs/history.md).
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from sgtrack.ledger.ids import new_id

KINDS = (
    "activity",
    "void",
    "person",
    "person_void",
    "evidence",
    "evidence_void",
    "issued_brief",
    "contract",
)
"""The kinds of records that have an id of the ledger's own."""
CODE_LENGTH = 16
"""How many characters of a head hash are printed; as many as a person can compare."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A place where the ledger is not what the program wrote; ``record_id`` is empty for a link."""

    kind: str
    record_id: str
    message: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of the whole chain found: faults in the order of entry, the first one first."""

    links: int
    head: str
    faults: tuple[Fault, ...]


def code(head: str) -> str:
    """A head hash as it is printed: its first characters in groups of four."""
    return "-".join(head[n : n + 4] for n in range(0, CODE_LENGTH, 4))


def head_of(db: sqlite3.Connection) -> str:
    """The hash of the newest link; empty in a ledger without any."""
    row = db.execute("SELECT hash FROM head JOIN ledger ON ledger.id = head.source").fetchone()
    return row[0] if row else ""


def link(db: sqlite3.Connection, kind: str, record_id: str) -> None:
    """Add a record, which has just been written whole, to the end of the chain."""
    (source,) = db.execute("SELECT id FROM ledger").fetchone()
    newest = db.execute("SELECT seq, hash FROM head WHERE source = ?", (source,)).fetchone()
    seq, before = (newest[0] + 1, newest[1]) if newest else (1, "")
    (body,) = db.execute(
        "SELECT body FROM content WHERE kind = ? AND record_id = ?", (kind, record_id)
    ).fetchone()
    salt = secrets.token_hex(16)
    digest = _digest(salt, body)
    found = _hash(before, source, seq, kind, record_id, digest)
    db.execute(
        "INSERT INTO link VALUES (?, ?, ?, ?, ?, ?, ?)",
        (source, seq, kind, record_id, salt, digest, found),
    )


def begin(db: sqlite3.Connection) -> None:
    """Give a ledger its id and chain what it has, in the order it was entered."""
    db.execute("INSERT INTO ledger VALUES (?)", (new_id(datetime.now(UTC), None),))
    known = db.execute(
        "SELECT kind, record_id FROM content ORDER BY kind <> 'migration', length(record_id), "
        "record_id"
    ).fetchall()
    for kind, record_id in known:
        link(db, kind, record_id)


def check(db: sqlite3.Connection) -> Checked:
    """Compute every hash anew and hold it against what is there.

    Four things are found: a record that differs from what was written, one that is gone, one that
    was never written by the program, and a chain that was itself edited or cut off.
    """
    faults: list[Fault] = []
    hashes: dict[str, tuple[int, str]] = {}
    count = 0
    for source, seq, kind, record_id, salt, digest, stored, body in db.execute(
        "SELECT l.source, l.seq, l.kind, l.record_id, l.salt, l.digest, l.hash, c.body "
        "FROM link AS l LEFT JOIN content AS c ON c.kind = l.kind AND c.record_id = l.record_id "
        "ORDER BY l.source, l.seq"
    ):
        count += 1
        last_seq, before = hashes.get(source, (0, ""))
        hashes[source] = (seq, stored)
        if seq != last_seq + 1:
            faults.append(Fault(kind, record_id, "这条之前有记录被整条抹去"))
        elif _hash(before, source, seq, kind, record_id, digest) != stored:
            faults.append(Fault(kind, record_id, "校验链在这条被改动"))
        if body is None:
            faults.append(Fault(kind, record_id, "记录被删除"))
        elif _digest(salt, body) != digest:
            faults.append(Fault(kind, record_id, "内容被改动"))
    faults += _cut_off(db, hashes)
    faults += [
        Fault(kind, record_id, "不是 sgtrack 写入的")
        for kind, record_id in db.execute(
            "SELECT c.kind, c.record_id FROM content AS c WHERE NOT EXISTS "
            "(SELECT 1 FROM link AS l WHERE l.kind = c.kind AND l.record_id = c.record_id)"
        )
    ]
    own = db.execute("SELECT id FROM ledger").fetchone()
    return Checked(count, hashes.get(own[0] if own else "", (0, ""))[1], tuple(faults))


def _cut_off(db: sqlite3.Connection, hashes: dict[str, tuple[int, str]]) -> Iterable[Fault]:
    heads = {source: (seq, found) for source, seq, found in db.execute("SELECT * FROM head")}
    ledgers = [row[0] for row in db.execute("SELECT id FROM ledger")]
    if heads != hashes or not set(ledgers) <= set(hashes) or len(ledgers) != 1:
        yield Fault("", "", "最后的记录被整条抹去，或校验链的末尾被改动")


def _digest(salt: str, body: str) -> str:
    return sha256((salt + body).encode("utf-8", "surrogatepass")).hexdigest()


def _hash(before: str, source: str, seq: int, kind: str, record_id: str, digest: str) -> str:
    parts = (before, source, str(seq), kind, record_id, digest)
    return sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
