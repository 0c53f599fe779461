"""A ledger in a database has the same records and digests as one in a file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sgtrack.checks.integrity import check_integrity
from sgtrack.ledger import chain
from sgtrack.ledger.append import add, amend, void
from sgtrack.ledger.figure_reads import read_figures
from sgtrack.ledger.roster_records import add_people
from sgtrack.merging.bundle import make_bundle
from sgtrack.merging.merge import merge
from sgtrack.model.entries import Activity, Origin, Person
from sgtrack.model.errors import Refused
from sgtrack.model.figures import FigureQuery
from sgtrack.model.location import Server
from sgtrack.recovery.backups import writing
from sgtrack.store import dialect
from sgtrack.store.opening import ledger_exists, open_ledger, reading
from sgtrack.store.schema_versions import newest_version
from sgtrack.store.sqlite import bring_up_to_date
from sgtrack.workspace import Workspace

from ..support.command_line import Run
from ..support.ledgers import Databases, contents, raw, read

ORIGIN = Origin(datetime.fromisoformat("2026-06-30T09:00:00+08:00"), "官\"员'\\", "sgtrack …")
HARD = (
    "quotes \" ' `, backslash \\ \\u0041, slash /, "
    "汉字 𠮷𡃁𫝆, emoji 👩‍👩‍👧‍👦🏳️‍🌈, wide ＂，"
    "combining e\u0301, \ufeff\uffff <&>"
)


def columns(db: object, name: str) -> list[str]:
    found = db.execute(f"SELECT * FROM {name} LIMIT 0").description  # type: ignore[attr-defined]
    return [column[0] for column in found if column[0] != "rowid"]


def test_tables_and_views_have_the_same_columns_in_the_same_order(
    server: Server, workspace: Workspace, run: Run, tmp_path: Path
) -> None:
    run("log", "5.1", "3人次", "-c", "sanli", "-d", "6-1")
    path = tmp_path / "ledger.db"
    bring_up_to_date(path)
    with raw(server) as ours, closing(sqlite3.connect(path)) as db:
        assert sorted(dialect.list_tables(ours)) == sorted(dialect.list_tables(db))
        named = db.execute("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')")
        for (name,) in named.fetchall():
            assert columns(ours, name) == columns(db, name), name
        constraints = {name for name, _ in dialect.read_schema(ours)}
        for table in dialect.list_tables(db):
            (sql,) = db.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
            wanted = {word for word in sql.split() if word[:3] in ("ck_", "fk_", "pk_")}
            assert wanted <= constraints, table
        (version,) = ours.execute("SELECT max(number) FROM migration").fetchone()
        assert version == newest_version()


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])))
@example(HARD)
@example("".join(chr(n) for n in range(1, 0x300)))
def test_a_text_becomes_the_same_json(server: Server, text: str) -> None:
    if not ledger_exists(server):
        server_made(server)
    with raw(server) as ours, closing(sqlite3.connect(":memory:")) as db:
        (there,) = ours.execute("SELECT json_text(?)", (text,)).fetchone()
        (here,) = db.execute("SELECT json_array(?)", (text,)).fetchone()
        assert f"[{there}]" == here
        (nothing,) = ours.execute("SELECT json_text(CAST(? AS text))", (None,)).fetchone()
        assert nothing == "null"


def server_made(place: Server) -> None:
    with open_ledger(place) as ledger, ledger.writing(dry_run=False):
        pass


def written(ledger: Path) -> None:
    """A ledger with difficult values, written without the checks of the command line."""
    with writing(ledger) as transaction:
        activity = Activity(
            *("sanli", "7.3.1", date(2026, 3, 12)),
            title=HARD,
            place="\\",
            note="·",
            amounts={"人次": Decimal(80), "学时": Decimal("2.5"), "场": Decimal(10**8)},
            participants=("甲", "乙", HARD, "A", "a", "中", "𠮷"),
            also=("7.4", "10.1", "2.1"),
        )
        entry = add(transaction, activity, ORIGIN)
        newer = amend(transaction, entry, activity, ORIGIN, HARD)
        void(transaction, newer, ORIGIN, HARD)
        add(transaction, activity, ORIGIN)
        person = Person("", "sanli", HARD, "社区工作者", date(2026, 1, 1))
        add_people(transaction, [person], ORIGIN)


def test_records_move_in_and_out_with_the_same_bodies(
    server: Server, workspace: Workspace, tmp_path: Path
) -> None:
    source = Workspace(tmp_path / "laptop")
    source.root.mkdir()
    written(source.ledger_file)
    merge(workspace, [source.root], ORIGIN)
    records = "SELECT kind, record_id, body FROM content WHERE kind NOT IN ('migration', 'merge')"
    with reading(source.ledger) as here, reading(server) as there:
        assert sorted(there.execute(records)) == sorted(here.execute(records))
        assert chain.verify_chain(there).faults == ()
    assert read(check_integrity, server, server, workspace.evidence).faults == ()
    assert read(read_figures, server, "sanli", FigureQuery()) == read(
        read_figures, source.ledger, "sanli", FigureQuery()
    )
    out = tmp_path / "out.zip"
    make_bundle(workspace, out, (), with_names=True, with_evidence=True, made_at="")
    third = Workspace(tmp_path / "third")
    third.root.mkdir()
    merge(third, [out], ORIGIN)
    with reading(third.ledger) as here, reading(server) as there:
        assert sorted(there.execute(records)) == sorted(here.execute(records))
    assert read(check_integrity, third.ledger, third.ledger, third.evidence).faults == ()
    before = contents(server)
    assert not merge(workspace, [source.root], ORIGIN).merged[0].new
    assert contents(server) == before


def test_a_newer_ledger_is_refused_and_untouched(server: Server, run: Run) -> None:
    run("log", "5.1", "3人次", "-c", "sanli", "-d", "6-1")
    with raw(server) as db:
        db.execute("INSERT INTO migration VALUES (9999, 'newer', 'f', '2026-01-01T00:00:00Z')")
    before = contents(server)
    for words in (("status",), ("log", "5.1", "3人次", "-c", "sanli", "-d", "6-2")):
        ran = run(*words)
        assert (ran.code, "更新版本" in ran.err) == (1, True)
    assert contents(server) == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE activity SET title = title",
        "DELETE FROM amount",
        "TRUNCATE link CASCADE",
        "INSERT INTO ledger VALUES ('01ZZZZZZZZZZZZZZZZZZZZZZZZ')",
        "INSERT INTO link SELECT source, seq, kind, record_id, salt, digest, digest FROM link",
    ],
)
def test_entries_are_only_ever_added(server: Server, run: Run, statement: str) -> None:
    run("log", "5.1", "3人次", "-c", "sanli", "-d", "6-1")
    before = contents(server)
    with raw(server) as db, pytest.raises(dialect.integrity_error(db)):
        db.execute(statement)
    assert contents(server) == before


def test_a_database_that_cannot_store_chinese_is_refused(databases: Databases) -> None:
    with raw(databases.server("postgres")) as db:
        db.script(
            "CREATE DATABASE bytes ENCODING 'SQL_ASCII' LOCALE 'C' LOCALE_PROVIDER libc "
            "TEMPLATE template0"
        )
    databases.made.append("bytes")
    with pytest.raises(Refused, match="SQL_ASCII"), writing(databases.server("bytes")):
        pass
    assert not ledger_exists(databases.server("bytes"))
