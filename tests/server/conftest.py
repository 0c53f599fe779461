"""Fixtures for ledgers on a PostgreSQL server."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sgtrack.model.location import Server
from sgtrack.workspace import Workspace

from ..support.ledgers import ON_SERVER, Databases, Ledgers

if not ON_SERVER:
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture
def databases(ledgers: Ledgers) -> Databases:
    """The server of the tests."""
    assert isinstance(ledgers, Databases)
    return ledgers


@pytest.fixture
def server(workspace: Workspace) -> Server:
    """The database of the workspace's ledger."""
    assert workspace.server is not None
    return workspace.server


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let commands use the database of a URL."""
    return lambda url: monkeypatch.setenv("SGTRACK_DB", url)
