"""Fixtures: every test has a workspace of its own and never sees the user's data or clock."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_postgres import started_server
from sgtrack.model.contract import Project
from sgtrack.targets.loading import load_folder
from sgtrack.workspace import Workspace, make_workspace, packaged

from .support.command_line import TODAY, Ran, Run, run_command
from .support.examples import register_profiles
from .support.fork_server import ForkServer
from .support.ledgers import (
    ON_SERVER,
    Databases,
    Files,
    Ledgers,
    environment,
    folder_of_the_run,
)

register_profiles()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On a server, run only tests with a ledger, and skip those about the SQLite file."""
    if not ON_SERVER:
        return
    with_ledger = [item for item in items if "ledgers" in getattr(item, "fixturenames", ())]
    config.hook.pytest_deselected(items=[item for item in items if item not in with_ledger])
    items[:] = with_ledger
    for item in items:
        for mark in item.iter_markers("about_the_file"):
            item.add_marker(pytest.mark.skip(reason=f"about the file: {mark.args[0]}"))


@pytest.fixture(scope="session")
def ledgers() -> Iterator[Ledgers]:
    """The kind of ledgers of this run: files or databases."""
    if not ON_SERVER:
        yield Files()
        return
    with started_server() as folder:
        yield Databases(folder)


@pytest.fixture(autouse=True)
def _dropped(request: pytest.FixtureRequest) -> Iterator[None]:
    """Drop the databases that a test made, but not those of the session."""
    if not ON_SERVER:
        yield
        return
    made = request.getfixturevalue("ledgers")
    kept = len(made.made)
    yield
    made.drop_after(kept)


@pytest.fixture(scope="session", autouse=True)
def _shared_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let all tests share one cache of target files: reading them takes longer than most tests.

    Only Linux looks at ``XDG_CACHE_HOME``, so platformdirs is made to do so everywhere.
    """
    with pytest.MonkeyPatch.context() as session:
        session.setenv("XDG_CACHE_HOME", str(folder_of_the_run(tmp_path_factory) / "cache"))
        session.setattr(
            "platformdirs.user_cache_dir",
            lambda name, **_: str(Path(os.environ["XDG_CACHE_HOME"]) / name),
        )
        yield


@pytest.fixture
def empty_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A cache folder of the test's own, with nothing in it yet."""
    folder = tmp_path / "own-cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def fork_server() -> Iterator[ForkServer]:
    """Starts processes of sgtrack."""
    with ForkServer() as started:
        yield started


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    empty = tmp_path / "elsewhere"
    empty.mkdir()
    for name in ("SGTRACK_HOME", "SGTRACK_COMMUNITY", "SGTRACK_DB", "SGTRACK_PASSPHRASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SGTRACK_TODAY", TODAY)
    monkeypatch.setenv("HOME", str(empty))
    monkeypatch.setenv("XDG_DATA_HOME", str(empty / "data"))
    monkeypatch.setenv("WIN_PD_OVERRIDE_LOCAL_APPDATA", str(empty / "data"))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.chdir(empty)


@pytest.fixture
def workspace(tmp_path: Path, ledgers: Ledgers, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace with the packaged targets and templates."""
    made = ledgers.give(make_workspace(tmp_path / "workspace"))
    for name, value in environment(made).items():
        if value is not None:
            monkeypatch.setenv(name, value)
    return made


@pytest.fixture
def run(workspace: Workspace) -> Run:
    """Run a command line in the workspace."""

    def command(*words: str) -> Ran:
        return run_command(workspace.root, *words)

    return command


@pytest.fixture
def log(run: Run) -> Run:
    """Log an activity for 仙鹤观; the command must succeed."""

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
