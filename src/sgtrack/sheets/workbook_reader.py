"""Reads an Excel file in a child process, and writes its rows to standard output.

The library that reads Excel files is written in Rust. A damaged file can make it print a panic,
abort the process, or use up all memory, and Python cannot catch an abort.
:func:`sgtrack.sheets.workbook_process.read_workbook` starts the process, and its module describes
the output.
"""

from __future__ import annotations

import io
import json
import sys
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from typing import TYPE_CHECKING, Any

from python_calamine import CalamineWorkbook, SheetVisibleEnum

from sgtrack.child_process import limit_memory
from sgtrack.sheets.workbook_process import Area, Place, covered_places
from sgtrack.sheets.xlsx_guard import MOST_CELLS

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

MOST_MEMORY = 1_500_000_000
"""Maximum address space of this process, in bytes; only Linux enforces it."""
_BLOCK_ROWS = 500


class TooManyCells(Exception):
    """The sheets have more cells than the program reads."""

    def __init__(self, cells: int) -> None:
        super().__init__(str(cells))
        self.cells = cells


def main() -> None:
    """Read an Excel file from standard input, and write its non-empty sheets to standard output."""
    limit_memory(MOST_MEMORY)
    output = sys.stdout.buffer
    try:
        for name, rows, is_hidden in _read_sheets(sys.stdin.buffer.read()):
            blocks = _pack(rows)
            if blocks:
                described = {"sheet": name, "hidden": is_hidden, "areas": rows.merged}
                described["height"] = rows.height
                _write_line(output, {**described, "sizes": [len(block) for block in blocks]})
                output.writelines(blocks)
        _write_line(output, {"end": True})
    except TooManyCells as error:
        _write_line(output, {"cells": error.cells})
    # A panic of Rust is raised as an exception that does not derive from Exception.
    except BaseException as error:
        _write_line(output, {"error": f"{type(error).__name__}: {error}"})


def _write_line(output: Any, value: Mapping[str, object]) -> None:
    output.write(json.dumps(value).encode() + b"\n")


def _read_sheets(content: bytes) -> Iterator[tuple[str, SheetRows, bool]]:
    cells = 0
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    visible = {s.name for s in book.sheets_metadata if s.visible == SheetVisibleEnum.Visible}
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        cells += sheet.total_height * sheet.total_width
        last_row, last_column = sheet.end or (-1, -1)
        merged: list[Area] = []
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
            cells += (bottom - top + 1) * (right - left + 1)
            merged.append((top, left, min(bottom, last_row), min(right, last_column)))
        if cells > MOST_CELLS:
            raise TooManyCells(cells)
        yield name, SheetRows(sheet, merged), name not in visible


def _pack(rows: SheetRows) -> list[bytes]:
    """Return the rows as compressed blocks of JSON; none if all cells are empty."""
    blocks = []
    is_empty = True
    remaining = iter(rows)
    while block := list(islice(remaining, _BLOCK_ROWS)):
        is_empty = is_empty and all(cell is None for row in block for cell in row)
        packed = json.dumps(block, ensure_ascii=False, separators=(",", ":")).encode()
        blocks.append(zlib.compress(packed, 1))
    return [] if is_empty else blocks


@dataclass(frozen=True, slots=True)
class SheetRows:
    """The rows of a sheet, starting with row 1 of Excel; merged cells repeat their value.

    A cell is a text, a number, None if it is empty, or a list with one day in ISO format.
    """

    sheet: CalamineSheet
    merged: list[Area]

    @property
    def height(self) -> int:
        """The number of rows."""
        return self.sheet.end[0] + 1 if self.sheet.end else 0

    def __iter__(self) -> Iterator[list[object]]:
        left = [None] * (self.sheet.start[1] if self.sheet.start else 0)
        covered = covered_places(self.merged)
        rows = {row for row, _ in covered}
        sources: dict[int, set[int]] = {}
        for row, column in covered.values():
            sources.setdefault(row, set()).add(column)
        values: dict[Place, object] = {}
        for number, row_values in enumerate(self.sheet.iter_rows()):
            cells = [*left, *map(_to_json, row_values)]
            values |= {(number, column): cells[column] for column in sources.get(number, ())}
            if number in rows:
                cells = [
                    values[covered[number, column]] if (number, column) in covered else cell
                    for column, cell in enumerate(cells)
                ]
            yield cells


def _to_json(value: object) -> object:
    if isinstance(value, datetime):
        return [value.date().isoformat()]
    if isinstance(value, date):
        return [value.isoformat()]
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, time):
        return value.isoformat()
    text = str(value).strip() if value is not None else ""
    return text or None
