"""Checks the invariants of a workspace, which must hold whatever happened to the program."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from sgtrack.ledger import chain
from sgtrack.recovery import backups
from sgtrack.store import sqlite_files

from ..support.fork_server import Result

ZIPPED = (".docx", ".xlsx", ".zip")


def faults(root: Path) -> Iterator[str]:
    """Yield the violated invariants of a workspace."""
    ledger = root / "ledger.db"
    kept = {path.name: sha256(path.read_bytes()) for path in (root / "evidence").glob("*/*")}
    yield from (f"evidence {n} is not whole" for n, sha in kept.items() if sha.hexdigest() != n)
    if ledger.exists() and ledger.stat().st_size:
        yield from _ledger_faults(ledger, set(kept))
    for one in backups.list_backups(ledger):
        if one.reason is not backups.Reason.DAMAGED and sqlite_files.find_fault(one.path):
            yield f"backup {one.name} is not sound"
    for path in root.rglob("*"):
        if path.suffix in ZIPPED and path.is_file() and not _whole(path):
            yield f"{path.name} is not whole"
        elif path.suffix in (".md", ".html") and path.is_file() and not path.stat().st_size:
            yield f"{path.name} is empty"


def _ledger_faults(ledger: Path, kept: set[str]) -> Iterator[str]:
    # An ordinary connection lets SQLite roll back what a killed command left.
    with closing(sqlite3.connect(ledger, timeout=60)) as db:
        found = db.execute("PRAGMA integrity_check").fetchone()
        if found != ("ok",):
            yield f"integrity_check: {found}"
        for row in db.execute("PRAGMA foreign_key_check"):
            yield f"foreign_key_check: {row}"
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if not version:
            return
        for fault in chain.verify_chain(db).faults:
            yield f"chain: {fault.kind} {fault.record_id} {fault.message}"
        for (digest,) in db.execute(
            "SELECT sha256 FROM evidence UNION SELECT sha256 FROM issued_file"
        ):
            if digest not in kept:
                yield f"a row has no file: {digest}"


def _whole(path: Path) -> bool:
    try:
        with ZipFile(path) as opened:
            return opened.testzip() is None
    except (BadZipFile, OSError):
        return False


def ask(root: Path, sql: str, *values: str) -> list[tuple[object, ...]]:
    """Run a query on the ledger; return no rows if there is no ledger."""
    ledger = root / "ledger.db"
    if not ledger.exists() or not ledger.stat().st_size:
        return []
    with closing(sqlite3.connect(ledger, timeout=60)) as db:
        return db.execute(sql, values).fetchall()


def count(root: Path, sql: str, *values: str) -> int:
    """Return the number that a query yields; 0 if there is no ledger or no table yet."""
    try:
        found = ask(root, sql, *values)
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return 0
        raise
    return int(str(found[0][0])) if found else 0


def tables(path: Path) -> dict[str, tuple[list[str], set[tuple[object, ...]]]]:
    """Return the columns and rows of every table of a ledger."""
    found = {}
    with closing(sqlite3.connect(path)) as db:
        names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        for (table,) in db.execute(names).fetchall():
            columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
            chosen = ", ".join(columns)
            found[table] = (columns, set(db.execute(f"SELECT {chosen} FROM {table}")))
    return found


def answer_faults(ran: Result) -> list[str]:
    """Return the faults of an answer; a refusal must be one plain message with a remedy."""
    if ran.code == 0:
        plain = not ran.err or ran.err.startswith("注意：")
    else:
        plain = ran.err.startswith(("错误：", "注意：")) and "改法：" in ran.err
        plain &= ran.err.count("错误：") <= 1
    wrong = ("程序出了错", "读写出错", "Traceback", "Exception ignored")
    return [] if plain and not any(words in ran.err for words in wrong) else [f"said: {ran.err}"]
