"""Counts the connections to the ledger."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from sgtrack.recovery import backups
from sgtrack.workspace import Workspace


@pytest.fixture
def connections(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The connections to the ledger since the test began, without those of the daily backup."""
    opened: list[str] = []
    driver: Any = sqlite3
    if workspace.server is not None:
        import psycopg as driver
    connect = driver.connect

    def counted(*args: Any, **options: Any) -> Any:
        if workspace.server is not None or "ledger.db" in str(args[0]):
            opened.append(str(args))
        return connect(*args, **options)

    monkeypatch.setattr(driver, "connect", counted)
    monkeypatch.setattr(backups, "make_daily_backup", lambda ledger: None)
    return opened
