"""Reads an Excel file in a child process, whose time and memory are bounded.

For each non-empty sheet, the child process writes a JSON object in one line, followed by blocks.
The object contains the sheet's name, whether it is hidden, its height, its merged areas, and the
sizes of the blocks in bytes. A block is a JSON list of some rows, compressed with zlib. The last
line says that the output is complete, or what went wrong.
"""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sgtrack.child_process import child_command
from sgtrack.model.errors import Refused, reason_of
from sgtrack.sheets import xlsx_guard
from sgtrack.sheets.sheet_marks import SheetMarks
from sgtrack.sheets.xls_guard import SIGNATURE, check_xls

READ_WORKBOOK = "--read-workbook"
"""The only argument of the child process; ``sgtrack.__main__`` starts the reader with it."""
MOST_SECONDS = 120
"""Maximum time in seconds to read a file of the largest permitted size on a slow laptop."""
Cell = str | float | date | None
"""The value of a cell: text, a number, a date, or None for an empty cell."""
Place = tuple[int, int]
"""The row and column number of a cell, both from 0."""
Area = tuple[int, int, int, int]
"""The first row, first column, last row and last column of a merged cell, all from 0."""


@dataclass(frozen=True, slots=True)
class WorkbookRows:
    """The rows of a sheet; they stay compressed, and each iteration unpacks them again."""

    blocks: tuple[bytes, ...]
    height: int

    def __len__(self) -> int:
        return self.height

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        for block in self.blocks:
            for row in json.loads(zlib.decompress(block)):
                yield tuple(
                    [date.fromisoformat(cell[0]) if type(cell) is list else cell for cell in row]
                )


@dataclass(frozen=True, slots=True)
class WorkbookSheet:
    """A non-empty sheet of an Excel file, with the areas that its merged cells cover."""

    name: str
    rows: WorkbookRows
    merged: tuple[Area, ...]
    marks: SheetMarks
    is_hidden: bool


def read_workbook(path: Path, content: bytes) -> tuple[WorkbookSheet, ...]:
    """Read the non-empty sheets of an Excel file.

    Raises:
        Refused: the file cannot be read, or reading takes too much time or memory.
    """
    try:
        output, marks = _run_reader(path, content)
    except OSError as error:
        raise Refused(
            f"文件 {path} 无法读取：不能启动另一个进程（{reason_of(error)}）", "另存为 CSV 再导入"
        ) from error
    return tuple(_parse(path, io.BytesIO(output), marks))


def _run_reader(path: Path, content: bytes) -> tuple[bytes, dict[str, SheetMarks]]:
    """Run the child process, and check the file for too many cells.

    An .xls file is checked before the process starts. An .xlsx file is checked while the process
    runs, because the check takes longer.

    Returns:
        The output of the process, and the marks of the sheets by their names.
    """
    import subprocess  # noqa: PLC0415 - the child process also imports this module

    marks = check_xls(path, content) if content.startswith(SIGNATURE) else {}
    with subprocess.Popen(  # noqa: S603 - the program itself
        child_command(READ_WORKBOOK),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    ) as child:
        try:
            if child.stdin is not None:
                # If the process ends early, writing fails with EPIPE, on Windows with EINVAL. The
                # output of the process then says why.
                with suppress(OSError), child.stdin as stdin:
                    stdin.write(content)
                child.stdin = None
            if content.startswith(b"PK"):
                marks = xlsx_guard.check(path, content)
            return child.communicate(timeout=MOST_SECONDS)[0], marks
        except subprocess.TimeoutExpired:
            raise Refused(
                f"文件 {path} 读了 {MOST_SECONDS} 秒还没有读完", "另存为 CSV，或分成几个小文件"
            ) from None
        finally:
            child.kill()


def covered_places(merged: Iterable[Area]) -> dict[Place, Place]:
    """Map each position that a merged cell covers, except the top left one, to the top left one."""
    return {
        (row, column): (top, left)
        for top, left, bottom, right in merged
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
        if (row, column) != (top, left)
    }


def _parse(
    path: Path, output: io.BytesIO, marks: Mapping[str, SheetMarks]
) -> Iterator[WorkbookSheet]:
    while line := output.readline():
        message = json.loads(line)
        if "end" in message:
            return
        if "cells" in message:
            xlsx_guard.check_span(path, message["cells"])
        if "error" in message:
            raise xlsx_guard.unreadable(path, message["error"])
        blocks = tuple(output.read(size) for size in message["sizes"])
        rows = WorkbookRows(blocks, message["height"])
        name = message["sheet"]
        areas = tuple(tuple(area) for area in message["areas"])
        found = marks.get(name, SheetMarks())
        yield WorkbookSheet(name, rows, areas, found, message["hidden"])
    raise xlsx_guard.unreadable(path, "文件损坏，或读它要的内存太多")
