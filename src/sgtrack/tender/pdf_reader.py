"""Reads a PDF in a child process, and writes its lines and tables to standard output.

:func:`sgtrack.tender.pdf_process.read_pdf` starts the process.
"""

from __future__ import annotations

import io
import json
import logging
import re
import sys
import time
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import inf
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.table import merge_edges

from sgtrack.child_process import limit_memory, limit_time
from sgtrack.tender.pdf_layout import (
    EMPTY,
    Page,
    PageCell,
    PageLine,
    PageTable,
    join_wrapped,
    read_layout,
)
from sgtrack.tender.spaced_tables import Field, join_mark
from sgtrack.tender.tender_document import Block

MOST_MEMORY = 600_000_000
"""Maximum address space of this process, in bytes; only Linux enforces it."""
MOST_PAGES = 300
MOST_SECONDS = 8
"""Maximum processor time for all pages, in seconds."""
MOST_SHAPES = 6_000
"""Maximum number of lines and boxes of a page on which tables are looked for."""
WIDE_GAP = 0.9
"""Minimum width of a gap between two columns without rules, relative to the size of characters."""
_PADDING = 5.4
"""Usual distance in points between the text of a cell and its border, as in Word."""
_RADICALS = re.compile("[\u2e80-\u2fdf]")
_CHARACTERS = str.maketrans(
    "⺇⺈⺊⺌⺎⺒⺓⺜⺝⺟⺠⺧⺩⺫⺬⺮⺶⺼⻁⻄⻅⻆⻉⻊⻋⻑⻓⻔⻗⻘⻙⻚⻛⻜⻝⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳戶靑黃",
    "几刀卜小兀巳幺日月母民牛王目示竹羊肉虎西见角贝足车長长门雨青韦页风飞食首马骨鬼鱼鸟卤麦黄黾齐齿龙龟户青黄",
)
"""Characters for radicals that Unicode does not normalize, or normalizes to another form."""


class PdfProblem(Exception):
    """A reason why a file cannot be read; ``kind`` is one of the kinds in ``pdf_process``."""

    def __init__(self, kind: str, **numbers: int) -> None:
        super().__init__(kind)
        self.kind, self.numbers = kind, numbers


def main() -> None:
    """Read a PDF from standard input, and write the result to standard output as JSON."""
    limit_memory(MOST_MEMORY)
    limit_time(MOST_SECONDS + 2)  # also ends a single page that takes too long
    logging.disable()
    result: dict[str, Any]
    try:
        blocks, scans = read_pages(sys.stdin.buffer.read())
        result = {"blocks": [_to_json(block) for block in blocks], "scans": scans}
    except PdfProblem as problem:
        result = {"error": problem.kind, **problem.numbers}
    except MemoryError:
        result = {"error": "complex"}
    except Exception:
        result = {"error": "damaged"}
    sys.stdout.buffer.write(json.dumps(result).encode())


def _to_json(block: Block) -> Any:
    if isinstance(block, str):
        return block
    cells: dict[int, int] = {}
    texts: list[tuple[str, ...]] = []
    for row in block.rows:
        for cell in row:
            if id(cell) not in cells:
                cells[id(cell)] = len(texts)
                texts.append(cell.lines)
    return {"cells": texts, "rows": [[cells[id(cell)] for cell in row] for row in block.rows]}


def read_pages(content: bytes) -> tuple[list[Block], list[int]]:
    """Read the lines and tables of a PDF.

    Returns:
        The lines and tables, and the numbers of the pages that are scans.

    Raises:
        PdfProblem: the file is encrypted, has too many pages, or has no text.
    """
    started = time.process_time()
    try:
        pdf = pdfplumber.open(io.BytesIO(content))
    except Exception as error:
        if isinstance(error, PDFPasswordIncorrect) or any(
            isinstance(reason, PDFPasswordIncorrect) for reason in (*error.args, error.__cause__)
        ):
            raise PdfProblem("locked") from None
        raise
    count = len(pdf.pages)
    if count > MOST_PAGES:
        raise PdfProblem("long", pages=count)
    pages: list[Page] = []
    scans: list[int] = []
    letters = unknown = 0
    for number, page in enumerate(pdf.pages, start=1):
        if time.process_time() - started > MOST_SECONDS:
            raise PdfProblem("slow", read=number - 1, pages=count)
        chars = _chars(page)
        letters += len(chars)
        unknown += sum(char["text"].startswith("(cid:") for char in chars)
        if _is_scan(page, chars):
            scans.append(number)
        pages.append(_read_page(page, chars))
        page.close()
    if len(scans) == count or not letters:
        raise PdfProblem("scan")
    if unknown * 10 > letters:
        raise PdfProblem("garbled")
    return read_layout(pages), scans


