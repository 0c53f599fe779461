"""The long form of the reliability tests: ``make reliability``.

Each part gives rows of the table; a new part is one more entry in ``PARTS``. What goes wrong is
printed below it, and the exit code is then 1. ``--quick`` does a tenth of everything.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from ..support.fork_server import ForkServer
from . import at_once, damage, disks, generated_inputs, kills, suites
from .table import Row, table

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
"""How often each command is killed; a kind that is not listed, 80 times."""
SEED = 20260324

Part = Callable[[ForkServer, Path, int], Iterator[Row]]
"""What gives rows, from a folder to work in and what to divide every number by."""


def killed(fork_server: ForkServer, folder: Path, less: int) -> Iterator[Row]:
    """Every kind of command, killed."""
    rows = []
    for kind in kills.KINDS:
        wanted = KILLS.get(kind.name, 80) // less
        rows.append(kills.kill(fork_server, kind, wanted, folder, SEED))
        yield rows[-1]
    faults = tuple(fault for row in rows for fault in row.faults)
    yield Row("killed: together", sum(row.times for row in rows), faults)


def together(fork_server: ForkServer, folder: Path, less: int) -> Iterator[Row]:
    """Several at once."""
    yield at_once.write_together(fork_server, 8, 200 // less, folder)
    yield at_once.read_during_imports(fork_server, 40 // less, 100 // less, folder)


def bad_disks(fork_server: ForkServer, folder: Path, less: int) -> Iterator[Row]:
    """Full, read-only and gone."""
    try:
        yield disks.fill(fork_server, 390 // less, folder, SEED)
        yield disks.read_only(fork_server, folder)
    except disks.CannotMount as error:
        yield Row("commands on a bad disk: not tried", 0, (), f"none can be mounted: {error}")
    yield disks.vanish(fork_server, folder)


def lost_pages(fork_server: ForkServer, folder: Path, less: int) -> Iterator[Row]:
    """Damage."""
    for backed_up in (True, False):
        yield damage.lose_pages(fork_server, less, folder, backed_up=backed_up)


def bad_input(fork_server: ForkServer, folder: Path, less: int) -> Iterator[Row]:
    """Generated inputs, and the bombs that have names."""
    yield generated_inputs.try_inputs(100_000 // less)
    yield suites.bombs(folder)


def many_examples(fork_server: ForkServer, folder: Path, less: int) -> Iterator[Row]:
    """Property tests at length."""
    yield suites.properties(folder, thorough=less == 1)


PARTS: tuple[Part, ...] = (killed, together, bad_disks, lost_pages, bad_input, many_examples)


def main() -> int:
    """Run every part and print the table."""
    less = 10 if "--quick" in sys.argv[1:] else 1
    begun = time.monotonic()
    rows = []
    for part in PARTS:
        with ForkServer() as fork_server, tempfile.TemporaryDirectory() as scratch:
            for row in part(fork_server, Path(scratch), less):
                rows.append(row)
                print("  ".join(row.line), file=sys.stderr, flush=True)
    print(table(rows))
    for row in rows:
        for fault in row.faults:
            print(f"{row.what}: {fault}")
    print(f"\n{(time.monotonic() - begun) / 60:.0f} minutes")
    return 1 if any(row.faults for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
