"""Tests full or read-only disks and vanishing workspaces: plain refusals, no partial write."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sgtrack.workspace import make_workspace

from ..support.fork_server import ForkServer, Result
from .kinds import HERE, KINDS, TODAY, one_entry
from .other_kinds import OUTPUTS
from .state import answer_faults, faults
from .table import Row

SIZE = 24 << 20
PAGE = 4096
ENV = {"SGTRACK_TODAY": TODAY}


class CannotMount(Exception):
    """The error that this process lacks the rights to mount a disk."""


@contextmanager
def disk(folder: Path) -> Iterator[Path]:
    """Mount a small disk in memory.

    Raises:
        CannotMount: this process does not have the rights of root.
    """
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, check=False)
    except OSError as error:
        raise CannotMount(str(error)) from error
    if done.returncode:
        raise CannotMount(done.stderr.decode(errors="replace").strip())
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


WRITERS = (
    *(kind for kind in KINDS if kind.name != "log, first of all" and not kind.next_version),
    *OUTPUTS,
)
"""The commands that run on a full disk; all of them use the current version of the schema."""
READERS = (["status"], ["list"], ["due"], ["explain", "5.1"], ["verify"], ["backup", "list"])


def fill(fork_server: ForkServer, tries: int, folder: Path, seed: int) -> Row:
    """Run every writing command with random free space, from none to more than it needs."""
    chance = random.Random(seed)
    wrong: list[str] = []
    refused = 0
    kinds = chance.sample(WRITERS, len(WRITERS))
    with disk(folder / "full") as at:
        for n in range(tries):
            kind = kinds[n % len(kinds)]
            shutil.rmtree(at / "w", ignore_errors=True)
            root = make_workspace(at / "w", "sanli").root
            kind.prepare(root, fork_server)
            if chance.random() < 0.5 and kind.name != "restore":
                # The first write of the day also makes the daily backup.
                shutil.rmtree(root / "backups", ignore_errors=True)
            words = kind.words(root, n)
            assert words is not None
            before = kind.effect(root, n)
            room = chance.choice([0, *range(0, 600_000, PAGE)])
            filler = at / "filler"
            _leave(filler, at, room)
            ran = _ran(fork_server, root, words)
            filler.unlink()
            refused += ran.code != 0
            found = [*answer_faults(ran), *faults(root)]
            effect = kind.effect(root, n) - before
            if effect not in (0, kind.whole) or (ran.code == 0 and effect != kind.whole):
                found.append(f"{effect} of {kind.whole}, exit code {ran.code}")
            if (after := _ran(fork_server, root, ["status"])).code != 0:
                found.append(f"the next command: {after.err}")
            wrong += [f"{kind.name}, {room} bytes left: {one}" for one in found]
    return Row(
        "commands on a full disk", tries, tuple(wrong), f"{refused} refused, the others done"
    )


def _leave(filler: Path, at: Path, room: int) -> None:
    """Fill a disk until ``room`` bytes are free."""
    free = os.statvfs(at)
    size = max(free.f_bavail * free.f_frsize - room, 0)
    with filler.open("wb") as file:
        for _ in range(size // PAGE):
            file.write(bytes(PAGE))


def read_only(fork_server: ForkServer, folder: Path) -> Row:
    """Check on a read-only disk that writing commands are refused and reading commands work.

    Root may write into a read-only folder, so root mounts a disk instead.
    """
    if os.geteuid() == 0:
        with disk(folder / "read-only") as at:
            root = _prepared(at, fork_server)
            subprocess.run(["mount", "-o", "remount,ro", str(at)], check=True)
            return _locked(fork_server, root, "commands on a read-only disk")
    root = _prepared(folder, fork_server)
    subprocess.run(["chmod", "-R", "a-w", str(root)], check=True)
    try:
        return _locked(fork_server, root, "commands in a read-only folder")
    finally:
        subprocess.run(["chmod", "-R", "u+w", str(root)], check=True)


def _prepared(at: Path, fork_server: ForkServer) -> Path:
    root = make_workspace(at / "w", "sanli").root
    one_entry(root, fork_server)
    # The files that the commands need are written before the disk becomes read-only.
    for kind in WRITERS:
        if kind.name in ("log with evidence", "evidence add", "import"):
            kind.words(root, 0)
    return root


def _locked(fork_server: ForkServer, root: Path, what: str) -> Row:
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    wrong: list[str] = []
    writing = [
        ["log", "5.1", "3人次", "-d", "6-2", "-t", "新", *HERE],
        ["log", "5.1", "3人次", "-d", "6-2", "-t", "新", *HERE, "-e", str(root / "签到表0.jpg")],
        ["import", str(root / "登记.csv"), *HERE],
        ["brief", "--month", "3", *HERE],
        ["brief", "--month", "6", "--issue", "--yes", *HERE],
        ["report", "midterm", *HERE],
        ["export", str(root / "台账.xlsx"), *HERE],
        ["dossier", "-o", str(root / "材料.zip"), *HERE],
        ["people", "add", "甲", *HERE],
        ["backup"],
        ["init", str(root / "另一个")],
    ]
    for words in writing:
        ran = _ran(fork_server, root, words)
        found = answer_faults(ran)
        if ran.code != 1:
            found.append(f"exit code {ran.code}: {ran.out}")
        wrong += [f"{words[0]}: {one}" for one in found]
    for words in READERS:
        ran = _ran(fork_server, root, words)
        if ran.code != 0:
            wrong.append(f"{words[0]}: {ran.err}")
    if before != {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}:
        wrong.append("something was written")
    return Row(what, len(writing) + len(READERS), tuple(wrong), f"{len(READERS)} only read")


def _ran(fork_server: ForkServer, root: Path, words: list[str]) -> Result:
    said = [word.replace("{home}", str(root)) for word in words]
    return fork_server.run_one(["--home", str(root), *said], env=ENV)


def vanish(fork_server: ForkServer, folder: Path) -> Row:
    """Run commands after the workspace, or a part of it, was removed."""
    wrong: list[str] = []
    times = 0
    commands = (["status"], ["log", "5.1", "3人次", "-d", "6-2", "-t", "新", *HERE], ["backup"])
    for what, take in _TAKEN.items():
        root = make_workspace(folder / what, "sanli").root
        one_entry(root, fork_server)
        take(root)
        left = sorted(root.rglob("*"))
        for words in commands:
            times += 1
            ran = _ran(fork_server, root, list(words))
            found = answer_faults(ran)
            if ran.code != 1:
                found.append(f"exit code {ran.code}: {ran.out}")
            if sorted(root.rglob("*")) != left:
                found.append("something was written")
            wrong += [f"{what}, {words[0]}: {one}" for one in found]
    return Row("commands after the workspace went away", times, tuple(wrong), "all refused")


_TAKEN: dict[str, Callable[[Path], object]] = {
    "the whole of it": shutil.rmtree,
    "the ledger": lambda root: (root / "ledger.db").unlink(),
    "what is in the ledger": lambda root: (root / "ledger.db").write_bytes(b""),
    "the targets": lambda root: shutil.rmtree(root / "targets"),
}
