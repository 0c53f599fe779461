"""Reads a .docx as lines and tables, with printed list numbers, merged cells and text boxes.

python-docx opens the file. This module reads list numbers, text boxes, content controls and tracked
changes from its XML. It includes inserted text and omits deleted text.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

from sgtrack.tender.tender_document import Block, DocumentTable, Row, TableCell

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_HIDDEN = {f"{W}del", f"{W}moveFrom", f"{W}pPr", f"{W}rPr", f"{W}instrText", _MC_FALLBACK}
_OTHER_TYPES = (
    "application/vnd.ms-word.document.macroEnabled.main+xml",
    "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
)
MAX_SPAN = 64
MAX_DEPTH = 8
LEVELS = 9
_HAN = "零一二三四五六七八九"
MAX_STYLES = 20


class InvalidWordFile(Exception):
    """Error for a file that is damaged or is not a Word document."""


def read_word_blocks(content: bytes) -> list[Block]:
    """Read the lines and tables of a .docx, in order.

    Raises:
        InvalidWordFile: the file is damaged or is not a Word document.
    """
    # Importing python-docx takes half a second, so it is imported only for Word files.
    from docx.opc.part import PartFactory  # noqa: PLC0415
    from docx.package import Package  # noqa: PLC0415
    from docx.parts.document import DocumentPart  # noqa: PLC0415

    # python-docx opens only .docx, although templates and files with macros have the same form.
    PartFactory.part_type_for |= dict.fromkeys(_OTHER_TYPES, DocumentPart)
    try:
        document = Package.open(io.BytesIO(content)).main_document_part.document
        body = document.element.body
        numbering = ListNumbering(_element(document, "numbering"), _element(document, "styles"))
    except Exception as error:  # python-docx and lxml raise errors of many types
        raise InvalidWordFile from error
    if body is None:
        raise InvalidWordFile
    try:
        return list(_blocks(body, numbering, 0))
    except RecursionError as error:
        raise InvalidWordFile from error


def _element(document: Any, kind: str) -> Any:
    """Return the root element of a part such as ``styles`` or ``numbering``, or None."""
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
    """Read a table as a grid; all positions of a merged cell share one object."""
    above: dict[int, TableCell] = {}
    rows: list[Row] = []
    for line in _descend(table, f"{W}tr"):
        row: list[TableCell] = []
        row.extend(TableCell(("",)) for _ in range(_value(line, "trPr", "gridBefore")))
        for cell in _descend(line, f"{W}tc"):
            column = len(row)
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            goes_on = merge is not None and merge.get(f"{W}val", "continue") == "continue"
            merged = goes_on and column in above
            content = above[column] if merged else _cell(cell, numbering, depth)
            width = max(1, _value(cell, "tcPr", "gridSpan"))
            for place in range(column, column + width):
                row.append(content)
                above[place] = content
        rows.append(tuple(row))
    return DocumentTable(tuple(rows))


def _descend(parent: Any, tag: str) -> Iterator[Any]:
    """Yield the rows or cells of a table, also in content controls and tracked insertions."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"):
            yield from _descend(child, tag)


def _value(element: Any, properties: str, name: str) -> int:
    child = element.find(f"{W}{properties}/{W}{name}")
    written = child.get(f"{W}val", "0") if child is not None else "0"
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