def _chars(page: Any) -> list[dict[str, Any]]:
    """Return the characters of a page, without doubled ones and without watermarks."""
    chars = []
    seen: set[tuple[str, int, int]] = set()
    for char in page.chars:
        a, b, c, d = char["matrix"][:4]
        turned = min(abs(a), abs(b)) > 0.05 * max(abs(a), abs(b), abs(c), abs(d))
        # Bold text may be printed twice, with a small offset.
        key = (char["text"], round(char["x0"]), round(char["top"]))
        if turned or key in seen or not char["text"]:
            continue
        seen.update(
            (char["text"], key[1] + right, key[2] + down)
            for right in (-1, 0, 1)
            for down in (-1, 0, 1)
        )
        chars.append(char)
    return chars


def _is_scan(page: Any, chars: list[dict[str, Any]]) -> bool:
    """Return whether a page shows a large picture and has hardly any text."""
    if sum(not char["text"].isspace() for char in chars) > 20:
        return False
    area = sum(
        max(0.0, image["x1"] - image["x0"]) * max(0.0, image["bottom"] - image["top"])
        for image in page.images
    )
    return bool(area > 0.3 * page.width * page.height)


def _read_page(page: Any, chars: list[dict[str, Any]]) -> Page:
    tables: list[PageTable] = []
    for table in _find_tables(page):
        inside, outside = _divide(chars, table.bbox)
        read = _read_table(table, inside)
        if read is not None:
            tables.append(read)
            chars = outside
    parts: list[PageLine | PageTable] = [*read_lines(chars), *tables]
    return Page(
        float(page.width), float(page.height), tuple(sorted(parts, key=lambda part: part.top))
    )


def _find_tables(page: Any) -> list[Any]:
    """Find the ruled tables of a page, the largest first."""
    if len(page.lines) + len(page.rects) + len(page.curves) > MOST_SHAPES:
        return []
    found = page.find_tables({"explicit_vertical_lines": _missing_sides(page)})
    return sorted(
        found, key=lambda t: (t.bbox[2] - t.bbox[0]) * (t.bbox[3] - t.bbox[1]), reverse=True
    )


def _missing_sides(page: Any) -> list[dict[str, Any]]:
    """Return lines at the left and right of tables that have rules only between their cells."""
    straight = [edge for edge in page.edges if edge["orientation"] is not None]
    edges = merge_edges(straight, 3, 3, 3, 3)
    upright = [edge for edge in edges if edge["orientation"] == "v"]
    level: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for edge in edges:
        if edge["orientation"] == "h" and edge["x1"] - edge["x0"] > 60:
            level.setdefault((round(edge["x0"] / 4), round(edge["x1"] / 4)), []).append(edge)
    sides: list[dict[str, Any]] = []
    for rules in level.values():
        left, right = rules[0]["x0"], rules[0]["x1"]
        top, bottom = min(r["top"] for r in rules), max(r["top"] for r in rules)
        near = [v["x0"] for v in upright if v["top"] < bottom and v["bottom"] > top]
        if len(rules) < 3 or not any(left + 6 < x < right - 6 for x in near):
            continue
        sides += [
            {"object_type": "line", "x0": x, "x1": x, "top": top, "bottom": bottom}
            | {"width": 0, "height": bottom - top}
            for x in (left, right)
            if not any(abs(x - other) < 4 for other in near)
        ]
    return sides


