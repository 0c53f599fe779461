"""``verify`` finds and names whatever another program changed."""

from __future__ import annotations

import shutil
import sqlite3
from hashlib import sha256
from pathlib import Path

import pytest

from sgtrack.ledger import rollups
from sgtrack.model.entries import short_id
from sgtrack.store import dialect
from sgtrack.store.sqlite import expected_schema
from sgtrack.workspace import Workspace

from ..support.files import remove
from ..support.ledgers import ON_SERVER, Ledgers, copy_workspace, raw, unguarded
from .conftest import Year

ROW = "ctid" if ON_SERVER else "rowid"
"""The column that identifies a row in the database."""
REPLACE = "INSERT" if ON_SERVER else "INSERT OR REPLACE"
ROLLUPS = set(rollups.ALL)
"""Computed from the entries and so not guarded; tests/ledger/test_rollups.py watches them."""
TABLES = sorted(
    name
    for name, sql in expected_schema()
    if sql.upper().startswith("CREATE TABLE") and name not in ROLLUPS
)


@pytest.fixture
def full(handled: Workspace, tmp_path: Path, ledgers: Ledgers) -> Year:
    """A copy of the year with something in every table, which a test may change."""
    return Year(copy_workspace(handled, Workspace(tmp_path / "full"), ledgers))


def test_the_year_is_intact(year: Year) -> None:
    ran = year.run("verify")
    assert (ran.code, ran.out.startswith("台账完好")) == (0, True)
    assert year.run("evidence", "verify").code == 0


def test_one_byte_of_an_evidence_file_is_found(year: Year) -> None:
    entry = year.json("list", "殡葬", "-c", "sanli")[0]
    changed = entry["evidence"][0]
    path = stored(year, changed["sha256"])
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(bytes(content))
    for words in (("verify",), ("evidence", "verify"), ("check", "-c", "sanli")):
        ran = year.run(*words)
        assert ran.code == 1, words
        assert changed["name"] in ran.out, words
        assert "内容被改动" in ran.out, words


def test_a_lost_evidence_file_is_found(year: Year) -> None:
    entry = year.json("list", "殡葬", "-c", "sanli")[0]
    remove(stored(year, entry["evidence"][1]["sha256"]))
    ran = year.run("verify")
    assert ran.code == 1
    assert f"{entry['evidence'][1]['name']}" in ran.out
    assert "文件缺失" in ran.out


@pytest.mark.parametrize("table", sorted({*TABLES} - {"migration", "head"}))
def test_the_database_refuses_to_change_or_remove(full: Year, table: str) -> None:
    with raw(full.workspace.ledger) as db:
        columns = [one for one in dialect.list_columns(db, table) if one != "rowid"]
        listed = ", ".join(columns)
        before = db.execute(f"SELECT * FROM {table}").fetchall()
        assert before
        for statement in (
            f"UPDATE {table} SET {columns[-1]} = {columns[-1]}",
            f"DELETE FROM {table}",
            f"{REPLACE} INTO {table} ({listed}) SELECT {listed} FROM {table}",
        ):
            with pytest.raises(dialect.integrity_error(db)):
                db.execute(statement)
        assert db.execute(f"SELECT * FROM {table}").fetchall() == before


@pytest.mark.parametrize("table", TABLES)
def test_one_removed_row_is_found_whatever_the_table(full: Year, table: str) -> None:
    with unguarded(full.workspace.ledger) as db:
        db.execute(f"DELETE FROM {table} WHERE {ROW} = (SELECT max({ROW}) FROM {table})")
    assert full.run("verify").code == 1


def test_the_first_altered_entry_is_named_first(year: Year) -> None:
    entries = year.json("list", "-c", "sanli")
    early, late = entries[3], entries[40]
    with unguarded(year.workspace.ledger) as db:
        for entry in (late, early):
            db.execute("UPDATE activity SET title = 'x' WHERE id = ?", (entry["id"],))
    found = year.run("verify").out.splitlines()
    assert short_id(early["id"]) in found[0]
    assert "内容被改动" in found[0]
    assert short_id(late["id"]) in found[1]


