"""Compares the generated tables of a brief with those of an edited Word file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sgtrack.brief.figure_words import condense, find_figures
from sgtrack.progress.progress_wording import STATE_ON_SCREEN
from sgtrack.tender.tender_document import Block, DocumentTable

_STATES = frozenset(STATE_ON_SCREEN.values())
_KEY_COLUMNS = 2
"""Number of columns that identify a row, such as code and name or day and item."""
_NAMING_COLUMNS = 3
"""Number of columns that name a row in a message."""
_BAR = "■□"
"""The squares of a bar, which stands below a percentage."""
_HEADER_ROWS = 3
"""Number of rows among which the header of an edited table is searched."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as condensed texts; ``caption`` is the line before it."""

    caption: str
    rows: tuple[tuple[str, ...], ...]

    @property
    def header(self) -> tuple[str, ...]:
        """The first row."""
        return self.rows[0]


@dataclass
class TableFindings:
    """The differences between generated and edited tables.

    Fields that need an explanation:
        differences: sentences about differing cells and missing rows, columns and tables.
        remarks: sentences about added rows.
        others: the edited tables that belong to no generated table.
    """

    differences: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    others: list[Grid] = field(default_factory=list)


def read_grids(blocks: Iterable[Block]) -> list[Grid]:
    """Return the tables of a document with their captions."""
    grids: list[Grid] = []
    caption = ""
    for block in blocks:
        if isinstance(block, DocumentTable):
            width = max(map(len, block.rows), default=0)
            rows = tuple(
                tuple(condense(cell.text) for cell in row) + ("",) * (width - len(row))
                for row in block.rows
            )
            if width:
                grids.append(Grid(caption, rows))
        elif block.strip():
            caption = block.strip()
    return grids


def compare_tables(
    generated: Sequence[Grid], edited: Sequence[Grid], own: Collection[str], needed: int
) -> TableFindings:
    """Compare generated tables with those of the edited file.

    Args:
        generated: the tables with figures.
        edited: the tables of the edited file.
        own: the officer's own words in cells, which may be changed.
        needed: how many of ``generated``, from the first on, may not be missing.
    """
    findings = TableFindings()
    pairs = _pair(generated[:needed], edited)
    counterparts = {place: edited[number] for place, number in pairs.items()}
    rest = []
    for other in (grid for number, grid in enumerate(edited) if number not in pairs.values()):
        place = _whole_of(other, generated)
        if place is None or place not in counterparts:
            rest.append(other)
        else:
            whole = counterparts[place]
            counterparts[place] = Grid(whole.caption, whole.rows + other.rows)
    pairs = _pair(generated[needed:], rest)
    counterparts |= {needed + place: rest[number] for place, number in pairs.items()}
    findings.others = [grid for number, grid in enumerate(rest) if number not in pairs.values()]
    for place, grid in enumerate(generated):
        if place in counterparts:
            _compare_rows(grid, counterparts[place], findings, own)
        elif place < needed:
            findings.differences.append(f"缺少表“{grid.caption}”")
    return findings


def _whole_of(other: Grid, generated: Sequence[Grid]) -> int | None:
    """Return the index of the generated table of which ``other`` is a split part or a copy.

    It is the table that has most rows in common with ``other``, or None if no table has such a row.
    """
    shared = [len(set(grid.rows[1:]) & set(other.rows)) for grid in generated]
    return shared.index(max(shared)) if any(shared) else None


def tables_with_figures(grids: Iterable[Grid]) -> list[Grid]:
    """Select the tables that have a header and figures."""
    return [
        grid
        for grid in grids
        if len(set(grid.header)) > 1
        and any(find_figures(cell) for row in grid.rows[1:] for cell in row)
    ]


def _pair(generated: Sequence[Grid], edited: Sequence[Grid]) -> dict[int, int]:
    """Map the index of each generated table to the index of its edited table, if there is one.

    The two have a row or at least half of the headings in common. Of several edited tables, the one
    with most rows in common is used.
    """
    scores: list[tuple[int, bool, int, int]] = []
    for place, grid in enumerate(generated):
        rows = set(grid.rows[1:])
        for number, other in enumerate(edited):
            has_header = _header_row(grid, other) is not None
            shared = len(rows & set(other.rows))
            if has_header or shared:
                scores.append((-shared, not has_header, place, number))
    pairs: dict[int, int] = {}
    for _, _, place, number in sorted(scores):
        if place not in pairs and number not in pairs.values():
            pairs[place] = number
    return pairs


def _header_row(grid: Grid, other: Grid) -> int | None:
    """Return the index of the row of ``other`` with at least half of the headings of ``grid``."""
    names = set(grid.header)
    heads = [len(names & set(row)) for row in other.rows[:_HEADER_ROWS]]
    return heads.index(max(heads)) if max(heads) * 2 >= len(names) else None


def _map_columns(grid: Grid, header: Sequence[str]) -> list[int | None]:
    """Return for each generated column the index of the edited column with its heading.

    If both tables have the same number of columns, a column whose heading is missing has kept its
    index.
    """
    free = list(range(len(header)))
    columns: list[int | None] = []
    for name in grid.header:
        column = next((n for n in free if header[n] == name), None)
        columns.append(column)
        if column is not None:
            free.remove(column)
    if len(header) == len(grid.header):
        return [n if column is None else column for n, column in enumerate(columns)]
    return columns


