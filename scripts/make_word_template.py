"""Makes templates/brief.docx: an A4 brief in the manner of Chinese offices (GB/T 9704-2012).

The officer edits her copy of the file in Word; this script only makes the packaged one, so that
its layout can be read and reviewed as text. With ``--check`` nothing is written, and the script
fails when the committed file is not what it would make.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx
from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

TEMPLATE = Path(__file__).parents[1] / "templates" / "brief.docx"
RED = RGBColor(0xC0, 0x00, 0x00)
BODY, TITLE, HEADING, SUBHEADING, LATIN = (
    "仿宋_GB2312",
    "方正小标宋简体",
    "黑体",
    "楷体_GB2312",
    "Times New Roman",
)
LINE = Pt(28.5)
WIDTH = 156


def main() -> int:
    """Write the template, or check the committed one."""
    made = _template()
    if "--check" in sys.argv[1:]:
        same = TEMPLATE.is_file() and _xml(TEMPLATE.read_bytes()) == _xml(made)
        if not same:
            print("templates/brief.docx is out of date: run `make docs`", file=sys.stderr)
        return 0 if same else 1
    if not TEMPLATE.is_file() or _xml(TEMPLATE.read_bytes()) != _xml(made):
        TEMPLATE.write_bytes(made)
    return 0


def _xml(content: bytes) -> list[bytes]:
    with ZipFile(BytesIO(content)) as archive:
        return [
            archive.read(name)
            for name in sorted(archive.namelist())
            if name.startswith("word/") and name.endswith(".xml")
        ]


def _template() -> bytes:
    document = docx.Document()
    _page(document)
    _base_style(document)
    _head(document)
    _body(document)
    _tail(document)
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def _page(document: Document) -> None:
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
    """— 1 — in 四号 宋体, at the outer edge of the page."""
    paragraph.alignment = where
    for part in ("— ", None, " —"):
        run = paragraph.add_run(part or "")
        _font(run, "宋体", 14)
        if part is None:
            for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
                if kind:
                    element = OxmlElement("w:fldChar")
                    element.set(qn("w:fldCharType"), kind)
                else:
                    element = OxmlElement("w:instrText")
                    element.text = text
                run._r.append(element)


def _base_style(document: Document) -> None:
    style = document.styles["Normal"]
    style.font.name = LATIN
    style.font.size = Pt(16)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
    style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    style.paragraph_format.line_spacing = LINE


def _font(
    run: Run, name: str, size: float, *, bold: bool = False, color: RGBColor | None = None
) -> None:
    run.font.name = LATIN
    run.font.size = Pt(size)
    run.font.bold = bold
    if color is not None:
        run.font.color.rgb = color
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _paragraph(
    document: Document,
    text: str,
    *,
    font: str = BODY,
    size: float = 16,
    align: WD_ALIGN_PARAGRAPH | None = None,
    indent: bool = True,
    color: RGBColor | None = None,
) -> Paragraph:
    paragraph = document.add_paragraph()
    if align is not None:
        paragraph.alignment = align
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(32)
    _font(paragraph.add_run(text), font, size, color=color)
    return paragraph


def _head(document: Document) -> None:
    title = _paragraph(
        document,
        "{{ title }}",
        font=TITLE,
        size=26,
        indent=False,
        color=RED,
        align=WD_ALIGN_PARAGRAPH.CENTER,
    )
    title.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    title.paragraph_format.space_after = Pt(10)
    _paragraph(
        document, "第 {{ number }} 期", indent=False, align=WD_ALIGN_PARAGRAPH.CENTER
    ).paragraph_format.space_after = Pt(6)
    line = _paragraph(document, "{{ agency }}\t{{ date }}", indent=False)
    line.paragraph_format.tab_stops.add_tab_stop(Mm(WIDTH), alignment=2)
    _rule(line, "C00000", 18)
    name = _paragraph(
        document,
        "{{ community }}{{ month }}工作情况",
        font=TITLE,
        size=22,
        indent=False,
        align=WD_ALIGN_PARAGRAPH.CENTER,
    )
    name.paragraph_format.space_before = Pt(20)
    name.paragraph_format.line_spacing = Pt(34)
    _paragraph(
        document,
        "（{{ package }}　统计时间：{{ window }}）",
        font=SUBHEADING,
        size=14,
        indent=False,
        align=WD_ALIGN_PARAGRAPH.CENTER,
    ).paragraph_format.space_after = Pt(14)


def _rule(paragraph: Paragraph, color: str, size: int) -> None:
    borders = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for key, value in (("val", "single"), ("sz", str(size)), ("space", "6"), ("color", color)):
        bottom.set(qn(f"w:{key}"), value)
    borders.append(bottom)
    # The schema wants the border before tabs, spacing and alignment.
    paragraph._p.get_or_add_pPr().insert(0, borders)


def _body(document: Document) -> None:
    _heading(document, "一、本月工作概况")
    _paragraph(document, "{%p for paragraph in overview %}", indent=False)
    _paragraph(document, "{{ paragraph }}")
    _paragraph(document, "{%p endfor %}", indent=False)
    _heading(document, "二、指标完成情况")
    _completion(document)
    _heading(document, "三、本月主要活动")
    _paragraph(document, "{%p if activities %}", indent=False)
    _activities(document)
    _paragraph(document, "{%p else %}", indent=False)
    _paragraph(document, "本月没有记录活动。")
    _paragraph(document, "{%p endif %}", indent=False)
    for heading, name, nothing in (
        ("四、存在的问题", "problems", "没有逾期或落后的指标。"),
        ("五、下月计划", "plans", "按合同进度继续开展各项服务。"),
    ):
        _heading(document, heading)
        _paragraph(document, f"{{%p for line in {name} %}}", indent=False)
        _paragraph(document, "（{{ loop.index }}）{{ line }}")
        _paragraph(document, "{%p else %}", indent=False)
        _paragraph(document, nothing)
        _paragraph(document, "{%p endfor %}", indent=False)


def _heading(document: Document, text: str) -> None:
    paragraph = _paragraph(document, text, font=HEADING)
    paragraph.paragraph_format.keep_with_next = True


def _completion(document: Document) -> None:
    widths = (14, 41, 27, 17, 26, 17, 14)
    table = _table(document, widths, ("编号", "服务项", "目标", "本月", "累计", "完成率", "状态"))
    _loop_row(table, "{%tr for section in sections %}")
    row = table.add_row()
    merged = row.cells[0].merge(row.cells[-1])
    _cell(merged, "{{ section.code }}　{{ section.name }}（{{ section.percent }}）", bold=True)
    shade = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", "EDEDED")):
        shade.set(qn(f"w:{key}"), value)
    merged._tc.get_or_add_tcPr().append(shade)
    _keep_whole(row, with_next=True)
    _loop_row(table, "{%tr for row in section.rows %}")
    row = table.add_row()
    for n, name in enumerate(("code", "name", "target", "month", "total", "percent", "state")):
        _cell(row.cells[n], f"{{{{ row.{name} }}}}", center=n not in (1,))
    _keep_whole(row)
    _loop_row(table, "{%tr endfor %}")
    _loop_row(table, "{%tr endfor %}")


def _activities(document: Document) -> None:
    table = _table(
        document, (20, 32, 38, 20, 26, 20), ("日期", "服务项", "活动", "地点", "数量", "备注")
    )
    _loop_row(table, "{%tr for activity in activities %}")
    row = table.add_row()
    for n, name in enumerate(("date", "item", "title", "place", "amounts", "note")):
        _cell(row.cells[n], f"{{{{ activity.{name} }}}}", center=n in (0, 4))
    _keep_whole(row)
    _loop_row(table, "{%tr endfor %}")


def _table(document: Document, widths: tuple[int, ...], headings: tuple[str, ...]) -> Table:
    table = document.add_table(rows=1, cols=len(widths))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for n, width in enumerate(widths):
        table.columns[n].width = Mm(width)
        _cell(table.rows[0].cells[n], headings[n], font=HEADING, center=True)
    header = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(header)
    _keep_whole(table.rows[0])
    return table


def _loop_row(table: Table, tag: str) -> None:
    _cell(table.add_row().cells[0], tag)


def _cell(
    cell: _Cell, text: str, *, font: str = BODY, bold: bool = False, center: bool = False
) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1)
    if center:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _font(paragraph.add_run(text), font, 10.5, bold=bold)


def _keep_whole(row: _Row, *, with_next: bool = False) -> None:
    """A row is never split over two pages; a category's row stays with the one after it."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    if with_next:
        row.cells[0].paragraphs[0].paragraph_format.keep_with_next = True


def _tail(document: Document) -> None:
    last = _paragraph(document, "报送：{{ copies_to }}", size=14, indent=False)
    last.paragraph_format.space_before = Pt(24)
    borders = OxmlElement("w:pBdr")
    for side in ("top", "bottom"):
        edge = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", "8"), ("space", "4"), ("color", "000000")):
            edge.set(qn(f"w:{key}"), value)
        borders.append(edge)
    last._p.get_or_add_pPr().insert(0, borders)


if __name__ == "__main__":
    sys.exit(main())
