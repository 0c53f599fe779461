"""Reads Excel files (.xlsx, .xlsm, .xls) and CSV files as tables."""

from __future__ import annotations

import csv
import errno
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Protocol

from sgtrack.model.errors import Refused, reason_of
from sgtrack.model.text import detect_encoding
from sgtrack.privacy.office_encryption import ReadPassword, decrypt_office
from sgtrack.sheets import xlsx_guard
from sgtrack.sheets.workbook_process import Cell, Place, covered_places, read_workbook

EXCEL = (".xlsx", ".xlsm", ".xls")
MOST_BYTES = 50_000_000


class CellRows(Protocol):
    """The rows of a table; each iteration parses them again from the file content."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[tuple[Cell, ...]]: ...


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A sheet: its name, and its rows starting with row 1 of Excel.

    ``repeated`` maps the position of each cell that repeats the value of a merged cell to the
    position of the merged cell. ``faults`` maps the positions of cells with an error or an
    uncalculated formula to a description. ``hidden`` holds the numbers of hidden rows, from 0.
    ``is_hidden`` is true if the whole sheet is hidden. ``file`` is the name of the file.
    ``percentages`` holds the positions of cells that show their number as a percentage.
    """

    name: str
    rows: CellRows
    repeated: Mapping[Place, Place] = field(default_factory=dict)
    faults: Mapping[Place, str] = field(default_factory=dict)
    hidden: frozenset[int] = frozenset()
    is_hidden: bool = False
    file: str = ""
    percentages: frozenset[Place] = frozenset()

    def label(self, row: int) -> str:
        """Return the name of a row, counted from 0, with its file and its sheet."""
        sheet = "" if self.file in ("", self.name) else f"{self.file} "
        return f"{sheet}{self.name} 第{row + 1}行"


def read_tables(path: Path, read_password: ReadPassword) -> tuple[SheetTable, ...]:
    """Read the non-empty sheets of an Excel file, or the table of a CSV file.

    The value of a merged cell is repeated in every row and column that it covers.
    ``read_password`` asks for the password of an Excel file that has one.

    Raises:
        Refused: the file cannot be read, is empty, or is too big, or its password is wrong.
    """
    try:
        if path.is_dir():  # For a folder, Windows would report a lack of permission instead.
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
            f"文件 {path} 无法读取（{reason_of(error)}）", "检查文件名；它在 Excel 里开着就先关掉"
        ) from None
    if not content:
        raise Refused(f"文件 {path} 是空的（0 字节）", "写有内容的 Excel 或 CSV 文件")
    if path.suffix.lower() in EXCEL:
        return parse_excel(path, decrypt_office(path.name, content, read_password))
    return (parse_csv(path, content),)


def as_text(cell: Cell) -> str:
    """Return a cell as text: whole numbers without a decimal point, dates in ISO format."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        rounded = round(cell, 9)  # Excel shows 6.8999999999999995 as 6.9.
        return str(int(rounded)) if rounded.is_integer() else f"{rounded:.15g}"
    return cell.isoformat() if isinstance(cell, date) else cell.strip()


def parse_excel(path: Path, content: bytes) -> tuple[SheetTable, ...]:
    """Parse the content of an Excel file as ``read_tables`` does."""
    tables = tuple(
        SheetTable(
            sheet.name,
            sheet.rows,
            covered_places(sheet.merged),
            sheet.marks.faults,
            sheet.marks.hidden,
            sheet.is_hidden,
            path.name,
            sheet.marks.percentages,
        )
        for sheet in read_workbook(path, content)
    )
    if not tables:
        raise Refused(f"文件 {path} 里没有内容", "写有内容的 Excel 或 CSV 文件")
    return tables


def parse_csv(path: Path, content: bytes) -> SheetTable:
    """Parse the content of a CSV file as ``read_tables`` does."""
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
    return SheetTable(path.name, replace(rows, height=height, width=width), file=path.name)


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
