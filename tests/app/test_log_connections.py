"""A command opens the ledger once."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from sgtrack.recovery import backups
from sgtrack.workspace import Workspace

from ..support.command_line import Run


@pytest.fixture
def opened(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The connections to the ledger's file since the test began; the day's backup aside."""
    connections: list[str] = []
    connect = sqlite3.connect
    name = workspace.ledger_file.absolute().as_uri()

    def counted(database: Any, *args: Any, **options: Any) -> sqlite3.Connection:
        if str(database).startswith((name, str(workspace.ledger_file))):
            connections.append(str(database))
        connection: sqlite3.Connection = connect(database, *args, **options)
        return connection

    monkeypatch.setattr(sqlite3, "connect", counted)
    monkeypatch.setattr(backups, "make_daily_backup", lambda ledger: None)
    return connections


@pytest.mark.about_the_file("counts the connections to it")
@pytest.mark.parametrize(
    "words",
    [
        ("5.1", "3人次"),
        ("5.1", "3人次", "--who", "甲"),
        ("3月12日在社区广场开展惠民殡葬政策宣讲1场，服务居民80人次", "--yes"),
    ],
    ids=["options", "names", "sentence"],
)
def test_log_opens_the_ledger_once(run: Run, opened: list[str], words: tuple[str, ...]) -> None:
    for state in ("a fresh ledger", "a ledger with an entry"):
        opened.clear()
        again = ("--again",) if state == "a ledger with an entry" else ()
        ran = run("log", *words, *again, "-c", "sanli")
        assert ran.code == 0, ran.err
        assert len(opened) == 1, state
