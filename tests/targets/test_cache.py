"""The cache of target files is never stale and never loads anything but contracts."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from sgtrack.model.contract import Project
from sgtrack.targets.cache import cache_projects, cached_file, cached_folder
from sgtrack.targets.loading import load_folder
from sgtrack.workspace import Workspace

from ..support.command_line import Run

pytestmark = pytest.mark.usefixtures("empty_cache")


@pytest.fixture
def cached_projects(workspace: Workspace) -> tuple[Project, ...]:
    """The communities of the workspace, loaded and cached."""
    projects = load_folder(workspace.targets).projects
    cache_projects(workspace.targets, projects)
    return projects


def cache_files() -> list[Path]:
    return list((Path(os.environ["XDG_CACHE_HOME"]) / "sgtrack" / "targets").iterdir())


def test_the_cache_returns_what_was_cached(
    workspace: Workspace, cached_projects: tuple[Project, ...]
) -> None:
    assert cached_folder(workspace.targets) == cached_projects


@pytest.mark.parametrize("name", ["sanli.yaml", "shared/lezhi.yaml"])
def test_a_changed_file_is_read_again(
    workspace: Workspace, cached_projects: tuple[Project, ...], name: str
) -> None:
    file = workspace.targets / name
    file.write_text(file.read_text(encoding="utf-8") + "# 改过\n", encoding="utf-8")
    assert cached_file(workspace.targets / "sanli.yaml") is None
    assert cached_folder(workspace.targets) is None


def test_a_file_broken_after_caching_is_refused(run: Run, workspace: Workspace) -> None:
    assert run("status", "-c", "sanli").code == 0
    file = workspace.targets / "sanli.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "period: 1\n", encoding="utf-8")
    assert "period" in run("status", "-c", "sanli").err


class Harm:
    """Runs a function if Python's own unpickler loads it."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, ("harmed",)


@pytest.mark.parametrize("content", [pickle.dumps(Harm()), b"", b"\x80\x05garbage"])
def test_a_foreign_cache_file_is_not_executed(
    run: Run, workspace: Workspace, cached_projects: tuple[Project, ...], content: bytes
) -> None:
    for file in cache_files():
        file.write_bytes(content)
    assert cached_folder(workspace.targets) is None
    assert run("status").code == 0
    assert not Path("harmed").exists()


def test_everything_works_without_a_writable_cache_folder(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    blocked = tmp_path / "a-file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert run("status").code == 0
