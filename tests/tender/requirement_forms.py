"""Writes the requirement text in every form in which a purchaser may publish it."""

from __future__ import annotations

import html
import io
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import xlsxwriter

from sgtrack.tender.documents import read_document
from sgtrack.tender.tender_document import Block, DocumentTable

from .pdf_documents import LEFT, RIGHT, PdfPage, pdf_file, wrap

TEXT = Path(__file__).parents[1] / "data" / "service-requirements.txt"
Table = list[list[tuple[str, ...]]]


def parts() -> Iterator[str | Table]:
    """The lines and tables of the text; a cell is a tuple of lines."""
    for block in read_document(TEXT, lambda _: "").blocks:
        yield block if isinstance(block, str) else _cells(block)


def _cells(block: Block) -> Table:
    assert isinstance(block, DocumentTable)
    return [[cell.lines for cell in row] for row in block.rows]


def word() -> bytes:
    """A Word file."""
    made = docx.Document()
    for part in parts():
        if isinstance(part, str):
            made.add_paragraph(part)
            continue
        table = made.add_table(rows=len(part), cols=3)
        table.style = "Table Grid"
        for row, cells in zip(table.rows, part, strict=True):
            for cell, lines in zip(row.cells, cells, strict=True):
                cell.text = lines[0]
                for line in lines[1:]:
                    cell.add_paragraph(line)
        made.add_paragraph()
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


EDGES = (LEFT, 130.0, 270.0, RIGHT)
STEP = 15.0
BOTTOM = 760.0


