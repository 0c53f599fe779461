"""Reads a .docx into lines and tables, with printed list numbers, merged cells and text boxes.

python-docx opens the package. List numbers, text boxes, content controls and tracked changes are
read from the XML. Deleted text is left out, inserted text is included.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from sgtrack.tender.document_blocks import Block, DocumentTable, Row, TableCell
from sgtrack.tender.word_numbering import ListNumbering

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_HIDDEN = {f"{W}del", f"{W}moveFrom", f"{W}pPr", f"{W}rPr", f"{W}instrText", _MC_FALLBACK}
MAX_SPAN = 64
MAX_DEPTH = 8


class InvalidWordFile(Exception):
    """The package is damaged or is no Word document."""


def read_word_blocks(content: bytes) -> list[Block]:
    """Read the lines and tables of a .docx, in order.

    Raises:
        InvalidWordFile: it cannot be opened.
    """
    import docx  # noqa: PLC0415 - half a second that only Word files cost

    try:
        document = docx.Document(io.BytesIO(content))
        body = document.element.body
        numbering = ListNumbering(_element(document, "numbering"), _element(document, "styles"))
    except Exception as error:  # damage shows in every part of python-docx and lxml
        raise InvalidWordFile from error
    if body is None:
        raise InvalidWordFile
    try:
        return list(_blocks(body, numbering, 0))
    except RecursionError as error:
        raise InvalidWordFile from error


def _element(document: Any, kind: str) -> Any:
    """Return the root element of a related part, or None."""
    for relation in document.part.rels.values():
        if not relation.is_external and relation.reltype.endswith(f"/{kind}"):
            return getattr(relation.target_part, "element", None)
    return None


def _blocks(parent: Any, numbering: ListNumbering, depth: int) -> Iterator[Block]:
    if depth > MAX_DEPTH:
        return
    for child in parent:
        if child.tag == f"{W}p":
            yield from _paragraph(child, numbering, depth)
        elif child.tag == f"{W}tbl":
            yield _table(child, numbering, depth)
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}moveTo", f"{W}customXml"):
            yield from _blocks(child, numbering, depth)


def _paragraph(paragraph: Any, numbering: ListNumbering, depth: int) -> Iterator[Block]:
    mark = numbering.mark(paragraph)
    boxes: list[Any] = []
    text = "".join(_text(paragraph, boxes)).strip()
    if text:
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        lines[0] = mark + lines[0]
        yield from lines
    for box in boxes:
        yield from _blocks(box, numbering, depth + 1)


def _text(element: Any, boxes: list[Any]) -> Iterator[str]:
    for child in element:
        tag = child.tag
        if tag in _HIDDEN or not isinstance(tag, str):
            continue
        if tag == f"{W}txbxContent":
            boxes.append(child)
        elif tag == f"{W}t":
            yield child.text or ""
        elif tag in (f"{W}br", f"{W}cr"):
            yield "\n"
        elif tag in (f"{W}tab", f"{W}ptab"):
            yield " "
        elif tag == f"{W}noBreakHyphen":
            yield "-"
        else:
            yield from _text(child, boxes)


def _table(table: Any, numbering: ListNumbering, depth: int) -> DocumentTable:
    """Read a table as a grid; positions of merged cells share the cell."""
    above: dict[int, TableCell] = {}
    rows: list[Row] = []
    for line in _descend(table, f"{W}tr"):
        row: list[TableCell] = []
        row.extend(TableCell(("",)) for _ in range(_value(line, "trPr", "gridBefore")))
        for cell in _descend(line, f"{W}tc"):
            column = len(row)
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            goes_on = merge is not None and merge.get(f"{W}val", "continue") == "continue"
            made = above[column] if goes_on and column in above else _cell(cell, numbering, depth)
            width = max(1, _value(cell, "tcPr", "gridSpan"))
            for place in range(column, column + width):
                row.append(made)
                above[place] = made
        rows.append(tuple(row))
    return DocumentTable(tuple(rows))


def _descend(parent: Any, tag: str) -> Iterator[Any]:
    """Yield rows or cells, including those in content controls and tracked insertions."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"):
            yield from _descend(child, tag)


def _value(element: Any, properties: str, name: str) -> int:
    found = element.find(f"{W}{properties}/{W}{name}")
    written = found.get(f"{W}val", "0") if found is not None else "0"
    return min(int(written), MAX_SPAN) if re.fullmatch(r"\d{1,4}", written) else 0


def _cell(cell: Any, numbering: ListNumbering, depth: int) -> TableCell:
    lines: list[str] = []
    for block in _blocks(cell, numbering, depth + 1):
        if isinstance(block, str):
            lines.append(block)
        else:
            for row in block.rows:
                lines.append(" ".join(c.text for c in dict.fromkeys(row) if c.text))
    return TableCell(tuple(line for line in lines if line) or ("",))
