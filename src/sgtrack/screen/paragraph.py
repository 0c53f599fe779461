"""A paragraph of Chinese text on the screen."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

from sgtrack.model.text import wrap_lines


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text that fills its lines; rich itself would break them at the few spaces there are."""

    text: str
    style: str = ""

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """As narrow as a character, as wide as all of it in one line."""
        whole = cell_len(self.text)
        return Measurement(min(2, whole), whole)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The lines, as wide as there is room."""
        yield Text("\n".join(wrap_lines(self.text, options.max_width, cell_len)), style=self.style)
