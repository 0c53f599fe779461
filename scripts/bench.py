"""Times whole commands and prints each time as a ratio to another one, beside its goal.

Each round runs both commands of a row in turn, so that a change in the machine's speed affects
both. The ratio is computed from the median times. Figures are only printed: no test depends on
them. ``--quick`` leaves out the rows that need many entries.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from bench_bulk import copy_rows, keep_context, write_sheet
from bench_data import TODAY, fill, make_county
from bench_journal import write_journal
from bench_merge import ratio as merge_ratio
from sgtrack.workspace import Workspace

ROUNDS = 7
FLOOR = "import typer\napp = typer.Typer()\n@app.command()\ndef one():\n    print('one')\napp()\n"
# The peak memory of a new process is at least that of the process that starts it. Therefore a small
# process starts the command.
PEAK = (
    "import resource, subprocess, sys\n"
    "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)\n"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
)
LARGE = 200_000
"""The number of entries of a large county over five years."""
YEARS = (date(2022, 1, 1), date(2026, 12, 31))


@dataclass(frozen=True)
class Command:
    """A command line with the environment it needs."""

    words: Sequence[str]
    env: dict[str, str] = field(default_factory=dict)


def main() -> None:
    """Run all rows and print the table."""
    quick = "--quick" in sys.argv
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        os.environ["XDG_CACHE_HOME"] = str(root / "cache")
        os.environ["SGTRACK_TODAY"] = TODAY.isoformat()
        # An installed program has compiled bytecode, as the compared libraries have here.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        print(f"{'what':44} {'against':44} {'ratio':>7}  goal")
        _start_up(root)
        if not quick:
            _growth(root)
        _peers(root)
        _brief(root)
        if not quick:
            _import(root)
        copying, merging = merge_ratio()
        _row("merge of 30 ledgers of 3,000", "ATTACH ... INSERT SELECT", merging / copying, "<= 3")


def _start_up(root: Path) -> None:
    workspace = make_county(root / "thousand", 2, 1_000, *YEARS)
    floor = Command([sys.executable, "-c", FLOOR])
    floor_help = Command([sys.executable, "-c", FLOOR, "--help"])
    typed = {
        "_SGTRACK_COMPLETE": "complete_bash",
        "COMP_WORDS": "sgtrack log 7.3.",
        "COMP_CWORD": "2",
        "SGTRACK_HOME": str(workspace.root),
    }
    helped, found = _pair(_sgtrack(workspace, "--help"), floor_help)
    _row("--help", "--help of a one-command Typer app", helped / found, "<= 1.4")
    offered, found = _pair(Command([sys.executable, "-m", "sgtrack"], typed), floor)
    _row("completion of an item", "that app, run", offered / found, "<= 1.4")
    status, found = _pair(_sgtrack(workspace, "status"), floor)
    _row("status, 1,000 entries", "that app, run", status / found, "<= 1.7")
    entry = _sgtrack(workspace, "log", "5.1", "1", "-c", "c01", "--again")
    logged, found = _pair(entry, Command([sys.executable, "-c", "import typer, sqlmodel"]))
    _row("log", "import typer, sqlmodel", logged / found, "<= 1.15")


def _growth(root: Path) -> None:
    small = make_county(root / "small", 30, 1_000, *YEARS)
    large = make_county(root / "large", 30, LARGE, *YEARS)
    for name, words, goal in (
        ("status", ("status",), "<= 1.2"),
        ("status of one", ("status", "-c", "c01"), "<= 1.05"),
        ("list --month", ("list", "-m", "2026-11", "-c", "c01"), "<= 2"),
        ("explain", ("explain", "7.3", "-c", "c01"), "<= 2"),
        ("brief", ("brief", "--month", "2026-12", "-c", "c01"), "<= 2"),
    ):
        much, little = _pair(_sgtrack(large, *words), _sgtrack(small, *words))
        against = f"{name}, 1,000 entries"
        _row(f"{name}, {LARGE:,} entries", against, much / little, goal)
    much, little = (_peak(_sgtrack(one, "status")) for one in (large, small))
    _row(f"memory of status, {LARGE:,} entries", "that of 1,000 entries", much / little, "<= 1.1")


def _peers(root: Path) -> None:
    """Compare status with hledger and ledger on the same amounts; the contract is their budget."""
    workspace = make_county(root / "hundred", 2, 100_000, *YEARS)
    journal = root / "hundred.journal"
    write_journal(workspace, journal)
    ours = _sgtrack(workspace, "status")
    for program, words, goal in (
        ("hledger", ["hledger", "-f", str(journal), "balance", "--budget"], ">= 12 x faster"),
        ("ledger", ["ledger", "-f", str(journal), "--budget", "balance"], ">= 3 x faster"),
    ):
        if not _installed(program):
            print(f"{program} could not be installed here: not measured")
            continue
        mine, theirs = _pair(ours, Command(words), rounds=3)
        _row("status, 100,000 entries", f"{program} --budget", mine / theirs, goal)


def _brief(root: Path) -> None:
    """Compare the Word brief of a month of 1,000 activities with docxtpl alone."""
    month = TODAY.replace(day=1)
    workspace = make_county(root / "month", 1, 0, month.replace(month=1), YEARS[1])
    fill(workspace, 1_000, first=month)
    kept = root / "context"
    keep_context(workspace, month, TODAY, kept)
    ours = _sgtrack(workspace, "brief", "-m", f"{month:%Y-%m}", "--format", "docx")
    script = str(Path(__file__).parent / "bench_docxtpl.py")
    mine, alone = _pair(ours, Command([sys.executable, script, str(kept), str(root / "b.docx")]))
    _row("brief docx, 1,000 activities", "docxtpl, the same words", mine / alone, "<= 1.2")


def _import(root: Path) -> None:
    """Compare the import of 100,000 rows of a sheet with ``executemany`` of the same rows."""
    seconds, peaks = {}, {}
    for rows in (10_000, 100_000):
        workspace = make_county(root / f"import-{rows}", 1, 0, *YEARS)
        sheet = root / f"{rows}.csv"
        write_sheet(sheet, rows)
        command = _sgtrack(workspace, "import", str(sheet))
        begun = time.perf_counter()
        peaks[rows] = _peak(command)
        seconds[rows] = time.perf_counter() - begun
    begun = time.perf_counter()
    copy_rows(workspace.ledger_file, root / "copied.db")
    alone = time.perf_counter() - begun
    _row("import of 100,000 rows", "executemany", seconds[100_000] / alone, "<= 2.5")
    grown = peaks[100_000] / peaks[10_000]
    _row("memory of import, 100,000 rows", "that of 10,000 rows", grown, "<= 1.1")


def _peak(command: Command) -> int:
    """Return the peak memory of a run of a command, in the unit of ``ru_maxrss``."""
    words = [sys.executable, "-c", PEAK, *command.words]
    run = subprocess.run(words, env=os.environ | command.env, stdout=subprocess.PIPE, check=True)
    return int(run.stdout)


def _installed(program: str) -> bool:
    if shutil.which(program) is None and shutil.which("apt-get"):
        install = ["apt-get", "install", "-y", "-qq", program]
        subprocess.run(install, capture_output=True, check=False)
    return shutil.which(program) is not None


def _sgtrack(workspace: Workspace, *words: str) -> Command:
    return Command([sys.executable, "-m", "sgtrack", "--home", str(workspace.root), *words])


def _pair(one: Command, other: Command, rounds: int = ROUNDS) -> tuple[float, float]:
    """Return the median seconds of two commands that run in turn; the first round is ignored."""
    times: tuple[list[float], list[float]] = ([], [])
    for n in range(rounds + 1):
        for command, found in zip((one, other), times, strict=True):
            seconds = _run(command)
            if n:
                found.append(seconds)
    return statistics.median(times[0]), statistics.median(times[1])


def _run(command: Command) -> float:
    begun = time.perf_counter()
    subprocess.run(
        command.words, env=os.environ | command.env, stdout=subprocess.DEVNULL, check=True
    )
    return time.perf_counter() - begun


def _row(what: str, against: str, ratio: float, goal: str) -> None:
    print(f"{what:44} {against:44} {ratio:7.3f}  {goal}", flush=True)


if __name__ == "__main__":
    main()
