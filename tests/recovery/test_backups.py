"""Backups are made daily, are sound, and restore the ledger as it was."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from sgtrack.recovery.backups import Reason, list_backups
from sgtrack.store import sqlite_files
from sgtrack.store.sqlite_files import find_fault
from sgtrack.workspace import Workspace

from ..reliability.state import tables
from ..support.command_line import TODAY, Run
from ..support.files import in_use

pytestmark = pytest.mark.about_the_file("backups")


def titles(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return [row[0] for row in db.execute("SELECT title FROM activity ORDER BY id")]


def reasons(workspace: Workspace) -> list[Reason]:
    return [one.reason for one in list_backups(workspace.ledger_file)]


def spoil(path: Path) -> None:
    """Overwrite all pages but the first, so that the file still opens."""
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xa5" * (len(whole) - 4096))


def test_the_first_write_of_a_day_leaves_a_copy(
    log: Run, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    log("5.1", "3人次", "-d", "6-1", "-t", "一")
    log("5.1", "3人次", "-d", "6-1", "-t", "二")
    (first,) = list_backups(workspace.ledger_file)
    assert (first.reason, first.at.date()) == (Reason.DAILY, date.fromisoformat(TODAY))
    assert (titles(first.path), find_fault(first.path)) == (["一"], "")
    monkeypatch.setenv("SGTRACK_TODAY", "2026-07-01")
    log("5.1", "3人次", "-d", "6-1", "-t", "三")
    second, also_first = list_backups(workspace.ledger_file)
    assert also_first == first
    assert titles(second.path) == ["一", "二", "三"]


def test_nothing_is_copied_by_reading_trying_or_being_refused(
    run: Run, log: Run, workspace: Workspace
) -> None:
    log("5.1", "3人次", "-d", "6-1", "-t", "一")
    shutil.rmtree(sqlite_files.backup_folder(workspace.ledger_file))
    assert run("status").code == 0
    assert run("log", "5.1", "3", "-c", "sanli", "-d", "6-2", "--dry-run").code == 0
    assert run("log", "5.1", "3", "-c", "xianheguan", "-d", "6-1", "-t", "一").code == 1
    assert list_backups(workspace.ledger_file) == ()


def test_older_copies_are_thinned_but_those_made_on_purpose_stay(
    run: Run, log: Run, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    log("5.1", "3人次", "-d", "6-1", "-t", "一")
    assert run("backup").code == 0
    (daily,) = [one for one in list_backups(workspace.ledger_file) if one.reason is Reason.DAILY]
    for n in range(1, 60):
        day = date.fromisoformat(TODAY) - timedelta(n)
        shutil.copyfile(daily.path, daily.path.with_name(f"{day:%Y%m%d}-080000-daily.db"))
    monkeypatch.setenv("SGTRACK_TODAY", "2026-07-01")
    log("5.1", "3人次", "-d", "6-1", "-t", "二")
    left = [one for one in list_backups(workspace.ledger_file) if one.reason is Reason.DAILY]
    assert [f"{one.at:%m-%d}" for one in left] == [
        *("07-01", "06-30", "06-29", "06-28", "06-27", "06-26", "06-25"),
        *("06-21", "06-14", "06-07", "05-31"),
    ]
    assert Reason.MANUAL in reasons(workspace)


def test_a_failed_backup_is_reported_and_stops_nothing(log: Run, workspace: Workspace) -> None:
    sqlite_files.backup_folder(workspace.ledger_file).write_text("in the way", encoding="utf-8")
    ran = log("5.1", "3人次", "-d", "6-1", "-t", "一")
    assert "已记录" in ran.out
    assert ran.err.startswith("注意：记录已写入，但今天的备份未完成")
    assert titles(workspace.ledger_file) == ["一"]


def test_damage_that_no_command_has_met_is_found_by_the_day_s_copy(
    log: Run, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    log("5.1", "3人次", "-d", "6-1", "-t", "一")
    with closing(sqlite3.connect(workspace.ledger_file)) as db:
        (page,) = db.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'ix_issued_entry_brief_id'"
        ).fetchone()
    with workspace.ledger_file.open("rb+") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xa5" * 4096)
    monkeypatch.setenv("SGTRACK_TODAY", "2026-07-01")
    said = log("5.1", "3人次", "-d", "6-2", "-t", "新").err
    assert said.startswith("注意：台账部分损坏")
    assert "sgtrack restore 20260630-" in said
    assert len(list_backups(workspace.ledger_file)) == 1


def test_backup_copies_now_and_lists_what_there_is(
    run: Run, log: Run, workspace: Workspace
) -> None:
    log("5.1", "3人次", "-d", "6-1", "-t", "一")
    made = run("backup")
    assert made.code == 0
    (found,) = [one for one in list_backups(workspace.ledger_file) if one.reason is Reason.MANUAL]
    assert found.name in made.out
    spoil(found.path)
    told = json.loads(run("backup", "list", "--json").out)
    assert {one["reason"]: one["sound"] for one in told} == {"manual": False, "daily": True}
    shown = run("backup", "list").out
    assert "损坏" in shown
    assert "完好" in shown


def test_restore_brings_a_day_back_and_keeps_what_it_replaces(
    run: Run, log: Run, workspace: Workspace
) -> None:
    log("5.1", "3人次", "-d", "6-1", "-t", "一")
    log("5.1", "3人次", "-d", "6-1", "-t", "二")
    before = tables(workspace.ledger_file)
    (daily,) = list_backups(workspace.ledger_file)
    refused = run("restore", daily.name)
    assert (refused.code, tables(workspace.ledger_file)) == (1, before)
    assert "--yes" in refused.err
    assert run("restore", daily.name[:8], "--yes").code == 0
    assert titles(workspace.ledger_file) == ["一"]
    assert run("verify").code == 0
    (kept,) = [one for one in list_backups(workspace.ledger_file) if one.reason is Reason.REPLACED]
    assert tables(kept.path) == before
    assert run("restore", kept.name, "--yes").code == 0
    assert tables(workspace.ledger_file) == before


@pytest.mark.parametrize("what", ["gone", "empty", "rubbish", "spoilt"])
def test_a_lost_or_damaged_ledger_is_refused_with_the_backup_to_restore(
    run: Run, log: Run, workspace: Workspace, what: str
) -> None:
    log("5.1", "3人次", "-d", "6-1", "-t", "一")
    (daily,) = list_backups(workspace.ledger_file)
    if what == "gone":
        workspace.ledger_file.unlink()
    elif what == "spoilt":
        spoil(workspace.ledger_file)
    else:
        workspace.ledger_file.write_bytes(b"" if what == "empty" else b"rubbish " * 5000)
    left = workspace.ledger_file.read_bytes() if workspace.ledger_file.exists() else None
    for words in (("status",), ("log", "5.1", "3", "-d", "6-2", "-c", "sanli"), ("verify",)):
        ran = run(*words)
        assert (ran.code, ran.out) == (1, ""), words
        assert f"sgtrack restore {daily.name}" in ran.err
    assert (workspace.ledger_file.read_bytes() if workspace.ledger_file.exists() else None) == left
    assert run("restore", daily.name, "--yes").code == 0
    assert titles(workspace.ledger_file) == ["一"]
    damaged = [
        one.path for one in list_backups(workspace.ledger_file) if one.reason is Reason.DAMAGED
    ]
    assert [path.read_bytes() for path in damaged] == ([left] if left else [])


@pytest.mark.parametrize("command", ["restore", "recover"])
def test_a_ledger_too_damaged_to_lock_is_not_replaced_while_in_use(
    run: Run, log: Run, workspace: Workspace, command: str
) -> None:
    log("5.1", "3人次", "-d", "6-1", "-t", "一")
    (daily,) = list_backups(workspace.ledger_file)
    workspace.ledger_file.write_bytes(b"rubbish " * 5000)
    words = (command, *([daily.name] if command == "restore" else []), "--yes")
    with in_use(workspace.ledger_file):
        ran = run(*words)
    assert ran.code == 1, ran.out
    assert "其他程序正开着" in ran.err
    assert workspace.ledger_file.read_bytes() == b"rubbish " * 5000
    assert run(*words).code == 0
    assert titles(workspace.ledger_file) == ["一"]


def test_a_damaged_backup_is_neither_offered_nor_restored(
    run: Run, log: Run, workspace: Workspace
) -> None:
    log("5.1", "3人次", "-d", "6-1", "-t", "一")
    (daily,) = list_backups(workspace.ledger_file)
    spoil(daily.path)
    before = workspace.ledger_file.read_bytes()
    assert "已损坏" in run("restore", daily.name, "--yes").err
    assert workspace.ledger_file.read_bytes() == before
    workspace.ledger_file.write_bytes(b"rubbish " * 5000)
    said = run("status").err
    assert daily.name not in said
    assert "sgtrack recover" in said


def test_the_journal_of_a_damaged_ledger_is_not_undone_into_the_restored_one(
    run: Run, log: Run, workspace: Workspace
) -> None:
    log("5.1", "3人次", "-d", "6-1", "-t", "一")
    (daily,) = list_backups(workspace.ledger_file)
    journal = workspace.root / "ledger.db-journal"
    with closing(sqlite3.connect(workspace.ledger_file, isolation_level=None)) as db:
        db.execute("PRAGMA cache_spill = 1")
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT INTO ledger SELECT '' WHERE 0")
        db.execute("CREATE TABLE half (x)")
        hot = journal.read_bytes()
        db.execute("ROLLBACK")
    workspace.ledger_file.write_bytes(b"rubbish " * 5000)
    journal.write_bytes(hot)
    assert run("restore", daily.name, "--yes").code == 0
    assert not journal.exists()
    assert find_fault(workspace.ledger_file) == ""
    assert titles(workspace.ledger_file) == ["一"]


def test_a_backup_of_a_newer_program_is_refused(run: Run, log: Run, workspace: Workspace) -> None:
    log("5.1", "3人次", "-d", "6-1", "-t", "一")
    (daily,) = list_backups(workspace.ledger_file)
    with closing(sqlite3.connect(daily.path)) as db:
        db.execute("PRAGMA user_version = 9999")
    before = workspace.ledger_file.read_bytes()
    assert "更新版本" in run("restore", daily.name, "--yes").err
    assert workspace.ledger_file.read_bytes() == before
