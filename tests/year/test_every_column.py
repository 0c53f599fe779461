"""For every column: what refuses a change, and what finds it where the guards were taken away.

The table in docs/history.md is the result of this test; ``SGTRACK_GOLDEN=write`` writes it anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import IntegrityError
from typing import Any

import psycopg
import pytest

import make_schema
from sgtrack.ledger import chain
from sgtrack.model.location import Location
from sgtrack.model.record_kinds import guarded_tables
from sgtrack.store import dialect
from sgtrack.workspace import Workspace

from ..support.column_values import OTHER_VALUES, WRONG_VALUES
from ..support.golden import check_section
from ..support.ledgers import ON_SERVER, Ledgers, copy_workspace, raw, unguarded

PAGE = Path(__file__).parents[2] / "docs" / "history.md"
ROW = "ctid" if ON_SERVER else "rowid"
"""The column that identifies a row in the database."""
REFUSALS = (IntegrityError, psycopg.DataError, psycopg.IntegrityError)
TABLES = sorted({*guarded_tables(), "head", "migration"})
FOUND_BY = {
    "内容被改动": "digest of the record",
    "记录被删除": "missing record of a link",
    "不是 sgtrack 写入的": "missing link of a record",
    "校验链在这条被改动": "hash of the link",
    "这条之前有记录被整条抹去": "gap in the chain",
    "最后的记录被整条抹去，或校验链的末尾被改动": "head of the chain",
    "隐去姓名的经过被改动": "order of the redactions",
    "隐去姓名的依据不是 sgtrack 写入的": "missing merge of a digest",
    "合并进来的记录被整条抹去": "missing link of a merge",
}
"""The part of the chain that each message of ``verify`` is about."""


def test_every_change_is_refused_or_found(
    handled: Workspace, tmp_path: Path, ledgers: Ledgers
) -> None:
    ledger = copy_workspace(handled, Workspace(tmp_path / "columns"), ledgers).ledger
    lines = [
        "| column | holds | a change is refused by | and found by |",
        "| --- | --- | --- | --- |",
    ]
    for table in TABLES:
        meanings = make_schema.column_meanings(table)
        with raw(ledger) as db:
            assert set(meanings) == set(dialect.list_columns(db, table)) - {"rowid"}
        for column, meaning in meanings.items():
            guards = [_guard_of(ledger, table, column), f"CHECK {meaning}"]
            with unguarded(ledger) as db:
                _refuse_wrong_values(db, table, column, meaning)
                found = _find_other_values(db, table, column, meaning)
            refused = " and ".join(filter(None, guards))
            lines.append(f"| {table}.{column} | {meaning} | {refused} | {', '.join(found)} |")
    check_section(PAGE, "columns", "\n".join(lines))


def _guard_of(ledger: Location, table: str, column: str) -> str:
    """What refuses any change of a column in a ledger with its guards; empty without one."""
    with raw(ledger) as db:
        try:
            db.execute(f"UPDATE {table} SET {column} = {column}")
        except dialect.integrity_error(db):
            return "trigger"
        return ""


@contextmanager
def _undone(db: Any) -> Iterator[None]:
    db.execute("BEGIN")
    try:
        yield
    finally:
        db.execute("ROLLBACK")


def _refuse_wrong_values(db: Any, table: str, column: str, meaning: str) -> None:
    for value in WRONG_VALUES[meaning]:
        with _undone(db), pytest.raises(REFUSALS):
            db.execute(f"UPDATE {table} SET {column} = ?", (value,))


def _find_other_values(db: Any, table: str, column: str, meaning: str) -> list[str]:
    """Change the first and the newest row to other values; return what finds the changes."""
    found: set[str] = set()
    for end in ("min", "max"):
        (row,) = db.execute(f"SELECT {end}({ROW}) FROM {table}").fetchone()
        (before,) = db.execute(f"SELECT {column} FROM {table} WHERE {ROW} = ?", (row,)).fetchone()
        for value in OTHER_VALUES[meaning]:
            if value == before:
                continue
            with _undone(db):
                try:
                    db.execute(f"UPDATE {table} SET {column} = ? WHERE {ROW} = ?", (value, row))
                except REFUSALS:  # such as a correction without a reason
                    continue
                faults = chain.verify_chain(db).faults
            assert faults, (table, column, before, value)
            found.add(FOUND_BY[faults[0].message])
    assert found, (table, column)
    return sorted(found)
