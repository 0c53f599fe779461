"""Scans the XML of an .xlsx file for properties that the reader of cell values omits."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from posixpath import join, normpath

from sgtrack.sheets.sheet_marks import NOT_CALCULATED, SheetMarks, error_reason

_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})([0-9]{1,20})"')
_ERROR = re.compile(
    rb'<(?:\w+:)?c\b([^>]*\bt="e"[^>]*)>(?:(?!</(?:\w+:)?c>).)*?#([^<]{0,20})', re.DOTALL
)
_FORMULA = re.compile(rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b")
_CELL_END = re.compile(rb"</(?:\w+:)?c>")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?(?:/>|>([^<]*)<)")
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\b([^>]*\bhidden="(?:1|true)"[^>]*)>')
_STYLED_CELL = re.compile(rb'<(?:\w+:)?c\b([^>]*\bs="([0-9]{1,6})"[^>]*)>')
_PERCENT_FORMATS = {"9", "10"}
"""Numbers of the built-in formats 0% and 0.00%."""
_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_ROW = re.compile(rb'\br="([0-9]{1,7})"')
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_LONGEST_CELL = 4_000_000
"""Maximum number of bytes to keep of a cell whose end was not found yet."""
_MOST_FAULTS = 10_000


class SheetScanner:
    """Scans a sheet whose XML is fed piece by piece.

    ``rows`` and ``columns`` are the numbers of the last row and column with a cell. The result
    includes the positions of cells with one of the ``percent_styles``.
    """

    def __init__(self, percent_styles: frozenset[bytes] = frozenset()) -> None:
        self._percent_styles = percent_styles
        self._percentages: set[tuple[int, int]] = set()
        self.rows = 0
        self.columns = 0
        self._hidden: set[int] = set()
        self._faults: dict[tuple[int, int], str] = {}
        self._rest = b""

    def feed(self, chunk: bytes) -> None:
        """Scan the next piece, except its last cell, which may continue in the following piece."""
        data = self._rest + chunk
        cell = max(data.rfind(b"<c "), data.rfind(b":c "))
        cut = data.rfind(b"<", 0, cell + 1) if cell >= 0 else 0
        if len(data) - cut > _LONGEST_CELL:
            cut = len(data)
        self._scan(data[:cut])
        self._rest = data[cut:]

    def finish(self) -> SheetMarks:
        """Scan the rest, and return the hidden rows and faulty cells."""
        self._scan(self._rest)
        self._rest = b""
        return SheetMarks(frozenset(self._hidden), self._faults, frozenset(self._percentages))

    def _scan(self, data: bytes) -> None:
        for letters, digits in _CELL.findall(data):
            self.rows = max(self.rows, int(digits))
            self.columns = max(self.columns, column_number(letters))
        for attributes, style in _STYLED_CELL.findall(data) if self._percent_styles else ():
            place = _PLACE.search(attributes)
            if place and style in self._percent_styles:
                self._percentages.add((int(place[2]) - 1, column_number(place[1]) - 1))
        for attributes in _HIDDEN_ROW.findall(data):
            if row := _ROW.search(attributes):
                self._hidden.add(int(row[1]) - 1)
        for attributes, value in _ERROR.findall(data):
            self._add_fault(attributes, error_reason(f"#{value.decode('ascii', 'replace')}"))
        for formula in _FORMULA.finditer(data):
            end = _CELL_END.search(data, formula.end())
            value = _VALUE.search(data, formula.end(), end.start() if end else len(data))
            is_text = b't="str"' in formula[1] and value is not None
            if not is_text and (value is None or not (value[1] or b"").strip()):
                self._add_fault(formula[1], NOT_CALCULATED)

    def _add_fault(self, attributes: bytes, reason: str) -> None:
        place = _PLACE.search(attributes)
        if place and len(self._faults) < _MOST_FAULTS:
            self._faults[int(place[2]) - 1, column_number(place[1]) - 1] = reason


def column_number(letters: bytes) -> int:
    """Return the number of a column from 1; AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def percent_styles(styles: bytes) -> frozenset[bytes]:
    """Return the numbers of the cell styles that show a number as a percentage.

    ``styles`` is the content of ``xl/styles.xml``.
    """
    formats = _PERCENT_FORMATS | {
        tag.get("numFmtId", "")
        for tag in _tags(styles, "numFmt")
        if "%" in tag.get("formatCode", "")
    }
    _, _, cells = styles.partition(b"cellXfs")
    cells, _, _ = cells.partition(b"cellXfs")
    return frozenset(
        str(number).encode()
        for number, tag in enumerate(_tags(cells, "xf"))
        if tag.get("numFmtId") in formats
    )


def sheet_parts(workbook: bytes, relations: bytes) -> Mapping[str, str]:
    """Map the file of each sheet inside the .xlsx file to the name of the sheet.

    ``workbook`` is the content of ``xl/workbook.xml``, and ``relations`` that of the file with its
    relations.
    """
    targets = {
        tag.get("Id", ""): normpath(join("/xl", tag.get("Target", ""))).lstrip("/")
        for tag in _tags(relations, "Relationship")
    }
    return {
        targets[identifier]: html.unescape(tag.get("name", ""))
        for tag in _tags(workbook, "sheet")
        for key, identifier in tag.items()
        if key.endswith(":id") and identifier in targets
    }


def _tags(xml: bytes, name: str) -> list[dict[str, str]]:
    """Return the attributes of all tags with a name."""
    text = xml.decode("utf-8", "replace")
    return [
        {key: double or single for key, double, single in _ATTRIBUTE.findall(attributes)}
        for attributes in re.findall(rf"<(?:\w+:)?{name}\s([^>]*)>", text)
    ]
