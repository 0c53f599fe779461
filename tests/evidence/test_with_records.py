"""No record of evidence exists without its file, even after an interruption or a refusal."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sgtrack.evidence.evidence_store import path_in
from sgtrack.recovery import backups
from sgtrack.workspace import Workspace

from ..reliability.state import ask, faults
from ..support.command_line import Run
from ..support.files import in_use
from ..support.ledgers import can_be_written
from ..support.turns import run_before_turn


@pytest.fixture
def proof(tmp_path: Path) -> Path:
    """A signed sheet."""
    path = tmp_path / "签到表.jpg"
    path.write_bytes(b"signed")
    return path


def kept(workspace: Workspace) -> list[Path]:
    return list(workspace.evidence.glob("*/*"))


@pytest.mark.about_the_file("the day's backup")
def test_what_is_interrupted_after_the_commit_keeps_its_file(
    run: Run, workspace: Workspace, proof: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(ledger: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(backups, "make_daily_backup", stop)
    words = ("log", "5.1", "3人次", "-d", "6-1", "-c", "sanli", "-e", str(proof))
    assert run(*words).code == 130
    assert len(kept(workspace)) == 1
    assert len(ask(workspace.root, "SELECT 1 FROM evidence")) == 1


def test_a_file_is_removed_only_while_no_other_process_can_write(
    run: Run, log: Run, workspace: Workspace, proof: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise another process could have logged the same file and relied on it."""
    run_before_turn(monkeypatch, lambda: log("5.1", "3人次", "-d", "6-1", "-t", "一"))
    unlink: Callable[..., None] = Path.unlink
    tried: list[bool] = []

    def watched(path: Path, missing_ok: bool = False) -> None:
        if workspace.evidence in path.parents and not path.name.startswith("."):
            tried.append(can_be_written(workspace.ledger))
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", watched)
    words = ("log", "5.1", "3人次", "-d", "6-1", "-t", "一", "-c", "xianheguan", "-e", str(proof))
    assert run(*words).code == 1
    assert tried == [False]
    assert kept(workspace) == []


def test_a_damaged_file_that_is_added_again_is_repaired_and_not_removed(
    run: Run, log: Run, workspace: Workspace, proof: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log("5.1", "3人次", "-d", "6-1", "-t", "一", "-e", str(proof))
    (path,) = kept(workspace)
    path.chmod(0o644)
    path.write_bytes(b"broken")
    run_before_turn(monkeypatch, lambda: log("5.1", "3人次", "-d", "6-1", "-t", "二"))
    words = ("log", "5.1", "3人次", "-d", "6-1", "-t", "二", "-c", "xianheguan", "-e", str(proof))
    assert run(*words).code == 1
    assert path.read_bytes() == b"signed"
    assert list(faults(workspace.root)) == []
    assert path == path_in(workspace.evidence, path.name)


def test_a_damaged_file_in_use_is_not_repaired_and_nothing_is_recorded(
    run: Run, log: Run, workspace: Workspace, proof: Path
) -> None:
    log("5.1", "3人次", "-d", "6-1", "-t", "一", "-e", str(proof))
    (path,) = kept(workspace)
    path.chmod(0o644)
    path.write_bytes(b"broken")
    words = ("log", "5.1", "4人次", "-d", "6-2", "-t", "二", "-c", "xianheguan", "-e", str(proof))
    with in_use(path):
        ran = run(*words)
    assert ran.code == 1
    assert f"{proof} 存不进工作文件夹（没有权限" in ran.err
    assert kept(workspace) == [path]
    assert path.read_bytes() == b"broken"
    assert len(json.loads(run("list", "--json").out)) == 1
    assert run(*words).code == 0
    assert path.read_bytes() == b"signed"
