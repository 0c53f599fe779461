"""Workspaces of other laptops, to merge from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from sgtrack.workspace import Workspace, make_workspace

from ..support.command_line import Ran, run_command
from ..support.ledgers import Ledgers, environment


@dataclass(frozen=True)
class Laptop:
    """A laptop's workspace; calling it runs a command line."""

    workspace: Workspace

    def __call__(self, *words: str, code: int = 0) -> Ran:
        ran = run_command(self.workspace.root, *words, env=environment(self.workspace))
        assert ran.code == code, ran.err + ran.out
        return ran


Laptops = Callable[[str], Laptop]
NAME, OTHER_NAME = "张小花", "李大山"


@pytest.fixture
def laptop(tmp_path: Path, ledgers: Ledgers) -> Callable[[str], Laptop]:
    """Return a laptop by its name; make it at the first call.

    Laptops have files; what the county merges them into lies where the ledgers of this run do.
    """
    known: dict[str, Laptop] = {}

    def by_name(name: str) -> Laptop:
        if name not in known:
            made = make_workspace(tmp_path / name, "sanli")
            known[name] = Laptop(ledgers.give(made) if name == "county" else made)
        return known[name]

    return by_name


@pytest.fixture
def north(laptop: Laptops, tmp_path: Path) -> Laptop:
    """A laptop with people, evidence and an issued brief."""
    run = laptop("north")
    photo = tmp_path / "照片.jpg"
    photo.write_bytes(b"photo")
    run("people", "add", "工甲甲")
    run(
        *("log", "7.2.2", "2人", "--who", NAME, OTHER_NAME, "-d", "3-1"),
        *("-t", f"招募{NAME}", "-e", str(photo)),
    )
    run("log", "5.1", "3人次", "-d", "3-2", "-t", "走访")
    run("brief", "-m", "3", "--issue", "--yes", "--format", "md")
    return run
