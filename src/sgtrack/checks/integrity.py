"""Proves that the ledger and its files are what the program wrote."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sgtrack.evidence.evidence_store import CONDITION_ON_SCREEN, Condition, condition
from sgtrack.ledger import chain, rollups
from sgtrack.model.entries import short_id
from sgtrack.model.errors import Refused
from sgtrack.model.issued import CODE_LENGTH, head_code
from sgtrack.model.location import Location, Server
from sgtrack.model.record_kinds import RECORD_KINDS
from sgtrack.store import dialect
from sgtrack.store.connection import Connection
from sgtrack.store.opening import expected_schema_of, ledger_exists, reading

STRUCTURE = "structure"
"""The kind of fault that leaves nothing else to be checked."""
_HASH_LENGTH = 64

_LABELS = {
    "activity": "SELECT day || ' ' || item || ' ' || title FROM activity WHERE id = ?",
    "void": (
        "SELECT day || ' ' || item || ' ' || title FROM void JOIN activity "
        "ON activity.id = activity_id WHERE void.id = ?"
    ),
    "evidence": "SELECT kind || ' ' || name FROM evidence WHERE id = ?",
    "evidence_void": (
        "SELECT kind || ' ' || name FROM evidence_void JOIN evidence "
        "ON evidence.id = evidence_id WHERE evidence_void.id = ?"
    ),
    "issued_brief": "SELECT community || ' ' || month FROM issued_brief WHERE id = ?",
}
"""What a record is about; a person's name is not told."""


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
        return head_code(self.head) if self.head else ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the history a printed code belongs."""

    code: str
    seq: int
    at: datetime | None


def integrity(ledger: Location, store: Path) -> Integrity:
    """As :func:`check_integrity`, over a connection of its own."""
    with reading(ledger) as db:
        return check_integrity(db, ledger, store)


def check_integrity(db: Connection, ledger: Location, store: Path) -> Integrity:
    """Check the chain, the schema, the references between tables and every kept file.

    Args:
        db: an open connection to the ledger.
        ledger: where the ledger lies.
        store: the folder of kept files.
    """
    if not ledger_exists(ledger):
        return Integrity(0, 0, "", tuple(_orphaned(ledger, store)))
    # What another program wrote need not be UTF-8; it is to be named like any other change.
    dialect.accept_any_text(db)
    faults = list(_schema(db, ledger))
    if any(fault.kind == STRUCTURE for fault in faults):
        return Integrity(0, 0, "", tuple(faults))
    checked = chain.verify_chain(db)
    chained = [
        IntegrityFault(one.kind, one.record_id, _label(db, one.kind, one.record_id), one.message)
        for one in checked.faults
    ]
    faults = [*chained, *faults, *_references(db), *_heads(db)]
    faults += [*_rollups(db), *_pages(db)]
    files = _kept_files(db)
    elsewhere = foreign_files(db)
    away = 0
    for digest, (kind, record_id, name) in files.items():
        state = condition(store, digest)
        if state is Condition.MISSING and digest in elsewhere:
            away += 1
        elif state is not Condition.INTACT:
            label = f"{_label(db, kind, record_id)} {name}".strip()
            faults.append(IntegrityFault(kind, record_id, label, CONDITION_ON_SCREEN[state]))
    return Integrity(checked.links, len(files) - away, checked.head, tuple(faults), away)


def find_code(db: Connection, typed: str) -> Place:
    """The place of a printed code in the history.

    Raises:
        Refused: the history has no such place, so it is not the one the code was printed from.
    """
    wanted = re.sub(r"[^0-9a-f]", "", typed.lower())
    row = None
    if CODE_LENGTH <= len(wanted) <= _HASH_LENGTH:
        row = db.execute(
            "SELECT hash, seq, kind, record_id FROM link WHERE hash LIKE ?", (f"{wanted}%",)
        ).fetchone()
    if row is None:
        raise Refused(
            f"台账里没有校验码“{typed}”",
            "对照简报检查是否抄错；没有抄错，就说明台账不是当时的那一份，或被改过",
        )
    found, seq, kind, record_id = row
    return Place(head_code(found), seq, _recorded_at(db, kind, record_id))


def _recorded_at(db: Connection, kind: str, record_id: str) -> datetime | None:
    """When a record was entered; None for what has no such moment, or no longer has it."""
    if kind not in RECORD_KINDS:
        return None
    row = db.execute(
        f"SELECT recorded_at FROM {kind} WHERE id = ?",  # noqa: S608 - one of our own tables
        (record_id,),
    ).fetchone()
    try:
        return datetime.fromisoformat(row[0]) if row else None
    except ValueError:
        return None


def _label(db: Connection, kind: str, record_id: str) -> str:
    """How a person knows a record: what it is about, and its short id."""
    if not record_id:
        return ""
    shown = short_id(record_id) if len(record_id) > 6 else record_id
    query = _LABELS.get(kind)
    row = db.execute(query, (record_id,)).fetchone() if query else None
    if not row or not row[0]:
        return shown
    words = row[0].encode("utf-8", "replace").decode("utf-8").strip()
    return f"{shown}（{words}）"


def _schema(db: Connection, ledger: Location) -> Iterator[IntegrityFault]:
    """Tables, views and triggers that are not those of the schema; a trigger guards a table.

    Where tables or views are missing or differ, nothing else can be checked.
    """
    found, expected = dialect.read_schema(db), expected_schema_of(ledger)
    differing = sorted({name for name, _ in found ^ expected})
    if not differing:
        return
    named = "、".join(differing[:5])
    if isinstance(ledger, Server):
        remedy = "请管理员从 pg_dump 的备份恢复"
    else:
        remedy = "用 sgtrack recover 重建"
    gone = [sql for _, sql in expected - found if sql.startswith(("CREATE TABLE", "CREATE VIEW"))]
    if gone:
        yield IntegrityFault(
            STRUCTURE, "", "", f"台账的结构被改动，内容没法再查，{remedy}：{named}"
        )
    else:
        yield IntegrityFault("", "", "", f"台账的结构或保护被改动，{remedy}：{named}")


def _references(db: Connection) -> Iterator[IntegrityFault]:
    """Rows that belong to a record that is gone, counted by table."""
    lost = Counter(dialect.find_dangling_rows(db))
    for table, rows in lost.items():
        if table in rollups.ALL:  # compared with the entries by itself
            continue
        yield IntegrityFault("", "", "", f"表 {table} 里有 {rows} 行，它们所属的记录不在了")


def _orphaned(ledger: Location, store: Path) -> Iterator[IntegrityFault]:
    """Kept files without a ledger: the ledger was there when they were kept."""
    kept = sum(1 for path in store.glob("*/*") if path.is_file())
    if kept:
        what = (
            "数据库里没有台账" if isinstance(ledger, Server) else f"台账文件 {ledger.name} 不见了"
        )
        said = f"{what}，佐证材料还有 {kept} 个，用备份恢复"
        yield IntegrityFault("", "", "", said)


def _heads(db: Connection) -> Iterator[IntegrityFault]:
    """The head that an issued brief printed must be in the chain."""
    for record_id, community, month in db.execute(
        "SELECT id, community, month FROM issued_brief AS b WHERE head <> '' "
        "AND NOT EXISTS (SELECT 1 FROM link WHERE hash = b.head)"
    ):
        said = "简报上的校验码在台账里找不到"
        label = f"{short_id(record_id)}（{community} {month}）"
        yield IntegrityFault("issued_brief", record_id, label, said)


def _rollups(db: Connection) -> Iterator[IntegrityFault]:
    """Months of which what is kept for quick reading is not what their entries say."""
    for community, month in rollups.find_differences(db):
        where = f"{community} {month} " if month else ""  # in the words, so that JSON has it, too
        said = f"{where}累计和记录对不上，用 sgtrack recover 照记录重算"
        yield IntegrityFault("", "", "", said)


def _pages(db: Connection) -> Iterator[IntegrityFault]:
    """Damage to the file; also to what nothing above has read, such as an index."""
    if dialect.is_sqlite(db) and db.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
        yield IntegrityFault("", "", "", "台账文件有损坏的地方，用 sgtrack recover 抢救")


def foreign_files(db: Connection) -> set[str]:
    """The SHA-256 of files that only merged ledgers refer to; another laptop may hold them."""
    rows = db.execute(
        "SELECT f.sha256, l.source = (SELECT id FROM ledger) FROM ("
        "SELECT sha256, 'evidence' AS kind, id AS record_id FROM evidence UNION ALL "
        "SELECT sha256, 'issued_brief', brief_id FROM issued_file) AS f "
        "JOIN link AS l ON l.kind = f.kind AND l.record_id = f.record_id"
    ).fetchall()
    return {digest for digest, own in rows if not own} - {digest for digest, own in rows if own}


def _kept_files(db: Connection) -> dict[str, tuple[str, str, str]]:
    """Every content the ledger refers to, with the first record that does."""
    found: dict[str, tuple[str, str, str]] = {}
    for digest, kind, record_id, name in db.execute(
        "SELECT sha256, 'evidence', id, '' FROM evidence UNION ALL "
        "SELECT sha256, 'issued_brief', brief_id, format FROM issued_file ORDER BY 3"
    ):
        # Anything else was written by another program, and its record is named for that.
        if isinstance(digest, str) and re.fullmatch("[0-9a-f]{64}", digest):
            found.setdefault(digest, (kind, record_id, name))
    return found
