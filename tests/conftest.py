"""Fixtures: every test has a workspace of its own and never sees the user's data or clock."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings
from typer.testing import CliRunner

from sgtrack.cli.main import called, program
from sgtrack.targets.loading import load_folder
from sgtrack.targets.model import Project
from sgtrack.workspace import Workspace, make_workspace, packaged

TODAY = "2026-06-30"

settings.register_profile("sgtrack", deadline=None)  # nothing is timed in a test
settings.load_profile("sgtrack")


@dataclass(frozen=True)
class Ran:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    empty = tmp_path / "elsewhere"
    empty.mkdir()
    for name in ("SGTRACK_HOME", "SGTRACK_COMMUNITY", "SGTRACK_DB", "SGTRACK_PASSPHRASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SGTRACK_TODAY", TODAY)
    monkeypatch.setenv("HOME", str(empty))
    monkeypatch.setenv("XDG_DATA_HOME", str(empty / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(empty / "cache"))
    monkeypatch.setenv("LOCALAPPDATA", str(empty / "data"))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.chdir(empty)


def check_golden(name: str, text: str) -> None:
    """Hold a whole output against its golden file.

    ``SGTRACK_GOLDEN=write`` writes the file anew; the difference is then reviewed before it is
    committed.
    """
    golden = Path(__file__).parent / "golden" / name
    if os.environ.get("SGTRACK_GOLDEN") == "write":
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace with the packaged targets and templates."""
    return make_workspace(tmp_path / "workspace")


@pytest.fixture
def run(workspace: Workspace) -> Run:
    """Run a command line in the workspace."""

    def command(*words: str) -> Ran:
        line = ["--home", str(workspace.root), *words]
        result = CliRunner().invoke(program(called(line)), line)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ran(result.exit_code, result.stdout, result.stderr)

    return command


@pytest.fixture
def log(run: Run) -> Run:
    """Log an activity for 仙鹤观 and insist that it is taken."""

    def command(*words: str) -> Ran:
        ran = run("log", "-c", "xianheguan", *words)
        assert ran.code == 0, ran.err
        return ran

    return command


@pytest.fixture(scope="session")
def projects() -> dict[str, Project]:
    """The packaged communities by their short names."""
    loaded = load_folder(packaged("targets"))
    assert not loaded.problems
    return {project.slug: project for project in loaded.projects}


@pytest.fixture(scope="session")
def project(projects: dict[str, Project]) -> Project:
    """仙鹤观."""
    return projects["xianheguan"]
