"""A command reads one snapshot: it opens the ledger once."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from ..support.command_line import Run


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ledger files that the program opens, one for each connection."""
    files: list[str] = []
    connect = sqlite3.connect

    def counted(database: Any, *args: Any, **options: Any) -> sqlite3.Connection:
        if "ledger.db" in str(database):
            files.append(str(database))
        connection: sqlite3.Connection = connect(database, *args, **options)
        return connection

    monkeypatch.setattr(sqlite3, "connect", counted)
    return files


READING = [
    "explain 7.3",
    "explain 7.3 -c sanli --json",
    "check",
    "check --with-names",
    "status",
    "status --all",
    "status 7 --json",
    "due",
    "list",
    "list 7.3 -m 3 --with-names",
    "plan",
    "export 台账.xlsx -c sanli",
    "people list",
    "people training",
    "evidence list",
    "evidence verify",
    "verify",
    "brief --month 3 -c sanli",
    "brief list",
    "report midterm -c sanli",
    "report county",
    "dossier -c sanli",
]


@pytest.mark.about_the_file("counts connections to SQLite")
@pytest.mark.parametrize("command", READING)
def test_reading_opens_the_ledger_once(run: Run, opened: list[str], command: str) -> None:
    logged = run("log", "7.3.1", "80人次", "100份", "-d", "3-12", "-t", "惠民殡葬", "-c", "sanli")
    assert logged.code == 0, logged.err
    opened.clear()
    ran = run(*command.split())
    assert "错误" not in ran.err, ran.err
    assert len(opened) == 1


@pytest.mark.about_the_file("counts connections to SQLite")
def test_show_opens_the_ledger_once(run: Run, opened: list[str]) -> None:
    logged = run("log", "5.1", "3人次", "-d", "3-12", "-c", "sanli")
    assert logged.code == 0, logged.err
    entry_id = run("list", "--json").out.split('"id": "')[1].split('"')[0]
    amended = run("amend", entry_id, "4人次", "-r", "数错了")
    assert amended.code == 0, amended.err
    newest = run("list", "--json").out.split('"id": "')[1].split('"')[0]
    opened.clear()
    assert run("show", newest).code == 0
    assert len(opened) == 1
