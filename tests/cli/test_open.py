"""``open``: the workspace, the latest brief and the evidence of an entry, with a fake opener."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from sgtrack.cli import launcher, open_command
from sgtrack.scratch import SCRATCH
from sgtrack.workspace import Workspace

from ..support.command_line import Run, list_entries

HERE = ("-c", "sanli")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The paths that were opened."""
    paths: list[Path] = []

    def launch(path: Path) -> bool:
        paths.append(path)
        return True

    monkeypatch.setattr(open_command, "launch", launch)
    return paths


def test_without_argument_it_is_the_workspace(
    run: Run, workspace: Workspace, opened: list[Path]
) -> None:
    ran = run("open")
    assert (ran.code, ran.out) == (0, f"已打开：{workspace.root}\n")
    assert opened == [workspace.root]


def test_a_brief_is_the_word_file_saved_last(
    run: Run, workspace: Workspace, opened: list[Path]
) -> None:
    workspace.briefs.mkdir()
    names = ["sanli-2026-03.docx", "sanli-2026-02.docx", "sanli-2026-02-新1.docx"]
    for seconds, name in enumerate([*names, "xianheguan-2026-04.docx", "sanli-2026-05.md"]):
        path = workspace.briefs / name
        path.write_bytes(b"PK")
        os.utime(path, (1000 + seconds, 1000 + seconds))
    assert run("open", "brief", *HERE).code == 0
    assert run("open", "brief", "--month", "3", *HERE).code == 0
    assert run("open", "brief").code == 0
    assert [path.name for path in opened] == [
        "sanli-2026-02-新1.docx",
        "sanli-2026-03.docx",
        "xianheguan-2026-04.docx",
    ]
    ran = run("open", "brief", "-m", "1", *HERE)
    assert ran.code == 1
    assert "没有2026-01 的简报" in ran.err
    assert "sgtrack brief --month 2026-01" in ran.err


def _log_with(run: Run, *files: Path) -> str:
    with_files = [word for file in files for word in ("-e", str(file))]
    ran = run("log", "5.1", "3人次", "-d", "3-1", *with_files, *HERE)
    assert ran.code == 0, ran.err
    identifier: str = list_entries(run)[-1]["id"]
    return identifier


def test_one_file_of_evidence_is_opened_as_a_copy_with_its_name(
    run: Run, workspace: Workspace, opened: list[Path], tmp_path: Path
) -> None:
    file = tmp_path / "签到表.pdf"
    file.write_bytes(b"one")
    identifier = _log_with(run, file)
    assert run("open", identifier).code == 0
    assert [path.name for path in opened] == ["签到表.pdf"]
    assert opened[0].read_bytes() == b"one"
    assert workspace.root / SCRATCH in opened[0].parents
    assert not opened[0].stat().st_mode & stat.S_IWUSR, "changes would not reach the ledger"


def test_of_several_files_the_folder_is_opened(
    run: Run, opened: list[Path], tmp_path: Path
) -> None:
    files = [tmp_path / "现场.jpg", tmp_path / "again" / "现场.jpg"]
    files[1].parent.mkdir()
    for content, file in zip((b"one", b"two"), files, strict=True):
        file.write_bytes(content)
    identifier = _log_with(run, *files)
    assert run("open", identifier).code == 0
    assert sorted(path.name for path in opened[0].iterdir()) == ["现场 (2).jpg", "现场.jpg"]
    assert run("open", identifier).code == 0
    assert not opened[0].exists(), "the earlier copies are deleted"
    assert opened[1].exists()


def test_copies_are_deleted_after_a_day(
    run: Run, workspace: Workspace, opened: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "签到表.pdf").write_bytes(b"one")
    assert run("open", _log_with(run, tmp_path / "签到表.pdf")).code == 0
    assert run("list").code == 0
    assert opened[0].exists(), "she may still look at it"
    while_ago = time.time() - 25 * 3600
    os.utime(workspace.root / SCRATCH / "viewed", (while_ago, while_ago))
    assert run("list").code == 0
    assert not (workspace.root / SCRATCH).exists()


def test_forgetting_a_name_deletes_the_copies(run: Run, opened: list[Path], tmp_path: Path) -> None:
    (tmp_path / "欧阳钻石签到表.pdf").write_bytes(b"one")
    identifier = _log_with(run, tmp_path / "欧阳钻石签到表.pdf")
    assert run("log", "7.2.2", "1人", "--who", "欧阳钻石", "-d", "3-2", *HERE).code == 0
    ran = run("open", identifier)
    assert "欧阳钻石" not in ran.out
    assert run("forget", "欧阳钻石", "-r", "本人要求", "--yes").code == 0
    assert not opened[0].exists()


def test_what_cannot_be_opened_is_said(
    run: Run, workspace: Workspace, opened: list[Path], tmp_path: Path
) -> None:
    for name in ("签到表.pdf", "现场.jpg"):
        (tmp_path / name).write_bytes(name.encode())
    without = _log_with(run)
    ran = run("open", without)
    assert ran.code == 1
    assert f"sgtrack evidence add {without[-6:]}" in ran.err
    assert run("evidence", "add", without, str(tmp_path / "签到表.pdf")).code == 0
    assert run("evidence", "add", without, str(tmp_path / "现场.jpg")).code == 0
    lost, other = sorted(workspace.evidence.glob("*/*"))
    lost.chmod(0o600)
    lost.unlink()
    ran = run("open", without)
    assert ran.code == 0
    assert "文件缺失，没有打开" in ran.err
    assert opened[0].read_bytes() == other.read_bytes()
    other.chmod(0o600)
    other.write_bytes(b"changed")
    ran = run("open", without)
    assert ran.code == 1
    assert "文件内容被改动" in ran.err
    assert run("open", "XXXXXX").code == 1
    assert run("open", without, "--month", "3").code == 2
    assert len(opened) == 1


def test_without_a_desktop_the_path_is_printed(
    run: Run, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    ran = run("open")
    assert (ran.code, ran.out) == (0, f"这里没有能打开它的程序，请自己打开：{workspace.root}\n")


@pytest.mark.parametrize(("system", "opener"), [("linux", "xdg-open"), ("darwin", "open")])
def test_each_system_has_its_opener(
    system: str, opener: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[Any]] = []

    def run_opener(command: list[Any], **_: object) -> subprocess.CompletedProcess[bytes]:
        started.append(command)
        return subprocess.CompletedProcess(command, len(started) - 1)

    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(subprocess, "run", run_opener)
    monkeypatch.setenv("DISPLAY", ":0")
    assert launcher.launch(tmp_path)
    assert not launcher.launch(tmp_path), "the opener failed"
    assert started == [[f"/usr/bin/{opener}", tmp_path]] * 2


def test_windows_opens_with_the_program_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Path] = []

    def startfile(path: Path) -> None:
        started.append(path)
        if len(started) == 2:
            raise OSError("no program")

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(os, "startfile", startfile, raising=False)
    assert launcher.launch(tmp_path)
    assert not launcher.launch(tmp_path)
    assert started == [tmp_path] * 2
