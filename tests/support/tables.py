"""Writes sheets like those that officers hand in, and reads documents as text."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import xlsxwriter
from msoffcrypto.method.ecma376_agile import ECMA376Agile
from python_calamine import CalamineWorkbook

PASSWORD = "Nine looms, 9"  # noqa: S105 - of a test


def workbook(fill: Callable[[xlsxwriter.Workbook, Any], None]) -> bytes:
    """Return an Excel file; ``fill`` writes into its only sheet, 登记."""
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"strings_to_formulas": False})
    fill(book, book.add_worksheet("登记"))
    book.close()
    return content.getvalue()


def rows_workbook(*rows: Sequence[str]) -> bytes:
    """Return an Excel file with these rows."""

    def fill(_: xlsxwriter.Workbook, sheet: Any) -> None:
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)

    return workbook(fill)


def protect_cheaply(content: bytes, password: str = PASSWORD) -> bytes:
    """Encrypt an Excel file as ``encrypt_workbook`` does, with a cheap key derivation."""
    encrypted: bytes = ECMA376Agile.encrypt(password, BytesIO(content), spin_count=1)
    return encrypted


def csv_bytes(rows: Sequence[Sequence[Any]], encoding: str = "utf-8") -> bytes:
    """Return rows as the content of a CSV file without quotes."""
    return "".join(",".join(map(str, row)) + "\r\n" for row in rows).encode(encoding)


def write_csv(path: Path, rows: Sequence[Sequence[Any]], encoding: str = "utf-8") -> Path:
    """Write rows as a CSV file; return its path."""
    path.write_bytes(csv_bytes(rows, encoding))
    return path


def read_text(file: Path) -> str:
    """Return the text of a Word document, of all cells of an Excel file, or of a text file."""
    if file.suffix == ".docx":
        with ZipFile(file) as package:
            assert package.testzip() is None
            xml = package.read("word/document.xml").decode("utf-8")
        return html.unescape("".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", xml)))
    if file.suffix == ".xlsx":
        book = CalamineWorkbook.from_path(str(file))
        sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
        return "\n".join(str(cell) for sheet in sheets for row in sheet.to_python() for cell in row)
    return file.read_text(encoding="utf-8")
