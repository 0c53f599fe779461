"""Finds tables in text: cells separated by tabs, vertical bars or blanks, or one cell a line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sgtrack.tender.tender_document import Block, DocumentTable, Row, TableCell


def text_blocks(text: str) -> Iterator[Block]:
    """Yield the lines and tables of a text.

    A table may have one of three forms: cells separated by tabs, cells between vertical bars
    (| a | b |), or one line per cell, which begins with a tab. In the third form, a blank line
    separates the rows.
    """
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        for reader in (_stroked, _tabbed, _indented):
            rows, end = reader(lines, at)
            if rows:
                yield DocumentTable(tuple(rows))
                at = end
                break
        else:
            if lines[at].strip():
                yield lines[at].strip()
            at += 1


def _stroked(lines: list[str], at: int) -> tuple[list[Row], int]:
    rows: list[Row] = []
    while at < len(lines) and re.match(r"\s*\|.*\|.*$", lines[at]):
        cells = lines[at].strip().strip("|").split("|")
        if not all(re.fullmatch(r"\s*:?-+:?\s*", cell) for cell in cells):
            rows.append(tuple(TableCell((cell.strip(),)) for cell in cells))
        at += 1
    return rows, at


def _tabbed(lines: list[str], at: int) -> tuple[list[Row], int]:
    """Read rows whose cells are separated by tabs.

    A cell in quotes may span several lines, as in text copied from Excel.
    """
    if "\t" not in lines[at].strip("\t ") or not lines[at].strip():
        return [], at
    rows: list[Row] = []
    while at < len(lines) and "\t" in lines[at].strip(" ") and lines[at].strip():
        row = lines[at]
        while (
            row.count('"') % 2 and '\t"' in f"\t{row}" and at + 1 < len(lines) and len(row) < 20_000
        ):
            at += 1
            row = f"{row}\n{lines[at]}"
        rows.append(tuple(_text_cell(cell) for cell in row.split("\t")))
        at += 1
    return rows, at


def _indented(lines: list[str], at: int) -> tuple[list[Row], int]:
    rows: list[Row] = []
    end = at
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        if not lines[at].startswith("\t"):
            break
        cells: list[list[str]] = []
        while at < len(lines) and lines[at].strip():
            if lines[at].startswith("\t"):
                cells.append([lines[at].strip()])
            else:
                cells[-1].append(lines[at].strip())
            at += 1
        rows.append(tuple(TableCell(tuple(cell)) for cell in cells))
        end = at
    if max((len(row) for row in rows), default=0) < 2:
        return [], at  # Rows of only one cell are indented paragraphs
    return rows, end


def _text_cell(cell: str) -> TableCell:
    cell = cell.strip()
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        cell = cell[1:-1].replace('""', '"')
    return TableCell(tuple(line.strip() for line in cell.split("\n") if line.strip()) or ("",))
