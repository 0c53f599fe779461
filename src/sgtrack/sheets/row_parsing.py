"""From the rows of a sheet to activities; every cell that cannot be read is named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from sgtrack.entry.activity_input import ActivityInput
from sgtrack.entry.amount_parsing import AmountInput, read_amounts
from sgtrack.entry.date_parsing import read_date
from sgtrack.entry.proposal import Terms, fit, terms_of
from sgtrack.entry.text_cleaning import clean_names
from sgtrack.model.contract import Project
from sgtrack.model.entries import Activity
from sgtrack.model.errors import Refused
from sgtrack.model.units import UNITS
from sgtrack.sheets.headings import Layout
from sgtrack.sheets.table_reader import Cell, as_text
from sgtrack.targets.lookup import find_item

_EXCEL_BEGINS = date(1899, 12, 30)
_SERIALS = range(20_000, 80_000)
"""Day numbers that Excel may have left in a date column: the years 1954 to 2119."""
_AMOUNTS = {*UNITS, "数量"}
"""The columns in which a merged cell counts once, for its first row."""
_SUMS = ("合计", "总计", "小计", "共计")
_NOTHING = ("0", "/", "-", "—", "无")
_REMEMBERED = 1024
"""Of how many different cells it is remembered what they say."""


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that cannot be read: its sheet, its place as Excel names it, its value and why."""

    sheet: str
    place: str
    value: str
    reason: str

    def __str__(self) -> str:
        value = f"“{self.value[:40]}”" if self.value else "（空）"
        return f"{self.sheet}!{self.place}  {value}  {self.reason}"


@dataclass(frozen=True, slots=True)
class Read:
    """An activity, and the row it was read from."""

    activity: Activity
    sheet: str
    row: int


def read_rows(
    project: Project, layout: Layout, today: date, advance: Callable[[], None] = lambda: None
) -> Iterator[Read | BadCell]:
    """Read a table row by row: each activity, or what in its row cannot be read.

    Args:
        project: the contract.
        layout: what its columns are.
        today: the day it is.
        advance: told after each row.
    """
    reader = _Reader(project, layout, today)
    for number, row in enumerate(layout.table.rows):
        if number > layout.head:
            advance()
            texts = [as_text(cell) for cell in row]
            if _is_row(layout, texts):
                try:
                    activity = reader.activity(number, row, texts)
                except _Wrong as wrong:
                    yield _bad(layout, number, texts, wrong)
                else:
                    yield Read(activity, layout.table.name, number + 1)


def place_of(row: int, column: int) -> str:
    """A cell as Excel names it: row 0 and column 0 are A1."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


class _Wrong(Exception):
    """What is wrong, and in which kind of column."""

    def __init__(self, field: str, refused: Refused, column: int | None = None) -> None:
        super().__init__(refused.message)
        hint = f"，{refused.hint}" if refused.hint else ""
        self.field = field
        self.column = column
        self.reason = refused.message + hint


def _is_row(layout: Layout, texts: list[str]) -> bool:
    written = any(texts[place] for place in layout.columns)
    return written and not any(text.startswith(_SUMS) for text in texts)


def _bad(layout: Layout, number: int, texts: list[str], wrong: _Wrong) -> BadCell:
    column = wrong.column
    if column is None:
        column = next((n for n, field in layout.columns.items() if field == wrong.field), None)
    if column is None:
        return BadCell(layout.table.name, f"第{number + 1}行", "", wrong.reason)
    shown = texts[column] if wrong.field != "姓名" else "（姓名）"
    return BadCell(layout.table.name, place_of(number, column), shown, wrong.reason)


class _Reader:
    """Reads the rows of one table; caches what repeated cells mean."""

    def __init__(self, project: Project, layout: Layout, today: date) -> None:
        self._layout = layout
        self._today = today
        self._columns: dict[str, list[int]] = {}
        for place, field in layout.columns.items():
            self._columns.setdefault(field, []).append(place)
        self._unit_columns = {f: places for f, places in self._columns.items() if f in UNITS}
        self._code = lru_cache(_REMEMBERED)(lambda written: _item(project, written))
        self._terms = lru_cache(_REMEMBERED)(lambda item, also: _terms(project, item, also))
        self._day = lru_cache(_REMEMBERED)(lambda cell: _day(project, cell, today))

    def activity(self, number: int, row: tuple[Cell, ...], texts: list[str]) -> Activity:
        """The activity of a row.

        Raises:
            _Wrong: something about it cannot be read.
        """
        written = {field: texts[places[0]] for field, places in self._columns.items()}
        with _in_column("服务项"):
            code = self._code(written.get("服务项", ""))
        with _in_column("日期"):
            day = self._day(next((row[place] for place in self._columns.get("日期", ())), None))
        with _in_column("姓名"):
            names = clean_names([written["姓名"]]) if written.get("姓名") else ()
        counted_above = self._counted_above(number)
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

    def _counted_above(self, number: int) -> frozenset[int]:
        """The columns in which the amount of a merged cell was counted with an earlier row."""
        repeated = self._layout.table.repeated
        if not repeated:
            return frozenset()
        return frozenset(
            place
            for place, field in self._layout.columns.items()
            if field in _AMOUNTS and (number, place) in repeated
        )

    def _in_units(self, texts: list[str], besides: frozenset[int]) -> Iterator[AmountInput]:
        """The amounts of columns that are a unit each."""
        for unit, places in self._unit_columns.items():
            for place in places:
                written = texts[place]
                if written and written not in _NOTHING and place not in besides:
                    with _in_column(unit, place):
                        yield _amount(written, unit)

    def _in_pairs(self, texts: list[str], besides: frozenset[int]) -> Iterator[AmountInput]:
        """The amounts of pairs of columns 数量 and 单位."""
        units = [texts[place] for place in self._columns.get("单位", ())]
        places = [place for place in self._columns.get("数量", ()) if place not in besides]
        for n, place in enumerate(places):
            unit = units[n] if n < len(units) else ""
            if texts[place]:
                with _in_column("数量", place):
                    yield from (
                        read_amounts([texts[place]]) if not unit else [_amount(texts[place], unit)]
                    )


class _in_column:  # noqa: N801 - reads as a word
    """Turns a refusal into one that knows the column."""

    def __init__(self, field: str, column: int | None = None) -> None:
        self.field, self.column = field, column

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Refused):
            raise _Wrong(self.field, error, self.column) from None


def _item(project: Project, written: str) -> str:
    if not written:
        raise Refused("没有写服务项", "写编号，如 5.1")
    first = written.split(maxsplit=1)[0]
    if first in project.items:
        return first
    return find_item(project, written).code


def _terms(project: Project, item: str, also: str) -> Terms:
    return terms_of(project, item, tuple(re.findall(r"[\d.]+", also)))


def _day(project: Project, cell: Cell, today: date) -> date:
    if isinstance(cell, date):
        return cell
    written = as_text(cell)
    if not written:
        raise Refused("没有写日期", "写成 2026-03-12")
    if written.isdigit() and int(written) in _SERIALS:
        return _EXCEL_BEGINS + timedelta(days=int(written))
    first = re.split(r"\s+\d{1,2}[:：]|T\d", written)[0]
    return read_date(first, today, project.period)


@lru_cache(_REMEMBERED)
def _amount(written: str, unit: str) -> AmountInput:
    found = read_amounts([written if written.endswith(unit) else f"{written}{unit}"])
    if len(found) != 1 or found[0].unit != unit:
        raise Refused(f"“{written}”不是{unit}的数量", "只写数字")
    return found[0]
