"""Views and plain indexes that a user adds are no alteration; whatever could change data is."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

import pytest

from sgtrack.workspace import Workspace, make_workspace

from ..support.command_line import Ran, Run, run_command
from ..support.ledgers import raw

Add = Callable[..., Ran]

OWN_VIEW = "CREATE VIEW visits AS SELECT date, amount FROM amounts WHERE unit = '人次'"
OWN_INDEX = "CREATE INDEX visits_by_unit ON amount (unit)"


@pytest.fixture
def add(workspace: Workspace, run: Run) -> Add:
    """Log an activity, run SQL in another program, and return what ``verify`` says."""
    words = ("5.1", "3人次", "-c", "sanli", "-d", "3-1", "--who", "王小明")
    assert run("log", *words).code == 0

    def change(*statements: str) -> Ran:
        with raw(workspace.ledger) as db:
            for statement in statements:
                db.execute(statement)
        return run("verify")

    return change


def test_views_and_indexes_of_ones_own_are_named_and_accepted(add: Add, run: Run) -> None:
    ran = add(OWN_VIEW, OWN_INDEX)
    assert ran.code == 0, ran.out
    assert "台账完好" in ran.out
    assert "自己加的视图或索引，不影响内容：visits、visits_by_unit" in ran.out
    assert json.loads(run("verify", "--json").out)["intact"] is True
    assert run("log", "5.1", "2人次", "-c", "sanli", "-d", "3-2").code == 0
    assert run("verify").code == 0


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        ("one_unit", "CREATE UNIQUE INDEX one_unit ON amount (activity_id, hundredths)"),
        ("upper_unit", "CREATE INDEX upper_unit ON amount (upper(unit))"),
        ("some_units", "CREATE INDEX some_units ON amount (unit) WHERE hundredths > 100"),
        ("names", "CREATE TABLE names AS SELECT name FROM participant"),
    ],
)
def test_what_could_change_or_keep_data_is_an_alteration(
    add: Add, name: str, statement: str
) -> None:
    ran = add(OWN_VIEW, statement)
    assert ran.code == 1
    first, *_ = ran.out.splitlines()
    assert first.startswith("台账的结构或保护被改动")
    assert first.endswith(f"：{name}")


@pytest.mark.about_the_file("PostgreSQL writes triggers in another way")
@pytest.mark.parametrize(
    "statements",
    [
        (OWN_VIEW, "CREATE TRIGGER t INSTEAD OF INSERT ON visits BEGIN SELECT 1; END"),
        ("CREATE TRIGGER t AFTER INSERT ON amount BEGIN SELECT 1; END",),
        ("CREATE VIEW json_each AS SELECT 1 AS value",),
        ("CREATE VIEW pragma_user_version AS SELECT 1 AS user_version",),
        ("CREATE INDEX folded ON participant (name COLLATE NOCASE)", "DROP VIEW progress"),
        ("DROP VIEW progress", "CREATE VIEW progress AS SELECT 100 AS percent"),
    ],
)
def test_triggers_and_hidden_or_replaced_views_are_alterations(
    add: Add, statements: tuple[str, ...]
) -> None:
    assert add(*statements).code == 1


@pytest.mark.about_the_file("backups and bundles are files")
def test_bundles_leave_them_out_and_merges_take_a_ledger_with_them(
    add: Add, run: Run, workspace: Workspace, tmp_path: Path
) -> None:
    assert add(OWN_INDEX, "CREATE VIEW ours AS SELECT '王小明' AS name").code == 0
    assert run("bundle", "-o", str(tmp_path / "out.zip")).code == 0
    with ZipFile(tmp_path / "out.zip") as archive:
        content = archive.read("ledger.db")
    assert "王小明".encode() not in content
    assert b"visits_by_unit" not in content
    other = make_workspace(tmp_path / "other")
    assert run_command(other.root, "merge", str(workspace.ledger_file)).code == 0
    assert run_command(other.root, "verify").code == 0
    assert run("backup").code == 0
    assert run("verify").code == 0


def test_a_name_in_a_view_is_dropped_before_it_is_forgotten(add: Add, run: Run) -> None:
    assert add("CREATE VIEW ours AS SELECT '王小明' AS name").code == 0
    ran = run("forget", "王小明", "-r", "本人要求", "--yes")
    assert ran.code == 1
    assert "自己加的视图 ours 写有这个姓名" in ran.err
    assert add("DROP VIEW ours").code == 0
    assert run("forget", "王小明", "-r", "本人要求", "--yes").code == 0
    assert run("verify").code == 0


@pytest.mark.about_the_file("recover rebuilds files only")
def test_recover_leaves_a_sound_ledger_with_them_alone(
    add: Add, run: Run, workspace: Workspace
) -> None:
    assert add(OWN_VIEW).code == 0
    before = workspace.ledger_file.read_bytes()
    assert "台账没有损坏" in run("recover", "--yes").err
    assert workspace.ledger_file.read_bytes() == before
    with closing(sqlite3.connect(workspace.ledger_file)) as db:
        assert db.execute("SELECT amount FROM visits").fetchall() == [(3,)]
