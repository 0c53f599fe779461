"""Parses tables into categories and clauses by the roles of their columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from sgtrack.tender.clause_numbers import normalize
from sgtrack.tender.cues import is_amount, tokenize_clause
from sgtrack.tender.heading_units import add_heading_units, find_counted_column
from sgtrack.tender.lexicon import word_list
from sgtrack.tender.list_marks import read_mark, split_inline
from sgtrack.tender.service_lines import is_condition_only
from sgtrack.tender.tender_document import (
    DocumentTable,
    Row,
    TableCell,
    TenderCategory,
    TenderClause,
    goes_on,
    has_target,
    one_line,
)

_ROLES = (
    *("score", "ignored", "number", "unit", "amount", "frequency", "remark"),
    *("indicator", "content", "category"),
)
_IN_CLAUSES = ("category", "content", "indicator", "unit", "amount", "frequency")
LONGEST_HEADING = 14
LONGEST_CELL_HEADING = 20
LONGEST_AMOUNT = 12
LEAST_SHARE = 0.4
"""Minimum share (0 to 1) of the rows of a table of indicators that contain an amount."""
LEAST_BARE, BARE_SHARE = 2, 0.6
"""Minimum number and share (0 to 1) of bare amounts in a column of amounts."""
_TOTAL = re.compile("全年|年度|合计|总")
_BARE_AMOUNT = re.compile(r"[≥>约]?\s*\d[\d,.]*\s*[一-龥]{0,3}")


@dataclass
class GridRow:
    """A table row: its category, its content, and the lines of its clauses.

    ``about`` is the topic of the clauses. ``extra`` holds frequencies and remarks of other columns.
    ``composed`` is true if the clause was put together from several columns.
    """

    category: str
    content: str
    lines: list[str]
    about: str = ""
    extra: list[str] = field(default_factory=list)
    composed: bool = False


@dataclass
class TableSection:
    """The rows of a table under one heading row.

    ``has_indicators`` says whether the table lists indicators. ``lines`` holds the text of cells
    that belong to no clause.
    """

    has_indicators: bool
    rows: list[GridRow] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


def read_sections(table: DocumentTable) -> list[TableSection]:
    """Read a table as sections; every heading row starts a new section.

    The rows of a section with too few targets become ``lines`` of the section.
    """
    table = DocumentTable(tuple(add_heading_units(table.rows, column_roles)))
    headings = [
        _mark_totals(_move_amounts(column_roles(row), table.rows[place + 1 :]), row)
        for place, row in enumerate(table.rows)
    ]
    roles: dict[str, list[int]] = {}
    sections: list[TableSection] = []
    if not any(headings):
        roles = _guess(table)
        sections.append(TableSection(bool(roles)))
    for row, heading in zip(table.rows, headings, strict=True):
        if heading and (not roles or "category" in heading or heading == roles):
            roles = heading
            sections.append(TableSection(_holds_targets(roles, row)))
        elif not sections:
            sections.append(TableSection(False, lines=_texts(row)))  # A title above the headings
        elif sections[-1].has_indicators:
            read = _row(row, roles)
            if read is not None:
                sections[-1].rows.append(read)
            sections[-1].lines += _unused(row, roles, read)
        else:
            sections[-1].lines += _texts(row)
    for section in sections:
        targets = sum(has_target(" ".join((*row.lines, *row.extra))) for row in section.rows)
        if targets < max(1, LEAST_SHARE * len(section.rows)):
            for read in section.rows:
                lines = (read.category, read.content, *read.lines, *read.extra)
                section.lines += [line for line in lines if line]
            section.rows = []
    return sections


def _move_amounts(roles: dict[str, list[int]], below: Sequence[Row]) -> dict[str, list[int]]:
    """Treat a column of indicators as amounts if most cells are bare amounts: 600 or 10场.

    Another column that names what is counted must remain.
    """
    columns = roles.get("indicator", [])
    if not columns or "amount" in roles:
        return roles
    bare = [column for column in columns if _is_bare([r[column] for r in below if column < len(r)])]
    names = [column for column in columns if column not in bare]
    if len(bare) != 1 or not (names or "content" in roles):
        return roles
    moved = {role: some for role, some in roles.items() if role != "indicator"} | {"amount": bare}
    return moved | ({"indicator": names} if names else {})


def _mark_totals(roles: dict[str, list[int]], row: Row) -> dict[str, list[int]]:
    """Add the role ``total`` for columns of amounts whose heading says that they are totals."""
    totals = [column for column in roles.get("amount", ()) if _TOTAL.search(row[column].text)]
    return roles | ({"total": totals} if totals else {})


def _is_bare(cells: Sequence[TableCell]) -> bool:
    filled = [cell.text for cell in dict.fromkeys(cells) if cell.text.strip()]
    bare = [text for text in filled if _BARE_AMOUNT.fullmatch(normalize(text))]
    return len(bare) >= LEAST_BARE and len(bare) >= BARE_SHARE * len(filled)


def column_roles(row: Row) -> dict[str, list[int]]:
    """Return the column numbers by role, or {} if the row is not a heading row."""
    roles: dict[str, list[int]] = {}
    recognised = 0
    for column, cell in enumerate(row):
        heading = re.sub(r"\s|（[^）]*）|\([^)]*\)", "", cell.text)
        merged = column > 0 and row[column - 1] is cell
        if not heading or len(heading) > LONGEST_HEADING or merged:
            continue
        role = column_role(heading)
        if role:
            recognised += 1
            roles.setdefault(role, []).append(column)
    if not roles.keys() & {"amount", "indicator"} and (counted := find_counted_column(row)):
        recognised += 1
        roles["amount"] = counted
    filled = [cell for cell in dict.fromkeys(row) if cell.text.strip()]
    _set_standards_aside(roles, row)
    enough = recognised >= 2 and recognised * 2 >= len(filled)
    return roles if enough and not any(re.search(r"\d", c.text) for c in filled) else {}


def _set_standards_aside(roles: dict[str, list[int]], row: Row) -> None:
    """Treat columns such as 完成标准 as remarks if another column contains the amounts."""
    columns = roles.get("indicator", [])
    ends = tuple(word_list("standards"))
    aside = [c for c in columns if re.sub(r"\s", "", row[c].text).endswith(ends)]
    if aside and ("amount" in roles or len(aside) < len(columns)):
        roles["remark"] = [*roles.get("remark", []), *aside]
        roles["indicator"] = [c for c in columns if c not in aside]
        if not roles["indicator"]:
            del roles["indicator"]


@lru_cache(maxsize=5000)
def column_role(heading: str) -> str:
    """Return the role of a column by its heading, or ""."""
    words = word_list("columns")
    exact = [role for role in _ROLES if heading in words[role]]
    if exact:
        return exact[0]
    ends = [
        (len(word), role)
        for role in _ROLES
        for word in words[role]
        if len(word) > 1 and (heading.endswith(word) or heading.startswith(word))
    ]
    return max(ends)[1] if ends else ""


def _holds_targets(roles: dict[str, list[int]], row: Row) -> bool:
    headings = "".join(cell.text for cell in dict.fromkeys(row))
    if any(word in headings for word in word_list("not_tables")):
        return False
    named = roles.keys() & {"category", "content"}
    return bool(
        "indicator" in roles
        or (named and "amount" in roles)
        or {"category", "content"} <= roles.keys()
    )


def _guess(table: DocumentTable) -> dict[str, list[int]]:
    """Guess the column roles of a table without headings.

    The column with the most amounts is the column of indicators. Return {} if it has fewer than two
    amounts. The first text column before it holds the categories.
    """
    width = max((len(row) for row in table.rows), default=0)
    counts = [0] * width
    for row in table.rows:
        for column, cell in enumerate(row):
            counts[column] += sum(is_amount(t) for t in tokenize_clause(normalize(cell.text)))
    if not counts or max(counts) < 2:
        return {}
    clauses = counts.index(max(counts))
    roles = {"indicator": [clauses]}
    before = [
        c
        for c in range(clauses)
        if any(len(row) > c and re.search("[一-龥]{2}", row[c].text) for row in table.rows)
    ]
    if before:
        roles["category"] = [before[0]]
    if len(before) > 1:
        roles["content"] = [before[-1]]
    return roles


def _unused(row: Row, roles: dict[str, list[int]], read: GridRow | None) -> list[str]:
    """Return the lines of a row that belong to no clause."""
    if read is None:
        return _texts(row)
    used = {row[c] for role in _IN_CLAUSES for c in roles.get(role, ()) if c < len(row)}
    rest = [cell for cell in dict.fromkeys(row) if cell not in used]
    return [line for cell in rest for line in cell.lines if line not in read.extra]


def _texts(row: Row) -> list[str]:
    return [cell.text for cell in dict.fromkeys(row) if cell.text]


def _row(row: Row, roles: dict[str, list[int]]) -> GridRow | None:
    """Read a row by the column roles; return None for empty rows, sums and merged titles."""
    if not any(cell.text.strip() for cell in row):
        return None
    cells = {role: [row[c] for c in columns if c < len(row)] for role, columns in roles.items()}
    texts = {
        role: "\n".join(cell.text for cell in dict.fromkeys(role_cells) if cell.text)
        for role, role_cells in cells.items()
    }
    category, content = texts.get("category", ""), texts.get("content", "")
    named = [cell.text for cell in dict.fromkeys(cells.get("category", ())) if cell.text.strip()]
    topic = ""
    if len(named) > 1:  # The first column groups the rows; the last one names each of them.
        category, topic = named[0], one_line(named[-1])
    indicator, amount = texts.get("indicator", ""), texts.get("amount", "")
    tasks = [
        cell.text for cell in dict.fromkeys(cells.get("indicator", ())) if _has_name(cell.text)
    ]
    if amount and len(tasks) > 1 and not any(re.search(r"\d", task) for task in tasks[:-1]):
        category, indicator = category or one_line(tasks[0]), tasks[-1]
    if category and len({id(cell) for cell in row}) == 1:
        return None
    if re.match(r"(合计|总计|小计)", category or content or indicator):
        return None
    extra = _extra(row, roles, texts)
    # The amount cell may contain whole clauses: 讲座6场、工作坊2个（各4节）.
    if not indicator and (len(amount) > LONGEST_AMOUNT or re.search("[，；。、\n]", amount)):
        indicator, amount = amount, ""
    if amount:
        name = one_line(indicator) or topic
        counted = amount if re.search(r"\d\s*[一-龥]", amount) else amount + texts.get("unit", "")
        if "total" in roles and "每" in (name or content):  # 每周探访 with 5200人次 in the year
            counted = f"全年{counted}"
        return _with_amount(category, content, name, counted, extra)
    if indicator and has_target(content) and is_condition_only(indicator):
        indicator, content = f"{one_line(content)}，{one_line(indicator)}", ""
    lines = (indicator or content or category).split("\n")
    about = topic or (content if content and len(content) <= 16 and indicator else "")
    return GridRow(
        category,
        content if indicator else "",
        lines,
        about=one_line(about or (category if len(category) <= 16 else "")),
        extra=extra,
    )


def _has_name(text: str) -> bool:
    """Return whether a cell holds words and not only a sign such as ≥."""
    return re.search("[一-龥]{2}", text) is not None


def _extra(row: Row, roles: dict[str, list[int]], texts: dict[str, str]) -> list[str]:
    """Return the frequency of a row, and lines of other columns with an amount or a due day."""
    assigned = [row[c] for columns in roles.values() for c in columns if c < len(row)]
    others = [cell for cell in dict.fromkeys(row) if cell not in assigned]
    lines = [line for cell in others for line in cell.lines]
    lines += texts.get("remark", "").split("\n")
    times = texts.get("ignored", "").split("\n")
    lines += [line for line in times if re.search(r"每[个]?月.{0,6}\d[日号]", normalize(line))]
    counted = [x for x in lines if has_target(x) or re.search(r"\d(?:[日号]前|%)", normalize(x))]
    return [
        line for line in dict.fromkeys([*counted, *texts.get("frequency", "").split("\n")]) if line
    ]


def _with_amount(
    category: str, content: str, indicator: str, counted: str, extra: list[str]
) -> GridRow:
    """Compose a clause from separate cells for the name and the amount with its unit."""
    name = one_line(indicator) or content.split("\n", maxsplit=1)[0] or one_line(category)
    whole = f"{name}：{counted}" if name not in counted else counted
    long_content = content if content and content != name else ""
    return GridRow(category, long_content, [whole], about=name, extra=extra, composed=True)


def parse_rows(rows: list[GridRow]) -> list[TenderCategory]:
    """Return the categories of a table, each with the clauses of its rows."""
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
    clauses: list[TenderClause] = []
    for line in row.lines:
        for piece in split_inline(line):
            mark, text = read_mark(piece)
            if not text:
                continue
            if mark is not None or not clauses:
                clauses.append(TenderClause(text, mark.words.strip() if mark else "", row.about))
                continue
            last, alone = clauses[-1], has_target(text) and len(text) > 6
            if goes_on(last.text) or (last.mark and not alone):
                last.text = f"{last.text}{text}"
            else:
                clauses.append(TenderClause(text, "", row.about))
    clauses = _without_headings(clauses)
    if row.extra and clauses:
        for extra in row.extra:
            clauses[-1].text = f"{clauses[-1].text}（{extra}）"
            clauses[-1].notes.append("括号里最后的话来自表格的另一列")
    if len(clauses) == 1 and not clauses[0].mark:
        clauses = [
            TenderClause(piece, "", row.about, list(clauses[0].notes))
            for piece in _sentences(clauses[0].text)
        ]
    if row.composed:
        for clause in clauses:
            clause.notes.append("条款文字由表格的几列合成")
    return clauses


def _without_headings(clauses: list[TenderClause]) -> list[TenderClause]:
    """Drop clauses of a cell that are only headings, such as 1.个案服务 above （1）…"""
    result: list[TenderClause] = []
    heading = ""
    for clause, following in zip(clauses, [*clauses[1:], None], strict=True):
        style, next_style = _style(clause), _style(following)
        short = len(clause.text) <= LONGEST_CELL_HEADING and clause.text[-1:] not in "。；;"
        if short and style and next_style not in ("", style) and not has_target(clause.text):
            heading = clause.text.rstrip("：:")
        else:
            clause.about = clause.about or heading
            result.append(clause)
    return result


def _style(clause: TenderClause | None) -> str:
    mark = read_mark(f"{clause.mark}x")[0] if clause is not None and clause.mark else None
    return mark.style if mark else ""


def _sentences(text: str) -> list[str]:
    """Split the text of a cell into clauses.

    A text with semicolons is split there. A text without semicolons is split into sentences if each
    of them has a target. A text without a target or with 其中 is not split.
    """
    if "其中" in text or not has_target(text):
        return [text]
    pieces = [piece for piece in re.split(r"(?<=[；;])\s*", text) if piece.strip()]
    if len(pieces) > 1:
        return pieces
    pieces = [piece for piece in re.split(r"(?<=。)\s*(?!（)", text) if piece.strip()]
    return pieces if all(has_target(piece) for piece in pieces) else [text]
