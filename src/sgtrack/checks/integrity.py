"""Proves that the ledger and its files are what the program wrote."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sgtrack.errors import Refused
from sgtrack.evidence.store import Condition, condition
from sgtrack.ledger import chain, rollups
from sgtrack.ledger.database import expected_schema, reading
from sgtrack.ledger.ids import short


@dataclass(frozen=True, slots=True)
class IntegrityFault:
    """Something that is not as it was written; ``label`` names it for a person."""

    kind: str
    record_id: str
    label: str
    message: str


@dataclass(frozen=True, slots=True)
class Integrity:
    """What a check found: how many records and files there are, the head hash and the faults."""

    links: int
    files: int
    head: str
    faults: tuple[IntegrityFault, ...]
    elsewhere: int = 0
    """Files of merged ledgers that are not here but where they were added."""

    @property
    def code(self) -> str:
        """The head hash as briefs print it."""
        return chain.code(self.head) if self.head else ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the history a printed code belongs."""

    code: str
    seq: int
    at: datetime | None


def integrity(ledger: Path, store: Path) -> Integrity:
    """Check the chain, the schema, the references between tables and every kept file."""
    if not ledger.exists():
        return Integrity(0, 0, "", ())
    with reading(ledger) as db:
        checked = chain.check(db)
        faults = [
            IntegrityFault(
                one.kind, one.record_id, _label(db, one.kind, one.record_id), one.message
            )
            for one in checked.faults
        ]
        faults += _schema(db)
        faults += _references(db)
        faults += _heads(db)
        faults += [
            IntegrityFault("", "", f"{community} {month}", "月度累计和记录对不上")
            for community, month in rollups.differences(db)
        ]
        files = _kept_files(db)
        elsewhere = _brought(db)
        away = 0
        for digest, (kind, record_id, name) in files.items():
            state = condition(store, digest)
            if state is Condition.MISSING and digest in elsewhere:
                away += 1
            elif state is not Condition.INTACT:
                said = "文件不见了" if state is Condition.MISSING else "文件内容被改动"
                label = f"{_label(db, kind, record_id)} {name}".strip()
                faults.append(IntegrityFault(kind, record_id, label, said))
    return Integrity(checked.links, len(files) - away, checked.head, tuple(faults), away)


def read_brought(ledger: Path) -> set[str]:
    """The SHA-256 of files that only merged ledgers refer to; they may be where they were."""
    with reading(ledger) as db:
        return _brought(db)


def find_code(ledger: Path, typed: str) -> Place:
    """The place of a printed code in the history.

    Raises:
        Refused: the history has no such place, so it is not the one the code was printed from.
    """
    wanted = re.sub(r"[^0-9a-f]", "", typed.lower())
    row = None
    with reading(ledger) as db:
        if len(wanted) >= chain.CODE_LENGTH:
            row = db.execute(
                "SELECT l.hash, l.seq, coalesce(c.body, '') FROM link AS l LEFT JOIN content AS c "
                "ON c.kind = l.kind AND c.record_id = l.record_id WHERE l.hash LIKE ?",
                (f"{wanted}%",),
            ).fetchone()
    if row is None:
        raise Refused(
            f"台账里没有校验码“{typed}”",
            "对照简报检查是否抄错；没有抄错，就说明台账不是当时的那一份，或被改过",
        )
    found, seq, body = row
    moment = re.search(r'"(\d{4}-\d\d-\d\dT[^"]+)"', body)
    at = datetime.fromisoformat(moment[1]) if moment else None
    return Place(chain.code(found), seq, at)


def _label(db: sqlite3.Connection, kind: str, record_id: str) -> str:
    """How a person knows a record: what it is about, and its short id."""
    queries = {
        "activity": "SELECT day || ' ' || item || ' ' || title FROM activity WHERE id = ?",
        "evidence": "SELECT kind || ' ' || name FROM evidence WHERE id = ?",
        "issued_brief": "SELECT community || ' ' || month FROM issued_brief WHERE id = ?",
    }
    if not record_id:
        return ""
    shown = short(record_id) if len(record_id) > 6 else record_id
    row = db.execute(queries[kind], (record_id,)).fetchone() if kind in queries else None
    return f"{shown}（{row[0].strip()}）" if row and row[0] else shown


def _schema(db: sqlite3.Connection) -> Iterator[IntegrityFault]:
    """Tables, views and triggers that are not those of the migrations; a trigger guards a table."""
    found = {
        (name, sql)
        for name, sql in db.execute(
            "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
        )
    }
    differing = sorted({name for name, _ in found ^ expected_schema()})
    if differing:
        named = "、".join(differing[:5])
        yield IntegrityFault("", "", "", f"台账的结构或保护被改动：{named}")


def _references(db: sqlite3.Connection) -> Iterator[IntegrityFault]:
    for table, rowid, *_ in db.execute("PRAGMA foreign_key_check"):
        yield IntegrityFault("", "", "", f"表 {table} 第 {rowid} 行指向不存在的记录")


def _heads(db: sqlite3.Connection) -> Iterator[IntegrityFault]:
    """The head that an issued brief printed must be in the chain."""
    for record_id, community, month in db.execute(
        "SELECT id, community, month FROM issued_brief AS b WHERE head <> '' "
        "AND NOT EXISTS (SELECT 1 FROM link WHERE hash = b.head)"
    ):
        said = "简报上的校验码在台账里找不到"
        label = f"{short(record_id)}（{community} {month}）"
        yield IntegrityFault("issued_brief", record_id, label, said)


def _brought(db: sqlite3.Connection) -> set[str]:
    """The content that only records of merged ledgers refer to."""
    rows = db.execute(
        "SELECT f.sha256, l.source = (SELECT id FROM ledger) FROM ("
        "SELECT sha256, 'evidence' AS kind, id AS record_id FROM evidence UNION ALL "
        "SELECT sha256, 'issued_brief', brief_id FROM issued_file) AS f "
        "JOIN link AS l ON l.kind = f.kind AND l.record_id = f.record_id"
    ).fetchall()
    return {digest for digest, own in rows if not own} - {digest for digest, own in rows if own}


def _kept_files(db: sqlite3.Connection) -> dict[str, tuple[str, str, str]]:
    """Every content the ledger refers to, with the first record that does."""
    found: dict[str, tuple[str, str, str]] = {}
    for digest, kind, record_id, name in db.execute(
        "SELECT sha256, 'evidence', id, '' FROM evidence UNION ALL "
        "SELECT sha256, 'issued_brief', brief_id, format FROM issued_file ORDER BY 3"
    ):
        found.setdefault(digest, (kind, record_id, name))
    return found
