"""Rejects .xlsx files that would take too much memory when they are unpacked and read."""

from __future__ import annotations

import io
from pathlib import Path
from zipfile import ZipFile

from sgtrack.model.errors import Refused
from sgtrack.sheets.sheet_marks import SheetMarks
from sgtrack.sheets.xlsx_scanner import SheetScanner, percent_styles, sheet_parts
from sgtrack.zips import UNREADABLE

MOST_UNPACKED = 300_000_000
"""Maximum size of an unpacked file, in bytes."""
MOST_CELLS = 3_000_000
"""Maximum number of cells of a sheet, counted from A1 to its last row and column."""
_CHUNK = 1 << 20
_WORKBOOK = "xl/workbook.xml"
_STYLES = "xl/styles.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_LONGEST_DESCRIPTION = 4_000_000
"""Maximum size in bytes of a file that lists the sheets; usually it has some thousand bytes."""


def check(path: Path, content: bytes) -> dict[str, SheetMarks]:
    """Check the unpacked size of a file and the number of cells of each sheet.

    Returns:
        The hidden rows and the faulty cells of each sheet, by its name.

    Raises:
        Refused: the size or the number of cells is too big, or the file cannot be unpacked.
    """
    marks: dict[str, SheetMarks] = {}
    described = {_WORKBOOK: b"", _RELATIONS: b""}
    try:
        with ZipFile(io.BytesIO(content)) as packed:
            room = MOST_UNPACKED
            styles = frozenset[bytes]()
            if _STYLES in packed.namelist():
                with packed.open(_STYLES) as part:
                    styles = percent_styles(part.read(_LONGEST_DESCRIPTION))
            for member in packed.infolist():
                name = member.filename
                is_sheet = name.lower().startswith("xl/worksheets/")
                scanner = SheetScanner(styles) if is_sheet else None
                with packed.open(member) as part:
                    while chunk := part.read(_CHUNK):
                        room -= len(chunk)
                        if room < 0:
                            raise Refused(
                                f"文件 {path} 展开后太大，不像登记表",
                                "分成几个小文件，或另存为 CSV",
                            )
                        if scanner is not None:
                            scanner.feed(chunk)
                        elif name in described and len(described[name]) < _LONGEST_DESCRIPTION:
                            described[name] += chunk
                if scanner is not None:
                    marks[name] = scanner.finish()
                    check_span(path, scanner.rows * scanner.columns)
    except (*UNREADABLE, OSError) as error:
        raise unreadable(path, error) from None
    names = sheet_parts(described[_WORKBOOK], described[_RELATIONS])
    return {names[part]: found for part, found in marks.items() if part in names}


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
        "用 Excel 或 WPS 打开后另存为 .xlsx",
    )
