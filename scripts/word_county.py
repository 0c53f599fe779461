"""The Word template of the county report."""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document
from docx.shared import Mm
from docx.table import _Cell

from word_parts import (
    add_code,
    add_heading,
    add_landscape,
    add_list_table,
    add_loop,
    add_loop_row,
    add_optional,
    add_paragraph,
    add_section_rows,
    add_table,
    add_title,
    add_upright,
    fill_cell,
    keep_whole,
    new_document,
)


def county() -> Document:
    """Return the report on all communities, with its table of percentages on a landscape page."""
    document = new_document()
    add_title(document, ("{{ county }}", "{{ title }}"), "（截至{{ as_of }}　{{ date }}）")
    add_heading(document, "一、总体情况")
    add_loop(document, "overview", "{{ line }}")
    add_landscape(document)
    add_heading(document, "二、各社区各类服务完成率（%）")
    add_paragraph(
        document,
        "最需要支持的社区在前，颜色越深完成率越低；! 表示这一类里有逾期的指标，"
        "— 表示合同里没有这一类。",
        size=12,
    )
    _heat(document)
    add_paragraph(
        document,
        "{% for column in columns %}{{ column.code }} {{ column.name }}　{% endfor %}",
        size=10.5,
        indent=False,
    )
    add_upright(document)
    add_heading(document, "三、需要支持的社区")
    add_optional(document, "needs", lambda: _needs(document), nothing="没有逾期或滞后的社区。")
    add_heading(document, "四、各类服务合计")
    add_paragraph(document, "目标一栏是每个社区的目标乘以有这一项的社区数。", size=12)
    _totals(document)
    add_heading(document, "五、佐证材料")
    _proof(document)
    add_heading(document, "六、媒体报道")
    add_loop(document, "media_summary", "{{ line }}")
    add_optional(document, "media", lambda: _media_reports(document), nothing="")
    add_code(document)
    return document


def _heat(document: Document) -> None:
    """Add the table of percentages, with a column for each category and a shade for each figure."""
    table = add_table(document, (30, 18, 18, 18, 18), ("社区", "", "", "", "总体"))
    table.autofit = True
    heading = table.rows[0].cells
    _fill_columns(heading, "column in columns", "{{ column.code }}")
    add_loop_row(table, "{%tr for row in heat %}")
    row = table.add_row()
    fill_cell(row.cells[0], "{{ row.name }}")
    _fill_columns(row.cells, "cell in row.cells", "{% cellbg cell.shade %}{{ cell.shown }}")
    fill_cell(
        row.cells[4], "{% cellbg row.total.shade %}{{ row.total.shown }}", bold=True, center=True
    )
    keep_whole(row)
    add_loop_row(table, "{%tr endfor %}")
    row = table.add_row()
    fill_cell(row.cells[0], "平均", bold=True)
    shown = "{% cellbg column.mean.shade %}{{ column.mean.shown }}"
    _fill_columns(row.cells, "column in columns", shown)
    fill_cell(row.cells[4], "{% cellbg mean.shade %}{{ mean.shown }}", bold=True, center=True)
    keep_whole(row)
    # The columns that the template adds share the width of the existing ones.
    for column, width in zip(table.columns, (72, 42, 42, 42, 42), strict=True):
        column.width = Mm(width)


def _fill_columns(cells: Sequence[_Cell], each: str, shown: str) -> None:
    for cell, text in zip(
        cells[1:4], (f"{{%tc for {each} %}}", shown, "{%tc endfor %}"), strict=True
    ):
        fill_cell(cell, text, center=True)


def _needs(document: Document) -> None:
    add_list_table(
        document,
        "row in needs",
        (
            ("社区", 38, "row.name"),
            ("完成率", 18, "row.percent"),
            ("逾期", 14, "row.overdue"),
            ("滞后", 14, "row.behind"),
            ("最紧急的指标", 72, "row.urgent"),
        ),
        left=("社区", "最紧急的指标"),
    )


def _totals(document: Document) -> None:
    widths = (13, 36, 28, 31, 17, 15, 16)
    headings = ("编号", "服务项", "目标", "合计", "平均", "佐证", "逾期滞后")
    table = add_table(document, widths, headings)
    add_section_rows(table)
    row = table.add_row()
    for n, name in enumerate(("code", "name", "target", "total", "percent", "proven", "behind")):
        fill_cell(row.cells[n], f"{{{{ row.{name} }}}}", center=n != 1)
    keep_whole(row)
    add_loop_row(table, "{%tr endfor %}")
    add_loop_row(table, "{%tr endfor %}")


def _proof(document: Document) -> None:
    add_list_table(
        document,
        "row in proof",
        (
            ("社区", 46, "row.name"),
            ("活动", 20, "row.activities"),
            ("佐证齐全", 24, "row.complete"),
            ("占比", 18, "row.share"),
            ("完成率", 22, "row.percent"),
            ("有佐证", 26, "row.proven"),
        ),
        left=("社区",),
    )


def _media_reports(document: Document) -> None:
    add_list_table(
        document,
        "row in media",
        (
            ("社区", 34, "row.community"),
            ("日期", 34, "row.date"),
            ("报道", 56, "row.title"),
            ("媒体、地点", 32, "row.place"),
        ),
        left=("社区", "报道"),
    )
