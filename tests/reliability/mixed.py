"""Runs different commands at once on one ledger: acknowledged entries exist once, and stay."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from sgtrack.ledger.append import add
from sgtrack.model.entries import Activity, Origin
from sgtrack.recovery.backups import writing
from sgtrack.workspace import make_workspace

from ..support.fork_server import ForkServer, Job, Result
from .kinds import HERE
from .other_kinds import ENV
from .state import ask, faults
from .table import Row

LINES = 300
"""The number of command lines of a process, more than it can run in the available time."""
OWN = 80
"""The number of entries that a correcting or voiding process owns, and of names to redact."""
_ORIGIN = Origin(datetime(2026, 12, 30, 9, tzinfo=UTC), "tester", "test")

Lines = Callable[[Path, int], list[list[str]]]
"""A function that returns the command lines of the process with a number, in a workspace."""


def _own_entries(root: Path, process: int) -> list[str]:
    rows = ask(root, "SELECT id FROM activity WHERE title LIKE ? ORDER BY id", f"O{process}.%")
    return [str(row[0]) for row in rows]


def _log(root: Path, process: int) -> list[list[str]]:
    return [
        ["log", "5.1", "1人次", "-d", "6-1", "-t", f"W{process}.{n}", *HERE] for n in range(LINES)
    ]


def _amend(root: Path, process: int) -> list[list[str]]:
    entries = enumerate(_own_entries(root, process))
    return [["amend", entry, "3人", "-r", f"W{process}.{n}"] for n, entry in entries]


def _void(root: Path, process: int) -> list[list[str]]:
    entries = enumerate(_own_entries(root, process))
    return [["void", entry, "-r", f"W{process}.{n}"] for n, entry in entries]


def _forget(root: Path, process: int) -> list[list[str]]:
    return [["forget", _name(n), "-r", "本人要求", "--yes"] for n in range(OWN)]


def _name(n: int) -> str:
    return f"欧阳{n}号"


def _again(*lines: str, times: int = LINES) -> Lines:
    return lambda root, process: [
        line.format(root=root, n=n).split() for n in range(times) for line in lines
    ]


PROCESSES: tuple[Lines, ...] = (
    *[_log] * 5,
    *[_amend] * 2,
    _void,
    _forget,
    _again("brief --month 6 -c sanli"),
    _again("backup", *["status -c sanli"] * 3, times=20),
    _again("export {root}/a.xlsx -c sanli", "dossier -o {root}/d.zip -c sanli"),
    _again("bundle -o {root}/b.zip --with-names", "bundle -o {root}/c.zip"),
    _again("people add 甲{n}号 -c sanli", "people list -c sanli"),
    _again("status -c sanli", "list -c sanli", "explain 5.1 -c sanli"),
    _again("verify", "check -c sanli"),
)
"""The sixteen processes, as functions that return their command lines."""
_WRITTEN = (
    "SELECT title FROM activity WHERE title LIKE 'W%' AND replaces IS NULL "
    "UNION ALL SELECT reason FROM activity WHERE reason LIKE 'W%' "
    "UNION ALL SELECT reason FROM void"
)


def _prepare(folder: Path, name: str, processes: Iterable[int]) -> Path:
    """Create a workspace in which some processes have entries of their own, with names in them."""
    root = make_workspace(folder / name, "sanli").root
    with writing(root / "ledger.db") as transaction:
        for process in processes:
            for n in range(OWN):
                named = (_name(n), f"司徒{n}号")
                day, amounts = date(2026, 5, n % 28 + 1), {"人": Decimal(2)}
                title = f"O{process}.{n}"
                activity = Activity(
                    "sanli", "7.2.2", day, title, amounts=amounts, participants=named
                )
                add(transaction, activity, _ORIGIN)
    return root


def run_mixed(fork_server: ForkServer, seconds: float, folder: Path) -> Row:
    """Run sixteen processes with different commands for some seconds."""
    numbers = range(len(PROCESSES))
    root = _prepare(folder, "mixed", (n for n in numbers if PROCESSES[n] in (_amend, _void)))
    lines = [_at(root, of(root, number)) for number, of in enumerate(PROCESSES)]
    ran = fork_server.run(Job(lines, env=ENV, seconds=seconds))
    wrong = [fault for one in ran for fault in _unplain(one)]
    written = Counter(str(row[0]) for row in ask(root, _WRITTEN))
    for process in numbers:
        if PROCESSES[process] in (_log, _amend, _void):
            wrong += _unlike(written, process, ran[process])
    forgotten = [n for n, code in enumerate(ran[PROCESSES.index(_forget)].codes) if not code]
    wrong += _still_named(root, map(_name, forgotten))
    wrong += [*_unverified(fork_server, root), *faults(root)]
    codes = [code for one in ran for code in one.codes]
    waited = sum(one.err.count("等了 30 秒") for one in ran)
    note = (
        f"{len(PROCESSES)} processes in {ran[0].seconds:.0f} s, {len(forgotten)} names forgotten, "
        f"{sum(map(bool, codes))} refused, {waited} of them after waiting for 30 s"
    )
    return Row("commands of all kinds at once", len(codes), tuple(wrong), note)


def forget_and_amend(fork_server: ForkServer, rounds: int, folder: Path) -> Row:
    """Redact a name while three processes correct entries that contain it."""
    root = _prepare(folder, "forget-amend", range(3))
    own = [_own_entries(root, process) for process in range(3)]
    wrong: list[str] = []
    amended = 0
    for n in range(rounds):
        forget = ["forget", _name(n), "-r", "本人要求", "--yes"]
        # One of the corrections changes only the text, so that it copies the names unchanged.
        changes = (["3人"], ["-t", f"改{n}"], ["--place", "社区活动室"])
        amends = [
            ["amend", entries[n], *change, "-r", f"W{process}.{n}"]
            for process, (entries, change) in enumerate(zip(own, changes, strict=True))
        ]
        ran = fork_server.run(Job([_at(root, [line]) for line in (forget, *amends)], env=ENV))
        found = [fault for one in ran for fault in _unplain(one)]
        written = Counter(str(row[0]) for row in ask(root, _WRITTEN))
        for process, one in enumerate(ran[1:]):
            amended += one.code == 0
            if written[f"W{process}.{n}"] != (one.code == 0):
                found.append(f"a correction is there {written[f'W{process}.{n}']} times: {one.err}")
        if ran[0].code:
            found.append(f"not forgotten: {ran[0].err}")
        found += _still_named(root, [_name(n)])
        wrong += [f"round {n}: {fault}" for fault in found]
    wrong += [*_unverified(fork_server, root), *faults(root)]
    note = f"{amended} corrections meanwhile, no name came back"
    return Row("names forgotten during corrections", rounds, tuple(wrong), note)


def recover_and_log(fork_server: ForkServer, rounds: int, folder: Path) -> Row:
    """Recover a ledger with a changed schema while three processes log."""
    root = _prepare(folder, "recover-log", range(1))
    wrong: list[str] = []
    acknowledged = 0
    for n in range(rounds):
        with closing(sqlite3.connect(root / "ledger.db")) as db:
            db.execute("DROP TRIGGER amount_is_not_updated")
        logs = [
            [
                ["log", "5.1", "1人次", "-d", "6-1", "-t", f"W{process}.{n}.{k}", *HERE]
                for k in range(4)
            ]
            for process in range(3)
        ]
        lines = [_at(root, of) for of in ([["recover", "--yes"]], *logs)]
        ran = fork_server.run(Job(lines, env=ENV))
        found = [fault for one in ran for fault in _unplain(one)]
        if ran[0].code:
            found.append(f"not recovered: {ran[0].err}")
        written = Counter(str(row[0]) for row in ask(root, _WRITTEN))
        for process, one in enumerate(ran[1:]):
            acknowledged += one.codes.count(0)
            found += _unlike(written, f"{process}.{n}", one)
        found += _unverified(fork_server, root)
        wrong += [f"round {n}: {fault}" for fault in found]
    wrong += faults(root)
    note = f"{acknowledged} entries acknowledged meanwhile, all there"
    return Row("ledgers recovered while others log", rounds, tuple(wrong), note)


def _at(root: Path, lines: Sequence[Sequence[str]]) -> list[list[str]]:
    return [["--home", str(root), *words] for words in lines]


def _unplain(ran: Result) -> Iterator[str]:
    """Yield the lines on stderr of a process that are no plain message."""
    for line in filter(str.strip, ran.err.splitlines()):
        if not line.startswith(("错误：", "改法：", "注意：")) or "程序出了错" in line:
            yield f"said: {line}"
    if ran.killed or set(ran.codes) - {0, 1}:
        yield f"ended with {ran.codes}: {ran.err}"


def _unlike(written: Counter[str], process: object, ran: Result) -> Iterator[str]:
    """Yield entries that were acknowledged but do not exist exactly once, and the reverse."""
    for n, code in enumerate(ran.codes):
        times = written[f"W{process}.{n}"]
        if times != (code == 0):
            yield f"W{process}.{n} is there {times} times, and its exit code is {code}"


def _still_named(root: Path, names: Iterable[str]) -> Iterator[str]:
    """Yield the redacted names that the ledger or a copy of it still contains."""
    contents = {path: path.read_bytes() for path in root.rglob("*.db")}
    for name in names:
        for path, content in contents.items():
            if name.encode() in content:
                yield f"{name} is in {path.relative_to(root)}"


def _unverified(fork_server: ForkServer, root: Path) -> Iterator[str]:
    ran = fork_server.run_one(["--home", str(root), "verify"], env=ENV)
    if ran.code or ran.err:
        yield f"verify: {ran.out} {ran.err}"
