"""Runs a second command at the moment when a first one waits for the write lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sgtrack.store import postgresql, sqlite_files


def run_before_turn(monkeypatch: pytest.MonkeyPatch, action: Callable[[], object]) -> list[str]:
    """Run an action once, just before the next transaction takes the lock on a ledger.

    The returned list is empty until the action begins, and then has one element.
    """
    begun: list[str] = []

    def first_the_action(take: Callable[..., Any]) -> Callable[..., Any]:
        def take_later(*args: Any, **options: Any) -> Any:
            if not begun:
                begun.append("begun")
                action()
            return take(*args, **options)

        return take_later

    monkeypatch.setattr(sqlite_files, "begin", first_the_action(sqlite_files.begin))
    monkeypatch.setattr(postgresql, "wait_for_turn", first_the_action(postgresql.wait_for_turn))
    return begun
