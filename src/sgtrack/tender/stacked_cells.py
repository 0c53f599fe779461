"""Finds tables in text that was copied as one cell a line, below the headings of the columns."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sgtrack.tender.clause_numbers import normalize
from sgtrack.tender.list_marks import read_mark
from sgtrack.tender.spaced_tables import add_wrapped
from sgtrack.tender.table_parser import LONGEST_HEADING, column_role, column_roles
from sgtrack.tender.tender_document import (
    Row,
    TableCell,
    goes_on,
    has_target,
    is_package_heading,
)

MOST_COLUMNS = 9
LONGEST_CATEGORY = 24
_INDICATORS = ("indicator", "amount", "content")
"""The roles of columns with amounts, the most likely first."""
_NUMBERS = ("number", "score", "amount")
_NUMBER = re.compile(r"[≥≤＞>约]?[\d一二三四五六七八九十/—-]|每|不少于")

Cells = list[list[str]]


def find_stacked_table(lines: Sequence[str], at: int) -> tuple[list[Row], int]:
    """Read the table whose headings begin at a line.

    Returns:
        The rows, and the number of the line after the table. There are no rows if no table begins
            at the line.
    """
    if not (_may_be_heading(lines[at]) and column_role(lines[at].strip())):
        return [], at
    if not _has_headings(lines, at):
        return [], at
    places = [n for n in range(at, _end(lines, at)) if lines[n].strip()]
    texts = [lines[n].strip() for n in places]
    best: tuple[int, list[Cells], int] = (0, [], 0)
    for count in range(2, min(MOST_COLUMNS, len(texts)) + 1):
        if not _may_be_heading(texts[count - 1]):
            break
        roles = column_roles(_row([[text] for text in texts[:count]]))
        if not roles or roles.get("number", [0])[0]:
            continue  # A column of numbers is the first one
        rows, used = _read_body(texts[count:], roles, count)
        read = sum(has_target(line) for row in rows for cell in row for line in cell)
        # If two headings give the same rows, the longer one is used, because it names all columns.
        if len(rows) > 1 or (rows and used == len(texts) - count):
            best = max(
                best, (read, [[[t] for t in texts[:count]], *rows], count + used), key=_score
            )
    _, table, used = best
    if not table:
        return [], at
    return [_row(cells) for cells in table], places[used - 1] + 1


def _has_headings(lines: Sequence[str], at: int) -> bool:
    """Return whether a line and those below it may be the headings of a table."""
    near = [line.strip() for line in lines[at : at + 3 * MOST_COLUMNS] if line.strip()]
    return any(
        column_roles(_row([[text] for text in near[:count]]))
        for count in range(2, min(MOST_COLUMNS, len(near)) + 1)
    )


def _score(candidate: tuple[int, list[Cells], int]) -> tuple[int, int]:
    read, table, used = candidate
    return (read, used) if table else (0, 0)


def _may_be_heading(line: str) -> bool:
    text = line.strip()
    return 0 < len(text) <= LONGEST_HEADING and not re.search(r"[\d，。；]", text)


def _end(lines: Sequence[str], at: int) -> int:
    """Return the number of the line before which the table ends at the latest."""
    first = lines[at].strip()
    for n in range(at + 1, len(lines)):
        text = lines[n].strip()
        mark = read_mark(text)[0]
        if is_package_heading(text) or (mark is not None and mark.style == "chapter"):
            return n
        if text == first and n > at + 1:
            return n
    return len(lines)


def _row(cells: Sequence[Sequence[str]]) -> Row:
    return tuple(TableCell(tuple(cell) or ("",)) for cell in cells)


def _read_body(
    texts: Sequence[str], roles: dict[str, list[int]], count: int
) -> tuple[list[Cells], int]:
    """Read the cells below the headings; return the rows, and how many lines they have."""
    folded, used = _fold(texts, roles, count)
    if folded and used >= len(texts) - count:
        return folded, used
    if "number" in roles and roles["number"] == [0]:
        numbered, numbered_used = _read_numbered(texts, roles, count)
        if numbered_used >= used:
            return numbered, numbered_used
    grown, grown_used = _read_lists(texts, roles, count)
    return (grown, grown_used) if grown_used > used else (folded, used)


def _target(roles: dict[str, list[int]]) -> int:
    """Return the column that holds the amounts."""
    return next(roles[role][-1] for role in _INDICATORS if role in roles)


def _fold(texts: Sequence[str], roles: dict[str, list[int]], count: int) -> tuple[list[Cells], int]:
    """Read rows in which every cell has exactly one line, as long as they fit the headings."""
    rows: list[Cells] = []
    if not any(role in roles for role in _INDICATORS):
        return [], 0
    target = _target(roles)
    hits = 0
    for start in range(0, len(texts) - count + 1, count):
        row = texts[start : start + count]
        categories = [row[n] for n in roles.get("category", ())]
        numbers = [row[n] for role in _NUMBERS for n in roles.get(role, ())]
        fits = all(len(c) <= LONGEST_CATEGORY and not _is_target(c) for c in categories)
        fits = fits and all(_NUMBER.match(normalize(number)) for number in numbers)
        is_hit = _is_target(row[target]) or bool(re.search(r"\d", row[target]))
        if not fits or (not is_hit and hits < 0.6 * (len(rows) + 1)):
            break
        hits += is_hit
        rows.append([[text] for text in row])
    return rows, len(rows) * count


def _is_target(text: str) -> bool:
    mark = read_mark(text)[0]
    return has_target(text) or (mark is not None and mark.style not in ("chapter", "han"))


def _read_numbered(
    texts: Sequence[str], roles: dict[str, list[int]], count: int
) -> tuple[list[Cells], int]:
    """Read rows that begin with a number of their own: 1, 2, 3."""
    starts: list[int] = []
    for n, text in enumerate(texts):
        if text.rstrip(".、．") == str(len(starts) + 1):
            starts.append(n)
    if not starts or starts[0] != 0:
        return [], 0
    rows: list[Cells] = []
    used = 0
    inner = {role: [n - 1 for n in columns if n] for role, columns in roles.items()}
    inner = {role: columns for role, columns in inner.items() if columns}
    for start, end in zip(starts, [*starts[1:], len(texts)], strict=True):
        part = texts[start + 1 : end]
        is_last = start == starts[-1]
        if len(part) == count - 1 or (is_last and len(part) > count - 1):
            below, more = _fold(part[: count - 1], inner, count - 1)
        else:
            below, more = [], 0
        if not below:
            below, more = _read_lists(part, inner, count - 1)
        if not below or (not is_last and more < len(part)):
            missing = count - 1 - len(part)
            if not 0 <= missing < count - 1:
                return rows, used
            # The cells on the left are merged with those above.
            below, more = [[*([] for _ in range(missing)), *([text] for text in part)]], len(part)
        rows += [[[texts[start]] if n == 0 else [], *row] for n, row in enumerate(below)]
        used = start + 1 + more
    return rows, used


def _read_lists(
    texts: Sequence[str], roles: dict[str, list[int]], count: int
) -> tuple[list[Cells], int]:
    """Read rows whose last cell may have several lines, each a clause with a mark or an amount.

    Merged cells on the left are missing in the rows below their first one.
    """
    if not any(role in roles for role in _INDICATORS) or _target(roles) != count - 1 or count < 2:
        return [], 0
    rows: list[Cells] = []
    used = at = 0
    while at < len(texts):
        before: list[str] = []
        while at < len(texts) and not _is_target(texts[at]) and len(before) < count:
            before.append(texts[at])
            at += 1
        if not before or len(before) > count - 1 or (not rows and len(before) < count - 1):
            break
        cell: list[str] = []
        while at < len(texts) and (_is_target(texts[at]) or _is_wrapped(cell, texts, at)):
            if cell and not _is_target(texts[at]):
                add_wrapped(cell, texts[at])
            else:
                cell.append(texts[at])
            at += 1
        if not cell:
            break
        missing = count - 1 - len(before)
        rows.append([*([] for _ in range(missing)), *([text] for text in before), cell])
        used = at
    return rows, used


def _is_wrapped(cell: list[str], texts: Sequence[str], at: int) -> bool:
    """Return whether a line without an amount is the rest of a sentence of the cell."""
    return bool(cell) and (cell[-1][-1] in "，、" or (len(cell[-1]) >= 24 and goes_on(cell[-1])))
