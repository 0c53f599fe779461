"""Turns tables that only arrange text on the page back into lines."""

from __future__ import annotations

from sgtrack.tender.table_parser import column_roles
from sgtrack.tender.tender_document import Block, DocumentTable, TableCell

LEAST_LINES = 5
LEAST_LETTERS = 200
LEAST_SHARE = 0.6
"""Minimum share (0 to 1) of a table's text that a single cell of a layout table contains."""
LONGEST_KEY = 14


def unfold_layout(block: Block) -> list[Block]:
    """Return a block itself, or the lines of a table that is only a frame around running text.

    Such a table has a single cell, or no row of headings and a cell with most of its text, as in a
    form whose row 采购需求 contains the whole requirements.
    """
    if isinstance(block, str):
        return [block]
    cells = list(dict.fromkeys(cell for row in block.rows for cell in row if cell.text.strip()))
    if not cells:
        return []
    if len(cells) > 1 and (not _has_section(cells) or any(map(column_roles, block.rows))):
        return [block]
    return list(_lines(block))


def _has_section(cells: list[TableCell]) -> bool:
    longest = max(cells, key=lambda cell: len(cell.text))
    whole = sum(len(cell.text) for cell in cells)
    return (
        len(longest.lines) >= LEAST_LINES
        and len(longest.text) >= LEAST_LETTERS
        and len(longest.text) >= LEAST_SHARE * whole
    )


def _lines(table: DocumentTable) -> list[Block]:
    lines: list[Block] = []
    seen: set[TableCell] = set()
    for row in table.rows:
        new = [cell for cell in dict.fromkeys(row) if cell.text.strip() and cell not in seen]
        seen.update(new)
        key, *values = (cell.text.strip() for cell in new) if new else ("",)
        if len(values) == 1 and len(key) <= LONGEST_KEY and "\n" not in key + values[0]:
            lines.append(f"{key.rstrip('：:')}：{values[0]}")
        else:
            lines += [line for cell in new for line in cell.lines if line.strip()]
    return lines
