"""Finds tables in text: cells separated by tabs, vertical bars or blanks, or one cell a line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sgtrack.tender.list_marks import read_mark
from sgtrack.tender.spaced_tables import (
    SpacedTables,
    add_wrapped,
    belongs_below,
    split_fields,
)
from sgtrack.tender.stacked_cells import find_stacked_table
from sgtrack.tender.tender_document import (
    Block,
    DocumentTable,
    Row,
    TableCell,
    is_package_heading,
)

MOST_LINES_BELOW = 30
"""Maximum number of lines of a cell below the line with its row."""
_STROKES = str.maketrans("│┃｜║┆┊", "||||||")
_DASHES = frozenset("-=─━═┄┈")
_CORNERS = frozenset("|+: ├┼┤┌┬┐└┴┘╔╗╚╝╠╣╬╟╢")


def text_blocks(text: str) -> Iterator[Block]:
    """Yield the lines and tables of a text.

    The cells of a table may be separated by vertical bars, tabs or blanks. Each cell may also have
    a line of its own: a line that begins with a tab, with blank lines between the rows, or a line
    below lines with the headings of the columns.
    """
    lines = text.split("\n")
    spaced = SpacedTables([split_fields(line) for line in lines])
    at = 0
    while at < len(lines):
        for reader in (_stroked, _tabbed, _indented):
            rows, end = reader(lines, at)
            if rows:
                break
        else:
            rows, end = spaced.find(at)
            if not rows:
                rows, end = find_stacked_table(lines, at)
        if rows:
            yield DocumentTable(tuple(rows))
            at = end
            continue
        if lines[at].strip():
            yield re.sub(r"\t+", " ", lines[at].strip())
        at += 1


# -- vertical bars ---------------------------------------------------------------------------------


def _stroked(lines: list[str], at: int) -> tuple[list[Row], int]:
    """Read rows whose cells are separated by vertical bars, with or without rules between them."""
    groups: list[list[list[str]]] = [[]]
    rules = 0
    end = at
    while end < len(lines):
        line = lines[end].translate(_STROKES)
        if _is_rule(line):
            rules += 1
            groups.append([])
        elif _has_bars(line):
            groups[-1].append(_bar_cells(line))
        elif not _below(groups, lines, end):
            break
        else:
            add_wrapped_text(groups[-1][-1], lines[end].strip())
        end += 1
    groups = [group for group in groups if group]
    # In a table with a rule below each row, the lines between two rules are one row.
    is_grid = rules > 3 and rules >= len(groups) > 1
    physical = [row for group in groups for row in group]
    if len(physical) < 2 and not any(lines[at].lstrip().startswith(bar) for bar in "|│┃｜║"):
        return [], at
    rows = [_merged(group) for group in groups] if is_grid else _unwrapped(groups)
    return [tuple(TableCell(tuple(cell.split("\n"))) for cell in row) for row in rows], end


def _is_rule(line: str) -> bool:
    signs = set(line.strip())
    return bool(signs & _DASHES) and signs <= _DASHES | _CORNERS and len(line.strip()) > 1


def _has_bars(line: str) -> bool:
    """Return whether a line is a row: cells between bars, or at least two cells beside a bar."""
    parts = line.strip().split("|")
    framed = len(parts) > 2 and not parts[0]
    return framed or (len(parts) > 1 and sum(bool(part.strip()) for part in parts) > 1)


def _bar_cells(line: str) -> list[str]:
    line = line.strip()
    inner = line[1:] if line.startswith("|") else line
    inner = inner[:-1] if inner.endswith("|") else inner
    return [cell.strip() for cell in inner.split("|")]


def _below(groups: list[list[list[str]]], lines: list[str], at: int) -> bool:
    """Return whether a line without bars continues the last cell."""
    text = lines[at].strip()
    if not text or not groups[-1] or is_package_heading(text):
        return False
    follows = any(_has_bars(line.translate(_STROKES)) for line in lines[at + 1 : at + 10])
    cell = groups[-1][-1][-1].split("\n")
    return belongs_below(cell if cell != [""] else [], text, follows=follows, wrapped=False)


def add_wrapped_text(row: list[str], more: str) -> None:
    """Add a line to the last cell of a row."""
    cell = row[-1].split("\n")
    add_wrapped(cell, more)
    row[-1] = "\n".join(cell)


def _merged(group: list[list[str]]) -> list[str]:
    """Join the lines between two rules to one row."""
    width = max(map(len, group))
    cells: list[list[str]] = [[] for _ in range(width)]
    for line in group:
        for n, text in enumerate(line):
            if text:
                add_wrapped(cells[n], text)
    return ["\n".join(cell) for cell in cells]


def _unwrapped(groups: list[list[list[str]]]) -> list[list[str]]:
    """Return each line as a row, except those that only continue cells of the row above."""
    rows: list[list[str]] = []
    for line in (line for group in groups for line in group):
        above = rows[-1] if rows else []
        filled = [n for n, text in enumerate(line) if text]
        wrapped = filled and all(
            n < len(above)
            and above[n]
            and belongs_below(above[n].split("\n"), line[n], follows=True, wrapped=False)
            for n in filled
        )
        if wrapped and len(filled) < len(line) == len(above):
            for n in filled:
                cell = above[n].split("\n")
                add_wrapped(cell, line[n])
                above[n] = "\n".join(cell)
        else:
            rows.append(line)
    return rows


# -- tabs ------------------------------------------------------------------------------------------


def _tabbed(lines: list[str], at: int) -> tuple[list[Row], int]:
    """Read rows whose cells are separated by tabs.

    A cell in quotes may span several lines, as in text copied from Excel. Without quotes, the lines
    below a row may continue its last cell.
    """
    if "\t" not in lines[at].strip("\t ") or not lines[at].strip():
        return [], at
    rows: list[list[list[str]]] = []
    start = at
    while at < len(lines) and lines[at].strip() and not is_package_heading(lines[at].strip()):
        if "\t" not in lines[at].strip(" "):
            text = lines[at].strip()
            below = lines[at + 1 : at + MOST_LINES_BELOW]
            follows = any("\t" in line.strip() for line in below)
            if not belongs_below(rows[-1][-1], text, follows=follows, wrapped=False):
                break
            add_wrapped(rows[-1][-1], text)
            at += 1
            continue
        row = lines[at]
        while (
            row.count('"') % 2 and '\t"' in f"\t{row}" and at + 1 < len(lines) and len(row) < 20_000
        ):
            at += 1
            row = f"{row}\n{lines[at]}"
        cells = [_cell_lines(cell) for cell in row.split("\t")]
        if sum(map(bool, cells)) <= 2 and cells[0] and _is_only_mark(cells[0][0]):
            break  # A list with tabs after its marks
        rows.append(cells)
        at += 1
    if len(rows) < 2 and sum(map(bool, rows[0] if rows else ())) < 3:
        return [], start  # A single row is a fact such as a date, not a table
    return [tuple(TableCell(tuple(cell) or ("",)) for cell in row) for row in rows], at


def _is_only_mark(text: str) -> bool:
    mark, rest = read_mark(text)
    return mark is not None and not rest


def _cell_lines(cell: str) -> list[str]:
    cell = cell.strip()
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        cell = cell[1:-1].replace('""', '"')
    return [line.strip() for line in cell.split("\n") if line.strip()]


# -- cells that begin with a tab -------------------------------------------------------------------


def _indented(lines: list[str], at: int) -> tuple[list[Row], int]:
    """Read cells of one or more lines that begin with a tab; a blank line separates the rows."""
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
        if len(rows) == 3 and all(len(row) < 2 for row in rows):
            break
    if max((len(row) for row in rows), default=0) < 2:
        return [], at  # Rows of only one cell are indented paragraphs
    return rows, end
