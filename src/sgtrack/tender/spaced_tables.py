"""Finds tables whose columns stand apart by blanks, in text files and on pages of a PDF."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf

from sgtrack.tender.list_marks import read_mark
from sgtrack.tender.table_parser import column_roles
from sgtrack.tender.tender_document import (
    Row,
    TableCell,
    goes_on,
    has_target,
    is_package_heading,
)

MOST_COLUMNS = 12
MOST_LINES_BETWEEN = 20
"""Maximum number of lines of a cell below the first line of its row."""
LEAST_WIDTH = 50
"""Minimum length of lines that may have been broken because of their length."""
LEAST_TARGETS = 0.4
"""Minimum share (0 to 1) of the rows of a table without headings that contain an amount."""
_GAP = re.compile(r"(?:\t| {2,}| ?\u3000[ \u3000]*)[ \t\u3000]*")
_SENTENCE_ENDS = tuple("。；;！!")
_UNFINISHED = tuple("，、（：于到达过的和及与或对为在")
"""Characters after which a sentence always continues."""


@dataclass(frozen=True, slots=True)
class Field:
    """A part of a line between two gaps, with its start and end in columns of a character."""

    start: float
    end: float
    text: str


Fields = tuple[Field, ...]


def split_fields(line: str) -> Fields:
    """Split a line of text at gaps of two or more blanks, a full-width blank, or a tab."""
    fields: list[Field] = []
    at = 0
    place = 0
    for gap in [*_GAP.finditer(line), None]:
        text = line[at : gap.start() if gap else len(line)]
        if stripped := text.strip():
            start = place + _width(text[: len(text) - len(text.lstrip())])
            fields.append(Field(start, start + _width(stripped), stripped))
        at = gap.end() if gap else len(line)
        place += _width(text) + (_width(gap[0]) if gap else 0)
    return join_mark(fields)


def join_mark(fields: Sequence[Field]) -> Fields:
    """Join a list mark at the start of a line with the text after it."""
    if len(fields) > 1 and _is_mark(fields[0].text):
        first, second = fields[:2]
        return (Field(first.start, second.end, first.text + second.text), *fields[2:])
    return tuple(fields)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def _is_mark(text: str) -> bool:
    """Return whether a text is nothing but a list mark, such as 1. or （一）."""
    mark, rest = read_mark(text)
    return mark is not None and not rest


def glue(text: str, more: str) -> str:
    """Join two parts of a sentence, with a space between English words."""
    spaced = re.search(r"[A-Za-z]$", text) and re.match(r"[A-Za-z]", more)
    return f"{text} {more}" if spaced else f"{text}{more}"


def add_wrapped(lines: list[str], more: str) -> None:
    """Add a line to a cell; join it to the last line if it continues the sentence of that line."""
    if not lines or lines[-1].endswith(_SENTENCE_ENDS) or read_mark(more)[0] is not None:
        lines.append(more)
    else:
        lines[-1] = glue(lines[-1], more)


def continues_list(lines: Sequence[str], more: str) -> bool:
    """Return whether a line has the list mark that comes after the last list mark of a cell."""
    mark = read_mark(more)[0]
    marks = [found for line in lines if (found := read_mark(line)[0]) is not None]
    if mark is None or not marks:
        return False
    last = marks[-1]
    return (mark.style, mark.value) == (last.style, last.value + 1) and mark.value > 1


@dataclass
class _OpenRow:
    """A row while its lines are read.

    ``last`` maps a column to the number of the last line with text in it, and to that text. ``end``
    is the end of the last line.
    """

    cells: list[list[str]]
    end: float = 0.0
    last: dict[int, tuple[int, Field]] = field(default_factory=dict)


class _Columns:
    """The columns of a table, learned from the lines that have text in all of them.

    ``spans`` holds the start and the end of each column; it is empty if the columns do not stand
    below each other. ``width`` is the length of the longest line, or infinite if all are short.
    """

    def __init__(self, full: Sequence[Fields]) -> None:
        self.count = len(full[0])
        self.width = max(line[-1].end for line in full)
        if self.width < LEAST_WIDTH:
            self.width = inf
        spans = [
            (min(line[n].start for line in full), max(line[n].end for line in full))
            for n in range(self.count)
        ]
        is_aligned = all(a[1] <= b[0] for a, b in pairwise(spans))
        self.spans = spans if is_aligned else []

    def divide(self, line: Fields) -> Fields:
        """Divide texts that fill their column up to the start of the next column."""
        parts: list[Field] = []
        for part in line:
            rest = part
            for (start, _), (following, _) in pairwise(self.spans):
                # A line that begins below the first column may be a sentence of its own.
                if rest.start != start or rest.end <= following or (len(line) == 1 and start == 0):
                    continue
                cut = width = 0
                while width < following - start and cut < len(rest.text):
                    width += _width(rest.text[cut])
                    cut += 1
                if start + width == following:
                    parts.append(Field(start, following, rest.text[:cut].rstrip()))
                    rest = Field(following, rest.end, rest.text[cut:])
            parts.append(rest)
        return tuple(parts)

    def widen(self, lines: Sequence[Fields]) -> None:
        """Extend columns by texts of incomplete lines that do not reach into the next column."""
        for line in lines:
            for part in line:
                place = self.find(part)
                if place is None:
                    continue
                start, end = self.spans[place]
                limit = self.spans[place + 1][0] if place + 1 < self.count else part.end
                if part.end <= limit:
                    self.spans[place] = (min(start, part.start), max(end, part.end))

    def find(self, part: Field) -> int | None:
        """Return the column in which a text stands, or None."""
        overlaps = [min(part.end, end) - max(part.start, start) for start, end in self.spans]
        best = max(range(len(overlaps)), key=overlaps.__getitem__, default=None)
        if best is None or overlaps[best] <= 0:
            return None
        earlier = self.spans[best - 1][1] if best else part.start
        later = self.spans[best + 1][0] if best + 1 < self.count else part.end
        return best if earlier - 1 <= part.start and part.end <= later + 1 else None

    def places(self, line: Fields) -> list[int] | None:
        """Return the column of each text of a line, or None if one stands in no column."""
        if len(line) == self.count:
            return list(range(self.count))
        found = [self.find(part) for part in line]
        known = [place for place in found if place is not None]
        return known if len(known) == len(line) and known == sorted(known) else None


class SpacedTables:
    """Finds tables in lines; each line is given by its fields, and a blank line has no fields."""

    def __init__(self, lines: Sequence[Fields]) -> None:
        self._lines = lines
        self._end = 0
        self._failed: set[int] = set()

    def find(self, at: int) -> tuple[list[Row], int]:
        """Read the table that begins at a line; call it for the lines in order.

        Returns:
            The rows, and the number of the line after the table. There are no rows if no table
                begins at the line.
        """
        first = self._lines[at]
        count = len(first)
        if not 2 <= count <= MOST_COLUMNS:
            return [], at
        has_heading = bool(column_roles(_cells_of([[part.text] for part in first])))
        if at >= self._end:
            self._end, self._failed = _run_end(self._lines, at), set()
        if count in self._failed and not has_heading:
            return [], at  # No table began at an earlier line with as many fields.
        run = self._lines[at : self._end]
        rows, used = _read_table(run, has_heading=has_heading)
        if not rows:
            self._failed.add(count)
        return rows, at + used


def _read_table(run: Sequence[Fields], *, has_heading: bool) -> tuple[list[Row], int]:
    """Read a table from lines; return no rows if the lines are not a table."""
    counts = Counter(len(line) for line in run if len(line) > 1)
    count = len(run[0]) if has_heading else max(counts, key=lambda n: (counts[n], n))
    full = [line for line in run if len(line) == count]
    if len(full) < 2 or len(run[0]) != count:
        return [], 0
    columns = _Columns(full)
    run = [columns.divide(line) for line in run]
    columns.widen([line for line in run if len(line) < count])
    rows, used = _read_rows(run, columns)
    if len(rows) < 2 or not (has_heading or _holds_targets(rows)):
        return [], 0
    return rows, used


def _run_end(lines: Sequence[Fields], at: int) -> int:
    """Return the end of the lines that may belong to the table."""
    end = last = at
    while end < len(lines) and end - last <= MOST_LINES_BETWEEN:
        line = lines[end]
        if len(line) > 1:
            last = end
        elif line:
            if is_package_heading(line[0].text) or _is_heading(line[0].text):
                break
        elif end + 1 >= len(lines) or len(lines[end + 1]) < 2:
            break
        end += 1
    return end


def _is_heading(text: str) -> bool:
    mark = read_mark(text)[0]
    return mark is not None and mark.style in ("chapter", "han")


def _holds_targets(rows: Sequence[Row]) -> bool:
    """Return whether rows without headings are those of a table and not of a form or a list."""
    if len(rows) < 2 or (len(rows) < 3 and len(rows[0]) < 3):
        return False
    if sum(row[0].text.endswith(("：", ":")) for row in rows) * 2 > len(rows):
        return False
    amounts = sum(any(has_target(cell.text) for cell in row[1:]) for row in rows)
    return amounts >= LEAST_TARGETS * len(rows)


def _read_rows(run: Sequence[Fields], columns: _Columns) -> tuple[list[Row], int]:
    """Return the rows, and how many lines belong to them."""
    rows: list[_OpenRow] = []
    used = 0
    last = max(number for number, line in enumerate(run) if len(line) > 1)
    for number, line in enumerate(run):
        if not line:
            continue
        if not _add_line(rows, number, line, columns, follows=number < last):
            break
        used = number + 1
    return [_cells_of(row.cells) for row in rows], used


def _add_line(
    rows: list[_OpenRow], number: int, line: Fields, columns: _Columns, *, follows: bool
) -> bool:
    """Add a line to the table; return False if the table ends before it."""
    places = columns.places(line)
    continued = bool(rows and places and _continues(rows[-1], number, line, places, columns))
    if continued:
        row = rows[-1]
    elif len(line) == 1 and (not places or places[0] == 0):
        wrapped = bool(rows) and rows[-1].end >= 0.85 * columns.width
        cell = rows[-1].cells[-1] if rows else []
        if not belongs_below(cell, line[0].text, follows=follows, wrapped=wrapped):
            return False
        add_wrapped(cell, line[0].text)
        rows[-1].end = line[0].end
        return True
    else:
        row = _OpenRow([[] for _ in range(columns.count)])
        rows.append(row)
    if places is None:
        # The columns do not stand below each other. Merged cells at the left are missing, and
        # further gaps belong to the last cell.
        missing = max(0, columns.count - len(line))
        places = [min(missing + n, columns.count - 1) for n in range(len(line))]
    for place, part in zip(places, line, strict=True):
        if continued and _is_apart(row.last[place][1], part, columns.spans[place]):
            row.cells[place].append(part.text)
        else:
            add_wrapped(row.cells[place], part.text)
        row.last[place] = (number, part)
    row.end = line[-1].end
    return True


def _is_apart(before: Field, part: Field, span: tuple[float, float]) -> bool:
    """Return whether two lines of a cell both have an amount, and the first was not broken."""
    is_full = before.end - before.start >= 0.7 * (span[1] - span[0])
    unfinished = is_full or before.text.endswith(_UNFINISHED)
    return not unfinished and has_target(before.text) and has_target(part.text)


def belongs_below(cell: Sequence[str], text: str, *, follows: bool, wrapped: bool) -> bool:
    """Return whether a line outside all columns continues the last cell before the line.

    Args:
        cell: the lines of the cell.
        text: the line.
        follows: whether more rows come after the line.
        wrapped: whether the line before ends where the lines of the table are broken.
    """
    if not cell:
        return False
    if read_mark(text)[0] is not None:
        return continues_list(cell, text)
    if cell[-1].endswith(_SENTENCE_ENDS):
        return False
    return cell[-1].endswith(_UNFINISHED) or wrapped or (follows and goes_on(cell[-1]))


def _continues(
    row: _OpenRow, number: int, line: Fields, places: Sequence[int], columns: _Columns
) -> bool:
    """Return whether a line continues cells of the row before it, rather than begin a row."""
    if not columns.spans or any(place not in row.last for place in places):
        return False
    if len(line) == 1 and places[0] > 0 and columns.count > 2:
        return True
    # If all cells have text, this is another row unless a sentence clearly continues.
    continued = is_open = False
    for place, part in zip(places, line, strict=True):
        above, before = row.last[place]
        if continues_list(row.cells[place], part.text):
            continued = is_open = True
            continue
        start, end = columns.spans[place]
        share = (before.end - before.start + 2) / (end - start)
        ended = before.text.endswith(_SENTENCE_ENDS)
        if number - above > 1 or share < (0.9 if ended else 0.7) or read_mark(part.text)[0]:
            return False
        continued |= not ended
        is_open |= before.text.endswith(_UNFINISHED)
    return continued and (is_open or len(line) < columns.count)


def _cells_of(cells: Sequence[Sequence[str]]) -> Row:
    return tuple(TableCell(tuple(cell) or ("",)) for cell in cells)
