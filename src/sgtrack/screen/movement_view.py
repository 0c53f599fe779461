"""How indicators moved when something was written, on the screen."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import RenderableType
from rich.table import Column
from rich.text import Text

from sgtrack.progress.indicator_progress import Progress
from sgtrack.progress.kinds import kind_of
from sgtrack.progress.progress_wording import (
    STATE_ON_SCREEN,
    label,
    short_target_words,
)
from sgtrack.screen.console import STYLE, grid, percent_words


def movement(before: Iterable[Progress], after: Iterable[Progress]) -> RenderableType | None:
    """How indicators moved from one moment to another; None where none did."""
    table = grid(Column(""), Column("", justify="right"), Column("", no_wrap=True), heading=False)
    moved = False
    for old, new in zip(before, after, strict=True):
        if old.actual == new.actual and old.percent == new.percent:
            continue
        moved = True
        kind = kind_of(new.indicator)
        table.add_row(
            f"{label(new)}（{short_target_words(new.indicator)}）",
            Text(f"{kind.moved_words(old)} → {kind.moved_words(new)}"),
            Text.assemble(
                percent_words(new.percent),
                " ",
                (STATE_ON_SCREEN[new.state], STYLE[new.state]),
            ),
        )
    return table if moved else None
