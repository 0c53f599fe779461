"""``check`` notices copies of the ledger that a cloud drive made."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sgtrack.workspace import Workspace

from ..support.command_line import Run

DATABASE = b"SQLite format 3\0" + b"\0" * 84


@pytest.mark.parametrize(
    "name",
    [
        "ledger (冲突副本).db",
        "ledger (冲突副本 2026-06-12 14-03).db",
        "ledger-LAPTOP-8QK2.db",
        "ledger(1).db",
        "ledger 2.db",
        "Ledger - 副本.db",
        "副本 ledger.db",
        "ledger.sync-conflict-20260612-140355-ABCDEFG.db",
        "ledger (张三's conflicted copy 2026-06-12).db",
        "ledger.db.冲突副本",
    ],
)
def test_a_copy_of_the_ledger_is_named(run: Run, workspace: Workspace, name: str) -> None:
    (workspace.root / name).write_bytes(DATABASE)
    ran = run("check")
    assert (ran.code, name in ran.out, "sgtrack merge" in ran.out) == (1, True, True)
    (found,) = json.loads(run("check", "--json").out)
    assert (found["topic"], found["entries"]) == ("ledger_copy", [])
    assert name in found["message"]


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("ledger.db-journal", lambda path: path.write_bytes(DATABASE)),
        ("ledger.txt", lambda path: path.write_bytes(DATABASE)),
        ("其他.db", lambda path: path.write_bytes(DATABASE)),
        ("ledger 副本.db", lambda path: path.write_bytes(b"text")),
        ("ledger 副本.db", Path.mkdir),
        (".ledger.db", lambda path: path.write_bytes(DATABASE)),
    ],
    ids=["journal", "text", "other", "no database", "folder", "hidden"],
)
def test_nothing_else_is_taken_for_a_copy(
    run: Run, workspace: Workspace, name: str, make: Callable[[Path], object]
) -> None:
    make(workspace.root / name)
    assert (run("check").code, run("check").out) == (0, "")


def test_a_copy_is_merged_and_moved_away(run: Run, log: Run, workspace: Workspace) -> None:
    if not isinstance(workspace.ledger, Path):
        pytest.skip("the ledger is no file")
    log("5.1", "3人次", "-d", "3-1", "-e", _photo())
    copy = workspace.root / "ledger (冲突副本).db"
    copy.write_bytes(workspace.ledger.read_bytes())
    assert "冲突副本" in run("check").out
    assert run("merge", str(copy)).code == 0
    copy.unlink()
    assert "冲突副本" not in run("check").out


def _photo() -> str:
    Path("签到表.pdf").write_bytes(b"file")
    return "签到表.pdf"
