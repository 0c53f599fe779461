"""Parts of Word templates in the format of Chinese official documents (GB/T 9704-2012)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

RED = RGBColor(0xC0, 0x00, 0x00)
BODY, TITLE, HEADING, SUBHEADING, LATIN = (
    "仿宋_GB2312",
    "方正小标宋简体",
    "黑体",
    "楷体_GB2312",
    "Times New Roman",
)
LINE = Pt(28.5)
CHARACTERS = 28
"""The number of characters in a line; for this, 三号 is set slightly tighter than its own width."""
FALLBACKS = {
    BODY: ("仿宋", "FangSong", "auto"),
    TITLE: ("华文中宋", "STZhongsong", "auto"),
    HEADING: ("黑体", "SimHei", "swiss"),
    SUBHEADING: ("楷体", "KaiTi", "auto"),
}
"""The fallback for each font that a computer may lack, with its two names and its font family."""
WIDTH = 156
"""The width of the text on a portrait page, in millimetres."""


def new_document() -> Document:
    """Return an empty document with page, body style and fonts set."""
    document = docx.Document()
    set_fallbacks(document)
    set_page(document)
    set_base_style(document)
    return document


def set_fallbacks(document: Document) -> None:
    """Set the fallback that Word uses for each missing font."""
    part = next(
        rel.target_part for rel in document.part.rels.values() if rel.reltype == RT.FONT_TABLE
    )
    fonts = parse_xml(part.blob)
    for name, (chinese, latin, family) in FALLBACKS.items():
        font = OxmlElement("w:font")
        font.set(qn("w:name"), name)
        other = latin if chinese == name else chinese
        for tag, value in (("altName", other), ("charset", "86"), ("family", family)):
            element = OxmlElement(f"w:{tag}")
            element.set(qn("w:val"), value)
            font.append(element)
        fonts.append(font)
    part._blob = serialize_part_xml(fonts)


def set_page(document: Document) -> None:
    """Set up a portrait A4 page with the margins of the standard and page numbers."""
    section = document.sections[0]
    section.start_type = WD_SECTION.NEW_PAGE
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    document.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
    _page_number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)


def _page_number(paragraph: Paragraph, where: WD_ALIGN_PARAGRAPH) -> None:
    """Add the page number as — 1 — in 四号 宋体, one character away from the outer edge."""
    paragraph.alignment = where
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(14)
    for part in ("— ", None, " —"):
        run = paragraph.add_run(part or "")
        set_font(run, "宋体", 14)
        if part is None:
            for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
                if kind:
                    element = OxmlElement("w:fldChar")
                    element.set(qn("w:fldCharType"), kind)
                else:
                    element = OxmlElement("w:instrText")
                    element.text = text
                run._r.append(element)


def set_base_style(document: Document) -> None:
    """Set the style of the body: 仿宋 三号 with a line height of 28.5 pt."""
    style = document.styles["Normal"]
    style.font.name = LATIN
    style.font.size = Pt(16)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
    closer = OxmlElement("w:spacing")
    closer.set(qn("w:val"), str(int((WIDTH / 25.4 * 72 / CHARACTERS - 16) * 20) - 1))
    style.element.rPr.append(closer)
    style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    style.paragraph_format.line_spacing = LINE


def set_font(
    run: Run, name: str, size: float, *, bold: bool = False, color: RGBColor | None = None
) -> None:
    """Set the fonts of a run, Latin and East Asian."""
    run.font.name = LATIN
    run.font.size = Pt(size)
    run.font.bold = bold
    if color is not None:
        run.font.color.rgb = color
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def add_paragraph(
    document: Document,
    text: str,
    *,
    face: str = BODY,
    size: float = 16,
    align: WD_ALIGN_PARAGRAPH | None = None,
    indent: bool = True,
    color: RGBColor | None = None,
) -> Paragraph:
    """Add a paragraph."""
    paragraph = document.add_paragraph()
    if align is not None:
        paragraph.alignment = align
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(32)
    set_font(paragraph.add_run(text), face, size, color=color)
    return paragraph


def add_title(document: Document, lines: Iterable[str], below: str) -> None:
    """Add the lines of a title, and a smaller one below them."""
    center = WD_ALIGN_PARAGRAPH.CENTER
    for text in lines:
        line = add_paragraph(document, text, face=TITLE, size=22, indent=False, align=center)
        line.paragraph_format.line_spacing = Pt(34)
    last = add_paragraph(document, below, face=SUBHEADING, size=14, indent=False, align=center)
    last.paragraph_format.space_after = Pt(14)


def add_code(document: Document) -> None:
    """Add the verification code of the chain, for a brief that has one."""
    add_paragraph(document, "{%p if code %}", indent=False)
    add_paragraph(document, "台账校验码：{{ code }}", size=10.5, indent=False)
    add_paragraph(document, "{%p endif %}", indent=False)


def add_marked_run(paragraph: Paragraph, name: str, text: str, *, size: float = 16) -> None:
    """Add a text between the marks of a Word bookmark, by which its place is found later."""
    number = str(len(paragraph.part.element.xpath("//w:bookmarkStart")))
    for tag in ("bookmarkStart", "bookmarkEnd"):
        mark = OxmlElement(f"w:{tag}")
        mark.set(qn("w:id"), number)
        paragraph._p.append(mark)
        if tag == "bookmarkStart":
            mark.set(qn("w:name"), name)
            set_font(paragraph.add_run(text), BODY, size)


def add_loop(
    document: Document, name: str, text: str, nothing: str = "", *, with_next: str = ""
) -> None:
    """Add a paragraph for each element of a list, or a paragraph that says that there is none.

    A paragraph stays on the page of what follows if the condition ``with_next`` holds.
    """
    add_paragraph(document, f"{{%p for line in {name} %}}", indent=False)
    if with_next:
        add_paragraph(document, f"{{%p if {with_next} %}}", indent=False)
        add_paragraph(document, text).paragraph_format.keep_with_next = True
        add_paragraph(document, "{%p else %}", indent=False)
        add_paragraph(document, text)
        add_paragraph(document, "{%p endif %}", indent=False)
    else:
        add_paragraph(document, text)
    if nothing:
        add_paragraph(document, "{%p else %}", indent=False)
        empty = add_paragraph(document, nothing)
        if with_next:
            empty.paragraph_format.keep_with_next = True
    add_paragraph(document, "{%p endfor %}", indent=False)


def add_optional(
    document: Document, name: str, build: Callable[[], None], nothing: str = "没有记录。"
) -> None:
    """Add the result of ``build`` if the variable ``name`` is not empty, otherwise ``nothing``."""
    add_paragraph(document, f"{{%p if {name} %}}", indent=False)
    build()
    if nothing:
        add_paragraph(document, "{%p else %}", indent=False)
        add_paragraph(document, nothing)
    add_paragraph(document, "{%p endif %}", indent=False)


def add_list_table(
    document: Document,
    each: str,
    columns: tuple[tuple[str, int, str], ...],
    *,
    left: tuple[str, ...] = (),
    size: float = 10.5,
    is_narrow: bool = False,
) -> None:
    """Add a table with a row for each element of a list.

    Args:
        document: the document to extend.
        each: the loop, such as ``row in rows``.
        columns: the heading, the width in millimetres, and the expression shown in the cells.
        left: the headings of columns that are not centred.
        size: the font size in points.
        is_narrow: whether the text stands close to the lines between the columns.
    """
    table = add_table(
        document, tuple(w for _, w, _ in columns), tuple(h for h, _, _ in columns), size=size
    )
    if is_narrow:
        _set_cell_margins(table, Mm(0.6))
    add_loop_row(table, f"{{%tr for {each} %}}")
    row = table.add_row()
    for n, (heading, _, shown) in enumerate(columns):
        fill_cell(row.cells[n], f"{{{{ {shown} }}}}", center=heading not in left, size=size)
    keep_whole(row)
    add_loop_row(table, "{%tr endfor %}")


def add_landscape(document: Document) -> None:
    """Begin a landscape page."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(25), Mm(20)


