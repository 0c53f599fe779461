"""Parses each row of a sheet as an activity, or reports the first invalid cell of the row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from sgtrack.entry.activity_input import ActivityInput
from sgtrack.entry.amount_parsing import AmountInput, read_amounts
from sgtrack.entry.date_parsing import read_date
from sgtrack.entry.proposal import fit, terms_of
from sgtrack.entry.text_cleaning import clean_names
from sgtrack.model.contract import Project
from sgtrack.model.entries import Activity
from sgtrack.model.errors import Refused
from sgtrack.model.units import UNITS
from sgtrack.sheets.headings import Layout
from sgtrack.sheets.table_reader import as_text
from sgtrack.sheets.workbook_process import Cell
from sgtrack.targets.lookup import find_item

_EXCEL_BEGINS = date(1899, 12, 30)
_SERIALS = range(20_000, 80_000)
"""Excel day numbers that are accepted as dates, from 1954 to 2119."""
_AMOUNTS = {*UNITS, "数量"}
"""Meanings of the columns that contain amounts; there, a merged cell counts only once."""
_SUMS = ("合计", "总计", "小计", "共计")
_NOTHING = ("0", "/", "-", "—", "无")
_CACHE_SIZE = 1024
"""Maximum number of parsed cell values in each cache."""


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


@dataclass(frozen=True, slots=True)
class Read:
    """An activity with the name of its sheet and its row number in Excel."""

    activity: Activity
    sheet: str
    row: int


def read_rows(
    project: Project, layout: Layout, today: date, advance: Callable[[], None] = lambda: None
) -> Iterator[Read | BadCell]:
    """Yield the activity of each row, or the first invalid cell of the row.

    Call ``advance`` once for each row below the headings. Skip empty rows and rows of sums.
    """
    reader = _Reader(project, layout, today)
    for number, row in enumerate(layout.table.rows):
        if number <= layout.head:
            continue
        advance()
        texts = [as_text(cell) for cell in row]
        is_empty = not any(texts[place] for place in layout.columns)
        if is_empty or any(text.startswith(_SUMS) for text in texts):
            continue
        try:
            activity = reader.read_activity(number, row, texts)
        except _Fault as fault:
            yield _locate(layout, number, texts, fault)
        else:
            yield Read(activity, layout.table.name, number + 1)


def place_of(row: int, column: int) -> str:
    """Return the Excel name of a cell; row 0 and column 0 give A1."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


class _Fault(Exception):
    """An error in a column of a row.

    ``field`` is the meaning of the column. ``column`` is its number from 0; None means the
    first column with this meaning.
    """

    def __init__(self, field: str, refused: Refused, column: int | None = None) -> None:
        super().__init__(refused.message)
        hint = f"，{refused.hint}" if refused.hint else ""
        self.field = field
        self.column = column
        self.reason = refused.message + hint


def _locate(layout: Layout, number: int, texts: list[str], fault: _Fault) -> BadCell:
    column = fault.column
    if column is None:
        column = next((n for n, field in layout.columns.items() if field == fault.field), None)
    if column is None:
        return BadCell(layout.table.name, f"第{number + 1}行", "", fault.reason)
    shown = texts[column] if fault.field != "姓名" else "（姓名）"
    return BadCell(layout.table.name, place_of(number, column), shown, fault.reason)


