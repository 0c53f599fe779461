"""Counts the statements that a command sends to the ledger."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

_LOCK = re.compile(r"BEGIN IMMEDIATE|pg_advisory_xact_lock")
_MESSAGE = re.compile(r"\tF\t\d+\t(Query|Parse|Bind)\t(.*?)(?=\n.*\t[FB]\t\d)", re.DOTALL)
"""A message to the server in the trace that psycopg's client library writes."""


class Statements(list[str]):
    """The statements that were sent, in order."""

    def in_turn(self) -> list[str]:
        """Return the statements after the one that takes the write lock, up to and with COMMIT.

        Other writers have to wait while these statements run.
        """
        (taken,) = (n for n, sql in enumerate(self) if _LOCK.search(sql))
        return self[taken + 1 :][: self.index("COMMIT", taken) - taken]


@contextmanager
def count_statements(folder: Path) -> Iterator[Statements]:
    """Collect the statements of all connections that are opened within the block.

    Statements of triggers are left out. ``folder`` is for the trace files of the drivers.
    """
    sent = Statements()
    with pytest.MonkeyPatch.context() as patch:
        _trace_files(patch, sent)
        finish = _trace_servers(patch, folder)
        yield sent
        sent += finish()


def _trace_files(patch: pytest.MonkeyPatch, sent: list[str]) -> None:
    connect = sqlite3.connect

    def note(sql: str) -> None:
        # SQLite reports a statement again for every trigger that it fires.
        if not sql.startswith("--") and sql not in sent[-1:]:
            sent.append(sql)

    def traced(*args: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*args, **options)
        connection.set_trace_callback(note)
        return connection

    patch.setattr(sqlite3, "connect", traced)


def _trace_servers(patch: pytest.MonkeyPatch, folder: Path) -> Callable[[], Iterator[str]]:
    """Let PostgreSQL's client library trace its messages; return a reader of the trace."""
    path = folder / "messages"
    try:
        import psycopg
    except ImportError:
        return lambda: iter(())
    connect = psycopg.connect
    trace = path.open("ab")

    def traced(*args: Any, **options: Any) -> Any:
        connection = connect(*args, **options)
        connection.pgconn.trace(trace.fileno())
        return connection

    def finish() -> Iterator[str]:
        trace.close()
        prepared: dict[str, str] = {}
        for kind, text in _MESSAGE.findall(path.read_text("utf-8")):
            if kind == "Query":
                yield text.strip(' "\n')
            elif kind == "Parse":
                name, _, prepared[name] = text.strip().partition(" ")
            else:
                yield prepared[text.split()[1]]

    patch.setattr(psycopg, "connect", traced)
    return finish
