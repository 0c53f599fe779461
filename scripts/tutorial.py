"""Performs the steps of a tutorial page in a terminal, and reads what the screen shows.

These parts of a page are steps; everything else is for its reader alone:

- A block of ``text``: a line ``> sgtrack …`` is a command, and the lines below it are what the
  screen shows. ``日期：【1-12】⏎`` is a question with a typed answer; without ``【】``, the answer
  is Enter alone. A line ``…`` stands for any lines, and ``…`` in a line for any text.
- ``<!-- 2026-01-08 -->`` sets the day of the steps below it.
- ``<!-- targets/sanli.yaml -->`` and a block: lines that the reader types into this file
  of the workspace. A line that the file has already marks a place. Any other line replaces the next
  line with the same key, or is inserted there.
- ``<!-- 登记表.xlsx -->`` and a table: rows that the reader types into this form.
- A picture ``….svg`` below a block shows the screen of the block's last command.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import pkgutil
import re
import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pexpect
import pyte
import xlsxwriter
from PIL import Image, ImageDraw
from python_calamine import CalamineWorkbook
from rich.text import Text

import sgtrack
from screen_pictures import COLUMNS
from sgtrack.__main__ import main as start

ROOT = Path(__file__).parents[1]
SHOWN_ROOT = r"C:\Users\李红\Documents\社工站台账"
"""The workspace on the page; the real path is as wide, so that lines break at the same place."""
_PARTS = re.compile(
    r"^(?:<!-- (?P<day>\d{4}-\d\d-\d\d) -->"
    r"|<!-- (?P<path>\S+\.\w+) -->\n+(?:```\w*\n(?P<lines>.*?)^```|(?P<rows>(?:\|[^\n]*\n)+))"
    r"|```text\n(?P<dialogue>> .*?)^```\n(?:\n*!\[[^\]]*\]\((?P<picture>\S+\.svg)\))?)",
    re.MULTILINE | re.DOTALL,
)
_COMMAND = re.compile(r"^> (?P<typed>.*)\n(?P<shown>(?:(?!> ).*\n)*)", re.MULTILINE)
_ANSWER = re.compile(r"(?P<question>[^【]*：)(?:【(?P<typed>.*)】|[^【]*)⏎")
_ID = re.compile(r"(?<![\w-])[0-9A-HJKMNP-TV-Z]{6}(?![\w-])")
_PHOTO = re.compile(r"[^\s'\"【】]+\.jpg")
_PROMPT_ENDS = "\x1b[?2004l"
"""The output of prompt_toolkit after each answer: it turns bracketed paste off."""
_COMMAND_ENDS = "\x1b[?9999l"
"""The output of the shell after each command; terminals ignore it."""
SECONDS = 300
"""The time to wait for a question or the end of a command; machines may be slow."""
_OPENER = "#!/bin/sh\n"
"""The script that replaces ``open`` and ``xdg-open``, so that no window opens."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command on a day, with the screen text on the page and the place of this text."""

    day: str
    typed: str
    shown: str
    place: slice
    picture: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Lines to type into a file, or the rows of a table to type into a form."""

    path: str
    lines: tuple[str, ...]


def read_steps(page: str) -> Iterator[Command | Edit]:
    """Yield the steps of a page in their order."""
    day = ""
    for part in _PARTS.finditer(page):
        day = part["day"] or day
        if part["path"]:
            yield Edit(part["path"], tuple((part["lines"] or part["rows"]).splitlines()))
        commands = list(_COMMAND.finditer(page, *part.span("dialogue"))) if part["dialogue"] else []
        for command in commands:
            picture = part["picture"] if command is commands[-1] else None
            place = slice(*command.span("shown"))
            yield Command(day, command["typed"], command["shown"], place, picture or "")


def perform(page: str, folder: Path) -> Iterator[tuple[Command, str, Reader]]:
    """Perform the steps of a page in an empty folder, whose path must be short.

    Yield each command, the screen text with the ids and paths of the page, and the reader.
    """
    reader = Reader(folder)
    for step in read_steps(page):
        if isinstance(step, Edit):
            reader.edit(step)
        else:
            yield step, reader.run(step), reader


def matches(command: Command, printed: str) -> bool:
    """Return whether the screen text on the page matches the printed text."""
    pattern = re.escape(command.shown).replace("\\\n", "\n")
    pattern = re.sub(r"^…\n", r"(?:.*\n)*?", pattern, flags=re.MULTILINE).replace("…", ".*")
    return re.fullmatch(pattern, printed) is not None


class Reader:
    """Performs the steps of a page in a new folder, whose path must be short."""

    def __init__(self, folder: Path) -> None:
        data = folder / "d".ljust(_width(SHOWN_ROOT) - _width(f"{folder}//sgtrack"), "a")
        self.root = data / "sgtrack"
        """The workspace, which does not exist yet."""
        self._ids: dict[str, str] = {}
        """Map each real id to the id on the page."""
        programs = folder / "programs"
        for made in (data, programs):
            made.mkdir()
        for name in ("open", "xdg-open"):
            (programs / name).write_text(_OPENER, encoding="utf-8")
            (programs / name).chmod(0o755)
        env = {
            "PATH": str(programs),
            "DISPLAY": ":0",
            "HOME": str(folder),
            "XDG_DATA_HOME": str(data),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "TERM": "xterm-256color",
            "PYTHONUTF8": "1",
            "PROMPT_TOOLKIT_NO_CPR": "1",
            "TUTORIAL_ROOT": str(self.root),
        }
        self.screen = pyte.Screen(3 * COLUMNS, 1000)  # no long line is broken
        self._shell = pexpect.spawn(
            sys.executable,
            [__file__],
            env=env,
            cwd=str(data),
            encoding="utf-8",
            timeout=SECONDS,
            dimensions=(self.screen.lines, COLUMNS),
            echo=False,
        )

    def edit(self, edit: Edit) -> None:
        """Type lines into a file of the workspace, or rows into a form."""
        if edit.path.endswith(".xlsx"):
            _fill_form(self.root / edit.path, edit.lines)
            return
        path = self.root / edit.path
        lines = path.read_text(encoding="utf-8").splitlines()
        at = 0
        for line in edit.lines:
            if line in lines[at:]:
                at = lines.index(line, at) + 1
                continue
            key = line.partition(":")[0] + ":"
            same = (
                [n for n in range(at, len(lines)) if lines[n].startswith(key)]
                if ":" in line
                else []
            )
            place = same[0] if same else at
            lines[place : place + len(same[:1])] = [line]
            at = place + 1
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def run(self, command: Command) -> str:
        """Run a command, answer its questions, and return the screen text as on the page.

        Raises:
            AssertionError: a question of the page was not asked, or the command did not end.
        """
        for name in _PHOTO.findall(command.typed + command.shown):
            if not (self.root / name).exists():
                _draw_photo(self.root / name)
        real = {page: id_ for id_, page in self._ids.items()}
        known = re.compile("|".join(map(re.escape, real)) or r"(?!)")
        words = shlex.split(known.sub(lambda match: real[match[0]], command.typed))
        self._shell.sendline(json.dumps([command.day, *words[1:]]))
        self.screen.reset()
        stream = pyte.Stream(self.screen)
        typed_at: dict[int, str | None] = {}

        def expect(awaited: str) -> None:
            which = self._shell.expect_exact([awaited, _COMMAND_ENDS, pexpect.TIMEOUT])
            stream.feed(self._shell.before)
            if which:
                lines = "\n".join(self._lines({}))
                raise AssertionError(f"{command.typed}: no {awaited!r} on the screen:\n{lines}")
            stream.feed(awaited)

        for answer in map(_ANSWER.fullmatch, command.shown.splitlines()):
            if answer is not None:
                expect(answer["question"])
                typed_at[self.screen.cursor.y] = answer["typed"]
                self._shell.send(
                    known.sub(lambda match: real[match[0]], answer["typed"] or "") + "\r"
                )
                expect(_PROMPT_ENDS)
        expect(_COMMAND_ENDS)
        return self._as_on_page(self._lines(typed_at), command.shown)

    def _lines(self, typed_at: dict[int, str | None]) -> list[str]:
        """Return the lines of the screen, with the answers marked."""
        lines = [line.rstrip() for line in self.screen.display]
        for n, typed in typed_at.items():
            marked = f"【{typed}】" if typed is not None else ""
            lines[n] = lines[n].removesuffix(typed or "") + marked + "⏎"
        while lines and not lines[-1]:
            lines.pop()
        return lines

    def _as_on_page(self, lines: list[str], shown: str) -> str:
        """Return the lines as text, with the workspace path and the ids of the page."""
        text = "".join(f"{line}\n" for line in lines)
        pages = set(self._ids.values())
        unused = [id_ for id_ in dict.fromkeys(_ID.findall(shown)) if id_ not in pages]
        for id_ in dict.fromkeys(_ID.findall(text)):
            if id_ not in self._ids:
                self._ids[id_] = unused.pop(0) if unused else id_
        for real, page in self._replacements(text):
            text = text.replace(real, page)
        return text

    def _replacements(self, text: str) -> list[tuple[str, str]]:
        """Pair the paths in a text, longest first, and all ids with those on the page."""
        root = str(self.root)
        paths = set(re.findall(re.escape(root) + r"[\w./-]*", text))
        shown = [(path, SHOWN_ROOT + path[len(root) :].replace("/", "\\")) for path in paths]
        return sorted(shown, key=lambda pair: -len(pair[0])) + list(self._ids.items())

    def picture(self) -> Text:
        """Return the screen of the last command with its colours, as on the page."""
        text = Text()
        for row in range(len(self._lines({}))):
            line = Text()
            for column in range(self.screen.columns):
                char = self.screen.buffer[row][column]
                line.append(char.data, _style_of(char))
            line.rstrip()
            for real, page in self._replacements(line.plain):
                line = Text(page).join(line.split(real, allow_blank=True))
            text.append("\n" if row else "").append_text(line)
        return text


def _width(text: str) -> int:
    return Text(text).cell_len


def _style_of(char: pyte.screens.Char) -> str:
    colour = {"brown": "yellow", "default": ""}.get(char.fg, char.fg)
    if re.fullmatch("[0-9a-f]{6}", colour):
        colour = f"#{colour}"
    colour = re.sub("^bright", "bright_", colour)
    return f"{'bold ' if char.bold else ''}{colour}".strip()


def _fill_form(path: Path, table: tuple[str, ...]) -> None:
    """Type the rows of a Markdown table below the headings of an Excel form."""
    heading, _, *rows = ([cell.strip() for cell in row.strip("|").split("|")] for row in table)
    book = CalamineWorkbook.from_path(str(path))
    name = book.sheet_names[0]
    cells = [list(row) for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]
    at, headings = next((n, row) for n, row in enumerate(cells) if set(heading) <= set(row))
    for row in rows:
        at += 1
        cells[at : at + 1] = [
            [dict(zip(heading, row, strict=True)).get(str(h), "") for h in headings]
        ]
    with xlsxwriter.Workbook(str(path)) as written:
        sheet = written.add_worksheet(name)
        for n, values in enumerate(cells):
            sheet.write_row(n, 0, values)


def _draw_photo(path: Path) -> None:
    """Draw a picture that stands for a photo; it depends on the name of the file."""
    shade = hashlib.sha256(path.name.encode()).digest()
    picture = Image.new("RGB", (800, 600), (200, 215, 230))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 380, 800, 600), fill=(185, 170, 145))
    for n in range(6):
        left, colour = 60 + n * 120 + shade[n] % 40, tuple(shade[n + 6 : n + 9])
        draw.ellipse((left + 10, 250, left + 70, 310), fill=(222, 184, 150))
        draw.rectangle((left, 310, left + 80, 480 + shade[n] % 60), fill=colour)
    picture.save(path, quality=80)


def _serve() -> None:
    """Run the command lines that come on the terminal, each in a process forked from this one.

    The program is imported once, because that takes longer than most commands.
    """
    for module in pkgutil.walk_packages(sgtrack.__path__, "sgtrack."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    root = Path(os.environ.pop("TUTORIAL_ROOT"))
    while line := os.read(0, 65536):
        process = os.fork()
        if process == 0:
            os.environ["SGTRACK_TODAY"], *words = json.loads(line)
            if root.exists():
                os.chdir(root)
            sys.argv[1:] = words
            start()
            return
        os.waitpid(process, 0)
        sys.stdout.write(_COMMAND_ENDS)
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
