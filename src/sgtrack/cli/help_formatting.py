"""Help in Chinese: Typer's own words translated, and columns that align with Han characters."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.cells import cell_len

from sgtrack.model.text import wrap_lines

_WORDS = {
    "Options": "选项",
    "Arguments": "参数",
    "Commands": "命令",
    "Show this message and exit.": "显示这些说明",
    "Install completion for the current shell.": "装上按 Tab 键补全的功能",
    "Show completion for the current shell, to copy it or customize the installation.": (
        "显示补全用的脚本，可以自己安装"
    ),
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
_WIDEST_TERM = 30
_GAP = 2


class HelpPage:
    """A page of help; takes the place of Typer's formatter, whose methods it has."""

    def __init__(self, width: int | None = None, max_width: int | None = None) -> None:
        columns = min(shutil.get_terminal_size().columns, max_width or 80)
        self.width = width or max(columns - 2, 50)
        self._indent = 0
        self._parts: list[str] = []

    def write(self, text: str) -> None:
        """Add text as it is."""
        self._parts.append(text)

    def getvalue(self) -> str:
        """The whole page."""
        return "".join(self._parts)

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Add the line that says how the command is written."""
        self.write(f"{'用法：' if prefix is None else prefix}{prog} {translated(args)}\n")

    def write_heading(self, heading: str) -> None:
        """Add the heading of a section."""
        self.write(f"{' ' * self._indent}{_WORDS.get(heading, heading)}：\n")

    def write_paragraph(self) -> None:
        """Add an empty line between parts."""
        if self._parts:
            self.write("\n")

    def write_text(self, text: str) -> None:
        """Add paragraphs; examples follow each other without an empty line."""
        before = ""
        for paragraph in re.split(r"\n\s*\n", text.strip()):
            if before and not (before.startswith(_EXAMPLE) and paragraph.startswith(_EXAMPLE)):
                self.write("\n")
            for line in wrap_lines(joined(paragraph), self.width - self._indent, cell_len):
                self.write(f"{' ' * self._indent}{line}\n")
            before = paragraph

    def write_dl(
        self, rows: Sequence[tuple[str, str]], col_max: int = _WIDEST_TERM, col_spacing: int = _GAP
    ) -> None:
        """Add a list of terms and what they mean."""
        known = [(translated(term), translated(meaning)) for term, meaning in rows]
        column = min(max((cell_len(term) for term, _ in known), default=0), col_max) + col_spacing
        room = max(self.width - self._indent - column, 10)
        for term, meaning in known:
            fits = cell_len(term) <= column - col_spacing
            head = term + " " * (column - cell_len(term)) if fits else f"{term}\n"
            lines = wrap_lines(meaning, room, cell_len)
            first = "" if fits else " " * (column + self._indent)
            self.write(f"{' ' * self._indent}{head}{first}{lines[0] if lines else ''}\n")
            for line in lines[1:]:
                self.write(f"{' ' * (column + self._indent)}{line}\n")

    def indent(self) -> None:
        """Begin an indented part."""
        self._indent += 2

    def dedent(self) -> None:
        """End an indented part."""
        self._indent -= 2

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        """A part with a heading."""
        self.write_paragraph()
        self.write_heading(name)
        with self.indentation():
            yield

    @contextmanager
    def indentation(self) -> Iterator[None]:
        """A part that is indented."""
        self.indent()
        try:
            yield
        finally:
            self.dedent()


def translated(text: str) -> str:
    """Typer's own words in Chinese; everything else stays."""
    text = _WORDS.get(text, text)
    for pattern, words in _IN_TEXT:
        text = pattern.sub(words, text)
    return text


def joined(paragraph: str) -> str:
    """Lines of a docstring as one; no space comes between Han characters."""
    return re.sub(r"(?<=[!-~])\s*\n\s*(?=[!-~])", " ", paragraph.strip()).replace("\n", "")
