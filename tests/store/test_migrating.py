"""Migrates a ledger with rows to a made-up next version, in a file and in a database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from sgtrack.checks.integrity import check_integrity
from sgtrack.ledger import chain
from sgtrack.model.errors import Refused
from sgtrack.model.location import Location
from sgtrack.recovery import backups
from sgtrack.store import dialect, schema_versions, sqlite_files
from sgtrack.store.opening import ledger_at, reading
from sgtrack.store.sqlite_files import APPLICATION_ID
from sgtrack.workspace import Workspace

from ..support.command_line import Run
from ..support.ledgers import contents, raw, read
from ..support.next_version import FINGERPRINT, NAME, STEP, next_version

HERE = ("-c", "sanli")
BAD_STEPS = {
    "a statement that fails": STEP + "INSERT INTO nowhere VALUES (1);\n",
    "a row that refers to none": STEP + "INSERT INTO made_up_part VALUES ('none', 'x', '');\n",
}


@pytest.fixture
def filled(workspace: Workspace, run: Run) -> Location:
    """A ledger with an entry, a correction and a void, and the backup of the day."""
    for day, item in (("6-1", "5.1"), ("6-2", "5.1")):
        assert run("log", item, "3人次", "-d", day, *HERE).code == 0
    with reading(workspace.ledger) as db:
        ids = [row[0] for row in db.execute("SELECT id FROM activity ORDER BY id")]
    assert run("amend", ids[0], "4人次", "-r", "核对").code == 0
    assert run("void", ids[1], "-r", "重复").code == 0
    return workspace.ledger


@pytest.fixture
def newer(tmp_path: Path) -> Iterator[int]:
    """Let the program know one more version of the schema."""
    with next_version(tmp_path / "schema") as version:
        yield version


def rows(ledger: Location) -> dict[str, set[tuple[object, ...]]]:
    """Every row of every table except the head of the chain, which changes."""
    with raw(ledger) as db:
        return {
            table: set(db.execute(f"SELECT * FROM {table}"))
            for table in dialect.list_tables(db)
            if table != "head"
        }


def migrations(db: Any) -> list[tuple[object, ...]]:
    return list(db.execute("SELECT number, name, fingerprint FROM migration ORDER BY number"))


def test_every_row_stays_and_the_step_is_recorded_and_chained(
    filled: Location, run: Run, newer: int, workspace: Workspace
) -> None:
    before = rows(filled)
    assert run("status", *HERE).code == 0
    after = rows(filled)
    assert all(before[table] <= after[table] for table in before)
    assert len(after["made_up_part"]) == len(before["activity"])
    with raw(filled) as db:
        assert migrations(db)[-1] == (newer, NAME, FINGERPRINT)
        assert db.execute("SELECT count(*) FROM link WHERE kind = 'migration'").fetchone() == (2,)
    with reading(filled) as db:
        assert chain.verify_chain(db).faults == ()
        assert dialect.read_schema(db) == ledger_at(filled).expected_schema()
    assert read(check_integrity, filled, filled, workspace.evidence).faults == ()
    assert run("log", "5.1", "3人次", "-d", "6-3", *HERE).code == 0
    assert run("verify").code == 0


def test_a_new_ledger_goes_through_every_version(
    run: Run, newer: int, workspace: Workspace
) -> None:
    assert run("log", "5.1", "3人次", "-d", "6-3", *HERE).code == 0
    with raw(workspace.ledger) as db:
        assert [row[0] for row in migrations(db)] == list(range(1, newer + 1))
    assert run("verify").code == 0


@pytest.mark.parametrize("step", BAD_STEPS.values(), ids=BAD_STEPS)
def test_a_step_that_fails_leaves_the_ledger_as_it_was(
    filled: Location, tmp_path: Path, step: str
) -> None:
    before = contents(filled)
    with next_version(tmp_path / "schema", step), pytest.raises(Exception), reading(filled):  # noqa: B017, PT011 - the driver's own
        pass
    assert contents(filled) == before
    with reading(filled) as db:
        assert chain.verify_chain(db).faults == ()


def test_a_newer_ledger_is_refused_and_untouched(
    filled: Location, run: Run, tmp_path: Path
) -> None:
    with next_version(tmp_path / "schema"):
        assert run("status", *HERE).code == 0
    before = contents(filled)
    ran = run("status", *HERE)
    assert (ran.code, "更新版本" in ran.err) == (1, True)
    assert contents(filled) == before


@pytest.mark.parametrize("words", [("status",), ("log", "5.1", "3人次", "-d", "6-3"), ("due",)])
def test_another_schema_of_the_same_version_is_refused_and_untouched(
    filled: Location, run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    ((name, stored),) = schema_versions.VERSIONS
    monkeypatch.setattr(schema_versions, "VERSIONS", ((name, "0" * 16),))
    before = contents(filled)
    ran = run(*words, *HERE)
    assert ran.code == 1
    assert f"开发中的另一个 sgtrack 版本建的（结构指纹 {stored}）" in ran.err.replace("\n", "")
    assert contents(filled) == before


def test_a_ledger_of_the_development_of_0_1_is_refused_and_untouched(
    workspace: Workspace, run: Run
) -> None:
    old = "CREATE TABLE migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT)"
    server = workspace.server
    with raw(server or workspace.ledger_file) as db:
        if server:
            db.execute("CREATE SCHEMA sgtrack")
        else:
            db.execute("PRAGMA user_version = 9")
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(old)
        db.execute("INSERT INTO migration VALUES (9, '0009_kept_figures', '')")
    before = contents(workspace.ledger)
    for words in (("status",), ("log", "5.1", "3人次", "-d", "6-3"), ("verify",)):
        ran = run(*words, *(() if words == ("verify",) else HERE))
        assert ran.code == 1
        assert "没有结构指纹" in ran.err
    assert contents(workspace.ledger) == before


@pytest.mark.about_the_file("a database is backed up by its administrator")
def test_a_copy_is_made_first_and_nothing_is_migrated_without(
    filled: Location, run: Run, newer: int, workspace: Workspace
) -> None:
    assert isinstance(filled, Path)
    before, kept = filled.read_bytes(), rows(filled)
    folder = workspace.backups
    folder.rename(folder.with_name("elsewhere"))
    folder.write_text("in the way")
    ran = run("status", *HERE)
    assert (ran.code, "升级台账以前要先备份" in ran.err) == (1, True)
    assert filled.read_bytes() == before
    folder.unlink()
    folder.with_name("elsewhere").rename(folder)
    assert run("status", *HERE).code == 0
    copies = [one for one in backups.list_backups(filled) if one.reason is backups.Reason.MIGRATION]
    (copy,) = copies
    assert rows(copy.path) == kept


@pytest.mark.about_the_file("a database is backed up by its administrator")
def test_a_refused_migration_is_not_made_after_all_to_mask_its_message(
    filled: Location, run: Run, newer: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(filled, Path)
    before, copy = filled.read_bytes(), sqlite_files.copy_ledger
    refused: list[object] = []

    def fail_once(*words: Any) -> Path:
        if not refused:
            refused.append(words)
            raise OSError(28, "No space left on device")
        return copy(*words)

    monkeypatch.setattr(sqlite_files, "copy_ledger", fail_once)
    ran = run("status", *HERE)
    assert (ran.code, "台账没有改动" in ran.err) == (1, True)
    assert filled.read_bytes() == before


@pytest.mark.about_the_file("its steps are run one by one")
def test_each_step_is_a_transaction_of_its_own(tmp_path: Path, filled: Location) -> None:
    assert isinstance(filled, Path)
    with next_version(tmp_path / "one"):
        third = "0003_broken"
        path = schema_versions.FOLDER / "sqlite" / f"{third}.sql"
        path.write_text("INSERT INTO nowhere VALUES (1);\n", encoding="utf-8")
        schema_versions.VERSIONS = (*schema_versions.VERSIONS, (third, "e" * 16))
        with pytest.raises(Refused, match="nowhere"), reading(filled):
            pass
    with closing(sqlite3.connect(filled)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (2,)
        assert [row[1] for row in migrations(db)] == ["0001_first_schema", NAME]
