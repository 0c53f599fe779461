"""Generates the packaged Word templates: A4 documents in the format of Chinese official documents.

The officer edits her own copies in Word. This script generates only the packaged templates, so that
their layout can be reviewed as text. With ``--check`` nothing is written, and the script fails if a
committed file differs from what it would generate.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from word_county import county
from word_parts import (
    BODY,
    HEADING,
    RED,
    SUBHEADING,
    TITLE,
    WIDTH,
    add_charts,
    add_heading,
    add_list_table,
    add_loop,
    add_loop_row,
    add_marked_run,
    add_optional,
    add_paragraph,
    add_pictures,
    add_rule,
    add_section_rows,
    add_table,
    add_title,
    fill_cell,
    keep_whole,
    new_document,
    set_font,
)
from word_report import report

FOLDER = Path(__file__).parents[1] / "templates"
BAR_SIZE = 5.5
"""The size in points of a square in a bar; ten squares fit the width of the column."""


def main() -> int:
    """Write the templates, or check the committed ones; return 1 if a checked file differs."""
    stale = 0
    for name, build in TEMPLATES.items():
        path = FOLDER / name
        made = _saved(build())
        if path.is_file() and _xml(path.read_bytes()) == _xml(made):
            continue
        if "--check" in sys.argv[1:]:
            print(f"templates/{name} is out of date: run `make docs`", file=sys.stderr)
            stale = 1
        else:
            path.write_bytes(made)
    return stale


def _saved(document: Document) -> bytes:
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def _xml(content: bytes) -> list[bytes]:
    with ZipFile(BytesIO(content)) as archive:
        return [
            archive.read(name)
            for name in sorted(archive.namelist())
            if name.startswith("word/") and name.endswith(".xml")
        ]


def _brief() -> Document:
    document = new_document()
    _head(document)
    add_heading(document, "{{ headings.overview }}")
    add_loop(document, "overview", "{{ line }}")
    _work(document)
    _moved(document)
    _late_and_corrections(document)
    _optional_section(document, "highlights", with_next="")
    add_heading(document, "{{ headings.problems }}")
    item = "（{{ ordinals[loop.index0] }}）{{ line }}"
    add_loop(
        document,
        "problems",
        item,
        "各项指标按合同进度推进。",
    )
    add_loop(document, "causes", "{{ '原因分析：' if loop.first else '' }}{{ line }}")
    add_heading(document, "{{ headings.plans }}")
    add_loop(
        document,
        "plans",
        item,
        "按合同进度继续开展各项服务。",
        with_next="loop.last and not closing",
    )
    _optional_section(document, "closing", with_next="loop.last")
    add_pictures(document, "other_pictures")
    _tail(document)
    _annexes(document)
    return document


def _optional_section(document: Document, name: str, *, with_next: str) -> None:
    add_paragraph(document, f"{{%p if {name} %}}", indent=False)
    add_heading(document, f"{{{{ headings.{name} }}}}")
    add_loop(document, name, "{{ line }}", with_next=with_next)
    add_paragraph(document, "{%p endif %}", indent=False)


def _work(document: Document) -> None:
    """Add a paragraph on each category, with its photos below it."""
    add_paragraph(document, "{%p if work %}", indent=False)
    add_heading(document, "{{ headings.work }}")
    add_paragraph(document, "{%p for section in work %}", indent=False)
    text = add_paragraph(document, "{{ section.heading }}", face=SUBHEADING)
    set_font(text.add_run("{{ section.text }}"), BODY, 16)
    add_pictures(document, "section.pictures")
    add_paragraph(document, "{%p endfor %}", indent=False)
    add_paragraph(document, "{%p endif %}", indent=False)


def _moved(document: Document) -> None:
    """Add the rows that moved or need attention."""
    add_paragraph(document, "{%p if moved and annex != 'none' %}", indent=False)
    caption = add_paragraph(
        document, "本月指标变动", face=SUBHEADING, indent=False, align=WD_ALIGN_PARAGRAPH.CENTER
    )
    caption.paragraph_format.keep_with_next = True
    add_list_table(
        document,
        "row in moved",
        (
            ("编号", 9, "row.code"),
            ("服务项", 34, "row.name"),
            ("目标", 31, "row.target"),
            ("本月", 25, "row.month"),
            ("累计", 27, "row.total"),
            ("完成率", 20, "row.percent"),
            ("状态", 10, "row.state"),
        ),
        left=("服务项",),
        size=9,
        is_narrow=True,
    )
    add_paragraph(document, "{%p if moved_left_out %}", indent=False)
    add_paragraph(
        document,
        "其余{{ moved_left_out }}项未变动的逾期、滞后或临近期限指标，见存在的问题和下月计划。",
    )
    add_paragraph(document, "{%p endif %}", indent=False)
    add_paragraph(document, "{%p endif %}", indent=False)


def _annexes(document: Document) -> None:
    add_paragraph(document, "{%p if annex == 'full' %}", indent=False)
    _annex_heading(document, "附件1　指标完成情况表")
    _completion(document)
    add_charts(document)
    add_paragraph(document, "{%p if activities %}", indent=False)
    _annex_heading(document, "附件2　本月活动一览表")
    _activities(document, "activities", ("备注", "note"))
    add_paragraph(document, "{%p endif %}", indent=False)
    add_paragraph(document, "{%p endif %}", indent=False)


def _annex_heading(document: Document, text: str) -> None:
    """Add a heading that begins a new page and stays with its table."""
    heading = add_paragraph(document, text, face=HEADING, indent=False)
    heading.paragraph_format.page_break_before = True
    heading.paragraph_format.keep_with_next = True


def _late_and_corrections(document: Document) -> None:
    add_paragraph(document, "{%p if late %}", indent=False)
    heading = add_paragraph(document, "补记（以前各期未报的活动，计入本期）：", face=SUBHEADING)
    heading.paragraph_format.keep_with_next = True
    _activities(document, "late", ("补记原因", "reason"))
    add_paragraph(document, "{%p endif %}", indent=False)
    add_paragraph(document, "{%p if corrections %}", indent=False)
    heading = add_paragraph(document, "更正（以前各期已报的活动，差额计入本期）：", face=SUBHEADING)
    heading.paragraph_format.keep_with_next = True
    add_list_table(
        document,
        "one in corrections",
        (
            ("日期", 20, "one.date"),
            ("服务项", 30, "one.item"),
            ("活动", 32, "one.title"),
            ("原来", 25, "one.before"),
            ("更正为", 25, "one.after"),
            ("原因", 24, "one.reason"),
        ),
        left=("服务项", "活动", "原因"),
    )
    add_paragraph(document, "{%p endif %}", indent=False)


def _activities(document: Document, name: str, last: tuple[str, str]) -> None:
    add_list_table(
        document,
        f"activity in {name}",
        (
            ("日期", 20, "activity.date"),
            ("服务项", 32, "activity.item"),
            ("活动", 38, "activity.title"),
            ("地点", 20, "activity.place"),
            ("数量", 26, "activity.amounts"),
            (last[0], 20, f"activity.{last[1]}"),
        ),
        left=("服务项", "活动", "地点", last[0]),
    )


def _head(document: Document) -> None:
    title = add_paragraph(
        document,
        "{{ title }}",
        face=TITLE,
        size=26,
        indent=False,
        color=RED,
        align=WD_ALIGN_PARAGRAPH.CENTER,
    )
    title.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    title.paragraph_format.space_after = Pt(10)
    add_paragraph(
        document, "第 {{ number }} 期", indent=False, align=WD_ALIGN_PARAGRAPH.CENTER
    ).paragraph_format.space_after = Pt(6)
    line = add_paragraph(document, "{{ agency }}\t", indent=False)
    add_marked_run(line, "sgtrack_date", "{{ date }}")
    line.paragraph_format.tab_stops.add_tab_stop(Mm(WIDTH), alignment=2)
    add_rule(line, "C00000", 18)
    name = add_paragraph(
        document,
        "{{ community }}{{ month }}工作情况",
        face=TITLE,
        size=22,
        indent=False,
        align=WD_ALIGN_PARAGRAPH.CENTER,
    )
    name.paragraph_format.space_before = Pt(20)
    name.paragraph_format.line_spacing = Pt(34)
    add_paragraph(
        document,
        "（{{ package }}　统计时间：{{ window }}）",
        face=SUBHEADING,
        size=14,
        indent=False,
        align=WD_ALIGN_PARAGRAPH.CENTER,
    ).paragraph_format.space_after = Pt(14)


def _completion(document: Document) -> None:
    widths = (16, 36, 25, 17, 25, 24, 13)
    table = add_table(
        document, widths, ("编号", "服务项", "目标", "本月", "累计", "完成率", "状态")
    )
    add_section_rows(table)
    row = table.add_row()
    for n, name in enumerate(("code", "name", "target", "month", "total", "percent", "state")):
        fill_cell(row.cells[n], f"{{{{ row.{name} }}}}", center=n not in (1,))
    bar = row.cells[5].add_paragraph()
    bar.alignment = WD_ALIGN_PARAGRAPH.CENTER
    bar.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    squares = bar.add_run("{{ row.bar }}")
    set_font(squares, "宋体", BAR_SIZE)
    squares.font.name = "宋体"
    squares._r.rPr.rFonts.set(qn("w:hint"), "eastAsia")
    keep_whole(row)
    add_loop_row(table, "{%tr endfor %}")
    add_loop_row(table, "{%tr endfor %}")


def _tail(document: Document) -> None:
    """Add 报, 送 and 发 between two lines, as on the last page of an official document."""
    table = document.add_table(rows=0, cols=1)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    add_loop_row(table, "{%tr for line in recipients %}")
    row = table.add_row()
    fill_cell(row.cells[0], "{{ line }}", size=14)
    keep_whole(row, with_next=True)
    add_loop_row(table, "{%tr endfor %}")
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom"):
        edge = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", "8"), ("space", "0"), ("color", "000000")):
            edge.set(qn(f"w:{key}"), value)
        borders.append(edge)
    table._tbl.tblPr.append(borders)
    table.columns[0].width = Mm(WIDTH)
    code = add_paragraph(document, "台账校验码：", size=10.5, indent=False)
    add_marked_run(code, "sgtrack_code", "{{ code or '正式发出时填写' }}", size=10.5)


def _training() -> Document:
    document = new_document()
    add_paragraph(document, "{%p if with_names %}", indent=False)
    add_paragraph(document, "含姓名，请勿外传", size=14, indent=False, color=RED)
    add_paragraph(document, "{%p endif %}", indent=False)
    below = "（{{ item }}　{{ year }}　每人应完成 {{ target }}　截至 {{ date }}）"
    add_title(document, ("{{ community }}{{ role }}培养记录",), below)
    add_list_table(
        document,
        "one in people",
        (
            ("姓名", 40, "one.name"),
            ("培训次数", 30, "one.count"),
            ("合计", 40, "one.total"),
            ("是否达标", 46, "one.met"),
        ),
    )
    add_paragraph(document, "{%p for one in people %}", indent=False)
    add_paragraph(document, "{{ one.name }}（合计 {{ one.total }}）", face=SUBHEADING)
    add_optional(
        document,
        "one.lessons",
        lambda: add_list_table(
            document,
            "lesson in one.lessons",
            (
                ("日期", 34, "lesson.date"),
                ("课程", 70, "lesson.course"),
                ("地点", 28, "lesson.place"),
                ("时间", 24, "lesson.hours"),
            ),
            left=("课程",),
        ),
        nothing="还没有参加培训。",
    )
    add_paragraph(document, "{%p endfor %}", indent=False)
    return document


TEMPLATES: dict[str, Callable[[], Document]] = {
    "brief.docx": _brief,
    "midterm.docx": report,
    "final.docx": report,
    "training.docx": _training,
    "county.docx": county,
}

if __name__ == "__main__":
    sys.exit(main())
