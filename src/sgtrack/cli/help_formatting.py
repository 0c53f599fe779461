"""Help in Chinese: translates Typer's fixed texts and aligns columns with Han characters."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence

import typer
from rich.cells import cell_len

from sgtrack.model.text import wrap_lines

_WORDS = {
    "Options": "选项",
    "Arguments": "参数",
    "Commands": "命令",
    "Show this message and exit.": "显示这些说明",
}
_IN_TEXT = (
    (re.compile(r"\[OPTIONS\]"), "[选项]"),
    (re.compile(r"COMMAND \[ARGS\]\.\.\."), "命令 ..."),
    (re.compile(r"\{([^}]*)\}"), r"\1"),
    (re.compile(r" <[^>]*>(?=$| )"), ""),
    (re.compile(r"\s*\[required\]"), "（必写）"),
    (re.compile(r"\s*\[default: ([^]]*)\]"), r"（不写就是 \1）"),
)
_EXAMPLE = "例："


class HelpPage(typer.Context.formatter_class):  # type: ignore[misc, valid-type]
    """A formatter for help pages in Chinese that fit the width of the terminal."""

    def __init__(self, width: int | None = None, max_width: int | None = None) -> None:
        columns = min(shutil.get_terminal_size().columns, max_width or 80)
        super().__init__(width=width or max(columns - 2, 50))

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Add the usage line of a command."""
        self.write(f"{'用法：' if prefix is None else prefix}{prog} {translate(args)}\n")

    def write_heading(self, heading: str) -> None:
        """Add the heading of a section."""
        self.write(f"{' ' * self.current_indent}{_WORDS.get(heading, heading)}：\n")

    def write_text(self, text: str) -> None:
        """Add paragraphs with an empty line between them, except between examples."""
        before = ""
        for paragraph in re.split(r"\n\s*\n", text.strip()):
            if before and not (before.startswith(_EXAMPLE) and paragraph.startswith(_EXAMPLE)):
                self.write("\n")
            for line in wrap_lines(
                join_lines(paragraph), self.width - self.current_indent, cell_len
            ):
                self.write(f"{' ' * self.current_indent}{line}\n")
            before = paragraph

    def write_dl(
        self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Add a list of terms and their meanings."""
        translated = [(translate(term), translate(meaning)) for term, meaning in rows]
        widest = max((cell_len(term) for term, _ in translated), default=0)
        column = min(widest, col_max) + col_spacing
        room = max(self.width - self.current_indent - column, 10)
        for term, meaning in translated:
            fits = cell_len(term) <= column - col_spacing
            head = term + " " * (column - cell_len(term)) if fits else f"{term}\n"
            lines = wrap_lines(meaning, room, cell_len)
            first = "" if fits else " " * (column + self.current_indent)
            self.write(f"{' ' * self.current_indent}{head}{first}{lines[0] if lines else ''}\n")
            for line in lines[1:]:
                self.write(f"{' ' * (column + self.current_indent)}{line}\n")


def translate(text: str) -> str:
    """Translate Typer's fixed texts into Chinese; leave other text unchanged."""
    text = _WORDS.get(text, text)
    for pattern, words in _IN_TEXT:
        text = pattern.sub(words, text)
    return text


def join_lines(paragraph: str) -> str:
    """Join the lines of a docstring, without spaces between Han characters."""
    return re.sub(r"(?<=[!-~])\s*\n\s*(?=[!-~])", " ", paragraph.strip()).replace("\n", "")
