"""The packed program: where its files and its workspace are, and the window of a double-click."""

from __future__ import annotations

import io
import os
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sgtrack import __main__, own_window
from sgtrack.child_process import child_command
from sgtrack.targets.cache import cache_projects, cached_folder
from sgtrack.targets.loading import load_folder
from sgtrack.workspace import (
    DOCUMENTS_FOLDER,
    SETTINGS,
    Workspace,
    find_workspace,
    packaged,
    set_default_community,
)


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a packed program, which is the current folder after a double-click."""
    targets, templates = packaged("targets"), packaged("templates")
    folder = tmp_path / "program"
    shutil.copytree(targets, folder / "targets")
    shutil.copytree(templates, folder / "templates")
    (folder / "sgtrack.exe").write_bytes(b"MZ")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(folder / "sgtrack.exe"))
    monkeypatch.setattr("platformdirs.user_documents_dir", lambda: str(tmp_path / "文档"))
    monkeypatch.chdir(folder)
    return folder


def test_its_workspace_is_in_the_documents_and_not_its_own_folder(
    program: Path, tmp_path: Path
) -> None:
    found = find_workspace(None, {}, program)
    assert found == Workspace(tmp_path / "文档" / DOCUMENTS_FOLDER)
    assert (found.targets / "sanli.yaml").exists()
    assert (found.templates / "brief.docx").exists()
    assert find_workspace(None, {}, program) == found
    assert find_workspace(None, {}, found.briefs) == found


def test_a_workspace_around_the_program_is_found(program: Path, tmp_path: Path) -> None:
    (tmp_path / "targets").mkdir()
    assert find_workspace(None, {}, program) == Workspace(tmp_path)


def test_its_targets_are_those_beside_it(program: Path) -> None:
    assert packaged("targets") == program.resolve() / "targets"


def test_another_version_of_it_reads_target_files_anew(program: Path, empty_cache: Path) -> None:
    folder = program / "targets"
    cache_projects(folder, load_folder(folder).projects)
    assert cached_folder(folder) is not None
    (program / "sgtrack.exe").write_bytes(b"MZ of another version")
    assert cached_folder(folder) is None


def test_it_starts_itself_to_read_foreign_files(program: Path) -> None:
    assert child_command("--read-pdf") == [str(program / "sgtrack.exe"), "--read-pdf"]


def test_the_community_is_kept_beside_other_settings(workspace: Workspace) -> None:
    settings = workspace.root / SETTINGS
    settings.write_bytes("\ufeffcommunity = 3\n[other]\nkey = 1\n".encode())
    set_default_community(workspace, "sanli")
    assert settings.read_text("utf-8") == 'community = "sanli"\n[other]\nkey = 1\n'
    set_default_community(workspace, "xianheguan")
    assert workspace.default_community() == "xianheguan"


@pytest.mark.parametrize(
    ("processes", "is_terminal", "expected"),
    [(1, True, True), (2, True, False), (0, True, False), (1, False, False)],
)
def test_a_window_of_its_own_has_no_other_process_and_no_pipes(
    program: Path,
    processes: int,
    is_terminal: bool,
    expected: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kernel = SimpleNamespace(GetConsoleProcessList=lambda found, most: processes)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr("ctypes.windll", SimpleNamespace(kernel32=kernel), raising=False)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: is_terminal))
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(isatty=lambda: True))
    assert own_window.has_own_window() is expected


def test_python_never_has_a_window_of_its_own() -> None:
    assert not own_window.has_own_window()


@pytest.fixture
def double_clicked(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The command lines that a program in its own window runs; each exits with the code 1."""
    started: list[list[str]] = []

    def main() -> None:
        started.append(sys.argv[1:])
        sys.exit(0 if len(started) > 1 else 1)

    monkeypatch.setattr(__main__, "has_own_window", lambda: True)
    monkeypatch.setattr("sgtrack.cli.main.main", main)
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n"))
    return started


def _start(monkeypatch: pytest.MonkeyPatch, *words: str) -> Any:
    monkeypatch.setattr(sys, "argv", ["sgtrack.exe", *words])
    with pytest.raises(SystemExit) as ended:
        __main__.main()
    return ended.value.code


def test_a_double_click_starts_the_menu_and_shows_how_it_failed(
    double_clicked: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert _start(monkeypatch) == 1
    assert capsys.readouterr().out == f"{os.linesep[-1]}按回车键关闭"
    assert _start(monkeypatch) == 0
    assert capsys.readouterr().out == "", "she left the menu, so the window may close"
    assert double_clicked == [["menu"], ["menu"]]


def test_a_file_dropped_on_the_program_does_not_close_the_window_at_once(
    double_clicked: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    double_clicked.append([])
    assert _start(monkeypatch, "登记表.xlsx") == 0
    assert capsys.readouterr().out.endswith("按回车键关闭")
    assert double_clicked == [[], ["登记表.xlsx"]]