def test_an_inserted_entry_is_found(year: Year) -> None:
    with unguarded(year.workspace.ledger) as db:
        db.execute("CREATE TEMP TABLE copy AS SELECT * FROM activity LIMIT 1")
        db.execute("UPDATE copy SET id = '01KZZZZZZZZZZZZZZZZZZZZZZZ', title = '补的'")
        db.execute("INSERT INTO activity SELECT * FROM copy")
    ran = year.run("verify")
    assert ran.code == 1
    assert "ZZZZZZ" in ran.out
    assert "不是 sgtrack 写入的" in ran.out


@pytest.mark.about_the_file("PostgreSQL takes no such value")
@pytest.mark.parametrize("value", ["CAST(x'41ff' AS TEXT)", "'A' || char(0)"])
def test_a_value_that_is_no_text_is_named_like_any_other(year: Year, value: str) -> None:
    entry = year.json("list", "-c", "sanli")[3]
    with unguarded(year.workspace.ledger) as db:
        db.execute("PRAGMA ignore_check_constraints = 1")
        db.execute(f"UPDATE activity SET title = {value} WHERE id = ?", (entry["id"],))
    for words in (("verify",), ("verify", "--json")):
        ran = year.run(*words)
        assert ran.code == 1
        assert ran.out.count("内容被改动") == 1
        assert short_id(entry["id"]) in ran.out


@pytest.mark.about_the_file("PostgreSQL takes no such value")
@pytest.mark.parametrize("column", ["record_id", "salt", "digest", "hash", "seq", "source"])
def test_a_link_takes_no_bytes(year: Year, column: str) -> None:
    with unguarded(year.workspace.ledger) as db:
        db.execute("PRAGMA ignore_check_constraints = 1")
        with pytest.raises(sqlite3.IntegrityError, match=f"BLOB value in .*link.{column}"):
            db.execute(f"UPDATE link SET {column} = x'ff' WHERE seq = 9")


@pytest.mark.parametrize("merge", ["''", "(SELECT min(id) FROM merge)", f"'{'01KZ' * 6}ZZ'"])
def test_no_digest_vouches_for_a_record_but_those_of_the_chain(full: Year, merge: str) -> None:
    """Another program changes an amount, erases the salt and adds a digest of the changed text."""
    entry = full.json("list", "-c", "sanli")[3]["id"]
    with unguarded(full.workspace.ledger) as db:
        db.execute("UPDATE amount SET hundredths = 4900 WHERE activity_id = ?", (entry,))
        db.execute("UPDATE link SET salt = '' WHERE record_id = ?", (entry,))
        (body,) = db.execute("SELECT body FROM content WHERE record_id = ?", (entry,)).fetchone()
        salt = "00" * 16
        digest = sha256(f"{salt}{body}".encode()).hexdigest()
        db.execute(
            f"INSERT INTO abridgement VALUES ({merge}, 'activity', ?, ?, ?)", (entry, digest, salt)
        )
    found = full.run("verify")
    assert found.code == 1
    assert "内容被改动" in found.out or "隐去姓名的依据" in found.out
    code = full.json("brief", "list", "-c", "sanli")[-1]["code"]
    assert full.run("verify", code).code == 1
    if not ON_SERVER:
        with raw(full.workspace.ledger) as db:
            db.execute("DROP TRIGGER amount_is_not_updated")
        assert full.run("recover", "--yes").code == 0
        lost = full.run("show", entry)
        assert lost.code == 1 or "49人次" not in lost.out
        assert "隐去姓名的依据" not in full.run("verify").out


