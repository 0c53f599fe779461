"""Laptops: workspaces of their own beside the one that merges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sgtrack.cli.main import program
from sgtrack.workspace import Workspace, make_workspace

from ..conftest import Ran
from ..ledgers import Ledgers, environment


@dataclass(frozen=True)
class Laptop:
    """A workspace in which command lines are run."""

    workspace: Workspace

    def __call__(self, *words: str, code: int = 0) -> Ran:
        result = CliRunner().invoke(
            program(),
            ["--home", str(self.workspace.root), *words],
            env=environment(self.workspace),
        )
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.stderr + result.stdout
        return Ran(result.exit_code, result.stdout, result.stderr)


@pytest.fixture
def laptop(tmp_path: Path, ledgers: Ledgers) -> Callable[[str], Laptop]:
    """A workspace by its name, which is made when first named.

    Laptops have files; what the county merges them into lies where the ledgers of this run do.
    """
    known: dict[str, Laptop] = {}

    def by_name(name: str) -> Laptop:
        if name not in known:
            made = make_workspace(tmp_path / name, "sanli")
            known[name] = Laptop(ledgers.give(made) if name == "county" else made)
        return known[name]

    return by_name
