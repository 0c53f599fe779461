"""Turns the sheets of an Excel or CSV file into lines and tables of a document."""

from __future__ import annotations

from datetime import date

from sgtrack.sheets.table_reader import SheetTable, as_text
from sgtrack.sheets.workbook_process import Cell
from sgtrack.tender.tender_document import (
    Block,
    DocumentTable,
    Row,
    TableCell,
    is_package_heading,
)


def read_sheets(sheets: tuple[SheetTable, ...]) -> tuple[list[Block], tuple[str, ...]]:
    """Return the lines and tables of the visible sheets.

    Lines are the titles above a table, the remarks below it, and headings of packages.

    Returns:
        The lines and tables, and remarks on hidden sheets and rows and on faulty cells.
    """
    blocks: list[Block] = []
    notes: list[str] = []
    for sheet in sheets:
        if sheet.is_hidden:
            notes.append(f"工作表“{sheet.name}”是隐藏的，没有读；要用就在 Excel 里取消隐藏")
            continue
        rows = _rows(sheet)
        read = {number for number, _ in rows}
        hidden = [number + 1 for number in sorted(sheet.hidden & read)]
        if hidden:
            listed = "、".join(map(str, hidden[:10])) + ("等" if len(hidden) > 10 else "")
            notes.append(f"工作表“{sheet.name}”第 {listed} 行是隐藏的，也读了")
        for row, column in list(sheet.faults)[:10]:
            notes.append(
                f"工作表“{sheet.name}”第 {row + 1} 行第 {column + 1} 列没有读："
                + sheet.faults[row, column]
            )
        blocks += _blocks([row for _, row in rows])
    return blocks, tuple(notes)


def _rows(sheet: SheetTable) -> list[tuple[int, Row]]:
    """Return the rows with text and their numbers; a merged cell is one object."""
    rows: list[tuple[int, Row]] = []
    merged: dict[tuple[int, int], TableCell] = {}
    sources = set(sheet.repeated.values())
    for number, values in enumerate(sheet.rows):
        row: list[TableCell] = []
        for column, value in enumerate(values):
            place = (number, column)
            cell = merged.get(sheet.repeated.get(place, place)) or _cell(
                value, is_percentage=place in sheet.percentages
            )
            if place in sources:
                merged[place] = cell
            row.append(cell)
        if any(cell.text for cell in row):
            rows.append((number, tuple(row)))
    return rows


def _cell(value: Cell, *, is_percentage: bool) -> TableCell:
    if is_percentage and isinstance(value, float):
        return TableCell((f"{as_text(value * 100)}%",))
    if isinstance(value, date):
        return TableCell((f"{value.year}年{value.month}月{value.day}日",))
    lines = tuple(line.strip() for line in as_text(value).split("\n") if line.strip())
    return TableCell(lines or ("",))


def _blocks(rows: list[Row]) -> list[Block]:
    single = [len({id(cell) for cell in row if cell.text}) == 1 for row in rows]
    first = next((n for n, is_single in enumerate(single) if not is_single), len(rows))
    last = max((n for n, is_single in enumerate(single) if not is_single), default=-1)
    blocks: list[Block] = []
    table: list[Row] = []
    for n, row in enumerate(rows):
        text = next(cell for cell in row if cell.text)
        outside = single[n] and (n < first or n > last or is_package_heading(text.text))
        if not outside:
            table.append(row)
            continue
        blocks += _without_empty_columns(table)
        table = []
        blocks += text.lines
    return [*blocks, *_without_empty_columns(table)]


def _without_empty_columns(rows: list[Row]) -> list[Block]:
    filled = {n for row in rows for n, cell in enumerate(row) if cell.text}
    kept = tuple(tuple(cell for n, cell in enumerate(row) if n in filled) for row in rows)
    return [DocumentTable(kept)] if rows else []
