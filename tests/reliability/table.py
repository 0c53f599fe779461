"""The table that ``make reliability`` prints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A row of the table: what was done, how often, its faults, and a note.

    ``faults`` describes each fault for the person who fixes it.
    """

    what: str
    times: int
    faults: tuple[str, ...] = ()
    note: str = ""

    @property
    def line(self) -> tuple[str, str, str, str]:
        """Return the cells of the row."""
        return (self.what, f"{self.times:,}", str(len(self.faults)), self.note)


HEAD = ("what", "times", "wrong", "", "commit")


def table(lines: Iterable[Sequence[str]]) -> str:
    """Return rows as a Markdown table below ``HEAD``, as in docs/reliability.md."""
    lines = [HEAD, *lines]
    wide = [max(len(line[n]) for line in lines) for n in range(len(HEAD))]
    text = [
        "| " + " | ".join(c.ljust(w) for c, w in zip(line, wide, strict=True)) + " |"
        for line in lines
    ]
    rule = "| " + " | ".join("-" * width for width in wide) + " |"
    return "\n".join([text[0], rule, *text[1:]])
