"""Turns the lines and ruled tables of PDF pages into lines and tables of a document.

Leaves out headers, footers and page numbers, joins wrapped lines to paragraphs, and joins tables
that continue on the next page. Lengths are in points.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf
from statistics import median

from sgtrack.tender.list_marks import read_mark
from sgtrack.tender.spaced_tables import Field, Fields, SpacedTables, glue
from sgtrack.tender.tender_document import Block, DocumentTable, TableCell

MARGIN = 84
"""Height at the top and at the bottom of a page in which headers and footers stand."""
_NUMBER = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"[-—–─·\s]*(?:第\s*)?\d{1,4}\s*页?(?:\s*[/／，,、共of\s]+\d{1,4}\s*页?)?[-—–─·\s]*"
    r"|[-—–\s]*[Pp]age\s*\d{1,4}(?:\s*of\s*\d{1,4})?[-—–\s]*"
)
_PRINTED = re.compile(
    r"(?:https?|file)://\S+(?:\s+\d+\s*/\s*\d+)?|\d{1,4}/\d{1,2}/\d{1,4},?\s+\d{1,2}:\d\d.*"
)
"""Lines that a browser prints on every page: the address, and the time with the title."""
_TOKEN = re.compile(r"[（(“‘《【]*(?:[!-~]+|.)[，。；：、！？）》”’】%％]*")
SENTENCE_ENDS = "。；;！？!?"


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line of text on a page; ``em`` is the size of its characters.

    ``pieces`` holds the parts between wide gaps, each with its start and end.
    """

    left: float
    right: float
    top: float
    bottom: float
    em: float
    pieces: Fields

    @property
    def text(self) -> str:
        """Return the whole text."""
        return " ".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, eq=False, slots=True)
class PageCell:
    """A cell with its paragraphs.

    ``is_open`` is true if its text ends at the right border, within a sentence.
    """

    lines: tuple[str, ...]
    is_open: bool = False

    @property
    def text(self) -> str:
        """Return the paragraphs as one text."""
        return "\n".join(self.lines)


EMPTY = PageCell(())


