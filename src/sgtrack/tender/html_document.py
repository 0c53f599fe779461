"""Reads saved web pages (.html, .mht) as lines and tables, without scripts and navigation."""

from __future__ import annotations

import codecs
import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sgtrack.model.text import detect_encoding
from sgtrack.tender.list_marks import read_mark
from sgtrack.tender.table_parser import column_roles
from sgtrack.tender.tender_document import Block, DocumentTable, TableCell, one_line
from sgtrack.tender.text_tables import text_blocks

MOST_BYTES = 10_000_000
MOST_TAGS = 300_000
MAX_SPAN = 64
MAX_CELLS = 200_000
MAX_DEPTH = 120
LEAST_LINKS = 3
"""Minimum number of links in an element that is navigation."""
_IS_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|table|div)\b",
    re.IGNORECASE | re.DOTALL,
)
_IS_ARCHIVE = re.compile(
    rb"(?:[\w-]+:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*)*?mime-version:", re.IGNORECASE
)
_CHARSET = re.compile(
    rb"charset\s*=\s*[\"']?\s*([\w-]+)|<\?xml[^>]*encoding=[\"']([\w-]+)", re.IGNORECASE
)
_SKIPPED = frozenset(
    (
        *("head", "script", "style", "noscript", "template", "nav", "footer", "aside", "iframe"),
        *("object", "svg", "math", "audio", "video", "canvas", "map", "select", "option"),
        *("textarea", "button", "datalist", "dialog", "del"),
    )
)
_INLINE = frozenset(
    (
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "dfn", "em"),
        *("font", "i", "img", "input", "ins", "kbd", "label", "mark", "output", "q", "rb", "ruby"),
        *("s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var"),
        "wbr",
    )
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f]+")


class InvalidPage(Exception):
    """Error for a web page that cannot be decoded."""


def is_web_page(content: bytes) -> bool:
    """Return whether the content is a web page or a web archive."""
    head = content[:4096].removeprefix(codecs.BOM_UTF8)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        head = head.decode("utf-16", "ignore").encode()
    return bool(_IS_PAGE.match(head) or _IS_ARCHIVE.match(head))


def read_web_page(content: bytes) -> list[Block]:
    """Read the lines and tables of a page.

    Raises:
        InvalidPage: the page cannot be decoded or has no content.
    """
    from lxml import html  # noqa: PLC0415 - only for web pages

    text = _decode(content)
    if text.count("<") > MOST_TAGS:
        raise InvalidPage
    # Without ``huge_tree``, the parser drops what is nested in more than 255 elements.
    parser = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        root = html.document_fromstring(text.encode("utf-8", "ignore"), parser=parser)
    except (html.etree.LxmlError, ValueError, AssertionError) as error:
        raise InvalidPage from error
    return _Reader(_find_navigation(root), [0]).read(root, 0)


def _decode(content: bytes) -> str:
    if _IS_ARCHIVE.match(content[:4096]):
        return _archived_page(content)
    return _decode_page(content, None)


def _archived_page(content: bytes) -> str:
    """Return the page in a web archive, which has the form of an e-mail."""
    message = email.message_from_bytes(content, policy=email.policy.compat32)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            page = part.get_payload(decode=True)
            if isinstance(page, bytes):
                return _decode_page(page, part.get_content_charset())
    raise InvalidPage


def _decode_page(content: bytes, declared: str | None) -> str:
    """Decode a page by the encoding that it declares, or else by its bytes."""
    if content.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        declared = None
    else:
        match = _CHARSET.search(content[:4096])
        declared = declared or (next(filter(None, match.groups())).decode() if match else None)
    found = detect_encoding(content)
    if found not in (None, "utf-8-sig") and declared:
        try:
            name = codecs.lookup(declared).name
            # Pages declare GB 2312 and contain characters that only GB 18030 has.
            name = "gb18030" if name in ("gb2312", "gbk") else name
            return content.decode(name)
        except (LookupError, UnicodeDecodeError):
            pass
    if found is None:
        # Some bytes are damaged; the rest is readable.
        guess = "utf-8" if (declared or "").lower().startswith("utf") else "gb18030"
        text = content.decode(guess, "replace")
        if text.count("\ufffd") * 50 > len(text):
            raise InvalidPage
        return text
    return content.decode(found)


