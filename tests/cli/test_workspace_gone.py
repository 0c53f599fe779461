"""Commands in a missing or incomplete workspace, and with a folder that cannot be written to."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sgtrack.cli.main import program
from sgtrack.workspace import Workspace, make_workspace, packaged

from ..support.command_line import Run


@pytest.mark.skipif(os.name != "posix", reason="a folder in use cannot be removed")
def test_a_deleted_working_directory_is_refused_plainly(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workspace.root)
    shutil.rmtree(workspace.root)
    ran = CliRunner().invoke(program(), ["status"])
    assert ran.exit_code == 1
    assert ran.stderr.startswith("错误：现在所在的文件夹已经不在了")
    monkeypatch.undo()


def test_a_workspace_is_made_whole_or_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "new"
    copytree = shutil.copytree

    def half(source: Path, target: Path, **more: bool) -> None:
        if source == packaged("targets"):
            target.mkdir()
            raise KeyboardInterrupt
        copytree(source, target, dirs_exist_ok=more["dirs_exist_ok"])

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "copytree", half)
        with pytest.raises(KeyboardInterrupt):
            make_workspace(root)
    assert not (root / "targets").exists()
    make_workspace(root)
    assert (root / "targets" / "sanli.yaml").is_file()
    assert not list(root.glob(".*"))


def test_an_issued_brief_whose_file_cannot_be_written_comes_out_later(
    run: Run, log: Run, workspace: Workspace
) -> None:
    log("5.1", "3人次", "-d", "3-1")
    workspace.briefs.write_text("in the way", encoding="utf-8")
    ran = run("brief", "--month", "3", "--issue", "--yes", "-c", "xianheguan", "--format", "md")
    assert ran.code == 1
    assert "已发出" in ran.out
    assert "错误：简报已经发出，只是" in ran.err
    assert "再运行 sgtrack brief --month 2026-03" in ran.err
    workspace.briefs.unlink()
    again = run("brief", "--month", "2026-03", "-c", "xianheguan", "--format", "md")
    assert again.code == 0
    assert "第3期" in (workspace.briefs / "xianheguan-2026-03.md").read_text(encoding="utf-8")
