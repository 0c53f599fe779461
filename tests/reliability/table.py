"""The table that ``make reliability`` prints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A line of the table: what was done, how often, its faults, and a note.

    ``faults`` says what went wrong, for whoever mends it.
    """

    what: str
    times: int
    faults: tuple[str, ...] = ()
    note: str = ""

    @property
    def line(self) -> tuple[str, str, str, str]:
        """The cells of the line."""
        return (self.what, f"{self.times:,}", str(len(self.faults)), self.note)


HEAD = ("what", "times", "wrong", "", "commit")


def table(lines: Iterable[Sequence[str]]) -> str:
    """The lines below ``HEAD`` as a Markdown table, which docs/reliability.md carries."""
    lines = [HEAD, *lines]
    wide = [max(len(line[n]) for line in lines) for n in range(len(HEAD))]
    text = [
        "| " + " | ".join(c.ljust(w) for c, w in zip(line, wide, strict=True)) + " |"
        for line in lines
    ]
    rule = "| " + " | ".join("-" * width for width in wide) + " |"
    return "\n".join([text[0], rule, *text[1:]])
