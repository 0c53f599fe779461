"""The short form of ``make reliability``."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..support.fork_server import OFFERED, ForkServer
from . import at_once, damage, disks, kills
from .table import Row, table

pytestmark = pytest.mark.skipif(not OFFERED, reason="the system cannot fork processes")


@pytest.mark.parametrize("kind", kills.KINDS, ids=lambda kind: kind.name)
def test_a_killed_command_is_done_or_not_begun(
    fork_server: ForkServer, tmp_path: Path, kind: kills.Kind
) -> None:
    row = kills.kill(fork_server, kind, 3, tmp_path, seed=7)
    assert (row.times, row.faults) == (3, ())


def test_several_windows_lose_nothing(fork_server: ForkServer, tmp_path: Path) -> None:
    row = at_once.write_together(fork_server, 8, 4, tmp_path)
    assert (row.times, row.faults) == (32, ())


def test_a_reader_sees_all_or_nothing_of_an_import(fork_server: ForkServer, tmp_path: Path) -> None:
    row = at_once.read_during_imports(fork_server, 3, 6, tmp_path)
    assert (row.times, row.faults) == (12, ())


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


def test_the_table_lines_up() -> None:
    rows = [Row("killed", 1000, (), "no loss"), Row("tried", 7, ("x",))]
    assert table(rows).splitlines() == [
        "| what   | times | wrong |         |",
        "| ------ | ----- | ----- | ------- |",
        "| killed | 1,000 | 0     | no loss |",
        "| tried  | 7     | 1     |         |",
    ]
