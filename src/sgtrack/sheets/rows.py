"""From the rows of a sheet to activities; every cell that cannot be read is named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sgtrack.entry.activity import Words, propose
from sgtrack.entry.amounts import Typed, read_amounts
from sgtrack.entry.dates import read_date
from sgtrack.entry.text import clean_names
from sgtrack.errors import Refused
from sgtrack.ledger.records import Activity, Entry
from sgtrack.sheets.headings import Layout
from sgtrack.sheets.tables import Cell, as_text
from sgtrack.targets.lookup import find_item
from sgtrack.targets.model import Project
from sgtrack.units import UNITS

_EXCEL_BEGINS = date(1899, 12, 30)
_SERIALS = range(20_000, 80_000)
"""Day numbers that Excel may have left in a date column: the years 1954 to 2119."""
_AMOUNTS = {*UNITS, "数量"}
"""The columns in which a merged cell counts once, for its first row."""
_SUM = re.compile(r"^(?:合计|总计|小计|共计)")


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
) -> tuple[list[Read], list[BadCell]]:
    """The activities of a table, and everything in it that cannot be read.

    Args:
        project: the contract.
        layout: what its columns are.
        today: the day it is.
        advance: told after each row.
    """
    found: list[Read] = []
    bad: list[BadCell] = []
    for number, row in enumerate(layout.table.rows):
        if number > layout.head:
            advance()
            if _is_row(layout, row):
                try:
                    activity = _activity(project, layout, number, today)
                except _Wrong as wrong:
                    bad.append(_bad(layout, number, row, wrong))
                else:
                    found.append(Read(activity, layout.table.name, number + 1))
    return found, bad


def twin_key(activity: Activity) -> tuple[str, date, str]:
    """By what the same activity is recognised: item, day and title."""
    return activity.item, activity.day, activity.title


def sorted_out(
    read: list[Read], known: tuple[Entry, ...]
) -> tuple[list[Read], list[Read], list[BadCell]]:
    """What is new, what the ledger has already, and what contradicts it or comes twice."""
    there = {twin_key(entry.activity): entry.activity for entry in known}
    seen: dict[tuple[str, date, str], Read] = {}
    new: list[Read] = []
    already: list[Read] = []
    bad: list[BadCell] = []
    for one in read:
        key = twin_key(one.activity)
        old = there.get(key)
        if key in seen:
            reason = f"和第 {seen[key].row} 行是同一天、同一项、同一标题；确实是两场就写不同的标题"
            bad.append(BadCell(one.sheet, f"第{one.row}行", one.activity.title, reason))
        elif old is None:
            new.append(one)
        elif old.amounts == one.activity.amounts:
            already.append(one)
        else:
            had = "、".join(f"{a.normalize():f}{u}" for u, a in old.amounts.items())
            reason = f"台账里已有这次活动，数量是 {had}；要改用 sgtrack amend"
            bad.append(BadCell(one.sheet, f"第{one.row}行", one.activity.title, reason))
        seen.setdefault(key, one)
    return new, already, bad


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


def _is_row(layout: Layout, row: tuple[Cell, ...]) -> bool:
    cells = [as_text(row[place]) for place in layout.columns if place < len(row)]
    return any(cells) and not any(_SUM.match(cell) for cell in map(as_text, row) if cell)


def _bad(layout: Layout, number: int, row: tuple[Cell, ...], wrong: _Wrong) -> BadCell:
    column = wrong.column
    if column is None:
        column = next((n for n, field in layout.columns.items() if field == wrong.field), None)
    if column is None:
        return BadCell(layout.table.name, f"第{number + 1}行", "", wrong.reason)
    shown = as_text(row[column]) if wrong.field != "姓名" else "（姓名）"
    return BadCell(layout.table.name, place_of(number, column), shown, wrong.reason)


def _activity(project: Project, layout: Layout, number: int, today: date) -> Activity:
    row = layout.table.rows[number]
    cells: dict[str, list[tuple[int, Cell]]] = {}
    for place, field in layout.columns.items():
        counted_above = field in _AMOUNTS and (number, place) in layout.table.repeated
        if place < len(row) and not counted_above:
            cells.setdefault(field, []).append((place, row[place]))

    def text(field: str) -> str:
        return next((as_text(cell) for _, cell in cells.get(field, ())), "")

    with _in_column("服务项"):
        code = _item(project, text("服务项"))
    with _in_column("日期"):
        day = _day(project, next((c for _, c in cells.get("日期", ())), None), today)
    with _in_column("姓名"):
        names = clean_names([text("姓名")]) if text("姓名") else ()
    words = Words(
        item=code,
        amounts=[*_in_units(cells), *_in_pairs(cells)],
        day=day,
        title=text("标题"),
        place=text("地点"),
        kind=text("类型"),
        note=text("备注"),
        names=names,
        also=tuple(re.findall(r"[\d.]+", text("兼计"))),
    )
    with _in_column(""):
        return propose(project, words, today).activity


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


def _day(project: Project, cell: Cell, today: date) -> str:
    if isinstance(cell, date):
        return cell.isoformat()
    written = as_text(cell)
    if not written:
        raise Refused("没有写日期", "写成 2026-03-12")
    if written.isdigit() and int(written) in _SERIALS:
        return (_EXCEL_BEGINS + timedelta(days=int(written))).isoformat()
    first = re.split(r"\s+\d{1,2}[:：]|T\d", written)[0]
    return read_date(first, today, project.period).isoformat()


def _in_units(cells: dict[str, list[tuple[int, Cell]]]) -> Iterator[Typed]:
    """The amounts of columns that are a unit each."""
    for field, found in cells.items():
        if field not in UNITS:
            continue
        for place, cell in found:
            written = as_text(cell)
            if written and written not in ("0", "/", "-", "—", "无"):
                with _in_column(field, place):
                    yield _amount(written, field)


def _in_pairs(cells: dict[str, list[tuple[int, Cell]]]) -> Iterator[Typed]:
    """The amounts of pairs of columns 数量 and 单位."""
    units = [as_text(cell) for _, cell in cells.get("单位", ())]
    for n, (place, cell) in enumerate(cells.get("数量", ())):
        written = as_text(cell)
        unit = units[n] if n < len(units) else ""
        if written:
            with _in_column("数量", place):
                yield from read_amounts([written]) if not unit else [_amount(written, unit)]


def _amount(written: str, unit: str) -> Typed:
    found = read_amounts([written if written.endswith(unit) else f"{written}{unit}"])
    if len(found) != 1 or found[0].unit != unit:
        raise Refused(f"“{written}”不是{unit}的数量", "只写数字")
    return found[0]
