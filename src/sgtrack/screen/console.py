"""Prints tables, bars and JSON; the bars need only characters of the Chinese Windows code page."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TextIO, cast

import typer
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.measure import Measurement
from rich.segment import Segment
from rich.table import Column, Table
from rich.text import Text

from sgtrack.model.text import escape_unprintable, wrap_lines
from sgtrack.progress.indicator_progress import State
from sgtrack.screen.output_streams import EscapingStream, StyledStream

STYLE = {
    State.DONE: "green",
    State.ON_TRACK: "",
    State.BEHIND: "yellow",
    State.OVERDUE: "red",
    State.ENDED: "dim",
}
FULL, EMPTY = "█", "─"


class EscapingConsole(Console):
    """A console that escapes control characters in the printed text, but not in its own colors."""

    def render_str(self, text: str, **options: Any) -> Text:
        """Convert a string to a text; escape it before its width is measured."""
        return super().render_str(escape_unprintable(text), **options)

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Render an object to segments; escape the text of each segment."""
        for segment in super().render(renderable, options):
            text = segment.text if segment.control else escape_unprintable(segment.text)
            yield segment if text == segment.text else Segment(text, segment.style)


def out(*, is_error: bool = False) -> Console:
    """Return a console that prints text without markup or highlighting.

    With ``is_error`` it prints on standard error.
    """
    stream = sys.stderr if is_error else sys.stdout
    file = StyledStream(stream) if isinstance(stream, EscapingStream) else stream
    # For a file or pipe on old Windows, Rich would otherwise print one column less.
    legacy = None if stream.isatty() else False
    return EscapingConsole(
        file=cast(TextIO, file), highlight=False, markup=False, emoji=False, legacy_windows=legacy
    )


def print_json(value: Any) -> None:
    """Print a value as JSON on standard output."""
    import json  # noqa: PLC0415 - only --json needs it

    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
    sys.stdout.flush()  # a full disk must be noticed here


def print_apart(sheets: Iterable[RenderableType]) -> None:
    """Print several outputs, with an empty line between them."""
    console = out()
    for n, sheet in enumerate(sheets):
        if n:
            console.print()
        console.print(sheet)


def bar(percent: Decimal, width: int, style: str = "") -> Text:
    """Draw a bar of ``width`` characters, which is full only at 100 percent."""
    filled = int((percent * width / 100).quantize(Decimal(1), ROUND_HALF_UP))
    if percent < 100:
        filled = min(filled, width - 1)
    return Text.assemble((FULL * filled, style), (EMPTY * (width - filled), "dim"))


def percent_words(percent: Decimal) -> str:
    """Format a percentage with one decimal and a percent sign."""
    return f"{percent:.1f}%"


def right(heading: str) -> Column:
    """Return a right-aligned column that does not wrap."""
    return Column(heading, justify="right", no_wrap=True)


def grid(*columns: Column | str, heading: bool = True, gap: int = 2) -> Table:
    """Return a table without border lines, so that its text can be piped and copied.

    A string in ``columns`` is the heading of a column that does not wrap. ``gap`` is the number of
    spaces between columns.
    """
    whole = [Column(c, no_wrap=True) if isinstance(c, str) else c for c in columns]
    for column in whole:
        column.overflow = "fold"
    return Table(
        *whole,
        box=None,
        show_header=heading,
        header_style="bold",
        pad_edge=False,
        padding=(0, gap, 0, 0),
        collapse_padding=True,
    )


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text that wraps between Chinese characters; Rich would wrap it only at spaces."""

    text: str
    style: str = ""

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """Return the width of one character as minimum, and of the whole text as maximum."""
        whole = cell_len(self.text)
        return Measurement(min(2, whole), whole)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the text, wrapped to the available width."""
        yield Text("\n".join(wrap_lines(self.text, options.max_width, cell_len)), style=self.style)


def print_open_decisions(count: int) -> None:
    """Print the number of unresolved conflicts between corrections from several laptops."""
    if count:
        typer.echo(
            f"\n有 {count} 条记录在几台电脑上的更正不一致，以先作出的为准：sgtrack resolve 列出来"
        )
