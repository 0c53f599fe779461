"""Reads Excel files (.xlsx, .xlsm, .xls) and CSV files as tables."""

from __future__ import annotations

import csv
import errno
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sgtrack.model.errors import Refused, reason_of
from sgtrack.model.text import detect_encoding
from sgtrack.sheets import xlsx_guard

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

Cell = str | float | date | None
"""The value of a cell: text, a number, a date, or None for an empty cell."""
Place = tuple[int, int]
"""The row and column number of a cell, both from 0."""
EXCEL = (".xlsx", ".xlsm", ".xls")
MOST_BYTES = 50_000_000


class CellRows(Protocol):
    """The rows of a table; each iteration parses them again from the file content."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[tuple[Cell, ...]]: ...


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A sheet: its name, and its rows starting with row 1 of Excel.

    ``repeated`` holds the positions of cells that repeat the value of a merged cell.
    """

    name: str
    rows: CellRows
    repeated: frozenset[Place] = frozenset()


def read_tables(path: Path) -> tuple[SheetTable, ...]:
    """Read the non-empty sheets of an Excel file, or the table of a CSV file.

    The value of a merged cell is repeated in every row and column that it covers.

    Raises:
        Refused: the file cannot be read, is empty, or is too big.
    """
    try:
        if path.is_dir():  # Otherwise Windows reports a lack of permission
            raise IsADirectoryError(errno.EISDIR, "")
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise Refused(
                f"文件 {path} 有 {size // 1_000_000} MB，太大",
                f"分成几个不超过 {MOST_BYTES // 1_000_000} MB 的文件",
            )
        content = path.read_bytes()
    except OSError as error:
        raise Refused(
            f"文件 {path} 读不了（{reason_of(error)}）", "检查文件名；它在 Excel 里开着就先关掉"
        ) from None
    if not content:
        raise Refused(f"文件 {path} 是空的（0 字节）", "写有内容的 Excel 或 CSV 文件")
    if path.suffix.lower() in EXCEL:
        return _read_excel(path, content)
    return (_read_csv(path, content),)


def as_text(cell: Cell) -> str:
    """Return a cell as text: whole numbers without a decimal point, dates in ISO format."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return cell.isoformat() if isinstance(cell, date) else cell.strip()


def _read_excel(path: Path, content: bytes) -> tuple[SheetTable, ...]:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - not for CSV

    if content.startswith(b"PK"):
        xlsx_guard.check(path, content)
    tables = []
    cells = 0
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            cells += sheet.total_height * sheet.total_width
            xlsx_guard.check_span(path, cells)
            merged: dict[Place, Place] = {}
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
                cells += (bottom - top + 1) * (right - left + 1)
                xlsx_guard.check_span(path, cells)
                merged |= _covered(sheet, top, left, bottom, right)
            rows = _SheetRows(sheet, merged)
            if any(cell is not None for row in rows for cell in row):
                tables.append(SheetTable(name, rows, frozenset(merged)))
    except Refused:
        raise
    except BaseException as error:
        # Calamine is written in Rust. Its PanicException does not derive from Exception.
        is_panic = type(error).__name__ == "PanicException"
        if not is_panic and not isinstance(error, CalamineError | ValueError | OSError):
            raise
        raise xlsx_guard.unreadable(path, error) from None
    if not tables:
        raise Refused(f"文件 {path} 里没有内容", "写有内容的 Excel 或 CSV 文件")
    return tuple(tables)


@dataclass(frozen=True, slots=True)
class _SheetRows:
    """The rows of an Excel sheet.

    ``merged`` maps each position that a merged cell covers to the position of its value.
    """

    sheet: CalamineSheet
    merged: Mapping[Place, Place]

    def __len__(self) -> int:
        return self.sheet.end[0] + 1 if self.sheet.end else 0

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        left = (None,) * (self.sheet.start[1] if self.sheet.start else 0)
        covered = {row for row, _ in self.merged}
        sources: dict[int, set[int]] = {}
        for row, column in self.merged.values():
            sources.setdefault(row, set()).add(column)
        values: dict[Place, Cell] = {}
        for number, row_values in enumerate(self.sheet.iter_rows()):
            cells = (*left, *map(_to_cell, row_values))
            values |= {(number, column): cells[column] for column in sources.get(number, ())}
            if number in covered:
                cells = tuple(
                    values[self.merged[number, column]] if (number, column) in self.merged else cell
                    for column, cell in enumerate(cells)
                )
            yield cells


def _covered(
    sheet: CalamineSheet, top: int, left: int, bottom: int, right: int
) -> dict[Place, Place]:
    """Map the positions that a merged cell covers to its top left position.

    Leave out the top left position itself and positions outside the sheet.
    """
    last_row, last_column = sheet.end or (-1, -1)
    return {
        (row, column): (top, left)
        for row in range(top, min(bottom, last_row) + 1)
        for column in range(left, min(right, last_column) + 1)
        if (row, column) != (top, left)
    }


def _to_cell(value: object) -> Cell:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, time):
        return value.isoformat()
    text = str(value).strip() if value is not None else ""
    return text or None


def _read_csv(path: Path, content: bytes) -> SheetTable:
    encoding = detect_encoding(content)
    text = content.decode(encoding) if encoding else ""
    if encoding is None or "\0" in text:
        raise Refused(f"文件 {path} 不是 CSV 文件", "在 Excel 里另存为“CSV UTF-8”或 .xlsx")
    first = text.partition("\n")[0]
    rows = _CsvRows(content, encoding, delimiter=max(",\t;", key=first.count))
    height = width = 0
    try:
        for line in rows.lines():
            height += 1
            width = max(width, len(line))
    except csv.Error:
        raise Refused(
            f"文件 {path} 从第 {height + 1} 行起读不懂",
            "看看这一行的引号是不是成对、有没有一格特别长；或在 Excel 里另存为 .xlsx",
        ) from None
    xlsx_guard.check_span(path, height * width)
    return SheetTable(path.name, replace(rows, height=height, width=width))


@dataclass(frozen=True, slots=True)
class _CsvRows:
    """The rows of a CSV file, all padded to the width of the widest row."""

    content: bytes
    encoding: str
    delimiter: str
    height: int = 0
    width: int = 0

    def lines(self) -> Iterator[list[str]]:
        """Return an iterator over the unpadded rows of the file."""
        text = io.TextIOWrapper(io.BytesIO(self.content), self.encoding, newline="\n")
        return csv.reader(text, delimiter=self.delimiter)

    def __len__(self) -> int:
        return self.height

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        for line in self.lines():
            cells = [cell.strip() or None for cell in line]
            yield (*cells, *(None,) * (self.width - len(line)))