class ListNumbering:
    """A counter of list numbers; call ``mark`` for all paragraphs of a document in order."""

    def __init__(self, numbering: Any, styles: Any) -> None:
        self._levels: dict[str, dict[int, Any]] = {}
        self._list_of: dict[str, str] = {}
        self._starts: dict[tuple[str, int], int] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._seen: set[str] = set()
        self._styles = {
            style.get(f"{W}styleId"): style
            for style in (styles.findall(f"{W}style") if styles is not None else ())
        }
        if numbering is None:
            return
        for abstract in numbering.findall(f"{W}abstractNum"):
            levels = {_int(level, "ilvl"): level for level in abstract.findall(f"{W}lvl")}
            self._levels[abstract.get(f"{W}abstractNumId", "")] = levels
        for num in numbering.findall(f"{W}num"):
            number = num.get(f"{W}numId", "")
            link = num.find(f"{W}abstractNumId")
            self._list_of[number] = link.get(f"{W}val", "") if link is not None else ""
            for change in num.findall(f"{W}lvlOverride"):
                start = change.find(f"{W}startOverride")
                if start is not None:
                    self._starts[number, _int(change, "ilvl")] = _int(start, "val")

    def mark(self, paragraph: Any) -> str:
        """Return the list number that Word prints before a paragraph (1. or （一）), or ""."""
        number, level = self._of(paragraph)
        levels = self._levels.get(self._list_of.get(number, ""), {})
        if number in ("", "0") or level not in levels:
            return ""
        counts = self._counts.setdefault(self._list_of[number], [None] * LEVELS)
        if number not in self._seen:
            self._seen.add(number)
            for (list_id, at), start in self._starts.items():
                if list_id == number and 0 <= at < LEVELS:
                    counts[at] = start - 1
        before = counts[level]
        counts[level] = _start(levels[level]) if before is None else before + 1
        for deeper in range(level + 1, LEVELS):
            counts[deeper] = None
        return self._printed(levels, level, counts)

    def _printed(self, levels: dict[int, Any], level: int, counts: list[int | None]) -> str:
        text = levels[level].find(f"{W}lvlText")
        pattern = text.get(f"{W}val", "") if text is not None else ""
        form = _form(levels[level])
        if form == "bullet":
            return "●"
        if form == "none":
            return ""
        legal = levels[level].find(f"{W}isLgl") is not None

        def counted(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            count = counts[at] if 0 <= at < LEVELS else None
            if count is None:
                count = _start(levels[at]) if at in levels else 1
            shown = "decimal" if legal or at not in levels else _form(levels[at])
            return _FORMS.get(shown, str)(count)

        printed = re.sub(r"%([1-9])", counted, pattern)
        return f"{printed} " if printed[-1:].isalnum() else printed

    def _of(self, paragraph: Any) -> tuple[str, int]:
        """Return the list ID and level of a paragraph, from its own properties or its style."""
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return "", 0
        number, level = _numbered(properties)
        style = properties.find(f"{W}pStyle")
        name = style.get(f"{W}val") if style is not None else None
        for _ in range(MAX_STYLES):
            if number is not None or name not in self._styles:
                break
            properties = self._styles[name].find(f"{W}pPr")
            if properties is not None:
                number, styled = _numbered(properties)
                level = styled if level is None else level
            based = self._styles[name].find(f"{W}basedOn")
            name = based.get(f"{W}val") if based is not None else None
        return number or "", min(level or 0, LEVELS - 1)


def _numbered(properties: Any) -> tuple[str | None, int | None]:
    numbered = properties.find(f"{W}numPr")
    if numbered is None:
        return None, None
    number, level = numbered.find(f"{W}numId"), numbered.find(f"{W}ilvl")
    return (
        number.get(f"{W}val") if number is not None else None,
        max(0, _int(level, "val")) if level is not None else None,
    )


def _int(element: Any, name: str) -> int:
    written = element.get(f"{W}{name}", "0")
    return int(written) if re.fullmatch(r"-?\d{1,6}", written) else 0


def _start(level: Any) -> int:
    start = level.find(f"{W}start")
    return _int(start, "val") if start is not None else 1


def _form(level: Any) -> str:
    form = level.find(f"{W}numFmt")
    return str(form.get(f"{W}val", "decimal")) if form is not None else "decimal"


def _han(number: int) -> str:
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    ten = "" if not tens else "十" if tens == 1 else f"{_HAN[tens]}十"
    return ten + (_HAN[ones] if ones or not tens else "")


def _letter(first: str) -> Callable[[int], str]:
    return lambda number: chr(ord(first) + (number - 1) % 26)


def _roman(number: int) -> str:
    if not 0 < number < 100:
        return str(number)
    numeral = ""
    for value, sign in zip(
        (90, 50, 40, 10, 9, 5, 4, 1), ("XC", "L", "XL", "X", "IX", "V", "IV", "I"), strict=True
    ):
        numeral += sign * (number // value)
        number %= value
    return numeral


def _wide(number: int) -> str:
    return "".join(chr(ord("０") + int(digit)) for digit in str(abs(number)))


_FORMS: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(
        (
            *("chineseCounting", "chineseCountingThousand", "ideographDigital"),
            *("japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand"),
            *("chineseLegalSimplified", "koreanDigital2"),
        ),
        _han,
    ),
    "upperLetter": _letter("A"),
    "lowerLetter": _letter("a"),
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    **dict.fromkeys(
        ("decimalEnclosedCircle", "decimalEnclosedCircleChinese", "ideographEnclosedCircle"),
        lambda number: chr(ord("①") + number - 1) if 0 < number <= 20 else f"（{number}）",
    ),
    "decimalZero": lambda number: f"{number:02d}",
    "decimalFullWidth": _wide,
    "decimalFullWidth2": _wide,
}