def pdf() -> bytes:
    """A PDF whose tables go over several pages; rows are divided where a page ends."""
    pages = [PdfPage()]
    top = 80.0
    for part in parts():
        if isinstance(part, str):
            top = pages[-1].paragraph(top, part, indent=0)
            continue
        for row in part:
            columns = [
                [line for text in cell for line in wrap(text, right - left - 10.8)]
                for cell, left, right in zip(row, EDGES, EDGES[1:], strict=False)
            ]
            while any(columns):
                room = int((BOTTOM - top) // STEP)
                if room < 2:
                    pages.append(PdfPage())
                    top = 80.0
                    continue
                now = [column[:room] for column in columns]
                columns = [column[room:] for column in columns]
                top = _draw(pages[-1], top, now)
        top += 30
    for number, page in enumerate(pages, start=1):
        page.text(LEFT, 40, "乐至县民政局社会工作服务采购文件")
        page.text(280, 800, f"第 {number} 页 共 {len(pages)} 页")
    return pdf_file(pages)


def _draw(page: PdfPage, top: float, columns: list[list[str]]) -> float:
    bottom = top + STEP * max(map(len, columns)) + 4
    for x in EDGES:
        page.rule(x, top, x, bottom)
    for y in (top, bottom):
        page.rule(EDGES[0], y, EDGES[-1], y)
    for left, lines in zip(EDGES, columns, strict=False):
        for n, line in enumerate(lines):
            page.text(left + 5.4, top + 2 + n * STEP, line)
    return bottom


def web_page() -> bytes:
    """A page in GBK that does not say so, with navigation and a table for the layout."""
    body = ""
    for part in parts():
        if isinstance(part, str):
            body += f"<p>{html.escape(part)}</p>\n"
            continue
        rows = "".join(
            "<tr>"
            + "".join(f"<td><p>{'</p><p>'.join(map(html.escape, c))}</p></td>" for c in row)
            + "</tr>\n"
            for row in part
        )
        body += f"<table border=1>{rows}</table>\n"
    links = "".join(f'<li><a href="{n}.html">栏目{n}</a></li>' for n in range(8))
    return (
        f"<html><head><title>公告</title><script>var n = 100;</script></head><body><ul>{links}</ul>"
        f"<table width=960><tr><td>当前位置</td></tr><tr><td>{body}</td></tr></table></body></html>"
    ).encode("gbk")


def workbook() -> bytes:
    """An Excel file, everything in one sheet."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        at = 0
        for part in parts():
            if isinstance(part, str):
                sheet.write(at, 0, part)
                at += 1
                continue
            for row in part:
                sheet.write_row(at, 0, ["\n".join(cell) for cell in row])
                at += 1
            at += 1
    return stream.getvalue()


def _text(write: Callable[[Table], str]) -> bytes:
    return "\n".join(
        part if isinstance(part, str) else f"{write(part)}\n" for part in parts()
    ).encode()


def quoted_tabs() -> bytes:
    """Text as Excel copies it."""
    return _text(
        lambda table: "\n".join(
            "\t".join(f'"{chr(10).join(c)}"' if len(c) > 1 else c[0] for c in row) for row in table
        )
    )


def tabs() -> bytes:
    """Text with tabs, and the further lines of a cell below its row."""
    return _text(
        lambda table: "\n".join("\t".join("\n".join(cell) for cell in row) for row in table)
    )


def blanks() -> bytes:
    """Text whose cells stand apart by blanks, but not below each other."""
    return _text(
        lambda table: "\n".join("   ".join("\n".join(cell) for cell in row) for row in table)
    )


def wide_blanks() -> bytes:
    """Text whose cells stand apart by full-width blanks."""
    return _text(
        lambda table: "\n".join("　　".join("\n".join(cell) for cell in row) for row in table)
    )


def _physical(row: list[tuple[str, ...]], widths: tuple[int, ...]) -> list[list[str]]:
    """The lines of a row with wrapped cells, each padded to the width of its column."""
    columns = [
        [line for text in cell for line in wrap(text, 6.0 * (width - 2))]
        for cell, width in zip(row, widths, strict=True)
    ]
    height = max(map(len, columns))
    return [
        [
            _padded(column[n] if n < len(column) else "", width)
            for column, width in zip(columns, widths, strict=True)
        ]
        for n in range(height)
    ]


def _padded(text: str, width: int) -> str:
    taken = sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)
    return text + " " * (width - taken)


WIDTHS = (18, 36, 50)


def aligned() -> bytes:
    """Text with wrapped cells whose columns stand below each other."""
    return _text(
        lambda table: "\n".join(
            "".join(line).rstrip() for row in table for line in _physical(row, WIDTHS)
        )
    )


def strokes() -> bytes:
    """A table of Markdown; the lines of a cell stand one after the other."""
    return _text(
        lambda table: "\n".join(
            f"| {' | '.join(' '.join(cell) for cell in row)} |"
            + ("\n|---|---|---|" if n == 0 else "")
            for n, row in enumerate(table)
        )
    )


def bare_strokes() -> bytes:
    """Strokes only between the cells, and the further lines of a cell below its row."""
    return _text(
        lambda table: "\n".join("|".join("\n".join(cell) for cell in row) for row in table)
    )


def framed() -> bytes:
    """A table drawn with lines of characters."""
    rule = "├" + "┼".join("─" * width for width in WIDTHS) + "┤"
    return _text(
        lambda table: (
            f"{rule}\n"
            + "\n".join(
                "\n".join(f"│{'│'.join(line)}│" for line in _physical(row, WIDTHS)) + f"\n{rule}"
                for row in table
            )
        )
    )


def stacked() -> bytes:
    """One cell a line, and the further lines of a cell below it."""
    return _text(lambda table: "\n".join("\n".join(cell) for row in table for cell in row))


def spread() -> bytes:
    """One cell a line, with a blank line after each."""
    return _text(lambda table: "\n\n".join("\n".join(cell) for row in table for cell in row))


FORMS = {
    form.__name__: form
    for form in (
        *(word, pdf, web_page, workbook, quoted_tabs, tabs, blanks, wide_blanks, aligned),
        *(strokes, bare_strokes, framed, stacked, spread),
    )
}