@dataclass(frozen=True, slots=True)
class PageTable:
    """A ruled table; all grid positions of a merged cell share one object.

    ``edges`` holds the horizontal positions of the column borders.
    """

    top: float
    bottom: float
    edges: tuple[float, ...]
    rows: tuple[tuple[PageCell, ...], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page with its lines and tables, from top to bottom."""

    width: float
    height: float
    parts: tuple[PageLine | PageTable, ...]


def read_layout(pages: Sequence[Page]) -> list[Block]:
    """Return the lines and tables of all pages, in reading order."""
    blocks: list[Block] = []
    pending: list[PageLine] = []
    for part in _join_tables(_with_common_border(_without_margins(pages))):
        if isinstance(part, PageLine):
            pending.append(part)
            continue
        blocks += _read_lines(pending)
        pending = []
        blocks.append(_to_table(part))
    return [*blocks, *_read_lines(pending)]


def _with_common_border(pages: Sequence[Page]) -> Iterator[Page]:
    """Yield the pages with ``right`` of each line measured from the right border of the text.

    Pages of the same width have the same border.
    """
    borders: dict[float, float] = {}
    for width in {page.width for page in pages}:
        lines = [
            part
            for page in pages
            for part in page.parts
            if page.width == width and isinstance(part, PageLine)
        ]
        ends = sorted((line.right for line in lines), reverse=True)
        last = ends[0] if ends else width
        # A single line may stick out a little.
        near = (a for a, b in pairwise(ends) if a - b < 1.2 * lines[0].em and a > 0.85 * last)
        border = next(near, last)
        # If all lines are short, none of them was broken at the border.
        borders[width] = border if border >= 0.7 * width else inf
    for page in pages:
        moved = (
            replace(part, right=part.right - borders[page.width])
            if isinstance(part, PageLine)
            else part
            for part in page.parts
        )
        yield replace(page, parts=tuple(moved))


def _read_lines(lines: list[PageLine]) -> Iterator[Block]:
    """Yield the paragraphs of some lines, and the tables without rules between them."""
    if not lines:
        return
    width = median(line.em for line in lines) / 2
    spaced = SpacedTables(
        [
            tuple(Field(f.start / width, f.end / width, f.text) for f in line.pieces)
            for line in lines
        ]
    )
    pending: list[PageLine] = []
    at = 0
    while at < len(lines):
        rows, end = spaced.find(at)
        if rows:
            yield from join_wrapped(pending, 0.0)[0]
            yield DocumentTable(tuple(rows))
            pending, at = [], end
        else:
            pending.append(lines[at])
            at += 1
    yield from join_wrapped(pending, 0.0)[0]


def _to_table(table: PageTable) -> DocumentTable:
    cells = {id(c): TableCell(c.lines or ("",)) for row in table.rows for c in row}
    cells[id(EMPTY)] = TableCell(("",))
    return DocumentTable(tuple(tuple(cells[id(c)] for c in row) for row in table.rows))


# -- headers and footers ---------------------------------------------------------------------------


def _without_margins(pages: Sequence[Page]) -> list[Page]:
    """Remove page numbers, and lines that stand at the same place of many pages."""
    marginal = [_marginal_lines(page) for page in pages]
    counts = Counter(
        key for n, lines in enumerate(marginal) for line in lines for key in _keys(line, n)
    )
    least = max(2, 0.4 * len(pages))
    kept: list[Page] = []
    for n, (page, lines) in enumerate(zip(pages, marginal, strict=True)):
        dropped = {
            id(line)
            for line in lines
            if _PAGE_NUMBER.fullmatch(line.text)
            or _PRINTED.fullmatch(line.text)
            or any(counts[key] >= least for key in _keys(line, n))
        }
        parts = tuple(part for part in page.parts if id(part) not in dropped)
        # A page with nothing but lines at its edge has neither header nor footer.
        kept.append(replace(page, parts=parts) if parts else page)
    return kept


def _marginal_lines(page: Page) -> list[PageLine]:
    """Return the lines above and below all else on the page that lie in its margins."""
    lines: list[PageLine] = []
    for part in page.parts:
        if not isinstance(part, PageLine) or part.bottom > MARGIN:
            break
        lines.append(part)
    for part in reversed(page.parts):
        if not isinstance(part, PageLine) or part.top < page.height - MARGIN:
            break
        lines.append(part)
    return lines


def _keys(line: PageLine, page: int) -> set[tuple[int, str]]:
    """Return keys that are equal for the same line of other pages.

    One of the numbers in the line may grow with the page number.
    """
    numbers = [int(match[0][:9]) for match in _NUMBER.finditer(line.text)]
    bare = _NUMBER.sub("#", line.text)
    forms = {line.text}
    for n, number in enumerate(numbers[:8]):
        forms.add(f"{bare} {[*numbers[:n], number - page, *numbers[n + 1 :]]}")
    place = round(line.top / 4)
    return {(place + near, form) for near in (0, 1) for form in forms}


# -- wrapped lines ---------------------------------------------------------------------------------


def join_wrapped(lines: Sequence[PageLine], right: float) -> tuple[list[str], bool]:
    """Join lines that were broken at the right border into paragraphs.

    Returns:
        The paragraphs, and whether the last line ends at the right border, within a sentence.
    """
    paragraphs: list[str] = []
    gap = _line_gap(lines)
    before: PageLine | None = None
    start = 0.0
    for line in lines:
        if before is not None and _continues(before, line, right, gap, start):
            paragraphs[-1] = glue(paragraphs[-1], line.text)
        else:
            paragraphs.append(line.text)
            start = line.left
        before = line
    is_open = before is not None and _is_full(before, "某", right)
    return paragraphs, is_open and before is not None and before.text[-1] not in SENTENCE_ENDS


def _line_gap(lines: Sequence[PageLine]) -> float:
    """Return the usual distance between the tops of two lines."""
    gaps = [below.top - above.top for above, below in pairwise(lines) if below.top > above.top]
    return median(gaps) if gaps else 0.0


def _continues(before: PageLine, line: PageLine, right: float, gap: float, start: float) -> bool:
    """Return whether a line continues the paragraph from ``start`` to the line ``before``."""
    if abs(before.em - line.em) > 1 or not _is_full(before, line.text, right):
        return False
    if line.top - before.top > 1.6 * gap:
        return False
    if read_mark(line.text)[0] is not None:
        # A number that was wrapped to the start of a line may look like a list mark: 1.5万元.
        return (
            before.text[-1] not in f"{SENTENCE_ENDS}：:"
            and re.match(r"\d+\.\d", line.text) is not None
        )
    indent = line.left - start
    # The first line of a Chinese paragraph is indented, or hangs to the left of the others.
    return indent < 1.2 * line.em or (
        read_mark(before.text)[0] is not None and indent < 4 * line.em
    )


def _is_full(line: PageLine, following: str, right: float) -> bool:
    """Return whether the first word of the following line had no room at the end of a line."""
    token = _TOKEN.match(following)
    word = token[0] if token else following[:1]
    width = sum(0.55 if char < "\x7f" else 1.0 for char in word) * line.em
    return line.right + min(width, 8 * line.em) > right - 0.3 * line.em


# -- tables over several pages ---------------------------------------------------------------------


def _join_tables(pages: Iterable[Page]) -> list[PageLine | PageTable]:
    """Return the parts of all pages; a table that continues on the next page becomes one table."""
    parts: list[PageLine | PageTable] = []
    for page in pages:
        first = page.parts[0] if page.parts else None
        if (
            parts
            and isinstance(above := parts[-1], PageTable)
            and isinstance(first, PageTable)
            and _same_columns(above, first)
        ):
            parts[-1] = _joined(above, first)
            parts += page.parts[1:]
        else:
            parts += page.parts
    return parts


def _same_columns(above: PageTable, below: PageTable) -> bool:
    if abs(above.edges[0] - below.edges[0]) > 4 or abs(above.edges[-1] - below.edges[-1]) > 4:
        return False
    fewer, more = sorted((above.edges, below.edges), key=len)
    return all(any(abs(edge - other) <= 4 for other in more) for edge in fewer)


def _joined(above: PageTable, below: PageTable) -> PageTable:
    edges = above.edges if len(above.edges) >= len(below.edges) else below.edges
    rows = list(_regrid(above, edges))
    more = list(_regrid(below, edges))
    heading = [cell.text for cell in rows[0]]
    if len(more) > 1 and any(heading) and [cell.text for cell in more[0]] == heading:
        # If the first cell is filled and new, this may also be the table of another package.
        category = more[1][0].text
        if category not in ("", rows[-1][0].text) and not _splits_row(rows[-1], more[1]):
            return PageTable(above.top, below.bottom, edges, (*rows, *more))
        del more[0]
    if more:
        first = more[0]
        if _splits_row(rows[-1], first):
            last = rows[-1]
            joined = {id(cell): _joined_cell(cell, first[n]) for n, cell in enumerate(last)}
            joined |= {id(cell): joined[id(last[n])] for n, cell in enumerate(first)}
            # A cell that spans other rows as well stays the same object in all of them.
            rows = [tuple(joined.get(id(cell), cell) for cell in row) for row in [*rows, *more[1:]]]
            more = []
        else:
            filled = next((n for n, cell in enumerate(first) if cell.text), 0)
            leading = rows[-1][:filled]
            old = {id(cell) for cell in first[:filled]}
            for n, row in enumerate(more):
                if not any(id(cell) in old for cell in row[:filled]):
                    break
                more[n] = (*leading, *row[filled:])
    return PageTable(above.top, below.bottom, edges, (*rows, *more))


def _regrid(table: PageTable, edges: tuple[float, ...]) -> Iterable[tuple[PageCell, ...]]:
    """Yield the rows of a table in the columns of a finer grid."""
    middles = [(a + b) / 2 for a, b in pairwise(edges)]
    places = [max(0, sum(edge < middle for edge in table.edges) - 1) for middle in middles]
    last = len(table.edges) - 2
    for row in table.rows:
        yield tuple(row[min(place, last)] for place in places)


def _splits_row(above: tuple[PageCell, ...], below: tuple[PageCell, ...]) -> bool:
    """Return whether the first row of a page continues the last row of the page before.

    At least one cell must continue, and no cell may begin anew.
    """
    continued = False
    for upper, lower in zip(above, below, strict=True):
        if not lower.text:
            continue
        if not upper.text or not (_goes_on(upper, lower)):
            return False
        continued = True
    return continued


def _goes_on(upper: PageCell, lower: PageCell) -> bool:
    mark, _ = read_mark(lower.lines[0])
    if mark is None:
        return upper.is_open
    marks = [found for line in upper.lines if (found := read_mark(line)[0]) is not None]
    return (
        bool(marks)
        and mark.value > 1
        and (mark.style, mark.value - 1) in {(found.style, found.value) for found in marks}
    )


def _joined_cell(upper: PageCell, lower: PageCell) -> PageCell:
    if not lower.text:
        return upper
    if upper.is_open and read_mark(lower.lines[0])[0] is None:
        whole = glue(upper.lines[-1], lower.lines[0])
        return PageCell((*upper.lines[:-1], whole, *lower.lines[1:]), lower.is_open)
    return PageCell((*upper.lines, *lower.lines), lower.is_open)