def add_upright(document: Document) -> None:
    """Begin a portrait page again."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)


def add_rule(paragraph: Paragraph, color: str, size: int) -> None:
    """Draw a line below a paragraph."""
    borders = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for key, value in (("val", "single"), ("sz", str(size)), ("space", "6"), ("color", color)):
        bottom.set(qn(f"w:{key}"), value)
    borders.append(bottom)
    # The schema requires the border before tabs, spacing and alignment.
    paragraph._p.get_or_add_pPr().insert(0, borders)


def add_heading(document: Document, text: str) -> None:
    """Add a first-level heading, which stays on the same page as the next paragraph."""
    paragraph = add_paragraph(document, text, face=HEADING)
    paragraph.paragraph_format.keep_with_next = True


def add_table(
    document: Document, widths: tuple[int, ...], headings: tuple[str, ...], *, size: float = 10.5
) -> Table:
    """Add a table with a heading row that repeats on every page; widths are in millimetres."""
    table = document.add_table(rows=1, cols=len(widths))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for n, width in enumerate(widths):
        table.columns[n].width = Mm(width)
        fill_cell(table.rows[0].cells[n], headings[n], face=HEADING, center=True, size=size)
    header = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(header)
    keep_whole(table.rows[0])
    return table


def _set_cell_margins(table: Table, margin: Length) -> None:
    """Set the distance between the text and the left and right border of each cell."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        element = OxmlElement(f"w:{side}")
        element.set(qn("w:w"), str(int(margin.twips)))
        element.set(qn("w:type"), "dxa")
        margins.append(element)
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    look.addprevious(margins)  # the order of the schema


