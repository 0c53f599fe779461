"""Parses the rows of a table into categories and clauses."""

from __future__ import annotations

import re

from sgtrack.tender.column_roles import GridRow
from sgtrack.tender.list_marks import read_mark, split_inline
from sgtrack.tender.tender_document import (
    TenderCategory,
    TenderClause,
    goes_on,
    has_target,
    one_line,
)

LONGEST_HEADING = 20


def parse_rows(rows: list[GridRow]) -> list[TenderCategory]:
    """Parse the categories of a table, each with the clauses of its rows."""
    categories: list[TenderCategory] = []
    last: GridRow | None = None
    for row in rows:
        if last is None or row.category not in ("", last.category):
            name = read_mark(one_line(row.category or row.content))[1]
            categories.append(TenderCategory(name[:40] or "服务内容"))
        category = categories[-1]
        if row.content and row.content not in category.content.split("\n"):
            category.content = f"{category.content}\n{row.content}".strip("\n")
        category.clauses += _clauses_in(row)
        last = row if row.category or last is None else last
    return [category for category in categories if category.clauses]


def _clauses_in(row: GridRow) -> list[TenderClause]:
    about = row.about or ""
    made: list[TenderClause] = []
    for line in row.lines:
        for piece in split_inline(line):
            mark, text = read_mark(piece)
            if not text:
                continue
            if mark is None and made and _follows(made[-1], text):
                made[-1].text = f"{made[-1].text}{text}"
            else:
                made.append(TenderClause(text, mark.words.strip() if mark else "", about))
    made = _without_headings(made)
    if row.extra and made:
        for extra in row.extra:
            made[-1].text = f"{made[-1].text}（{extra}）"
            made[-1].notes.append("括号里最后的话来自表格的另一列")
    if len(made) == 1 and not made[0].mark:
        made = [
            TenderClause(piece, "", about, list(made[0].notes))
            for piece in _sentences(made[0].text)
        ]
    if row.composed:
        for clause in made:
            clause.notes.append("条款文字由表格的几列合成")
    return made


def _without_headings(clauses: list[TenderClause]) -> list[TenderClause]:
    """Drop the lines of a cell that are only headings: 1.个案服务 above （1）…"""
    kept: list[TenderClause] = []
    heading = ""
    for clause, following in zip(clauses, [*clauses[1:], None], strict=True):
        style, next_style = _style(clause), _style(following)
        short = len(clause.text) <= LONGEST_HEADING and clause.text[-1:] not in "。；;"
        if short and style and next_style not in ("", style) and not has_target(clause.text):
            heading = clause.text.rstrip("：:")
        else:
            clause.about = clause.about or heading
            kept.append(clause)
    return kept


def _style(clause: TenderClause | None) -> str:
    mark = read_mark(f"{clause.mark}x")[0] if clause is not None and clause.mark else None
    return mark.style if mark else ""


def _sentences(text: str) -> list[str]:
    """Split an unnumbered cell at semicolons, or into sentences that all have targets."""
    if "其中" in text or not has_target(text):
        return [text]
    pieces = [piece for piece in re.split(r"(?<=[；;])\s*", text) if piece.strip()]
    if len(pieces) > 1:
        return pieces
    pieces = [piece for piece in re.split(r"(?<=。)\s*(?!（)", text) if piece.strip()]
    return pieces if all(has_target(piece) for piece in pieces) else [text]


def _follows(clause: TenderClause, text: str) -> bool:
    """Return whether a line without a mark continues the clause before it."""
    alone = has_target(text) and len(text) > 6
    return goes_on(clause.text) or (bool(clause.mark) and not alone)
