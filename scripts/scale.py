"""Measures the figures of docs/scale.md for a ledger in PostgreSQL, on this machine.

The script starts a server of its own, which waits for the disk at each commit as in production.
Each writer is a process that does for each entry what `log` does, over its own connection. The
start of Python is not measured, because it happens on the officer's computer and not on the server.
Figures are only printed: no test depends on them.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from bench_data import TODAY, activities
from local_postgres import started_server, url_in
from sgtrack.app.context import AppContext
from sgtrack.app.log import log_session
from sgtrack.clock import now
from sgtrack.entry.activity_input import input_of, units_of
from sgtrack.ledger.append import add
from sgtrack.model.contract import Project
from sgtrack.model.entries import Activity, Evidence, Origin
from sgtrack.model.location import Server, server_at
from sgtrack.recovery.backups import writing
from sgtrack.store.postgresql import connect_to
from sgtrack.targets.loading import load_folder
from sgtrack.workspace import Workspace, make_workspace

STREETS = 10
A_YEAR = 1_200
SECONDS = 20.0
WRITERS = (1, 8, 50)
WAY = 0.0005
"""Seconds by which each message to the distant server, and each answer, is delayed."""
TYPED = "sgtrack log 7.3.1 80人次 100份 -d 3-12 -t 惠民殡葬进小区 -c c0001"
ROUNDS = 7
Entry = tuple[Activity, tuple[Evidence, ...]]


def main() -> None:
    """Run all measurements and print the figures."""
    with tempfile.TemporaryDirectory() as scratch, started_server(durable=True) as folder:
        workspace = _streets(Path(scratch) / "streets")
        projects = load_folder(workspace.targets).projects
        place = server_at(url_in(folder, "postgres"))
        began = time.perf_counter()
        count = _fill(place, projects)
        spent = time.perf_counter() - began
        print(f"{count:,} entries of {STREETS} streets in {spent:.0f} s, 200 in a transaction")
        _sizes(place, count)
        for writers in WRITERS:
            _write_together(workspace, folder, projects, writers)
        with _distant(folder) as far:
            print(f"the same server, {_round_trip(far) * 1000:.1f} ms there and back:")
            _write_together(workspace, far, projects, 1)
        _commands(workspace, folder)


def _streets(root: Path) -> Workspace:
    """Create a workspace of several streets with the same contract."""
    workspace = make_workspace(root)
    text = (workspace.targets / "sanli.yaml").read_text(encoding="utf-8")
    for path in workspace.targets.glob("*.yaml"):
        path.unlink()
    for n in range(1, STREETS + 1):
        own = text.replace("name: 三里社区", f"name: 第{n}社区")
        (workspace.targets / f"c{n:04}.yaml").write_text(own, encoding="utf-8")
    return workspace


def _entries(project: Project, count: int, seed: int) -> Iterator[Entry]:
    """Yield activities of a year, as in the other benchmarks; half of them have evidence."""
    chance = random.Random(seed)  # noqa: S311 - only made-up data
    for one in activities(project, count, None, chance):
        kinds = project.needs_of(one.item) if chance.random() < 0.5 else ()
        digests = (f"{chance.getrandbits(256):064x}" for _ in kinds)
        yield (
            one,
            tuple(
                Evidence("", digest, 250_000, f"{kind}.jpg", kind)
                for digest, kind in zip(digests, kinds, strict=True)
            ),
        )


def _fill(place: Server, projects: tuple[Project, ...]) -> int:
    count = 0
    for seed, project in enumerate(projects):
        pending = list(_entries(project, A_YEAR, seed))
        for start in range(0, len(pending), 200):
            with writing(place) as transaction:
                for activity, evidence in pending[start : start + 200]:
                    add(transaction, activity, _origin(), again=True, evidence=evidence)
                    count += 1
    with connect_to(place) as db:
        db.script("VACUUM ANALYZE")
    return count


def _origin() -> Origin:
    return Origin(now(), "王小明", TYPED)


def _sizes(place: Server, count: int) -> None:
    with connect_to(place) as db:
        rows = db.execute(
            "SELECT relname, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class "
            "WHERE relkind = 'r' AND relnamespace = 'sgtrack'::regnamespace ORDER BY 2 DESC"
        ).fetchall()
        (wal,) = db.execute("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')").fetchone()
    tables, indexes = (sum(row[n] for row in rows) for n in (1, 2))
    print(f"bytes an entry: {tables / count:.0f} in tables, {indexes / count:.0f} in indexes")
    for name, table, index in rows[:6]:
        print(f"    {name:16} {table / count:6.0f} {index / count:6.0f}")
    print(f"    written to the log so far {wal / count:.0f}")


@contextmanager
def _distant(folder: Path) -> Iterator[Path]:
    """Yield the folder of a socket that forwards every message to the server with a delay."""
    with tempfile.TemporaryDirectory() as far, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{far}/.s.PGSQL.5432")
        listener.listen()
        arguments = (listener, f"{folder}/.s.PGSQL.5432")
        forwarder = multiprocessing.get_context("fork").Process(target=_forward, args=arguments)
        forwarder.start()
        yield Path(far)
        forwarder.terminate()
        forwarder.join()


def _forward(listener: socket.socket, server: str) -> None:
    while True:
        near, _ = listener.accept()
        far = socket.socket(socket.AF_UNIX)
        far.connect(server)
        for pair in ((near, far), (far, near)):
            threading.Thread(target=_carry, args=pair, daemon=True).start()


def _carry(source: socket.socket, target: socket.socket) -> None:
    while message := source.recv(1 << 20):
        time.sleep(WAY)
        target.sendall(message)
    target.shutdown(socket.SHUT_WR)


def _round_trip(folder: Path) -> float:
    """Return the median duration of the shortest statement, in seconds."""
    spent = []
    with connect_to(server_at(url_in(folder, "postgres"))) as db:
        for _ in range(100):
            start = time.perf_counter()
            db.execute("SELECT 1")
            spent.append(time.perf_counter() - start)
    return statistics.median(spent)


def _write_together(
    workspace: Workspace, folder: Path, projects: tuple[Project, ...], writers: int
) -> None:
    """Let processes log entries at the same time, and print how many they write per second.

    Each entry is written in a transaction and over a connection of its own.
    """
    context = multiprocessing.get_context("fork")
    results: multiprocessing.Queue[list[float]] = context.Queue()
    began = time.time() + 1
    started = [
        context.Process(
            target=_write, args=(workspace, folder, projects[n % STREETS], n, began, results)
        )
        for n in range(writers)
    ]
    for one in started:
        one.start()
    waits = [wait for _ in started for wait in results.get()]
    for one in started:
        one.join()
    waits.sort()
    print(
        f"{writers:2} writers: {len(waits) / SECONDS:6.1f} entries a second, each took "
        f"{statistics.median(waits) * 1000:.0f} ms (median), {waits[-1] * 1000:.0f} ms at most"
    )


def _write(
    workspace: Workspace,
    folder: Path,
    project: Project,
    number: int,
    began: float,
    results: multiprocessing.Queue[list[float]],
) -> None:
    os.environ |= {"SGTRACK_DB": url_in(folder, "postgres"), "SGTRACK_TODAY": TODAY.isoformat()}
    waits = []
    app = AppContext(workspace.root, TYPED)
    # The context remembers the contract, which masking names needs.
    project = app.project(project.slug)
    entries = _entries(project, 100_000, 1_000 + number)
    with tempfile.TemporaryDirectory() as scratch:
        time.sleep(max(began - time.time(), 0))
        while time.time() < began + SECONDS:
            activity, evidence = next(entries)
            one = replace(activity, day=date(2026, 12, 1 + number % 20))
            typed, _ = input_of(one, units_of(project, one.item, one.also))
            files = tuple(Path(scratch) / file.name for file in evidence)
            for file in files:
                file.write_bytes(os.urandom(1_000))
            start = time.perf_counter()
            with log_session(app, project) as session:
                session.record(replace(typed, again=True, evidence=files))
            waits.append(time.perf_counter() - start)
    results.put(waits)


def _commands(workspace: Workspace, folder: Path) -> None:
    """Time whole commands, with the start of Python: for one street, all streets, a province."""
    bundle = str(workspace.root / "all.zip")
    url = url_in(folder, "postgres")
    for words in (
        ("status", "-c", "c0007"),
        ("log", "5.1", "3人次", "-d", "12-5", "-c", "c0007", "--again"),
        ("list", "--month", "12", "-c", "c0007"),
        ("explain", "5.1", "-c", "c0007"),
        ("brief", "-m", "1", "--issue", "--yes", "-c", "c{:04}"),
        ("status",),
    ):
        _time(workspace, url, words, ROUNDS)
    _time(workspace, url, ("bundle", "-o", bundle, "--with-names"), 1)
    _time(workspace, url, ("verify",), 1)
    with connect_to(server_at(url)) as db:
        db.script("CREATE DATABASE province")
    _time(workspace, url_in(folder, "province"), ("merge", bundle), 1)


def _time(workspace: Workspace, url: str, words: tuple[str, ...], rounds: int) -> None:
    env = os.environ | {"SGTRACK_DB": url, "SGTRACK_TODAY": "2026-12-20"}
    spent = []
    for n in range(rounds):
        line = [word.format(n + 1) for word in ("--home", str(workspace.root), *words)]
        start = time.perf_counter()
        ran = subprocess.run(
            [sys.executable, "-m", "sgtrack", *line],
            env=env,
            check=False,
            capture_output=True,
            text=True,
        )
        spent.append(time.perf_counter() - start)
        # The generated entries have no evidence files, so verify reports them as missing.
        if ran.returncode and words[0] != "verify":
            raise RuntimeError(ran.stderr)
    print(f"{statistics.median(spent):7.2f} s  sgtrack {' '.join(words)}")


if __name__ == "__main__":
    main()
