"""Strange terminals, time zones, clocks and paths are no reason for a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from _thread import interrupt_main
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from sgtrack.cli import error_handling
from sgtrack.cli.main import repeat_interrupt
from sgtrack.workspace import Workspace

from ..support.command_line import Run, run_command
from ..support.files import read_tree

HERE = ("-c", "sanli")
LOG = ("log", "5.1", "3人次", "-d", "3-1", *HERE)


@pytest.mark.parametrize("columns", ["0", "1", "2", "-5", "abc", "99999999", "9" * 40, "٣"])
def test_a_width_with_which_nothing_can_be_shown(workspace: Workspace, columns: str) -> None:
    for words in (("status", *HERE), ("list",), ("plan", *HERE), ("log", "--help")):
        ran = subprocess.run(
            [sys.executable, "-m", "sgtrack", *words],
            env=os.environ | {"SGTRACK_HOME": str(workspace.root), "COLUMNS": columns},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert (ran.returncode, ran.stderr) == (0, "")
        assert max(map(len, ran.stdout.splitlines())) > 5


@pytest.fixture
def time_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    if not hasattr(time, "tzset"):
        pytest.skip("Windows has no tzset")
    yield monkeypatch
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("zone", ["UTC+25", "UTC-25", "UTC+167"])
def test_a_time_zone_that_no_place_has(
    workspace: Workspace, run: Run, time_zone: pytest.MonkeyPatch, zone: str
) -> None:
    before = read_tree(workspace.root)
    time_zone.setenv("TZ", zone)
    time.tzset()
    ran = run(*LOG)
    assert (ran.code, "时区不对" in ran.err, zone in ran.err) == (1, True, True)
    time_zone.delenv("SGTRACK_TODAY")
    assert "时区不对" in run("status").err
    assert read_tree(workspace.root) == before


@pytest.mark.parametrize("zone", ["UTC+12", "UTC-14", "nonsense", ":/etc/passwd", ""])
def test_other_time_zones(run: Run, time_zone: pytest.MonkeyPatch, zone: str) -> None:
    time_zone.setenv("TZ", zone)
    time.tzset()
    assert run(*LOG).code == 0
    assert run("verify").code == 0


@pytest.mark.parametrize(
    "day", ["0001-01-01", "1970-01-01", "1999-12-31", "2100-01-01", "9999-12-31"]
)
def test_a_day_that_cannot_be_today(workspace: Workspace, run: Run, day: str) -> None:
    before = read_tree(workspace.root)
    for words in (("status",), ("due",), ("plan",), LOG, ("export", "x.xlsx", *HERE)):
        ran = run_command(workspace.root, *words, env={"SGTRACK_TODAY": day})
        assert (ran.code, "2000 至 2099 年" in ran.err) == (1, True), words
    assert read_tree(workspace.root) == before


@pytest.mark.parametrize("day", ["2000-01-01", "2099-12-31"])
def test_the_first_and_the_last_day(workspace: Workspace, day: str) -> None:
    for words in (("status",), ("due",), ("plan",), ("check",), ("list",), ("brief", *HERE), LOG):
        ran = run_command(workspace.root, *words, env={"SGTRACK_TODAY": day})
        assert ran.code in (0, 1), words
        assert "程序出了错" not in ran.err


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1-1-1", "2026-02-30"])
def test_days_that_are_typed(run: Run, day: str) -> None:
    for words in (
        ("status", "--as-of", day),
        ("explain", "5.1", "--as-of", day),
        ("plan", "--as-of", day),
        ("due", "--as-of", day),
        ("log", "5.1", "3人次", "-d", day, *HERE),
        ("export", "x.xlsx", "--as-of", day, *HERE),
        ("report", "final", "--as-of", day, *HERE),
        ("brief", "--month", day[:7], *HERE),
        ("list", "--month", day[:7]),
    ):
        ran = run(*words)
        assert ran.code in (0, 1, 2), words
        assert "程序出了错" not in ran.err, (words, ran.err)


@pytest.mark.parametrize("name", ["长" * 100, "x" * 300, "/".join(["x" * 200] * 30)])
def test_paths_that_are_too_long(run: Run, workspace: Workspace, tmp_path: Path, name: str) -> None:
    before = read_tree(workspace.root)
    path = f"{tmp_path}/{name}"
    for words in (
        ("init", path),
        ("import", f"{path}.xlsx", *HERE),
        ("import", f"{path}.csv", *HERE),
        ("people", "import", f"{path}.csv", *HERE),
        ("log", "5.1", "3人次", "-d", "3-1", "-e", f"{path}.jpg", *HERE),
        ("export", f"{path}.xlsx", *HERE),
        ("sheet", f"{path}.xlsx", *HERE),
        ("merge", f"{path}.db"),
        ("bundle", "-o", f"{path}.zip"),
        ("dossier", "-o", f"{path}.zip", *HERE),
        ("restore", path, "--yes"),
        ("targets", "draft", f"{path}.docx"),
        ("backup", "--encrypt", f"{path}.db"),
    ):
        ran = run(*words)
        assert "程序出了错" not in ran.err, (words[:2], ran.err)
        assert ran.code in (0, 1), words[:2]
    fits = os.name == "nt" and len(name) == 100  # Windows counts characters, others count bytes
    assert run_command(Path(path), "status").code == (not fits)
    if not fits:
        assert read_tree(workspace.root) == before


class Interrupted:
    """An object in whose destructor an exception comes, which Python drops."""

    def __init__(self, error: type[BaseException]) -> None:
        self.error = error

    def __del__(self) -> None:
        raise self.error


def test_ctrl_c_that_python_drops_comes_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "unraisablehook", repeat_interrupt)

    def drop_and_wait() -> None:
        Interrupted(KeyboardInterrupt)
        for _ in range(500):
            time.sleep(0.01)

    with pytest.raises(KeyboardInterrupt):
        drop_and_wait()
    assert capsys.readouterr().err == ""


def test_another_exception_that_python_drops_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "unraisablehook", repeat_interrupt)
    Interrupted(ValueError)
    assert "ValueError" in capsys.readouterr().err


def test_ctrl_c_after_an_interruption_is_ignored(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(error_handling, "_describe_written", press_again)
    try:
        with pytest.raises(typer.Exit):
            error_handling.guarded(press_again)
    finally:
        signal.signal(signal.SIGINT, before)
    assert "已中断" in capsys.readouterr().err


def press_again(*_: object) -> str:
    """Press Ctrl-C, and wait until Python has seen it."""
    interrupt_main()
    time.sleep(0.05)
    return ""
