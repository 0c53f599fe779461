"""Rejects .xlsx files that would take too much memory when they are unpacked and read."""

from __future__ import annotations

import io
import re
from pathlib import Path
from zipfile import ZipFile

from sgtrack.model.errors import Refused
from sgtrack.zips import UNREADABLE

MOST_UNPACKED = 300_000_000
"""Maximum size of an unpacked file, in bytes."""
MOST_CELLS = 3_000_000
"""Maximum number of cells of a sheet, counted from A1 to its last row and column."""
_CHUNK = 1 << 20
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})([0-9]{1,20})"')
_OVERLAP = 400
"""Number of bytes that adjacent chunks share, so that each cell tag is complete in a chunk."""


def check(path: Path, content: bytes) -> None:
    """Check the unpacked size of a file and the number of cells of each sheet.

    Raises:
        Refused: the size or the number of cells is too big, or the file cannot be unpacked.
    """
    try:
        with ZipFile(io.BytesIO(content)) as packed:
            room = MOST_UNPACKED
            for member in packed.infolist():
                is_sheet = member.filename.lower().startswith("xl/worksheets/")
                rows, columns = 0, 0
                before = b""
                with packed.open(member) as part:
                    while chunk := part.read(_CHUNK):
                        room -= len(chunk)
                        if room < 0:
                            raise Refused(
                                f"文件 {path} 展开后太大，不像登记表",
                                "分成几个小文件，或另存为 CSV",
                            )
                        if is_sheet:
                            for letters, digits in _CELL.findall(before + chunk):
                                rows = max(rows, int(digits))
                                columns = max(columns, _column_number(letters))
                            before = chunk[-_OVERLAP:]
                check_span(path, rows * columns)
    except (*UNREADABLE, OSError) as error:
        raise unreadable(path, error) from None


def check_span(path: Path, cells: int) -> None:
    """Check that a number of cells does not exceed ``MOST_CELLS``.

    The usual cause of too many cells is a single cell, far from the table, filled in by mistake.

    Raises:
        Refused: there are too many cells.
    """
    if cells > MOST_CELLS:
        raise Refused(
            f"文件 {path} 的表格占 {cells:,} 格，太大",
            "最远的单元格里可能误填了内容：删掉多余的行和列，再保存",
        )


def unreadable(path: Path, error: BaseException | str) -> Refused:
    """Return the error for a file that is not a valid Excel file."""
    return Refused(
        f"文件 {path} 不是能读的 Excel 文件（{error}）",
        "用 Excel 打开后另存为 .xlsx；有密码的先去掉密码",
    )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