def test_an_inserted_void_is_named_with_its_activity(year: Year) -> None:
    entry = year.json("list", "殡葬", "-c", "sanli")[0]
    with unguarded(year.workspace.ledger) as db:
        db.execute(
            "INSERT INTO void SELECT '01KZZZZZZZZZZZZZZZZZZZZZZZ', id, 'x', recorded_at, 'x', '' "
            "FROM activity WHERE id = ?",
            (entry["id"],),
        )
    ran = year.run("verify")
    assert ran.code == 1
    assert ran.out.startswith("作废记录 ZZZZZZ（2026-03-12 7.3.1 惠民殡葬进小区）：不是 sgtrack")


@pytest.mark.about_the_file("PostgreSQL lets no such row be")
def test_rows_without_their_record_are_counted(year: Year) -> None:
    entry = year.json("list", "殡葬", "-c", "sanli")[0]
    with unguarded(year.workspace.ledger) as db:
        db.execute("DELETE FROM activity WHERE id = ?", (entry["id"],))
    found = year.run("verify").out.splitlines()
    assert found[0] == f"活动记录 {short_id(entry['id'])}：记录被删除"
    assert "表 amount 里有 4 行，它们所属的记录不在了" in found


def test_a_table_or_view_that_is_not_ours_any_more_is_found(year: Year) -> None:
    with unguarded(year.workspace.ledger) as db:
        db.execute("DROP VIEW content")
    remedy = "请管理员从 pg_dump 的备份恢复" if ON_SERVER else "用 sgtrack recover 重建"
    ran = year.run("verify")
    assert (ran.code, ran.out) == (1, f"台账的结构被改动，内容没法再查，{remedy}：content\n")


@pytest.mark.about_the_file("it is gone")
def test_a_ledger_that_is_gone_is_found(year: Year) -> None:
    year.workspace.ledger_file.unlink()
    ran = year.run("verify")
    assert ran.code == 1
    assert "sgtrack restore" in ran.err
    shutil.rmtree(year.workspace.backups)
    ran = year.run("verify")
    assert ran.code == 1
    assert "可是有它的佐证材料" in ran.err


def test_the_newest_entry_cut_off_whole_is_found(year: Year) -> None:
    with unguarded(year.workspace.ledger) as db:
        db.execute("DELETE FROM link WHERE seq = (SELECT max(seq) FROM link)")
        db.execute("DELETE FROM issued_file WHERE brief_id = (SELECT max(id) FROM issued_brief)")
        db.execute("DELETE FROM issued_entry WHERE brief_id = (SELECT max(id) FROM issued_brief)")
        db.execute("DELETE FROM issued_figure WHERE brief_id = (SELECT max(id) FROM issued_brief)")
        db.execute("DELETE FROM issued_brief WHERE id = (SELECT max(id) FROM issued_brief)")
    ran = year.run("verify")
    assert ran.code == 1
    assert "最后的记录被整条抹去" in ran.out


def test_a_removed_guard_is_found(year: Year) -> None:
    guard = "activity_is_only_added_to" if ON_SERVER else "activity_is_not_updated"
    with raw(year.workspace.ledger) as db:
        db.execute(f"DROP TRIGGER {guard} ON activity" if ON_SERVER else f"DROP TRIGGER {guard}")
    ran = year.run("verify")
    assert ran.code == 1
    assert guard in ran.out


def test_a_printed_code_leads_to_its_place(year: Year) -> None:
    march = year.json("brief", "list", "-c", "sanli")[2]
    ran = year.run("verify", march["code"])
    assert ran.code == 0
    assert ran.out.startswith(f"校验码 {march['code']} 在台账里：2026-03-24")
    with unguarded(year.workspace.ledger) as db:
        db.execute("UPDATE activity SET recorded_at = '2026-01-01T00:00:00+08:00'")
    altered = year.run("verify", march["code"])
    assert altered.code == 1
    assert altered.out.startswith(f"校验码 {march['code']} 在台账里：2026-01-01")
    wrong = year.run("verify", "0000-0000-0000-0000")
    assert (wrong.code, "台账里没有校验码" in wrong.err) == (1, True)


def stored(year: Year, digest: str) -> Path:
    return year.workspace.evidence / digest[:2] / digest
