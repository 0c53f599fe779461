"""Reads Excel files of every age and CSV files into plain tables."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from sgtrack.decoding import decoded
from sgtrack.errors import Refused, reason_of
from sgtrack.sheets import packed

Cell = str | float | date | None
"""Text, a number, a day, or nothing."""
EXCEL = (".xlsx", ".xlsm", ".xls")
MOST_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet: its name and its rows, the first of which is row 1 of Excel.

    ``repeated`` are the cells, by row and column from 0, that have their value only because they
    are merged with one above or to the left.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    repeated: frozenset[tuple[int, int]] = frozenset()


def read_tables(path: Path) -> tuple[Table, ...]:
    """Every sheet of an Excel file that has anything in it, or the table of a CSV file.

    What is written in a merged cell holds for every row and column it covers.

    Raises:
        Refused: the file cannot be read.
    """
    try:
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
        return _excel(path, content)
    return (_csv(path, content),)


def as_text(cell: Cell) -> str:
    """A cell as people would read it: whole numbers without a point, days as ISO dates."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return cell.isoformat() if isinstance(cell, date) else cell.strip()


def _excel(path: Path, content: bytes) -> tuple[Table, ...]:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - import only

    if content.startswith(b"PK"):
        packed.check(str(path), content)
    tables = []
    cells = 0
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            cells += sheet.total_height * sheet.total_width
            packed.check_span(str(path), cells, 1)
            rows = [list(map(_cell, row)) for row in sheet.to_python(skip_empty_area=False)]
            repeated: set[tuple[int, int]] = set()
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
                cells += (bottom - top + 1) * (right - left + 1)
                packed.check_span(str(path), cells, 1)
                repeated |= _spread(rows, top, left, bottom, right)
            if any(cell is not None for row in rows for cell in row):
                tables.append(Table(name, tuple(map(tuple, rows)), frozenset(repeated)))
    except Refused:
        raise
    except BaseException as error:
        # What panics inside the reader, which is written in Rust, is not even an Exception.
        if not isinstance(error, CalamineError | ValueError | OSError) and not _panic(error):
            raise
        raise Refused(
            f"文件 {path} 不是能读的 Excel 文件（{error}）",
            "用 Excel 打开后另存为 .xlsx；有密码的先去掉密码",
        ) from None
    if not tables:
        raise Refused(f"文件 {path} 里没有内容", "写有内容的 Excel 或 CSV 文件")
    return tuple(tables)


def _panic(error: BaseException) -> bool:
    return type(error).__name__ == "PanicException"


def _spread(
    rows: list[list[Cell]], top: int, left: int, bottom: int, right: int
) -> set[tuple[int, int]]:
    """Write a merged cell's value into every place it covers; those places are returned."""
    places = {
        (row, column)
        for row in range(top, min(bottom + 1, len(rows)))
        for column in range(left, min(right + 1, len(rows[row])))
        if (row, column) != (top, left)
    }
    for row, column in places:
        rows[row][column] = rows[top][left]
    return places


def _cell(value: object) -> Cell:
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


def _csv(path: Path, content: bytes) -> Table:
    text = decoded(content)
    if text is None or "\0" in text:
        raise Refused(f"文件 {path} 不是 CSV 文件", "在 Excel 里另存为“CSV UTF-8”或 .xlsx")
    first = text.partition("\n")[0]
    delimiter = max(",\t;", key=first.count)
    try:
        lines = csv.reader(io.StringIO(text), delimiter=delimiter)
        rows = [tuple(map(_cell, line)) for line in lines]
    except csv.Error as error:
        raise Refused(f"文件 {path} 读不了（{error}）", "在 Excel 里另存为 .xlsx") from None
    width = max((len(row) for row in rows), default=0)
    packed.check_span(str(path), len(rows), width)
    return Table(path.name, tuple(row + (None,) * (width - len(row)) for row in rows))