class _Reader:
    """A parser for the rows of a table that caches the results for repeated cell values."""

    def __init__(self, project: Project, layout: Layout, today: date) -> None:
        self._layout = layout
        self._today = today
        self._columns: dict[str, list[int]] = {}
        for place, field in layout.columns.items():
            self._columns.setdefault(field, []).append(place)
        self._unit_columns = {f: places for f, places in self._columns.items() if f in UNITS}
        self._code = lru_cache(_CACHE_SIZE)(lambda written: _find_code(project, written))
        self._terms = lru_cache(_CACHE_SIZE)(
            lambda item, also: terms_of(project, item, tuple(re.findall(r"[\d.]+", also)))
        )
        self._day = lru_cache(_CACHE_SIZE)(lambda cell: _read_day(project, cell, today))

    def read_activity(self, number: int, row: tuple[Cell, ...], texts: list[str]) -> Activity:
        """Return the activity of a row.

        ``number`` is the row number from 0, ``texts`` are the cells of ``row`` as text.

        Raises:
            _Fault: a cell is invalid.
        """
        written = {field: texts[places[0]] for field, places in self._columns.items()}
        with _in_column("服务项"):
            code = self._code(written.get("服务项", ""))
        with _in_column("日期"):
            day = self._day(next((row[place] for place in self._columns.get("日期", ())), None))
        with _in_column("姓名"):
            names = clean_names([written["姓名"]]) if written.get("姓名") else ()
        repeated = self._layout.table.repeated
        counted_above = {
            place
            for place, field in (self._layout.columns.items() if repeated else ())
            if field in _AMOUNTS and (number, place) in repeated
        }
        typed = ActivityInput(
            item=code,
            amounts=(*self._in_units(texts, counted_above), *self._in_pairs(texts, counted_above)),
            title=written.get("标题"),
            place=written.get("地点"),
            activity_type=written.get("类型"),
            note=written.get("备注"),
            participants=names,
        )
        with _in_column(""):
            terms = self._terms(code, written.get("兼计", ""))
            return fit(terms, day, typed, self._today)[0]

    def _in_units(self, texts: list[str], skipped: set[int]) -> Iterator[AmountInput]:
        """Yield the amounts in columns whose heading is a unit, except ``skipped`` columns."""
        for unit, places in self._unit_columns.items():
            for place in places:
                written = texts[place]
                if written and written not in _NOTHING and place not in skipped:
                    with _in_column(unit, place):
                        yield _read_amount(written, unit)

    def _in_pairs(self, texts: list[str], skipped: set[int]) -> Iterator[AmountInput]:
        """Yield the amounts in pairs of columns 数量 and 单位, except ``skipped`` columns.

        If the unit is empty, the cell 数量 must contain the unit, or the item must have only one.
        """
        units = [texts[place] for place in self._columns.get("单位", ())]
        places = [place for place in self._columns.get("数量", ()) if place not in skipped]
        for n, place in enumerate(places):
            unit = units[n] if n < len(units) else ""
            written = texts[place]
            if written:
                with _in_column("数量", place):
                    yield from [_read_amount(written, unit)] if unit else read_amounts([written])


class _in_column:  # noqa: N801 - used like a function
    """A context manager that turns ``Refused`` into a ``_Fault`` in a column."""

    def __init__(self, field: str, column: int | None = None) -> None:
        self.field, self.column = field, column

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Refused):
            raise _Fault(self.field, error, self.column) from None


def _find_code(project: Project, written: str) -> str:
    if not written:
        raise Refused("没有写服务项", "写编号，如 5.1")
    first = written.split(maxsplit=1)[0]
    if first in project.items:
        return first
    return find_item(project, written).code


def _read_day(project: Project, cell: Cell, today: date) -> date:
    if isinstance(cell, date):
        return cell
    written = as_text(cell)
    if not written:
        raise Refused("没有写日期", "写成 2026-03-12")
    if written.isdigit() and int(written) in _SERIALS:
        return _EXCEL_BEGINS + timedelta(days=int(written))
    first = re.split(r"\s+\d{1,2}[:：]|T\d", written)[0]
    return read_date(first, today, project.period)


@lru_cache(_CACHE_SIZE)
def _read_amount(written: str, unit: str) -> AmountInput:
    amounts = read_amounts([written if written.endswith(unit) else f"{written}{unit}"])
    if len(amounts) != 1 or amounts[0].unit != unit:
        raise Refused(f"“{written}”不是{unit}的数量", "只写数字")
    return amounts[0]