def _divide(
    chars: list[dict[str, Any]], box: tuple[float, float, float, float]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Divide characters into those inside a box and those outside."""
    inside: list[dict[str, Any]] = []
    outside: list[dict[str, Any]] = []
    for char in chars:
        x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
        (inside if box[0] <= x <= box[2] and box[1] <= y <= box[3] else outside).append(char)
    return inside, outside


def _read_table(table: Any, chars: list[dict[str, Any]]) -> PageTable | None:
    """Read a table by the boxes of its cells; return None for a frame around text."""
    xs = _edges(x for cell in table.cells for x in (cell[0], cell[2]))
    ys = _edges(y for cell in table.cells for y in (cell[1], cell[3]))
    grid = [[EMPTY] * (len(xs) - 1) for _ in ys[1:]]
    by_place: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for char in chars:
        place = (
            bisect_right(ys, (char["top"] + char["bottom"]) / 2) - 1,
            bisect_right(xs, (char["x0"] + char["x1"]) / 2) - 1,
        )
        by_place.setdefault(place, []).append(char)
    filled = 0
    for x0, top, x1, bottom in table.cells:
        places = [
            (row, column)
            for row in range(_index(ys, top), _index(ys, bottom))
            for column in range(_index(xs, x0), _index(xs, x1))
        ]
        inside = [char for place in places for char in by_place.pop(place, ())]
        lines = read_lines(inside)
        cell = _cell(lines, x0, x1)
        filled += bool(cell.lines)
        for row, column in places:
            grid[row][column] = cell
    # Text between the boxes: the cells of a table whose border is not drawn everywhere.
    for (row, column), rest in by_place.items():
        if 0 <= row < len(grid) and 0 <= column < len(xs) - 1 and grid[row][column] is EMPTY:
            lines = read_lines(rest)
            grid[row][column] = _cell(lines, xs[column], xs[column + 1])
            filled += bool(lines)
    rows = [tuple(row) for row in grid if any(cell.lines for cell in row)]
    if filled < 2 or not rows:
        return None
    return PageTable(table.bbox[1], table.bbox[3], tuple(xs), tuple(rows))


def _cell(lines: list[PageLine], x0: float, x1: float) -> PageCell:
    right = max([x1 - _PADDING, *(line.right for line in lines)])
    lines = [_from_left(line, x0 + _PADDING, right) for line in lines]
    paragraphs, is_open = join_wrapped(lines, right)
    return PageCell(tuple(paragraphs), is_open)


def _from_left(line: PageLine, left: float, right: float) -> PageLine:
    """Move a centred line to the left border, so that its length shows whether it was full."""
    before, after = line.left - left, right - line.right
    if before < line.em / 4 or abs(before - after) > line.em / 2:
        return line
    return replace(line, left=left, right=line.right - before)


def _edges(values: Iterable[float]) -> list[float]:
    """Return the distinct values; values less than 3 points apart count as one."""
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > 3:
            edges.append(value)
    return edges


def _index(edges: Sequence[float], value: float) -> int:
    return max(0, bisect_right(edges, value + 0.01) - 1)


def read_lines(chars: list[dict[str, Any]]) -> list[PageLine]:
    """Group characters into lines, from top to bottom."""
    lines: list[list[dict[str, Any]]] = []
    middle = 0.0
    for char in sorted(chars, key=lambda c: (c["top"] + c["bottom"], c["x0"])):
        if char["text"].isspace():
            continue
        y = (char["top"] + char["bottom"]) / 2
        height = char["bottom"] - char["top"]
        if lines and y - middle < 0.5 * max(height, lines[-1][0]["bottom"] - lines[-1][0]["top"]):
            lines[-1].append(char)
            continue
        lines.append([char])
        middle = y
    blanks = [char for char in chars if char["text"].isspace()]
    return [_line(line, blanks) for line in lines]


def _line(chars: list[dict[str, Any]], blanks: list[dict[str, Any]]) -> PageLine:
    chars.sort(key=lambda char: char["x0"])
    top, bottom = min(c["top"] for c in chars), max(c["bottom"] for c in chars)
    near = sorted(b["x0"] for b in blanks if top <= (b["top"] + b["bottom"]) / 2 <= bottom)
    em = float(sorted(c["size"] for c in chars)[len(chars) // 2])
    pieces: list[tuple[float, float, str]] = []
    for char in chars:
        text = _plain(char["text"])
        start, end, written = pieces[-1] if pieces else (0.0, -inf, "")
        gap = char["x0"] - end
        if gap >= WIDE_GAP * em:
            pieces.append((char["x0"], char["x1"], text))
            continue
        blank = bisect_right(near, end - 1) < bisect_right(near, char["x0"] + 0.1)
        latin = written[-1] < "\x7f" and text[0] < "\x7f"
        if (blank and gap > 0.1 * em) or (latin and gap > 0.25 * em):
            written += " "
        pieces[-1] = (start, max(end, char["x1"]), written + text)
    return PageLine(
        float(chars[0]["x0"]),
        float(max(c["x1"] for c in chars)),
        float(top),
        float(bottom),
        em,
        join_mark([Field(float(start), float(end), text) for start, end, text in pieces]),
    )


def _plain(text: str) -> str:
    """Replace radicals, which some fonts name instead of the whole character, and ligatures."""
    if text >= "\ufb00" and text <= "\ufb06":
        return unicodedata.normalize("NFKC", text)

    def character(match: re.Match[str]) -> str:
        return unicodedata.normalize("NFKC", match[0]).translate(_CHARACTERS)

    return _RADICALS.sub(character, text)