def _compare_rows(grid: Grid, other: Grid, findings: TableFindings, own: Collection[str]) -> None:
    start = _header_row(grid, other)
    header = grid.header if start is None else other.rows[start]
    columns = _map_columns(grid, header)
    figures = _figure_columns(grid, own)
    for n, column in enumerate(columns):
        if column is None and n in figures:
            findings.differences.append(f"表“{grid.caption}”缺少“{grid.header[n]}”一栏")
    found = [
        tuple("" if n is None or n >= len(row) else row[n] for n in columns)
        for row in other.rows[0 if start is None else start + 1 :]
    ]
    shown = [n for n, column in enumerate(columns) if column is not None]
    rows = grid.rows[1:]
    pairs = _pair_rows(rows, found, shown)
    for place, row in enumerate(rows):
        if place not in pairs:
            findings.differences.append(f"表“{grid.caption}”缺少一行：{_name(row)}")
            continue
        edited = found[pairs[place]]
        for n in shown:
            if row[n] in own or _is_same_cell(row[n], edited[n], is_figure=n in figures):
                continue
            is_section = len(set(row)) == 1
            findings.differences.append(
                f"表“{grid.caption}”，{_name(row)}，{'' if is_section else grid.header[n]}："
                f"台账里是 {_printed(row[n])}，文件里是 {_printed(edited[n])}"
            )
            if is_section:
                break
    added = [
        row
        for place, row in enumerate(found)
        if place not in pairs.values() and any(row) and row != grid.header
    ]
    if added:
        names = "；".join(map(_name, added))
        findings.remarks.append(f"表“{grid.caption}”多{len(added)}行，没有核对：{names}")


def _name(row: Sequence[str]) -> str:
    return " ".join(list(dict.fromkeys(filter(None, row)))[:_NAMING_COLUMNS])


def _printed(cell: str) -> str:
    return cell.rstrip(_BAR) or "空白"


def _pair_rows(
    rows: Sequence[tuple[str, ...]], found: Sequence[tuple[str, ...]], shown: Sequence[int]
) -> dict[int, int]:
    """Map the index of each generated row to the index of its edited row, if there is one.

    Equal rows come first, then rows that share the key or at least half of the cells.
    """
    equal: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number in reversed(range(len(found))):
        equal[tuple(found[number][n] for n in shown)].append(number)
    pairs: dict[int, int] = {}
    for place, row in enumerate(rows):
        if numbers := equal.get(tuple(row[n] for n in shown)):
            pairs[place] = numbers.pop()
    taken = set(pairs.values())
    others = [number for number in range(len(found)) if number not in taken]
    scores = [
        (score, place, number)
        for place, row in enumerate(rows)
        if place not in pairs
        for number in others
        if (score := _rate(row, found[number], shown))
    ]
    for _, place, number in sorted(scores, key=lambda s: (-s[0], abs(s[1] - s[2]))):
        if place not in pairs and number not in taken:
            pairs[place] = number
            taken.add(number)
    return pairs


def _rate(row: Sequence[str], other: Sequence[str], shown: Sequence[int]) -> int:
    """Return how many cells of an edited row fit a generated one; 0 if it is another row."""
    if len(set(row)) == 1:  # the row of a section, with one merged cell
        return (1 + (row[0] == other[0])) if _shape(row[0]) == _shape(other[0]) else 0
    same = [n for n in shown if row[n] == other[n]]
    keys = [n for n in shown if n < _KEY_COLUMNS]
    has_key = bool(keys) and all(n in same for n in keys)
    return len(same) + has_key if has_key or len(same) * 2 >= max(len(shown), 1) else 0


def _shape(text: str) -> str:
    """Return a text without its figures."""
    for figure in find_figures(text):
        text = text.replace(figure.words, "", 1)
    return text


def _figure_columns(grid: Grid, own: Collection[str]) -> set[int]:
    """Return the columns that mostly have figures, or only the states of indicators."""
    columns: set[int] = set()
    for n in range(len(grid.header)):
        cells = [row[n] for row in grid.rows[1:] if len(set(row)) > 1 and row[n] not in own]
        filled = [cell for cell in cells if cell]
        with_figures = [cell for cell in filled if find_figures(cell)]
        if filled and (len(with_figures) * 2 >= len(filled) or _STATES.issuperset(filled)):
            columns.add(n)
    return columns


def _is_same_cell(cell: str, edited: str, *, is_figure: bool) -> bool:
    """Return whether an edited cell has the same figures; a cell in words may be reworded."""
    if cell == edited:
        return True
    own, found = _values(cell), _values(edited)
    if not own and not found and is_figure:
        return cell.rstrip(_BAR) == edited.rstrip(_BAR)
    return own == found if is_figure or own else True


def _values(cell: str) -> list[tuple[object, str]]:
    """Return the figures of a cell; without a unit, 6.3 and 6.30 are different values."""
    return [
        (figure.value if figure.unit else figure.words, figure.unit)
        for figure in find_figures(cell)
        if not figure.is_numeral
    ]


def cells_of(grids: Iterable[Grid]) -> Iterator[str]:
    """Yield the text of each cell once."""
    for grid in grids:
        for row in grid.rows:
            yield from dict.fromkeys(row)
