"""Verifies that no other program altered the ledger or the evidence files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sgtrack.evidence.evidence_store import (
    CONDITION_ON_SCREEN,
    Condition,
    check_condition,
    list_settled_files,
)
from sgtrack.ledger import chain, rollups
from sgtrack.model.entries import short_id
from sgtrack.model.errors import Refused
from sgtrack.model.issued import CODE_LENGTH, head_code
from sgtrack.model.location import Location, Server
from sgtrack.model.record_kinds import RECORD_KINDS
from sgtrack.store import dialect, sqlite_files
from sgtrack.store.added_objects import Schema, find_added_objects
from sgtrack.store.connection import Connection
from sgtrack.store.opening import ledger_at, ledger_exists

STRUCTURE = "structure"
"""Fault kind for missing or altered tables and views, which prevent all further checks."""
_HASH_LENGTH = 64

_SUMMARY_QUERIES = {
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
    "brief_withdrawal": (
        "SELECT community || ' ' || month FROM brief_withdrawal AS w JOIN issued_brief AS b "
        "ON b.id = brief_id WHERE w.id = ?"
    ),
}
"""SQL queries by kind of record; each returns a short description of the record with an id."""


@dataclass(frozen=True, slots=True)
class IntegrityFault:
    """An alteration of the ledger or its files; ``label`` describes the record on screen."""

    kind: str
    record_id: str
    label: str
    message: str


@dataclass(frozen=True, slots=True)
class Integrity:
    """The result of a check.

    ``links`` is the number of records in the hash chain. ``files`` is the number of checked files,
    without the files counted by ``elsewhere``. ``head`` is the hash of the last record of the
    chain.
    """

    links: int
    files: int
    head: str
    faults: tuple[IntegrityFault, ...]
    elsewhere: int = 0
    """Number of missing files to which only records of merged ledgers refer."""
    remarks: tuple[str, ...] = ()
    """Messages about what is unusual but shows no alteration."""

    @property
    def code(self) -> str:
        """The shortened head hash that briefs print, or an empty text without a chain."""
        return head_code(self.head) if self.head else ""


@dataclass(frozen=True, slots=True)
class ChainPlace:
    """The position of a printed code in the hash chain, and the time of its record."""

    code: str
    seq: int
    at: datetime | None


def check_integrity(db: Connection, ledger: Location, store: Path) -> Integrity:
    """Check the schema, the hash chain, all tables, and the referenced files in ``store``.

    If tables or views are missing or altered, only the schema is checked. Without a ledger, files
    in ``store`` are reported.
    """
    if not ledger_exists(ledger):
        return Integrity(0, 0, "", tuple(_check_files_without_ledger(store)))
    # Another program may have written texts that are not UTF-8; ``verify_chain`` reports them.
    dialect.accept_any_text(db)
    expected = ledger_at(ledger).expected_schema()
    added = find_added_objects(db, expected)
    remarks = tuple(_remark_on(added))
    faults = list(_check_schema(dialect.read_schema(db) - added, expected, ledger))
    if any(fault.kind == STRUCTURE for fault in faults):
        return Integrity(0, 0, "", tuple(faults), remarks=remarks)
    report = chain.verify_chain(db)
    chain_faults = [
        IntegrityFault(
            fault.kind, fault.record_id, _label(db, fault.kind, fault.record_id), fault.message
        )
        for fault in report.faults
    ]
    faults = [*chain_faults, *faults, *_check_references(db), *_check_heads(db)]
    faults += [*_check_rollups(db), *_check_pages(db), *_check_journal(ledger)]
    files = _read_files(db)
    faults += _check_unrecorded_files(store, set(files))
    foreign_files = find_foreign_files(db)
    elsewhere = 0
    for digest, (kind, record_id, name) in files.items():
        state = check_condition(store, digest)
        if state is Condition.MISSING and digest in foreign_files:
            elsewhere += 1
        elif state is not Condition.INTACT:
            label = f"{_label(db, kind, record_id)} {name}".strip()
            faults.append(IntegrityFault(kind, record_id, label, CONDITION_ON_SCREEN[state]))
    checked = len(files) - elsewhere
    return Integrity(report.links, checked, report.head, tuple(faults), elsewhere, remarks)


def find_code(db: Connection, typed: str) -> ChainPlace:
    """Return the position of a printed code in the hash chain.

    Raises:
        Refused: the chain does not contain the code. It is mistyped, the ledger was altered, or the
            code belongs to another ledger.
    """
    prefix = re.sub(r"[^0-9a-f]", "", typed.lower())
    row = None
    if CODE_LENGTH <= len(prefix) <= _HASH_LENGTH:
        row = db.execute(
            "SELECT hash, seq, kind, record_id FROM link WHERE hash LIKE ?", (f"{prefix}%",)
        ).fetchone()
    if row is None:
        raise Refused(
            f"台账里没有校验码“{typed}”",
            "对照简报检查是否抄错；没有抄错，就说明台账不是当时的那一份，或被改过",
        )
    link_hash, seq, kind, record_id = row
    return ChainPlace(head_code(link_hash), seq, _recorded_at(db, kind, record_id))


def _recorded_at(db: Connection, kind: str, record_id: str) -> datetime | None:
    """Return the time at which a record was entered, or None if it is missing or malformed."""
    if kind not in RECORD_KINDS:
        return None
    row = db.execute(
        f"SELECT recorded_at FROM {kind} WHERE id = ?",  # noqa: S608 - a name from RECORD_KINDS
        (record_id,),
    ).fetchone()
    try:
        return datetime.fromisoformat(row[0]) if row else None
    except ValueError:
        return None


def _label(db: Connection, kind: str, record_id: str) -> str:
    """Return the short id of a record, with a short description if ``_SUMMARY_QUERIES`` has one."""
    if not record_id:
        return ""
    shown = short_id(record_id) if len(record_id) > 6 else record_id
    query = _SUMMARY_QUERIES.get(kind)
    # A damaged id can contain bytes that are not valid UTF-8, which no statement accepts.
    sound_id = record_id.encode("utf-8", "replace").decode("utf-8")
    row = db.execute(query, (sound_id,)).fetchone() if query else None
    if not row or not row[0]:
        return shown
    words = row[0].encode("utf-8", "replace").decode("utf-8").strip()
    return f"{shown}（{words}）"


def _remark_on(added: Schema) -> Iterator[str]:
    """Yield a remark that names the views and indexes that a user added, if there are any."""
    if added:
        named = "、".join(sorted(name for name, _ in added))
        yield f"台账里有自己加的视图或索引，不影响内容：{named}"


def _check_schema(stored: Schema, expected: Schema, ledger: Location) -> Iterator[IntegrityFault]:
    """Report tables, views and triggers that differ from the schema.

    A table or view that is missing or differs is a fault of kind ``STRUCTURE``.
    """
    differing = sorted({name for name, _ in stored ^ expected})
    if not differing:
        return
    named = "、".join(differing[:5])
    is_server = isinstance(ledger, Server)
    remedy = "请管理员从 pg_dump 的备份恢复" if is_server else "用 sgtrack recover 重建"
    if any(sql.startswith(("CREATE TABLE", "CREATE VIEW")) for _, sql in expected - stored):
        yield _fault(f"台账的结构被改动，内容没法再查，{remedy}：{named}", STRUCTURE)
    else:
        yield _fault(f"台账的结构或保护被改动，{remedy}：{named}")


def _fault(message: str, kind: str = "") -> IntegrityFault:
    """Return a fault that belongs to no single record."""
    return IntegrityFault(kind, "", "", message)


def _check_references(db: Connection) -> Iterator[IntegrityFault]:
    """Report, by table, the number of rows that refer to a missing record."""
    for table, rows in Counter(dialect.find_dangling_rows(db)).items():
        if table not in rollups.ALL:  # ``_check_rollups`` checks the tables of roll-ups.
            yield _fault(f"表 {table} 里有 {rows} 行，它们所属的记录不在了")


def _check_files_without_ledger(store: Path) -> Iterator[IntegrityFault]:
    """Report evidence files if the database has no ledger, because the ledger was probably lost.

    A lost SQLite file needs no such check: opening it fails while its evidence exists.
    """
    files = sum(1 for path in store.glob("*/*") if path.is_file())
    if files:
        yield _fault(f"数据库里没有台账，佐证材料还有 {files} 个，用备份恢复")


def _check_unrecorded_files(store: Path, recorded: set[str]) -> Iterator[IntegrityFault]:
    """Report files in the evidence store that no record refers to.

    The files of a killed command are not reported; they can be recognized because they are still
    writable.
    """
    unknown = list_settled_files(store) - recorded
    if unknown:
        yield _fault(
            f"佐证材料库里有 {len(unknown)} 个文件没有记录，台账可能换成了旧的一份；"
            "找回新的台账，或把这些活动重新记一遍"
        )


def _check_journal(ledger: Location) -> Iterator[IntegrityFault]:
    """Report a SQLite file that another program switched to WAL."""
    if isinstance(ledger, Path) and sqlite_files.uses_wal(ledger):
        yield _fault(
            "台账被其他程序改成了 WAL 方式，放在 U 盘、网盘上会丢记录；关掉那个程序，"
            "下一次写入时改回来"
        )


def _check_heads(db: Connection) -> Iterator[IntegrityFault]:
    """Report issued briefs whose printed head hash is not in the chain."""
    for record_id, community, month in db.execute(
        "SELECT id, community, month FROM issued_brief AS b WHERE head <> '' "
        "AND NOT EXISTS (SELECT 1 FROM link WHERE hash = b.head)"
    ):
        label = f"{short_id(record_id)}（{community} {month}）"
        message = "简报上的校验码在台账里找不到"
        yield IntegrityFault("issued_brief", record_id, label, message)


def _check_rollups(db: Connection) -> Iterator[IntegrityFault]:
    """Report months whose roll-ups differ from the entries."""
    for community, month in rollups.find_differences(db):
        # The JSON output has no separate field for the month.
        where = f"{community} {month} " if month else ""
        yield _fault(f"{where}累计和记录对不上，用 sgtrack recover 照记录重算")


def _check_pages(db: Connection) -> Iterator[IntegrityFault]:
    """Check all pages of a SQLite file, including indexes, which the other checks do not read."""
    if dialect.is_sqlite(db) and db.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
        yield _fault("台账文件有损坏的地方，用 sgtrack recover 抢救")


def find_foreign_files(db: Connection) -> set[str]:
    """Return the SHA-256 of files that only records of merged ledgers refer to."""
    rows = db.execute(
        "SELECT f.sha256, l.source = (SELECT id FROM ledger) FROM ("
        "SELECT sha256, 'evidence' AS kind, id AS record_id FROM evidence UNION ALL "
        "SELECT sha256, 'issued_brief', brief_id FROM issued_file) AS f "
        "JOIN link AS l ON l.kind = f.kind AND l.record_id = f.record_id"
    ).fetchall()
    return {digest for digest, own in rows if not own} - {digest for digest, own in rows if own}


def _read_files(db: Connection) -> dict[str, tuple[str, str, str]]:
    """Map the SHA-256 of each file to the first record that refers to it (kind, id, format)."""
    files: dict[str, tuple[str, str, str]] = {}
    for digest, *record in db.execute(
        "SELECT sha256, 'evidence', id, '' FROM evidence UNION ALL "
        "SELECT sha256, 'issued_brief', brief_id, format FROM issued_file ORDER BY 3"
    ):
        # Only another program can have written other values; ``verify_chain`` reports them.
        if isinstance(digest, str) and re.fullmatch("[0-9a-f]{64}", digest):
            files.setdefault(digest, tuple(record))
    return files
