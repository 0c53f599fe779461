"""Checks an Excel 97 file before it is read: the size and the hidden rows of its sheets.

The library that reads the cell values allocates memory for every cell up to the last one, and only
then reports the number of cells. The format is described in [MS-CFB] (the file system inside the
file) and [MS-XLS].
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from sgtrack.sheets.sheet_marks import SheetMarks, error_reason
from sgtrack.sheets.xlsx_guard import check_span

SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
_BOF, _EOF, _SHEET, _ROW, _FORMULA, _ERROR_OR_BOOLEAN, _SEVERAL = (
    0x0809, 0x000A, 0x0085, 0x0208, 0x0006, 0x0205, 0x00BD,
)  # fmt: skip
_CELLS = frozenset((0x0203, 0x027E, 0x00FD, 0x0204, 0x00D6, _FORMULA, _ERROR_OR_BOOLEAN, _SEVERAL))
"""Types of the records that contain a cell with a value."""
_HIDDEN = 0x20
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
_LAST_SECTOR = 0xFFFFFFFA
"""The greatest number of a sector; greater numbers end a chain or mark a free sector."""
_HEADER_SECTORS = 109
"""Number of sectors of the allocation table that the header itself lists."""
_MOST_FAULTS = 10_000


def check_xls(path: Path, content: bytes) -> dict[str, SheetMarks]:
    """Check the number of cells of a file.

    Returns:
        The hidden rows and the faulty cells of each sheet, by its name. The result is empty if the
            file is damaged; the library that reads the cell values then reports the damage.

    Raises:
        Refused: the sheets have too many cells.
    """
    try:
        book = _read_book(content)
        starts = _sheet_starts(book)
    except (struct.error, IndexError, KeyError, ValueError):
        return {}
    marks: dict[str, SheetMarks] = {}
    cells = 0
    for name, start in starts:
        found, size = _scan_sheet(book, start)
        marks[name] = found
        cells += size
        check_span(path, cells)
    return marks


def _read_book(content: bytes) -> bytes:
    """Return the stream of the workbook inside the file."""
    sector_size = 1 << struct.unpack_from("<H", content, 30)[0]
    small_size = 1 << struct.unpack_from("<H", content, 32)[0]
    if sector_size not in (512, 4096) or small_size != 64:
        raise ValueError(sector_size)
    directory, _, cutoff, small_start, _, list_start, _ = struct.unpack_from("<7I", content, 48)
    per_sector = sector_size // 4

    def sector(number: int) -> bytes:
        start = (number + 1) * sector_size
        return content[start : start + sector_size]

    def numbers(number: int) -> tuple[int, ...]:
        return struct.unpack(f"<{per_sector}I", sector(number))

    table_sectors = [*struct.unpack_from(f"<{_HEADER_SECTORS}I", content, 76)]
    seen: set[int] = set()
    while list_start < _LAST_SECTOR and list_start not in seen:
        seen.add(list_start)
        *listed, list_start = numbers(list_start)
        table_sectors += listed
    table = [n for number in table_sectors if number < _LAST_SECTOR for n in numbers(number)]

    def stream(start: int) -> bytes:
        return b"".join(sector(number) for number in _chain(table, start))

    folder = stream(directory)
    entries = [folder[n : n + 128] for n in range(0, len(folder), 128)]
    for entry in entries:
        length = struct.unpack_from("<H", entry, 64)[0]
        name = entry[: max(length - 2, 0)].decode("utf-16-le")
        start, size = struct.unpack_from("<II", entry, 116)
        if name not in ("Workbook", "Book"):
            continue
        if size >= cutoff:
            return stream(start)[:size]
        small_table = [n for number in _chain(table, small_start) for n in numbers(number)]
        small = stream(struct.unpack_from("<I", entries[0], 116)[0])
        parts = (small[n * small_size :][:small_size] for n in _chain(small_table, start))
        return b"".join(parts)[:size]
    raise KeyError("Workbook")


def _chain(table: list[int], start: int) -> Iterator[int]:
    """Yield the sectors of a stream, in the order in which the allocation table links them."""
    for _ in range(len(table)):
        if start >= _LAST_SECTOR:
            return
        yield start
        start = table[start]
    raise ValueError(start)


def _records(book: bytes, place: int) -> Iterator[tuple[int, int, int]]:
    """Yield the kind, the offset and the length of each record of a part of the workbook."""
    depth = 0
    while place + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, place)
        place += 4
        if place + length > len(book):
            return
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        if depth == 1:  # A chart within a sheet is a nested part with records of its own.
            yield kind, place, length
        place += length


def _sheet_starts(book: bytes) -> list[tuple[str, int]]:
    """Return the names of the worksheets, and where their parts begin."""
    starts = []
    version = 0
    for kind, place, _ in _records(book, 0):
        if kind == _BOF:
            version = struct.unpack_from("<H", book, place)[0]
        if kind != _SHEET or book[place + 5]:
            continue
        start, count = struct.unpack_from("<I", book, place)[0], book[place + 6]
        if version < 0x0600:  # Before Excel 97, the name is in the code page of the system.
            name = book[place + 7 : place + 7 + count].decode("gb18030", "replace")
        elif book[place + 7] & 1:
            name = book[place + 8 : place + 8 + 2 * count].decode("utf-16-le", "replace")
        else:
            name = book[place + 8 : place + 8 + count].decode("latin-1")
        starts.append((name, start))
    return starts


def _scan_sheet(book: bytes, start: int) -> tuple[SheetMarks, int]:
    """Return the marks of a sheet, and the number of cells from A1 to its last row and column."""
    rows = columns = 0
    hidden: set[int] = set()
    faults: dict[tuple[int, int], str] = {}
    for kind, place, length in _records(book, start):
        if kind == _ROW and length >= 16:
            if struct.unpack_from("<H", book, place + 12)[0] & _HIDDEN:
                hidden.add(struct.unpack_from("<H", book, place)[0])
        elif kind in _CELLS and length >= 6:
            row, column = struct.unpack_from("<HH", book, place)
            last = column
            if kind == _SEVERAL:
                last = struct.unpack_from("<H", book, place + length - 2)[0]
            rows, columns = max(rows, row + 1), max(columns, last + 1)
            code = _error_of(book, kind, place, length)
            if code is not None and len(faults) < _MOST_FAULTS:
                faults[row, column] = error_reason(_ERRORS.get(code, ""))
    return SheetMarks(frozenset(hidden), faults), rows * columns


def _error_of(book: bytes, kind: int, place: int, length: int) -> int | None:
    """Return the code of a cell's error value, or None if the value is not an error."""
    if kind == _ERROR_OR_BOOLEAN and length >= 8 and book[place + 7]:
        return book[place + 6]
    if kind == _FORMULA and length >= 14 and book[place + 12 : place + 14] == b"\xff\xff":
        return book[place + 8] if book[place + 6] == 2 else None
    return None
