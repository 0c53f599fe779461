"""The checked-in schema equals the SQLModel tables and the registry of record kinds."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import make_schema
from sgtrack.ledger import rollups
from sgtrack.model.record_kinds import ALL_KINDS, HISTORY_TABLES
from sgtrack.store import dialect
from sgtrack.store.schema_versions import first_files, versions
from sgtrack.store.tables import Table

DERIVED = {*rollups.ALL, "head"}
"""Tables that are computed from the records and the chain."""


def test_the_files_are_what_the_tables_give() -> None:
    for path, text in make_schema.generated_files().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: make docs"


def test_every_table_belongs_to_a_kind_or_is_derived() -> None:
    parts = [part for kind in ALL_KINDS.values() for part in kind.tables]
    of_records = [part.table for part in parts]
    assert len(of_records) == len(set(of_records))
    known = {*of_records, *HISTORY_TABLES, *DERIVED}
    assert known == set(Table.metadata.tables)
    for part in parts:
        columns = set(Table.metadata.tables[part.table].columns.keys())
        assert {part.key, *part.words, *part.unhashed} <= columns


def test_sqlite_understands_it() -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        for step in versions("sqlite"):
            db.executescript(step.read_sql())
        assert set(dialect.list_tables(db)) == set(Table.metadata.tables)
        for (view,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'view'").fetchall():
            assert db.execute(f"SELECT * FROM {view}").fetchall() == []


def first_fingerprint(changed: Mapping[Path, str]) -> str:
    _, fingerprint = next(make_schema.fingerprints(changed))
    return fingerprint


def test_comments_and_layout_leave_the_fingerprint_alone() -> None:
    before = first_fingerprint({})
    for database in make_schema.DATABASES:
        tables, *_ = first_files(database)
        sql = tables.read_text(encoding="utf-8")
        laid_out_anew = "-- another comment\n" + sql.replace("    ", "\t")
        assert first_fingerprint({tables: laid_out_anew}) == before
        changed = sql.replace("BETWEEN 1 AND", "BETWEEN 0 AND")
        assert first_fingerprint({tables: changed}) != before
