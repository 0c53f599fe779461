"""The long form of the reliability tests: ``make reliability``.

``python -m tests.reliability all`` runs every row of the table; with names, it runs only these
rows. Each result is stored, so that runs of single rows fill the same table. Without arguments, the
table is printed and nothing runs. ``--list`` prints the names of the rows. ``--quick`` runs a tenth
of each row and stores no result. The exit code is 1 if there were faults.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from ..support.fork_server import ForkServer
from .results import Result, current_commit, load_result, result_lines, save_result
from .rows import ROWS
from .table import table

QUICK = 10


def main() -> int:
    """Run the named rows, and print the table of all rows."""
    parser = argparse.ArgumentParser(prog="python -m tests.reliability")
    parser.add_argument("rows", nargs="*", metavar="row", help="a name, or all")
    parser.add_argument("--list", action="store_true", help="print the names of the rows")
    parser.add_argument("--quick", action="store_true", help="a tenth of each row; keep no result")
    words = parser.parse_args()
    if unknown := set(words.rows) - {*ROWS, "all"}:
        parser.error(f"no such row: {', '.join(sorted(unknown))}; --list prints the names")
    if words.list:
        print(*ROWS, sep="\n")
        return 0
    names = list(ROWS) if "all" in words.rows else list(dict.fromkeys(words.rows))
    faults = _run(names, quick=words.quick)
    if not words.quick:
        print(table(result_lines(ROWS, current_commit())))
        kept = filter(None, map(load_result, ROWS))
        faults = [f"{one.row.what}: {fault}" for one in kept for fault in one.row.faults]
    print(*faults, sep="\n")
    return 1 if faults else 0


def _run(names: Iterable[str], *, quick: bool) -> list[str]:
    """Run rows one after another; return their faults."""
    faults = []
    for name in names:
        commit, begun = current_commit(), time.monotonic()
        with ForkServer() as fork_server, tempfile.TemporaryDirectory() as scratch:
            row = ROWS[name](fork_server, Path(scratch), QUICK if quick else 1)
        result = Result(row, commit, round((time.monotonic() - begun) / 60, 1))
        if not quick:
            save_result(name, result)
        print(*row.line, f"{result.minutes} min", sep="  ", file=sys.stderr, flush=True)
        faults += [f"{row.what}: {fault}" for fault in row.faults]
    return faults


if __name__ == "__main__":
    sys.exit(main())
