"""Stops commands at each of their changes of files, by a kill or by a disk error.

Each command runs once, to list the changes that it makes. Then it runs again from the same
workspace for each change. It is killed just before the change, or the change fails.
"""

from __future__ import annotations

import errno
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path

from sgtrack.workspace import make_workspace

from ..support.fork_server import ForkServer, Result
from ..support.system_calls import Stop
from .kinds import Kind
from .other_kinds import ENV, NEW
from .state import answer_faults, faults
from .table import Row

ERRORS = {"ENOSPC": errno.ENOSPC, "EIO": errno.EIO, "EROFS": errno.EROFS}
"""The errors by name; EROFS persists, as on a disk that became read-only, others occur once."""
UNFINISHED = ".sgtrack-"
_RANDOM = re.compile(r"[0-9a-f]{16,}|\d{8}-\d{6}")
_UNCHANGED = ("没有改动", "没有写入", "没有合并", "没有恢复", "抢救未完成", "没有隐去")
_WRITTEN = ("已经写进", "list", "记录已写入", "姓名已经换掉", "没有做完", "没有改成")
"""Phrases of messages: ``_UNCHANGED`` for an unchanged ledger, ``_WRITTEN`` for a changed one.

A message with a phrase of ``_WRITTEN`` may also be about a ledger that was only possibly changed.
"""


def stop_everywhere(
    fork_servers: Sequence[ForkServer],
    kinds: Sequence[Kind],
    error: str,
    folder: Path,
    less: int = 1,
) -> Row:
    """Stop each command at its changes of files.

    Args:
        fork_servers: the servers that run the commands, at the same time; each gets a share of
            them.
        kinds: the commands.
        error: a key of ``ERRORS``; empty for a kill.
        folder: the folder for the workspaces.
        less: try only every ``less``-th change.
    """

    def stop_share(number: int) -> list[tuple[int, int, list[str]]]:
        share = enumerate(kinds[number :: len(fork_servers)])
        server = fork_servers[number]
        return [_stop(server, kind, error, folder, n % less, less) for n, kind in share]

    with ThreadPoolExecutor() as pool:
        shares = list(pool.map(stop_share, range(len(fork_servers))))
    changed, times, wrong = zip(*(one for share in shares for one in share), strict=True)
    return Row(
        f"changes of files that fail with {error}" if error else "changes of files with a kill",
        sum(times),
        tuple(chain.from_iterable(wrong)),
        f"{len(kinds)} commands with {sum(changed):,} changes of files",
    )


def _stop(
    fork_server: ForkServer, kind: Kind, error: str, folder: Path, first: int, less: int
) -> tuple[int, int, list[str]]:
    """Return how many changes a command makes, how many were tried, and the faults."""
    scene = _Scene(fork_server, kind, folder)
    changes = scene.run(Stop(str(scene.root))).changes
    calls = list(distinct(changes))[first::less]
    wrong = []
    for call in calls:
        stop = Stop(str(scene.root), call, ERRORS.get(error, 0), lasting=error == "EROFS")
        where = f"{kind.name}, {error or 'kill'} at {call}, {' '.join(changes[call])}"
        wrong += [f"{where}: {fault}" for fault in scene.try_stop(stop)]
    scene.remove()
    return len(changes), len(calls), wrong


def distinct(changes: Iterable[tuple[str, str]]) -> Iterator[int]:
    """Yield the numbers of the changes to try.

    Of changes that are alike and follow on changes that are alike, only the first two are tried.
    """
    seen = Counter[tuple[tuple[str, str], ...]]()
    before = ("", "")
    for number, (what, path) in enumerate(changes):
        change = (what, _RANDOM.sub("*", path))
        seen[before, change] += 1
        if seen[before, change] <= 2:
            yield number
        before = change


class _Scene:
    """A workspace in which a command runs again and again from the same state."""

    def __init__(self, fork_server: ForkServer, kind: Kind, folder: Path) -> None:
        self.fork_server, self.kind = fork_server, kind
        self.root = make_workspace(folder / kind.slug, "sanli").root
        self.kept = folder / f"{kind.slug}-kept"
        kind.prepare(self.root, fork_server)
        words = kind.words(self.root, 1)
        assert words is not None
        self.words = [word.replace("{home}", str(self.root)) for word in words]
        self.before = kind.effect(self.root, 1)
        shutil.copytree(self.root, self.kept)

    def run(self, stop: Stop | None = None, words: Sequence[str] = ()) -> Result:
        """Run the command, or the command line ``words``, in the workspace."""
        return self.fork_server.run_one(
            ["--home", str(self.root), *(words or self.words)],
            env=ENV,
            stop=stop,
            next_version=self.kind.next_version,
        )

    def try_stop(self, stop: Stop) -> list[str]:
        """Run the command with a stop, and return the faults afterwards."""
        shutil.rmtree(self.root)
        shutil.copytree(self.kept, self.root)
        ran = self.run(stop)
        found = [*self._faults_of_answer(ran)]
        if self.kind.finishes and (ran.code != 0 or "没有" in ran.err):
            again = self.run()
            if again.code != 0 and not (self.kind.whole and self._effect() == self.kind.whole):
                found.append(f"the same command again: {again.err}")
        checked = self.run(words=["verify"])
        if checked.code != 0 or checked.err:
            found.append(f"verify: {checked.out} {checked.err}")
        left = [path for path in self.root.rglob("*") if path.name.startswith(UNFINISHED)]
        names = [path.relative_to(self.root) for path in left]
        found += [f"left: {name}" for name in names if name.parts[0] != NEW]
        return [*found, *faults(self.root)]

    def remove(self) -> None:
        """Remove the workspace and its copy."""
        shutil.rmtree(self.root)
        shutil.rmtree(self.kept)

    def _effect(self) -> int:
        return self.kind.effect(self.root, 1) - self.before

    def _faults_of_answer(self, ran: Result) -> Iterator[str]:
        """Compare the messages of a command with its effect; yield the contradictions."""
        effect, whole = self._effect(), self.kind.whole
        if effect not in (0, whole):
            yield f"half of it: {effect} of {whole}"
        said = ran.code == 0 or (self.kind.acknowledged and self.kind.acknowledged in ran.out)
        if said and effect != whole:
            yield f"acknowledged, but not there: {ran.out}"
        if ran.killed:
            if ran.err and not ran.err.startswith("注意："):
                yield f"said: {ran.err}"
            return
        yield from answer_faults(ran)
        if effect and self._ledger_differs():
            if any(words in ran.err for words in _UNCHANGED):
                yield f"said that nothing was written: {ran.err}"
            if ran.code and not any(words in ran.err for words in _WRITTEN):
                yield f"did not say that it was written: {ran.err}"

    def _ledger_differs(self) -> bool:
        now, before = (folder / "ledger.db" for folder in (self.root, self.kept))
        return not before.exists() or now.read_bytes() != before.read_bytes()
