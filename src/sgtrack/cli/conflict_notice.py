"""Prints the notice that laptops disagree, below figures of the ledger."""

from __future__ import annotations

from collections.abc import Collection

from sgtrack.app.context import AppContext
from sgtrack.screen.entry_view import print_open_decisions


def say_conflicts(context: AppContext, communities: Collection[str]) -> None:
    """Print how many entries of some communities wait for a decision."""
    with context.snapshot() as snapshot:
        count = snapshot.count_open_decisions(communities)
    print_open_decisions(count)
