"""Parses single cells of a sheet, and describes the cells that cannot be read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from sgtrack.entry.amount_parsing import AmountInput, read_amounts
from sgtrack.entry.date_parsing import read_date
from sgtrack.model.contract import Project
from sgtrack.model.errors import Refused
from sgtrack.sheets.table_reader import as_text
from sgtrack.sheets.workbook_process import Cell
from sgtrack.targets.lookup import find_item

NO_AMOUNT = ("0", "/", "-", "—", "无")
"""Texts that mean “no amount” in a column of amounts."""
CACHE_SIZE = 1024
"""Maximum number of parsed cell values in each cache."""
_EXCEL_BEGINS = date(1899, 12, 30)
_SERIALS = range(20_000, 80_000)
"""Excel day numbers that are accepted as dates, from 1954 to 2119."""
_YES = ("是", "√", "✓", "结束", "已结束", "结案", "已结案", "1")
_NO = ("", "否", "未结束", "没有", "×", *NO_AMOUNT)
_ERRORS = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|#+)|Err:\d+")
"""The error values of Excel, WPS and LibreOffice, and a column that is too narrow."""


@dataclass(frozen=True, slots=True)
class BadCell:
    """An invalid cell or row; ``place`` is its position in the sheet, such as B7 or 第7行."""

    sheet: str
    place: str
    value: str
    reason: str

    def __str__(self) -> str:
        value = f"“{self.value[:40]}”" if self.value else "（空）"
        return f"{self.sheet}!{self.place}  {value}  {self.reason}"


def reason_with_hint(refused: Refused) -> str:
    """Return the message of an error and its hint as one text."""
    return f"{refused.message}，{refused.hint}" if refused.hint else refused.message


def place_of(row: int, column: int) -> str:
    """Return the Excel name of a cell; row 0 and column 0 give A1."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def is_error(text: str) -> bool:
    """Return whether a text is an error value of a spreadsheet, such as #N/A."""
    return text.startswith(("#", "Err:")) and _ERRORS.fullmatch(text) is not None


def parse_code(project: Project, cell: Cell) -> str:
    """Return the code of the item that a cell names by its code or its name.

    Raises:
        Refused: the cell is empty, no item or several items match, or the cell is a number with a
            fraction. Excel shows 5.1 for a number that was typed as 5.10.
    """
    written = as_text(cell)
    if not written:
        raise Refused("没有写服务项", "写编号，如 5.1")
    first = written.split(maxsplit=1)[0]
    if isinstance(cell, float) and not cell.is_integer():
        name = f" {project.items[first].name}" if first in project.items else ""
        raise Refused(
            f"是数字，分不清是 {first} 还是 {first}0",
            f"编号写成文字：先打一个 ' 再写编号，或写“{first}{name or ' 加名称'}”",
        )
    if first in project.items:
        return first
    return find_item(project, written).code


def parse_codes(project: Project, cell: Cell) -> tuple[str, ...]:
    """Return the codes of all items that a cell lists, separated by commas or spaces.

    Raises:
        Refused: see :func:`parse_code`.
    """
    if isinstance(cell, float) and cell:
        return (parse_code(project, cell),)
    written = as_text(cell)
    if not written or written in NO_AMOUNT:
        return ()
    parts = [part for part in re.split(r"[、，,;；|\n]+", written) if part.strip()]
    codes: list[str] = []
    for part in parts:
        words = part.split()
        is_list = len(words) > 1 and all(word in project.items for word in words)
        codes += words if is_list else [parse_code(project, part)]
    return tuple(dict.fromkeys(codes))


def parse_day(project: Project, cell: Cell, today: date) -> date:
    """Return the day of a cell: a date, a serial number of Excel, or a text as ``log`` takes it.

    Raises:
        Refused: the cell is empty or not a day, or it is a number with a fraction. Excel shows 3.1
            for a number that was typed as 3.10.
    """
    if isinstance(cell, date):
        return cell
    written = as_text(cell)
    if not written:
        raise Refused("没有写日期", "写成 2026-03-12")
    whole, _, fraction = written.partition(".")
    is_number = isinstance(cell, float) or not fraction
    if is_number and whole.isascii() and whole.isdigit() and int(whole) in _SERIALS:
        return _EXCEL_BEGINS + timedelta(days=int(whole))
    if isinstance(cell, float) and fraction:
        raise Refused(f"是数字，分不清是 {written} 还是 {written}0", "日期写成 2026-03-12")
    first = re.split(r"\s+\d{1,2}[:：]|T\d", written)[0]
    return read_date(first, today, project.period)


@lru_cache(CACHE_SIZE)
def parse_amount(written: str, unit: str, *, zero: bool = False) -> AmountInput:
    """Return the amount of a cell in a unit; the cell may repeat the unit.

    Raises:
        Refused: the cell is not a number, has another unit, or is 0 without ``zero``.
    """
    amounts = read_amounts([written if written.endswith(unit) else f"{written}{unit}"], zero=zero)
    if len(amounts) != 1 or amounts[0].unit != unit:
        raise Refused(f"“{written}”不是{unit}的数量", "只写数字")
    return amounts[0]


def parse_yes(written: str) -> bool:
    """Return whether a cell of the column 结束 says yes.

    Raises:
        Refused: the text says neither yes nor no.
    """
    if written in _YES:
        return True
    if written in _NO:
        return False
    raise Refused(f"“{written}”看不出是不是到此结束", "写“是”，没有结束就空着")


def parse_count(written: str, heading: str) -> int | None:
    """Return the whole number of a cell, or None if the cell is empty.

    Raises:
        Refused: the cell is neither empty nor a whole number greater than 0.
    """
    if not written:
        return None
    digits = re.fullmatch(r"第?(\d{1,6})(?:人次|人|次|节|期)?", written)
    if digits is None or not int(digits[1]):
        raise Refused(f"“{written}”不是{heading}", "只写数字")
    return int(digits[1])
