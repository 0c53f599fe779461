"""Looks into an .xlsx file before it is read: a small one can ask for all the memory there is."""

from __future__ import annotations

import io
import re
from zipfile import ZipFile

from sgtrack.model.errors import Refused
from sgtrack.zips import UNREADABLE

MOST_UNPACKED = 300_000_000
"""How many bytes a file may unpack to."""
MOST_CELLS = 3_000_000
"""How many cells a sheet may span, from A1 to its last row and column."""
_CHUNK = 1 << 20
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"')
_OVERLAP = 400
"""Longer than the beginning of a cell, which may lie across two chunks."""


def check(shown: str, content: bytes) -> None:
    """Refuse a file that unpacks to too much, or spans more cells than anybody fills in.

    Args:
        shown: how the file is named in messages.
        content: its bytes.

    Raises:
        Refused: it is too big inside, or cannot be unpacked.
    """
    try:
        with ZipFile(io.BytesIO(content)) as packed:
            room = MOST_UNPACKED
            for one in packed.infolist():
                is_sheet = one.filename.lower().startswith("xl/worksheets/")
                rows, columns = 0, 0
                before = b""
                with packed.open(one) as part:
                    while chunk := part.read(_CHUNK):
                        room -= len(chunk)
                        if room < 0:
                            raise Refused(
                                f"文件 {shown} 展开后太大，不像登记表",
                                "分成几个小文件，或另存为 CSV",
                            )
                        if is_sheet:
                            for letters, digits in _CELL.findall(before + chunk):
                                rows = max(rows, int(digits))
                                columns = max(columns, _column(letters))
                            before = chunk[-_OVERLAP:]
                check_span(shown, rows, columns)
    except (*UNREADABLE, OSError) as error:
        raise _unreadable(shown, error) from None


def check_span(shown: str, rows: int, columns: int = 1) -> None:
    """Refuse what spans too many cells, mostly because something stands far out by mistake.

    Raises:
        Refused: it spans too many cells.
    """
    if rows * columns > MOST_CELLS:
        raise Refused(
            f"文件 {shown} 的表格占 {rows * columns:,} 格，太大",
            "最远的单元格里可能误填了内容：删掉多余的行和列，再保存",
        )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _unreadable(shown: str, error: Exception) -> Refused:
    return Refused(
        f"文件 {shown} 不是能读的 Excel 文件（{error}）",
        "用 Excel 打开后另存为 .xlsx；有密码的先去掉密码",
    )
