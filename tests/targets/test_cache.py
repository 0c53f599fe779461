"""What is remembered of target files: nothing that is no longer so, and nothing but contracts."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from sgtrack.model.contract import Project
from sgtrack.targets.cache import cached_file, cached_folder, remember
from sgtrack.targets.loading import load_folder
from sgtrack.workspace import Workspace

from ..conftest import Run


@pytest.fixture
def known(workspace: Workspace) -> tuple[Project, ...]:
    """The communities of the workspace, read and remembered."""
    projects = load_folder(workspace.targets).projects
    remember(workspace.targets, projects)
    return projects


def cache_files() -> list[Path]:
    return list((Path(os.environ["XDG_CACHE_HOME"]) / "sgtrack" / "targets").iterdir())


def test_what_was_read_is_remembered_whole(
    workspace: Workspace, known: tuple[Project, ...]
) -> None:
    assert cached_folder(workspace.targets) == known


@pytest.mark.parametrize("name", ["sanli.yaml", "shared/lezhi.yaml"])
def test_a_changed_file_is_read_again(
    workspace: Workspace, known: tuple[Project, ...], name: str
) -> None:
    file = workspace.targets / name
    file.write_text(file.read_text(encoding="utf-8") + "# 改过\n", encoding="utf-8")
    assert cached_file(workspace.targets / "sanli.yaml") is None
    assert cached_folder(workspace.targets) is None


def test_a_file_that_was_broken_since_is_refused(run: Run, workspace: Workspace) -> None:
    assert run("status", "-c", "sanli").code == 0
    file = workspace.targets / "sanli.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "period: 1\n", encoding="utf-8")
    assert "period" in run("status", "-c", "sanli").err


class Harm:
    """Unpickled by Python itself this would run a function."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, ("harmed",)


@pytest.mark.parametrize("content", [pickle.dumps(Harm()), b"", b"\x80\x05garbage"])
def test_what_somebody_else_put_there_is_not_run(
    run: Run, workspace: Workspace, known: tuple[Project, ...], content: bytes
) -> None:
    for file in cache_files():
        file.write_bytes(content)
    assert cached_folder(workspace.targets) is None
    assert run("status").code == 0
    assert not Path("harmed").exists()


def test_without_a_place_to_keep_it_everything_works(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    blocked = tmp_path / "a-file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert run("status").code == 0
