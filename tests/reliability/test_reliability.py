"""Runs the short form of ``make reliability``."""

from __future__ import annotations

from pathlib import Path

import pytest

from sgtrack.workspace import make_workspace

from ..support import system_calls
from ..support.fork_server import OFFERED, ForkServer, Result
from . import at_once, damage, disks, every_call, kills, kinds, mixed, other_kinds
from .results import Result as RowResult
from .results import result_lines, save_result
from .rows import ROWS
from .state import count
from .table import Row, table

pytestmark = pytest.mark.skipif(not OFFERED, reason="the system cannot fork processes")


@pytest.mark.parametrize("kind", kinds.KINDS, ids=lambda kind: kind.name)
def test_a_killed_command_is_done_or_not_begun(
    fork_server: ForkServer, tmp_path: Path, kind: kinds.Kind
) -> None:
    row = kills.kill(fork_server, kind, 3, tmp_path, seed=7)
    assert (row.times, row.faults) == (3, ())


OFTEN = {"log, first of all", "evidence add", "migration"}
"""The commands that this test also stops at single changes; ``make reliability`` stops all."""


@pytest.mark.skipif(not system_calls.OFFERED, reason="calls are watched on Linux on x86-64 only")
@pytest.mark.parametrize("error", ["", *every_call.ERRORS])
def test_a_command_that_is_stopped_at_a_change_of_a_file_is_done_or_not_begun(
    fork_server: ForkServer, tmp_path: Path, error: str
) -> None:
    chosen = [kind for kind in other_kinds.EVERY if kind.name in OFTEN]
    row = every_call.stop_everywhere([fork_server], chosen, error, tmp_path, less=20)
    assert (len(chosen), row.faults) == (len(OFTEN), ())
    assert row.times >= len(OFTEN)


@pytest.mark.skipif(not system_calls.OFFERED, reason="calls are watched on Linux on x86-64 only")
def test_a_kill_at_the_end_of_a_transaction_of_sqlite_undoes_it(
    fork_server: ForkServer, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "w", "sanli").root
    kinds.one_entry(root, fork_server)

    def log(title: str, call: int) -> Result:
        words = ["--home", str(root), "log", "5.1", "3人次", "-d", "6-2", "-t", title, *kinds.HERE]
        stop = system_calls.Stop(str(root), call)
        return fork_server.run_one(words, env=other_kinds.ENV, stop=stop)

    changes = log("一", -1).changes
    committed = changes.index(("unlink", "ledger.db-journal"))
    assert changes[committed - 1] == ("fsync", "ledger.db")
    for title, call, there in (("二", committed, 0), ("三", committed + 1, 1)):
        killed = log(title, call)
        assert (killed.killed, killed.out) == (True, "")
        assert count(root, kinds.TITLE, title) == there


def test_several_windows_lose_nothing(fork_server: ForkServer, tmp_path: Path) -> None:
    row = at_once.write_together(fork_server, 8, 4, tmp_path)
    assert (row.times, row.faults) == (32, ())


def test_a_reader_sees_all_or_nothing_of_an_import(fork_server: ForkServer, tmp_path: Path) -> None:
    row = at_once.read_during_imports(fork_server, 3, 6, tmp_path)
    assert (row.times, row.faults) == (12, ())


def test_commands_of_all_kinds_at_once_lose_nothing(
    fork_server: ForkServer, tmp_path: Path
) -> None:
    row = mixed.run_mixed(fork_server, 2, tmp_path)
    assert len(mixed.PROCESSES) == 16
    assert (row.times >= 16, row.faults) == (True, ())


def test_a_forgotten_name_does_not_come_back_by_a_correction(
    fork_server: ForkServer, tmp_path: Path
) -> None:
    row = mixed.forget_and_amend(fork_server, 2, tmp_path)
    assert (row.times, row.faults) == (2, ())


def test_recover_drops_no_entry_that_others_log(fork_server: ForkServer, tmp_path: Path) -> None:
    row = mixed.recover_and_log(fork_server, 2, tmp_path)
    assert (row.times, row.faults) == (2, ())


def test_a_full_disk_is_refused_plainly_and_leaves_nothing_half_written(
    fork_server: ForkServer, tmp_path: Path
) -> None:
    try:
        row = disks.fill(fork_server, 6, tmp_path, seed=7)
    except disks.CannotMount as error:
        pytest.skip(f"a small disk cannot be mounted here: {error}")
    assert row.faults == ()


def test_a_read_only_folder_can_be_read(fork_server: ForkServer, tmp_path: Path) -> None:
    try:
        row = disks.read_only(fork_server, tmp_path)
    except disks.CannotMount as error:
        pytest.skip(f"a small disk cannot be mounted here: {error}")
    assert row.faults == ()


def test_a_vanished_workspace_is_refused_plainly(fork_server: ForkServer, tmp_path: Path) -> None:
    row = disks.vanish(fork_server, tmp_path)
    assert row.faults == ()


@pytest.mark.parametrize("backed_up", [True, False])
def test_what_is_recovered_of_a_damaged_ledger_is_sound(
    fork_server: ForkServer, tmp_path: Path, backed_up: bool
) -> None:
    row = damage.lose_pages(fork_server, 9, tmp_path, backed_up=backed_up)
    assert row.faults == ()


def test_the_table_names_the_commit_of_each_row(tmp_path: Path) -> None:
    save_result("a", RowResult(Row("killed", 1000, (), "no loss"), "abcd", 1.5), tmp_path)
    save_result("b", RowResult(Row("tried", 7, ("x",)), "ef01", 0.1), tmp_path)
    assert table(result_lines(["a", "b", "c"], "abcd", tmp_path)).splitlines() == [
        "| what   | times | wrong |         | commit               |",
        "| ------ | ----- | ----- | ------- | -------------------- |",
        "| killed | 1,000 | 0     | no loss | abcd                 |",
        "| tried  | 7     | 1     |         | ef01, another commit |",
        "| c      |       |       |         | not run              |",
    ]


def test_every_row_has_a_name_for_the_command_line() -> None:
    assert len(ROWS) > len(kinds.KINDS)
    assert all(name == name.strip() and " " not in name for name in ROWS)
