"""Kills commands at random moments: no acknowledged entry is lost, and none is half-written."""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass
from pathlib import Path

from sgtrack.workspace import make_workspace

from ..support.fork_server import ForkServer, Result
from .kinds import SCENE_SIZE, TODAY, Kind
from .state import faults
from .table import Row


@dataclass
class Tally:
    """The counts and faults from killing one kind of command."""

    kills: int = 0
    too_late: int = 0
    undone: int = 0
    faults: tuple[str, ...] = ()


def kill(fork_server: ForkServer, kind: Kind, kills: int, folder: Path, seed: int) -> Row:
    """Kill a command a number of times, half of them after it began to write."""
    chance = random.Random(seed)
    told = Tally()
    scene, n = 0, 0
    root = folder / "none"
    usual: dict[str, float] = {}
    while told.kills < kills and len(told.faults) < 5:
        words = kind.words(root, n) if n % SCENE_SIZE and root.exists() else None
        if words is None:
            shutil.rmtree(root, ignore_errors=True)
            scene += 1
            root = make_workspace(folder / f"{kind.name.replace(' ', '-')}-{scene}", "sanli").root
            kind.prepare(root, fork_server)
            usual = _usual(fork_server, kind, root, n)
            n += 1
            words = kind.words(root, n)
            assert words is not None
        before = kind.effect(root, n)
        moment = chance.choice(kind.writes) if chance.random() < 0.5 else ""
        ran = fork_server.run_one(
            ["--home", str(root), *words],
            env={"SGTRACK_TODAY": TODAY},
            kill_after=chance.uniform(0, usual[moment]),
            kill_from=str(root / moment) if moment else "",
            next_version=kind.next_version,
        )
        # The machine may be busier than it was when the duration was measured.
        usual[moment] *= 1.02 if ran.killed else 0.9
        _look(fork_server, kind, root, n, before, ran, told)
        n += 1
    shutil.rmtree(root, ignore_errors=True)
    note = f"{told.undone} left half a transaction, {told.too_late} more came too late"
    return Row(f"killed: {kind.name}", told.kills, told.faults, note)


def _usual(fork_server: ForkServer, kind: Kind, root: Path, n: int) -> dict[str, float]:
    """Measure the seconds that a command takes from its start, and from its first written file.

    The time from the first file is also used for the other files of ``kind.writes``.
    """
    words = kind.words(root, n)
    assert words is not None
    ran = fork_server.run_one(
        ["--home", str(root), *words],
        env={"SGTRACK_TODAY": TODAY},
        kill_from=str(root / kind.writes[0]),
        next_version=kind.next_version,
    )
    assert ran.code == 0, ran.err
    assert kind.acknowledged in ran.out, ran.out
    return {"": ran.seconds} | dict.fromkeys(kind.writes, ran.from_file)


def _look(
    fork_server: ForkServer, kind: Kind, root: Path, n: int, before: int, ran: Result, told: Tally
) -> None:
    """Check the workspace after a kill, and add the result to ``told``.

    The next command must undo what was half-written.
    """
    if ran.killed:
        told.kills += 1
        told.undone += (root / "ledger.db-journal").exists()
    else:
        told.too_late += 1
    next_one = fork_server.run_one(
        ["--home", str(root), "verify"],
        env={"SGTRACK_TODAY": TODAY},
        next_version=kind.next_version,
    )
    found = [] if next_one.code == 0 else [f"the next command: {next_one.out} {next_one.err}"]
    found += faults(root)
    effect = kind.effect(root, n) - before
    acknowledged = kind.acknowledged in ran.out or ran.code == 0
    if effect not in (0, kind.whole):
        found.append(f"half of it: {effect} of {kind.whole}")
    if acknowledged and effect != kind.whole:
        found.append("acknowledged, but not there")
    if ran.err and not ran.killed:
        found.append(f"said: {ran.err}")
    told.faults += tuple(f"{kind.name} {n}: {fault}" for fault in found)
