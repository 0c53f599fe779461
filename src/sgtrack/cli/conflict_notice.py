"""Says wherever figures are read that laptops do not agree on some of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from sgtrack.app.context import AppContext


def say_conflicts(context: AppContext, communities: Collection[str]) -> None:
    """A line where corrections of several laptops wait for someone to decide."""
    from sgtrack.ledger.open_decisions import count_open_decisions

    count = count_open_decisions(context.workspace.ledger, communities)
    if count:
        typer.echo(f"\n有 {count} 条记录几台电脑更正得不一致，先做的先算数：sgtrack resolve 列出来")
