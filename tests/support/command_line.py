"""Runs command lines in the process of the test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from sgtrack.cli.main import called, program
from sgtrack.workspace import Workspace

from .ledgers import environment

TODAY = "2026-06-30"
"""The day on which tests take place."""


@dataclass(frozen=True)
class Ran:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]
"""Runs a command line, given as words, in the workspace of a test."""


def run_command(
    home: Path | None,
    *words: str,
    input: str | bytes | None = None,
    env: Mapping[str, str | None] | None = None,
) -> Ran:
    """Run a command line as ``sgtrack`` does: only the command that is called is loaded.

    Args:
        home: the workspace; None leaves it to the program to find one.
        input: what is typed or piped in.
        env: environment variables beside those of the process; None unsets one.

    Raises:
        Exception: whatever the program did not turn into a message.
    """
    line = [*([] if home is None else ["--home", str(home)]), *words]
    result = CliRunner().invoke(program(called(line)), line, input=input, env=env)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ran(result.exit_code, result.stdout, result.stderr)


def run_in(workspace: Workspace, today: str = TODAY) -> Run:
    """Return what runs command lines in a workspace on a day, outside of any test too."""
    env = {"SGTRACK_TODAY": today, **environment(workspace)}
    return lambda *words: run_command(workspace.root, *words, env=env)
