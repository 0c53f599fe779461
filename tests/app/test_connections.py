"""A command reads one snapshot: it opens the ledger once."""

from __future__ import annotations

import pytest

from ..support.command_line import Run

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
def test_reading_opens_the_ledger_once(run: Run, connections: list[str], command: str) -> None:
    logged = run("log", "7.3.1", "80人次", "100份", "-d", "3-12", "-t", "惠民殡葬", "-c", "sanli")
    assert logged.code == 0, logged.err
    connections.clear()
    ran = run(*command.split())
    assert "错误" not in ran.err, ran.err
    assert len(connections) == 1


@pytest.mark.about_the_file("counts connections to SQLite")
def test_show_opens_the_ledger_once(run: Run, connections: list[str]) -> None:
    logged = run("log", "5.1", "3人次", "-d", "3-12", "-c", "sanli")
    assert logged.code == 0, logged.err
    entry_id = run("list", "--json").out.split('"id": "')[1].split('"')[0]
    amended = run("amend", entry_id, "4人次", "-r", "数错了")
    assert amended.code == 0, amended.err
    newest = run("list", "--json").out.split('"id": "')[1].split('"')[0]
    connections.clear()
    assert run("show", newest).code == 0
    assert len(connections) == 1
