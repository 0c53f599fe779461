"""Runs command lines in the process of the test, and reads what they print as JSON."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from sgtrack.cli.main import called, program
from sgtrack.workspace import Workspace

from .ledgers import environment

TODAY = "2026-06-30"
"""The day on which the tests run their commands."""


@dataclass(frozen=True)
class Ran:
    """The output of a command, and its exit code."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]
"""A function that runs a command line, given as words, in the workspace of a test."""


def run_command(
    home: Path | None,
    *words: str,
    input: str | bytes | None = None,
    env: Mapping[str, str | None] | None = None,
) -> Ran:
    """Run a command line as ``sgtrack`` does: only the command that is called is loaded.

    Args:
        home: the workspace; with None, the program finds it itself.
        input: the text on standard input.
        env: additional environment variables; None unsets a variable.

    Raises:
        Exception: an exception that the program did not turn into a message.
    """
    line = [*([] if home is None else ["--home", str(home)]), *words]
    handler = signal.getsignal(signal.SIGINT)
    result = CliRunner().invoke(program(called(line)), line, input=input, env=env)
    if signal.getsignal(signal.SIGINT) is not handler:  # an interrupted command ignores Ctrl-C
        signal.signal(signal.SIGINT, handler)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ran(result.exit_code, result.stdout, result.stderr)


def run_in(workspace: Workspace, today: str = TODAY) -> Run:
    """Return a runner of command lines on a day; it works in session fixtures too."""
    env = {"SGTRACK_TODAY": today, **environment(workspace)}
    return lambda *words: run_command(workspace.root, *words, env=env)


def list_entries(run: Run, *words: str) -> list[dict[str, Any]]:
    """Return the entries that ``list`` prints with these options."""
    entries: list[dict[str, Any]] = json.loads(run("list", *words, "--json").out)
    return entries


def status_without_titles(run: Run, community: str) -> dict[str, Any]:
    """Return the status of a community without titles of open groups, which may contain names."""
    (status,) = json.loads(run("status", "--json", "-c", community).out)["communities"]
    for group in status["open"]:
        del group["title"]
    found: dict[str, Any] = status
    return found
