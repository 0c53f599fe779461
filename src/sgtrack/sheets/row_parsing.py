"""Parses each row of a sheet as an activity, or reports the first invalid cell of the row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sgtrack.entry.activity_input import ActivityInput
from sgtrack.entry.amount_parsing import AmountInput, read_amounts
from sgtrack.entry.proposal import Terms, fit, terms_of
from sgtrack.entry.text_cleaning import clean_names
from sgtrack.model.contract import Project
from sgtrack.model.entries import Activity
from sgtrack.model.errors import Refused
from sgtrack.model.units import UNITS
from sgtrack.sheets.cell_parsing import (
    CACHE_SIZE,
    NO_AMOUNT,
    BadCell,
    is_error,
    parse_amount,
    parse_code,
    parse_codes,
    parse_count,
    parse_day,
    parse_yes,
    place_of,
    reason_with_hint,
)
from sgtrack.sheets.exported_rows import DONE, EFFECT, SHORT_ID, VERSION
from sgtrack.sheets.headings import Layout
from sgtrack.sheets.table_reader import as_text
from sgtrack.sheets.workbook_process import Cell

_AMOUNTS = {*UNITS, "数量"}
"""Meanings of the columns that contain amounts; there, a merged cell counts only once."""


@dataclass(frozen=True, slots=True)
class Read:
    """An activity with the name of its sheet and its row number in Excel.

    ``implied`` are the units whose amounts are not in the row but follow from it, as in 1场.
    """

    activity: Activity
    sheet: str
    row: int
    implied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that is not an activity; ``why`` is 合计 or 隐藏."""

    sheet: str
    row: int
    why: str


def read_rows(
    project: Project, layout: Layout, today: date, advance: Callable[[], None] = lambda: None
) -> Iterator[Read | BadCell | SkippedRow]:
    """Yield the activity of each row, or the first invalid cell of the row.

    ``advance`` is called once for each row below the headings. Empty rows and rows with the id of
    an exported entry are left out; rows of totals and hidden rows are reported as skipped.
    """
    reader = _Reader(project, layout, today)
    table = layout.table
    version = layout.column_of(VERSION)
    headings = layout.headings.items() if layout.is_exported else ()
    places = {heading: place for place, heading in headings}
    short_id, effect = places.get(SHORT_ID), places.get(EFFECT)
    for number, row in enumerate(table.rows):
        if number <= layout.head:
            continue
        advance()
        texts = [as_text(cell) for cell in row]
        if version is not None and texts[version]:
            continue
        if number in table.hidden or layout.is_total(texts):
            if any(texts):
                why = "隐藏" if number in table.hidden else "合计"
                yield SkippedRow(table.name, number + 1, why)
            continue
        bad = check_row(layout, number, texts)
        if bad is None and short_id is not None and texts[short_id]:
            reason = "有编号没有版本：新的活动清空编号，原来的记录从导出的表里抄回版本"
            bad = BadCell(table.name, place_of(number, short_id), texts[short_id], reason)
        if bad is None and effect is not None and texts[effect]:
            reason = "新的活动先清空这一格，导入后用 sgtrack amend 编号 --effect 成效 写上"
            bad = BadCell(table.name, place_of(number, effect), texts[effect], reason)
        if bad is not None:
            yield bad
        elif any(texts[place] for place in layout.columns):
            try:
                activity, implied = reader.read_activity(number, row, texts)
            except _Fault as fault:
                yield _locate(layout, number, texts, fault)
            else:
                yield Read(activity, table.name, number + 1, implied)


def check_row(layout: Layout, number: int, texts: list[str]) -> BadCell | None:
    """Return the first cell of a row that has an error value or lacks a heading, or else None."""
    table = layout.table
    # This is an exported table from which a column was removed.
    if not layout.is_complete and any(texts):
        reason = "表里没有“日期”和“服务项”两列，这一行新的活动读不出来"
        return BadCell(table.name, f"第{number + 1}行", "", reason)
    for place in layout.columns:
        if (number, place) in table.faults:
            reason = table.faults[number, place]
            return BadCell(table.name, place_of(number, place), texts[place], reason)
        if is_error(texts[place]):
            reason = "是算错的单元格，改正公式，或直接写上内容"
            return BadCell(table.name, place_of(number, place), texts[place], reason)
    if len(layout.headings) < len(texts):
        for place, text in enumerate(texts):
            if text and place not in layout.headings and (number, place) not in table.repeated:
                reason = "这一格上面没有列名，写上列名，或清空这一格"
                return BadCell(table.name, place_of(number, place), text, reason)
    return None


class _Fault(Exception):
    """An error in a column of a row.

    ``field`` is the meaning of the column. ``column`` is its number from 0; None means the
    first column with this meaning.
    """

    def __init__(self, field: str, refused: Refused, column: int | None = None) -> None:
        super().__init__(refused.message)
        self.field = field
        self.column = column
        self.reason = reason_with_hint(refused)


