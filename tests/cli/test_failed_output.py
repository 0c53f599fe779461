"""What a command says when its result cannot be shown, or when it stops after a commit.

A message says that the ledger was changed exactly if it was.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import sgtrack.app.log as log_module
from sgtrack.recovery import backups
from sgtrack.workspace import Workspace

from ..support.command_line import Run, list_entries

LOG = ("log", "5.1", "3人次", "-d", "3-1", "-c", "sanli")
WRITTEN, UNCHANGED = "已经写进台账", "台账没有改动"
needs_dev_full = pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="needs a POSIX shell and /dev/full"
)


def in_shell(workspace: Workspace, words: tuple[str, ...], redirected: str) -> tuple[int, str]:
    """Run a command with redirected streams; return its exit code and what stderr received."""
    ran = subprocess.run(
        ["sh", "-c", f'"$@" {redirected}', "sh", sys.executable, "-m", "sgtrack", *words],
        env=os.environ | {"SGTRACK_HOME": str(workspace.root)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "Traceback" not in ran.stderr
    return ran.returncode, ran.stderr


@needs_dev_full
@pytest.mark.parametrize("redirected", ["> /dev/full", ">&-", ">&- <&-"])
@pytest.mark.parametrize(
    "words", [LOG, ("people", "add", "甲", "-c", "sanli"), ("status",), ("list", "--json")]
)
def test_a_result_that_cannot_be_shown(
    workspace: Workspace, run: Run, words: tuple[str, ...], redirected: str
) -> None:
    code, message = in_shell(workspace, words, redirected)
    wrote = words[0] in ("log", "people")
    assert code == 1
    assert (WRITTEN in message, UNCHANGED in message) == (wrote, not wrote)
    assert len(list_entries(run)) == (words == LOG)


@needs_dev_full
@pytest.mark.parametrize("redirected", ["2>&-", "2>/dev/full", ">/dev/null 2>&-"])
def test_an_error_stream_that_is_closed_stops_nothing(
    workspace: Workspace, run: Run, redirected: str
) -> None:
    assert in_shell(workspace, LOG, redirected)[0] == 0
    assert in_shell(workspace, ("log", "5.9", "3人次", "-c", "sanli"), redirected)[0] == 1
    assert len(list_entries(run)) == 1


@needs_dev_full
def test_a_closed_output_never_gets_into_the_ledger(workspace: Workspace, run: Run) -> None:
    for day in ("3-1", "3-2", "3-3"):
        in_shell(workspace, (*LOG, "-d", day), ">&- 2>&- <&-")
    assert len(list_entries(run)) == 3
    assert run("verify").code == 0


def test_a_reader_that_closes_the_pipe(workspace: Workspace, run: Run) -> None:
    code = "import subprocess, sys; p = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE); "
    code += "p.stdout.close(); sys.exit(p.wait())"

    def into_closed_pipe(*words: str) -> tuple[int, str]:
        ran = subprocess.run(
            [sys.executable, "-c", code, sys.executable, "-m", "sgtrack", *words],
            env=os.environ | {"SGTRACK_HOME": str(workspace.root)},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        return ran.returncode, ran.stderr

    returned, message = into_closed_pipe(*LOG)
    assert (returned, WRITTEN in message) == (1, True)
    assert len(list_entries(run)) == 1
    assert into_closed_pipe("list", "--json") == (1, "")


@pytest.mark.about_the_file("a database gets no daily backup, in which these tests fail")
@pytest.mark.parametrize("written", [True, False])
def test_a_bug_says_whether_the_ledger_was_changed(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, written: bool
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    module, name = (backups, "make_daily_backup") if written else (log_module, "propose")
    monkeypatch.setattr(module, name, fail)
    ran = run(*LOG)
    assert ran.code == 1
    assert (WRITTEN in ran.err, UNCHANGED in ran.err) == (written, not written)
    assert len(list_entries(run)) == written


@pytest.mark.about_the_file("a database gets no daily backup, in which these tests fail")
@pytest.mark.parametrize("written", [True, False])
def test_an_interrupt_says_whether_the_ledger_was_changed(
    run: Run, monkeypatch: pytest.MonkeyPatch, written: bool
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    module, name = (backups, "make_daily_backup") if written else (log_module, "propose")
    monkeypatch.setattr(module, name, interrupt)
    ran = run(*LOG)
    assert ran.code == 130
    assert (WRITTEN in ran.err) == written
    assert len(list_entries(run)) == written


@pytest.mark.about_the_file("a database gets no daily backup, in which these tests fail")
def test_a_refusal_after_a_commit_says_what_is_written(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_backup = backups.make_daily_backup

    def close_the_door(ledger: Path) -> None:
        make_backup(ledger)
        raise PermissionError(13, "Permission denied", str(ledger))

    monkeypatch.setattr(backups, "make_daily_backup", close_the_door)
    ran = run(*LOG)
    assert (ran.code, WRITTEN in ran.err, "没有权限" in ran.err) == (1, True, True)
    assert len(list_entries(run)) == 1


INTERRUPT_AT_IMPORT = """
import os, signal, sys

MODULE = sys.argv.pop(1)

class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == MODULE:
            signal.raise_signal(signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
sys.meta_path.insert(0, Interrupt())
from sgtrack.__main__ import main
main()
"""


@pytest.mark.parametrize(
    "module",
    ["sgtrack.cli", "typer", "sgtrack.cli.main", "sgtrack.cli.status_commands", "rich.console"],
)
def test_an_interrupt_while_the_program_loads(workspace: Workspace, module: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", INTERRUPT_AT_IMPORT, module, "status"],
        env=os.environ | {"SGTRACK_HOME": str(workspace.root)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (130, "", "\n已中断\n")