def add_loop_row(table: Table, tag: str) -> None:
    """Add a row that contains only a template tag; rendering removes the row."""
    fill_cell(table.add_row().cells[0], tag)


def add_section_rows(table: Table) -> None:
    """Begin a loop over sections: a row with the section's name, then the loop over its rows."""
    add_loop_row(table, "{%tr for section in sections %}")
    row = table.add_row()
    merged = row.cells[0].merge(row.cells[-1])
    fill_cell(merged, "{{ section.code }}　{{ section.name }}（{{ section.percent }}）", bold=True)
    shade(merged, "EDEDED")
    keep_whole(row, with_next=True)
    add_loop_row(table, "{%tr for row in section.rows %}")


def add_pictures(document: Document, places: str) -> None:
    """Add the photos of some activities, two side by side, centred over their caption.

    ``places`` is the list of the places of the activities' photos, as a template names it.
    """
    add_paragraph(
        document, f"{{%p for photo in photos if photo.place in {places} %}}", indent=False
    )
    center = WD_ALIGN_PARAGRAPH.CENTER
    pictures = add_paragraph(
        document, "{{ photo.left }} {{ photo.right }}", indent=False, align=center
    )
    pictures.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    pictures.paragraph_format.space_before = Pt(6)
    pictures.paragraph_format.keep_with_next = True
    caption = add_paragraph(document, "{{ photo.caption }}", size=12, indent=False, align=center)
    caption.paragraph_format.line_spacing = Pt(20)
    add_paragraph(document, "{%p endfor %}", indent=False)


def add_charts(document: Document) -> None:
    """Add the charts, each with a caption below it."""
    add_paragraph(document, "{%p for chart in charts %}", indent=False)
    picture = add_paragraph(
        document, "{{ chart.picture }}", indent=False, align=WD_ALIGN_PARAGRAPH.CENTER
    )
    picture.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    picture.paragraph_format.space_before = Pt(8)
    picture.paragraph_format.keep_with_next = True
    add_paragraph(
        document,
        "图{{ loop.index }}　{{ chart.caption }}",
        size=12,
        indent=False,
        align=WD_ALIGN_PARAGRAPH.CENTER,
    )
    add_paragraph(document, "{%p endfor %}", indent=False)


def fill_cell(
    cell: _Cell,
    text: str,
    *,
    face: str = BODY,
    bold: bool = False,
    center: bool = False,
    size: float = 10.5,
) -> None:
    """Write a text into a cell."""
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1)
    if center:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    set_font(paragraph.add_run(text), face, size, bold=bold)


def shade(cell: _Cell, fill: str) -> None:
    """Set the background colour of a cell."""
    element = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", fill)):
        element.set(qn(f"w:{key}"), value)
    cell._tc.get_or_add_tcPr().append(element)


def keep_whole(row: _Row, *, with_next: bool = False) -> None:
    """Keep a row on one page; with ``with_next``, keep it on the same page as the next row."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    if with_next:
        row.cells[0].paragraphs[0].paragraph_format.keep_with_next = True
