"""Output that goes to a file or a pipe is UTF-8 with LF, also on Chinese Windows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sgtrack.workspace import Workspace

from ..support.command_line import Run

RARE = "𠮷䶮—✓é"
"""Characters of names and titles, most of which GBK lacks."""


@pytest.fixture
def logged(run: Run, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("PYTHONIOENCODING", "gbk")  # as Python chooses on Chinese Windows
    monkeypatch.delenv("PYTHONUTF8", raising=False)
    assert run("log", "5.1", "3人次", "-c", "sanli", "-d", "6-1", "-t", f"看望{RARE}").code == 0
    return workspace


def started(workspace: Workspace, *words: str) -> tuple[int, bytes, bytes]:
    """Run a command with its output in pipes, and return its exit code and the bytes of both."""
    ran = subprocess.run(
        [sys.executable, "-m", "sgtrack", "--home", str(workspace.root), *words],
        capture_output=True,
        env=os.environ | {"COLUMNS": "120"},
        check=False,
    )
    return ran.returncode, ran.stdout, ran.stderr


@pytest.mark.parametrize("words", [("list",), ("list", "--json"), ("explain", "5.1"), ("due",)])
def test_results_are_utf_8_with_lf(logged: Workspace, words: tuple[str, ...]) -> None:
    code, out, _ = started(logged, *words, "-c", "sanli")
    text = out.decode("utf-8")
    assert code == 0
    assert b"\r" not in out
    assert text.endswith("\n")
    if words[0] != "due":
        assert f"看望{RARE}" in text
    if "--json" in words:
        assert json.loads(out)[0]["title"] == f"看望{RARE}"


def test_json_in_a_file_is_read_as_any_program_reads_it(logged: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "记录.json"
    with file.open("wb") as output:
        subprocess.run(
            [sys.executable, "-m", "sgtrack", "--home", str(logged.root), "list", "--json"],
            stdout=output,
            check=True,
        )
    assert json.loads(file.read_bytes())[0]["title"] == f"看望{RARE}"


def test_refusals_are_utf_8_with_lf(logged: Workspace) -> None:
    code, out, err = started(logged, "log", RARE, "3人次", "-c", "sanli")
    assert (code, out) == (1, b"")
    assert RARE in err.decode("utf-8")
    assert b"\r" not in err


def test_help_is_utf_8_with_lf(logged: Workspace) -> None:
    for words in (("--help",), ("log", "--help"), ("--version",)):
        _, out, err = started(logged, *words)
        assert out.decode("utf-8")
        assert b"\r" not in out + err
