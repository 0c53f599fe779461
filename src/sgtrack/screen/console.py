"""The terminal: plain characters that every code page has, colour only where it is wanted."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from rich.console import Console, RenderableType
from rich.table import Column, Table
from rich.text import Text

from sgtrack.progress.indicator_progress import State

STYLE = {
    State.DONE: "green",
    State.ON_TRACK: "",
    State.BEHIND: "yellow",
    State.OVERDUE: "red",
    State.ENDED: "dim",
}
FULL, EMPTY = "█", "─"


def out() -> Console:
    """The console results go to."""
    return Console(highlight=False, markup=False, emoji=False)


def print_json(value: Any) -> None:
    """Print a value as JSON, for other programs."""
    import json  # noqa: PLC0415 - where nobody asks for JSON it is not needed

    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def print_apart(sheets: Iterable[RenderableType]) -> None:
    """Print sheets with an empty line between them."""
    console = out()
    for n, sheet in enumerate(sheets):
        if n:
            console.print()
        console.print(sheet)


def bar(percent: Decimal, width: int, style: str = "") -> Text:
    """A bar that is full at 100 percent only."""
    filled = int((percent * width / 100).quantize(Decimal(1), ROUND_HALF_UP))
    if percent < 100:
        filled = min(filled, width - 1)
    return Text.assemble((FULL * filled, style), (EMPTY * (width - filled), "dim"))


def percent_words(percent: Decimal) -> str:
    """A percentage with its sign."""
    return f"{percent:.1f}%"


def grid(*columns: Column, heading: bool = True, gap: int = 2) -> Table:
    """A table without lines, which survives being piped and copied; ``gap`` is between columns."""
    for column in columns:
        column.overflow = "fold"
    return Table(
        *columns,
        box=None,
        show_header=heading,
        header_style="bold",
        pad_edge=False,
        padding=(0, gap, 0, 0),
        collapse_padding=True,
    )
