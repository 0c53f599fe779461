"""Runs sgtrack in separate processes, without a second of start-up time for each.

A server imports the program once and forks a process for every run. The process is an ordinary one:
it has its own connection to the ledger, its own locks and limits, and SIGKILL can end it at any
moment.
"""

from __future__ import annotations

import glob
import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from .next_version import next_version
from .system_calls import Stop, let_be_watched, watch

ROOT = Path(__file__).parents[2]
OFFERED = hasattr(os, "fork")
"""Whether the system can fork processes."""
CPU_SECONDS = 60
"""The CPU time in seconds after which a process with limited memory is killed as hanging."""


@dataclass(frozen=True)
class Job:
    """Processes to start at the same moment, each with command lines to run one after another.

    Attributes:
        kill_after: seconds after which to kill the first process. They are counted from the
            appearance of a file that matches ``kill_from``, or from the start if ``kill_from`` is
            empty.
        folder: the working directory; if empty, that of the server.
        memory: the maximum address space of each process in bytes; 0 for no limit. With a limit,
            ``CPU_SECONDS`` applies too.
        seconds: the time after which no process starts another command line; 0 for no limit.
        stop: at which change of a file to stop the first process, and how; None for no stop.
    """

    processes: Sequence[Sequence[Sequence[str]]]
    env: dict[str, str] = field(default_factory=dict)
    kill_after: float | None = None
    kill_from: str = ""
    next_version: bool = False
    folder: str = ""
    memory: int = 0
    seconds: float = 0.0
    stop: Stop | None = None


@dataclass(frozen=True)
class Result:
    """The output of a process, the exit codes of its command lines, and how it ended.

    ``from_file`` is the number of seconds from the appearance of the file of ``kill_from`` to the
    end of the process. ``changes`` are the changes of files that a process with a ``stop`` made.
    """

    codes: tuple[int, ...]
    out: str
    err: str
    killed: bool
    seconds: float
    from_file: float = 0.0
    changes: list[tuple[str, str]] = field(default_factory=list)

    @property
    def code(self) -> int | None:
        """The exit code of the only command line; None if it was killed."""
        return self.codes[0] if self.codes else None


class ForkServer:
    """A client that starts the server and sends jobs to it."""

    def __init__(self) -> None:
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.support.fork_server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            cwd=ROOT,
        )

    def __enter__(self) -> ForkServer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.close()
        self._server.wait()
        self._server.stdout.close()

    def run(self, job: Job) -> list[Result]:
        """Run a job and wait until all its processes have ended."""
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps(asdict(job)) + "\n")
        self._server.stdin.flush()
        answer = self._server.stdout.readline()
        return [
            Result(
                **(
                    one
                    | {"codes": tuple(one["codes"]), "changes": list(map(tuple, one["changes"]))}
                )
            )
            for one in json.loads(answer)
        ]

    def run_one(self, words: Sequence[str], **job: Any) -> Result:
        """Run one command line in a process."""
        (ran,) = self.run(Job([[words]], **job))
        return ran


def _result(sent: dict[str, Any]) -> Result:
    changes = [(what, path) for what, path in sent["changes"]]
    return Result(**(sent | {"codes": tuple(sent["codes"]), "changes": changes}))


def serve() -> None:
    """Answer jobs until the input ends; each line of the input is a job."""
    import sgtrack

    for module in pkgutil.walk_packages(sgtrack.__path__, "sgtrack."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for name in (
        "docxtpl",
        "getpass",
        "ulid",
        "sqlite3",
        "PIL.ImageDraw",
        "rich.table",
        "python_calamine",
    ):
        importlib.import_module(name)
    for line in sys.stdin:
        job = json.loads(line)
        stop = job.pop("stop")
        ran = _run(Job(**job, stop=Stop(**stop) if stop else None))
        sys.stdout.write(json.dumps(ran) + "\n")
        sys.stdout.flush()


def _run(job: Job) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as scratch:
        folders = [Path(scratch) / str(n) for n in range(len(job.processes))]
        for folder in folders:
            folder.mkdir()
        begun = time.perf_counter()
        started = [
            _start(folder, lines, job) for folder, lines in zip(folders, job.processes, strict=True)
        ]
        wanted = job.kill_after is not None or job.kill_from
        appeared = _kill(started[0], job) if wanted else 0.0
        changes, watched = watch(started[0], job.stop) if job.stop else ([], None)
        ended = [] if watched is None else [watched]
        ended += [os.waitpid(pid, 0)[1] for pid in started[len(ended) :]]
        now = time.perf_counter()
        return [
            asdict(
                Result(
                    codes=tuple(map(int, (folder / "codes").read_text().split())),
                    out=(folder / "out").read_text(encoding="utf-8"),
                    err=(folder / "err").read_text(encoding="utf-8"),
                    killed=os.WIFSIGNALED(status),
                    seconds=now - begun,
                    from_file=now - appeared if appeared else 0.0,
                    changes=changes,
                )
            )
            for folder, status in zip(folders, ended, strict=True)
        ]


def _kill(process: int, job: Job) -> float:
    """Kill a process as the job says; return the time at which the watched file appeared, or 0."""
    appeared = 0.0
    while job.kill_from and not appeared:
        if glob.glob(job.kill_from, include_hidden=True):  # noqa: PTH207
            appeared = time.perf_counter()
        elif os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            return 0.0
    if job.kill_after is not None:
        time.sleep(job.kill_after)
        os.kill(process, signal.SIGKILL)
    return appeared


def _start(folder: Path, lines: Sequence[Sequence[str]], job: Job) -> int:
    for name in ("out", "err", "codes"):
        (folder / name).touch(mode=0o666)
    process = os.fork()
    if process:
        return process
    try:
        _become_sgtrack(folder, lines, job)
    finally:
        os._exit(70)


def _become_sgtrack(folder: Path, lines: Sequence[Sequence[str]], job: Job) -> None:
    """Run the command lines in the new process; its output is line-buffered, as on a terminal."""
    from sgtrack.cli.main import main

    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(folder / name, os.O_WRONLY), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.stdin = open(0, encoding="utf-8")  # noqa: SIM115
    sys.stdout = open(1, "w", buffering=1, encoding="utf-8")  # noqa: SIM115
    sys.stderr = open(2, "w", buffering=1, encoding="utf-8")  # noqa: SIM115
    codes = os.open(folder / "codes", os.O_WRONLY)
    os.environ.update(job.env)
    if job.folder:
        os.chdir(job.folder)
    if job.memory:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (job.memory, job.memory))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    if job.stop:
        let_be_watched()
    with next_version(folder / "schema") if job.next_version else nullcontext():
        begun = time.monotonic()
        for words in lines:
            if job.seconds and time.monotonic() - begun > job.seconds:
                break
            sys.argv = ["sgtrack", *words]
            try:
                main()
                code: object = 0
            except SystemExit as left:
                code = left.code or 0
            os.write(codes, f"{code}\n".encode())
    os._exit(0)


if __name__ == "__main__":
    serve()
