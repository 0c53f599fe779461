"""Laptops: workspaces of their own beside the one that merges."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sgtrack.cli.main import program
from sgtrack.workspace import make_workspace

from ..conftest import Ran

Laptop = Callable[..., Ran]


@pytest.fixture
def laptop(tmp_path: Path) -> Callable[[str], Laptop]:
    """A workspace by its name, in which command lines are run; it is made when first named."""

    def by_name(name: str) -> Laptop:
        root = tmp_path / name
        if not root.exists():
            make_workspace(root, "sanli")

        def command(*words: str, code: int = 0) -> Ran:
            result = CliRunner().invoke(program(), ["--home", str(root), *words])
            if result.exception is not None and not isinstance(result.exception, SystemExit):
                raise result.exception
            assert result.exit_code == code, result.stderr + result.stdout
            return Ran(result.exit_code, result.stdout, result.stderr)

        return command

    return by_name