class _Reader:
    """Collects the blocks of a page in order; text is collected until a block element ends it."""

    def __init__(self, navigation: frozenset[Any], cells: list[int]) -> None:
        self.blocks: list[Block] = []
        self._navigation = navigation
        self._cells = cells
        self._text: list[str] = []
        self._mark = ""

    def read(self, element: Any, depth: int) -> list[Block]:
        """Return the blocks inside an element."""
        self._children(element, depth)
        self._end_line()
        return self.blocks

    def _end_line(self) -> None:
        text = _SPACES.sub(" ", "".join(self._text)).replace("\u00a0", " ").strip()
        self._text = []
        if text:
            marked = self._mark and read_mark(text)[0] is None
            self.blocks.append(f"{self._mark}{text}" if marked else text)
            self._mark = ""

    def _element(self, element: Any, depth: int) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in _SKIPPED or _is_hidden(element):
            return
        if depth > MAX_DEPTH:
            self._text.append(element.text_content())
        elif tag == "br":
            self._end_line()
        elif tag in _INLINE:
            self._children(element, depth)
        elif element not in self._navigation:
            self._end_line()
            if tag == "table":
                self._table(element, depth)
            elif tag == "pre":
                self.blocks += text_blocks(element.text_content())
            elif tag in ("ul", "ol"):
                self._list(element, depth)
            else:
                self._children(element, depth)
            self._end_line()

    def _children(self, element: Any, depth: int) -> None:
        self._text.append(element.text or "")
        for child in element:
            self._element(child, depth + 1)
            self._text.append(child.tail or "")

    def _list(self, element: Any, depth: int) -> None:
        """Read the items of a list with their marks, as a browser shows them."""
        number = _number(element.get("start"), 1)
        for child in element:
            if child.tag != "li":
                self._element(child, depth + 1)
                continue
            number = _number(child.get("value"), number)
            self._mark = f"{number}." if element.tag == "ol" else "●"
            number += 1
            self._children(child, depth + 1)
            self._end_line()
            self._mark = ""

    def _table(self, table: Any, depth: int) -> None:
        caption = table.find("caption")
        if caption is not None:
            self._element(caption, depth + 1)
            self._end_line()
        grid = self._grid(table, depth)
        cells = list(dict.fromkeys(cell for row in grid for cell in row))
        flat = {cell: TableCell(tuple(_lines(cell.blocks)) or ("",)) for cell in cells}
        rows = tuple(
            tuple(flat[cell] for cell in row) for row in grid if any(c.blocks for c in row)
        )
        nested = any(isinstance(block, DocumentTable) for cell in cells for block in cell.blocks)
        if nested and not any(column_roles(row) for row in rows):
            # A table that contains tables only arranges the parts of the page.
            for cell in cells:
                self.blocks += cell.blocks
        elif rows:
            self.blocks.append(DocumentTable(rows))

    def _grid(self, table: Any, depth: int) -> list[list[_Cell]]:
        """Return the cells of a table by row and column; a spanning cell occurs several times."""
        grid: list[list[_Cell]] = []
        spanning: dict[int, tuple[_Cell, int]] = {}
        for line in _descend(table, "tr"):
            row = _RowOfCells(spanning)
            for element in _descend(line, "td", "th"):
                reader = _Reader(self._navigation, self._cells)
                cell = _Cell(tuple(reader.read(element, depth + 1)))
                width = min(_number(element.get("colspan"), 1) or 1, MAX_SPAN)
                row.add(cell, width, _number(element.get("rowspan"), 1) or MAX_CELLS)
            grid.append(row.finish())
            spanning = row.below
            self._cells[0] += len(grid[-1])
            if self._cells[0] > MAX_CELLS:
                raise InvalidPage
        return grid


@dataclass(frozen=True, eq=False, slots=True)
class _Cell:
    """A cell with the blocks in it."""

    blocks: tuple[Block, ...]


class _RowOfCells:
    """Places the cells of a row beside those that reach down from rows above.

    ``spanning`` and ``below`` map a column to a cell and the number of its remaining rows.
    """

    def __init__(self, spanning: dict[int, tuple[_Cell, int]]) -> None:
        self.below: dict[int, tuple[_Cell, int]] = {}
        self._spanning = spanning
        self._cells: list[_Cell] = []

    def add(self, cell: _Cell, width: int, height: int) -> None:
        self._fill()
        for _ in range(width):
            self._place(cell, height)

    def finish(self) -> list[_Cell]:
        """Return the whole row."""
        self._fill()
        for column in sorted(self._spanning):
            while len(self._cells) < column:
                self._place(_Cell(()), 1)
            self._fill()
        return self._cells

    def _fill(self) -> None:
        while len(self._cells) in self._spanning:
            self._place(*self._spanning[len(self._cells)])

    def _place(self, cell: _Cell, height: int) -> None:
        if height > 1:
            self.below[len(self._cells)] = (cell, height - 1)
        self._cells.append(cell)


def _descend(parent: Any, *tags: str) -> Iterator[Any]:
    """Yield the visible rows of a table or cells of a row, but not those of nested tables."""
    for child in parent:
        if child.tag in tags:
            if not _is_hidden(child):
                yield child
        elif child.tag in ("thead", "tbody", "tfoot", "form") and not _is_hidden(child):
            yield from _descend(child, *tags)


def _lines(blocks: tuple[Block, ...]) -> Iterator[str]:
    """Yield the lines of a cell; each row of a table in the cell becomes one line."""
    for block in blocks:
        if isinstance(block, str):
            yield block
        else:
            for row in block.rows:
                yield " ".join(one_line(cell.text) for cell in dict.fromkeys(row) if cell.text)


def _number(value: str | None, default: int) -> int:
    return int(value) if value and re.fullmatch(r"\s*\d{1,4}\s*", value) else default


def _is_hidden(element: Any) -> bool:
    style = element.get("style")
    hidden = element.get("hidden") is not None or (style and _HIDDEN.search(style))
    return bool(hidden)


def _find_navigation(root: Any) -> frozenset[Any]:
    """Return the elements with several links, in which at least 90 % of the text is linked."""
    sizes: dict[Any, list[int]] = {}
    found: set[Any] = set()
    for element in reversed(list(root.iter())):
        if not isinstance(element.tag, str) or element.tag in _SKIPPED:
            continue
        text = len(re.sub(r"[\s|>»·/]", "", element.text or ""))
        letters, linked, links = text, 0, 0
        for child in element:
            letters += len(re.sub(r"[\s|>»·/]", "", child.tail or ""))
            inside = sizes.get(child, (0, 0, 0))
            letters, linked, links = letters + inside[0], linked + inside[1], links + inside[2]
        if element.tag == "a" and element.get("href"):
            linked, links = letters, 1
        sizes[element] = [letters, linked, links]
        if links >= LEAST_LINKS and linked * 10 >= letters * 9:
            found.add(element)
    return frozenset(found)