def _locate(layout: Layout, number: int, texts: list[str], fault: _Fault) -> BadCell:
    column = layout.column_of(fault.field) if fault.column is None else fault.column
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
        self._amount_places = [p for p, field in layout.columns.items() if field in _AMOUNTS]
        self._unit_columns = {f: places for f, places in self._columns.items() if f in UNITS}
        self._code = lru_cache(CACHE_SIZE)(lambda cell: parse_code(project, cell))
        self._codes = lru_cache(CACHE_SIZE)(lambda cell: parse_codes(project, cell))
        self._terms = lru_cache(CACHE_SIZE)(lambda item, also: terms_of(project, item, also))
        self._day = lru_cache(CACHE_SIZE)(lambda cell: parse_day(project, cell, today))

    def read_activity(
        self, number: int, row: tuple[Cell, ...], texts: list[str]
    ) -> tuple[Activity, tuple[str, ...]]:
        """Return the activity of a row, and the units with implied amounts.

        ``number`` is the row number from 0, ``texts`` are the cells of ``row`` as text.

        Raises:
            _Fault: a cell is invalid.
        """
        written = {field: texts[places[0]] for field, places in self._columns.items()}
        with _in_column("服务项"):
            cell = row[self._columns["服务项"][0]]
            code = self._code(self._layout.codes.get(cell, cell))
        with _in_column("日期"):
            day = self._day(row[self._columns["日期"][0]])
        with _in_column("姓名"):
            names = clean_names([written["姓名"]]) if written.get("姓名") else ()
        also: tuple[str, ...] = ()
        for place in self._columns.get("同时计入", ()):
            with _in_column("同时计入", place):
                also += self._codes(row[place])
        repeated = self._layout.table.repeated
        counted_above = {
            place for place in self._amount_places if repeated and (number, place) in repeated
        }
        with _in_column("结束"):
            closes = parse_yes(written.get("结束", ""))
        counts = {}
        for field in ("节次", "到场"):
            with _in_column(field):
                counts[field] = parse_count(written.get(field, ""), field)
        typed = ActivityInput(
            item=code,
            amounts=(*self._in_units(texts, counted_above), *self._in_pairs(texts, counted_above)),
            title=written.get("标题"),
            place=written.get("地点"),
            activity_type=written.get("类型"),
            note=written.get("备注"),
            participants=names,
            closes=closes,
            source=written.get("原文") or self._layout.table.label(number),
            session=counts["节次"],
            attendance=counts["到场"],
        )
        with _in_column(""):
            terms = self._terms(code, tuple(dict.fromkeys(also)))
            activity, implied = fit(terms, day, typed, self._today)
        if implied and not (typed.amounts or names or counted_above):
            self._refuse_missing(terms, implied, texts)
        return activity, implied

    def _refuse_missing(self, terms: Terms, implied: tuple[str, ...], texts: list[str]) -> None:
        """Refuse a row without any amounts if its item also counts other units than occasions."""
        others = [unit for unit in terms.units if unit not in implied]
        if others and self._amount_places and not any(texts[p] for p in self._amount_places):
            wanted = [p for p in self._amount_places if self._layout.columns[p] in terms.units]
            place = (wanted or self._amount_places)[0]
            what = "、".join(terms.units)
            raise _Fault("", Refused(f"没有写数量（{what}）", "没有的写 0"), place)

    def _in_units(self, texts: list[str], skipped: set[int]) -> Iterator[AmountInput]:
        """Yield the amounts in columns whose heading is a unit, except ``skipped`` columns."""
        for unit, places in self._unit_columns.items():
            for place in places:
                written = texts[place]
                if written and written not in NO_AMOUNT and place not in skipped:
                    with _in_column(unit, place):
                        yield parse_amount(written, unit)

    def _in_pairs(self, texts: list[str], skipped: set[int]) -> Iterator[AmountInput]:
        """Yield the amounts in pairs of columns 数量 and 单位, except ``skipped`` columns.

        If the unit is empty, the cell 数量 must contain the unit, or the item must have only one.
        """
        units = [texts[place] for place in self._columns.get("单位", ())]
        for n, place in enumerate(self._columns.get("数量", ())):
            unit = units[n] if n < len(units) else ""
            written = texts[place]
            if place in skipped or (written in (DONE, *NO_AMOUNT) and not unit):
                continue
            with _in_column("数量", place):
                if written in NO_AMOUNT:
                    continue
                if written:
                    yield from [parse_amount(written, unit)] if unit else read_amounts([written])
                elif unit:
                    raise Refused(f"写了单位“{unit}”，没有写数量", "没有的写 0，或清空单位")


class _in_column:  # noqa: N801 - used like a function
    """A context manager that turns ``Refused`` into a ``_Fault`` in a column."""

    def __init__(self, field: str, column: int | None = None) -> None:
        self.field, self.column = field, column

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Refused):
            raise _Fault(self.field, error, self.column) from None
