"""Many officers at once: no entry is lost or doubled, and nobody waits forever."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sgtrack.model.location import Server
from sgtrack.store import sqlite_files
from sgtrack.store.opening import open_ledger
from sgtrack.store.postgresql import WRITERS
from sgtrack.workspace import Workspace

from ..support.command_line import TODAY, Run
from ..support.fork_server import OFFERED, ForkServer, Job
from ..support.ledgers import contents, environment, raw

HERE = ("-c", "sanli")
ENTRIES = 4
WAITING = 12


def test_processes_that_waited_for_a_new_ledger_find_it(server: Server) -> None:
    """Each of them looked before, and PostgreSQL caches that the tables did not exist."""
    together = threading.Barrier(WAITING)

    def make() -> None:
        together.wait()
        with open_ledger(server) as ledger, ledger.writing(dry_run=False):
            pass

    with raw(server) as db, ThreadPoolExecutor(WAITING) as pool:
        for _ in range(8):
            db.script("DROP SCHEMA IF EXISTS sgtrack CASCADE")
            for made in [pool.submit(make) for _ in range(WAITING)]:
                made.result()


@pytest.mark.skipif(not OFFERED, reason="the system cannot fork processes")
def test_fifty_writers_lose_nothing(
    fork_server: ForkServer, workspace: Workspace, server: Server, run: Run
) -> None:
    """They start with an empty database, so that all of them try to make the tables."""
    home = ("--home", str(workspace.root))
    lines = [
        [
            [*home, "log", "5.1", "1人次", "-d", "6-1", "-t", f"W{writer}.{n}", *HERE]
            for n in range(ENTRIES)
        ]
        for writer in range(50)
    ]
    env = {k: v for k, v in environment(workspace).items() if v} | {"SGTRACK_TODAY": TODAY}
    ran = fork_server.run(Job(lines, env=env))
    assert [one.err for one in ran if one.err or any(one.codes)] == []
    assert sum(one.out.count("已记录") for one in ran) == 50 * ENTRIES
    with raw(server) as db:
        titles = [title for (title,) in db.execute("SELECT title FROM activity ORDER BY id")]
        chained = [
            row[0]
            for row in db.execute("SELECT record_id FROM link WHERE kind = 'activity' ORDER BY seq")
        ]
        places = [row[0] for row in db.execute("SELECT seq FROM link ORDER BY seq")]
    assert sorted(titles) == sorted(f"W{w}.{n}" for w in range(50) for n in range(ENTRIES))
    assert chained == sorted(set(chained))
    assert len(chained) == 50 * ENTRIES
    assert places == list(range(1, len(places) + 1))
    for writer in range(50):
        own = [title for title in titles if title.startswith(f"W{writer}.")]
        assert own == [f"W{writer}.{n}" for n in range(ENTRIES)]
    assert "台账完好" in run("verify").out
    assert f"0 → {50 * ENTRIES}" not in run("status", "5.1", *HERE).out
    assert str(50 * ENTRIES) in run("status", "5.1", *HERE).out


def test_waiting_too_long_is_refused_and_nothing_is_written(
    run: Run, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("log", "5.1", "3人次", "-d", "6-1", *HERE)
    before = contents(server)
    monkeypatch.setattr(sqlite_files, "WAIT_SECONDS", 0.2)
    with raw(server) as other:
        other.execute("SELECT pg_advisory_lock(?)", (WRITERS,))
        ran = run("log", "5.1", "3人次", "-d", "6-2", *HERE)
        assert (ran.code, "另一个人正在写台账" in ran.err) == (1, True)
        assert run("status", *HERE).code == 0
    assert contents(server) == before


def test_who_has_to_wait_writes_when_it_is_her_turn(run: Run, server: Server) -> None:
    run("log", "5.1", "3人次", "-d", "6-1", *HERE)
    with raw(server) as other:
        other.execute("SELECT pg_advisory_lock(?)", (WRITERS,))
        waiting = threading.Thread(target=_release_when_someone_waits, args=(server, other))
        waiting.start()
        ran = run("log", "5.1", "4人次", "-d", "6-2", *HERE)
        waiting.join()
    assert ran.code == 0, ran.err


def _release_when_someone_waits(server: Server, other: object) -> None:
    _wait_until_someone_waits(server)
    other.execute("SELECT pg_advisory_unlock(?)", (WRITERS,))  # type: ignore[attr-defined]


def _wait_until_someone_waits(server: Server) -> None:
    with raw(server) as watching:
        asked = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        while watching.execute(asked).fetchone() == (0,):
            pass


def test_a_connection_that_breaks_leaves_nothing(
    run: Run, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sgtrack.store.chain_links import extend_chain

    run("log", "5.1", "3人次", "-d", "6-1", *HERE)
    before = contents(server)

    def broken(*args: Any) -> Any:
        end = extend_chain(*args)
        with raw(server) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        return end

    monkeypatch.setattr("sgtrack.ledger.transaction.extend_chain", broken)
    ran = run("log", "5.1", "3人次", "-d", "6-2", *HERE)
    assert (ran.code, "连接断了" in ran.err) == (1, True)
    assert contents(server) == before
