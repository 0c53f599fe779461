"""The rows of the table in docs/reliability.md: their names and the functions that run them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from ..support import system_calls
from ..support.fork_server import ForkServer
from . import at_once, damage, disks, every_call, generated_inputs, kills, mixed, suites
from .kinds import KINDS, Kind
from .other_kinds import EVERY
from .table import Row

KILLS = {
    "log": 180,
    "log, first of all": 80,
    "log with evidence": 130,
    "evidence add": 110,
    "amend": 110,
    "import": 110,
    "brief --issue": 80,
    "migration": 110,
    "restore": 90,
    "merge": 100,
}
"""The number of kills of each command; a command that is not listed is killed 80 times."""
SEED = 20260324

RowRun = Callable[[ForkServer, Path, int], Row]
"""A function that runs a row in a folder; the integer is the divisor of all numbers of runs."""


def _kill(kind: Kind, fork_server: ForkServer, folder: Path, less: int) -> Row:
    return kills.kill(fork_server, kind, KILLS.get(kind.name, 80) // less, folder, SEED)


def _stop(error: str, fork_server: ForkServer, folder: Path, less: int) -> Row:
    if not system_calls.OFFERED:
        what = f"changes of files with {error or 'a kill'}"
        return Row(what, 0, (), "not tried: not Linux on x86-64")
    with ForkServer() as second:
        return every_call.stop_everywhere([fork_server, second], EVERY, error, folder, less)


def _fill(fork_server: ForkServer, folder: Path, less: int) -> Row:
    try:
        return disks.fill(fork_server, 390 // less, folder, SEED)
    except disks.CannotMount as error:
        return _not_tried("commands on a full disk", error)


def _read_only(fork_server: ForkServer, folder: Path, less: int) -> Row:
    try:
        return disks.read_only(fork_server, folder)
    except disks.CannotMount as error:
        return _not_tried("commands on a read-only disk", error)


def _not_tried(what: str, error: Exception) -> Row:
    return Row(what, 0, (), f"not tried: no disk can be mounted ({error})")


ROWS: dict[str, RowRun] = {
    **{f"kill-{kind.slug}": partial(_kill, kind) for kind in KINDS},
    "every-call-kill": partial(_stop, ""),
    **{f"every-call-{error}": partial(_stop, error) for error in every_call.ERRORS},
    "writers": lambda server, folder, less: at_once.write_together(server, 8, 200 // less, folder),
    "readers": lambda server, folder, less: at_once.read_during_imports(
        server, 40 // less, 100 // less, folder
    ),
    "mixed": lambda server, folder, less: mixed.run_mixed(server, 90 / less, folder),
    "forget-amend": lambda server, folder, less: mixed.forget_and_amend(server, 40 // less, folder),
    "recover-log": lambda server, folder, less: mixed.recover_and_log(server, 40 // less, folder),
    "full-disk": _fill,
    "read-only-disk": _read_only,
    "vanished": lambda server, folder, less: disks.vanish(server, folder),
    "lost-pages-backup": lambda server, folder, less: damage.lose_pages(
        server, less, folder, backed_up=True
    ),
    "lost-pages": lambda server, folder, less: damage.lose_pages(
        server, less, folder, backed_up=False
    ),
    "generated-inputs": lambda server, folder, less: generated_inputs.try_inputs(100_000 // less),
    "bombs": lambda server, folder, less: suites.bombs(folder),
    "properties": lambda server, folder, less: suites.properties(folder, thorough=less == 1),
}
"""The rows by name, in the order of the table; add an entry for each new row."""
