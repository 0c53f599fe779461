"""The Word template of the mid-term and the final report."""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from word_parts import (
    HEADING,
    RED,
    WIDTH,
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
    set_font,
    shade,
)

MONTHS_A_TABLE = 12
_CONTENTS = (
    "一、项目概况",
    "二、总体完成情况",
    "三、各类服务完成情况和差距说明",
    "四、各类人群服务情况",
    "五、各季度进展情况",
    "六、重点活动和成效",
    "七、小组和个案",
    "八、人才培养",
    "九、媒体报道",
    "十、佐证材料情况",
    "十一、合同变更情况",
    "十二、存在的问题及原因",
    "十三、结论与建议",
    "附件1　各月完成情况",
    "附件2　活动一览表",
    "附件3　佐证材料登记",
    "附件4　月度简报",
)


def report() -> Document:
    """Build the report: contents, thirteen parts and four annexes."""
    document = new_document()
    add_paragraph(document, "{%p if with_names %}", indent=False)
    add_paragraph(document, "含姓名，请勿外传", size=14, indent=False, color=RED)
    add_paragraph(document, "{%p endif %}", indent=False)
    add_title(
        document, ("{{ community }}社会工作服务项目", "{{ title }}"), "（{{ agency }}　{{ date }}）"
    )
    _contents(document)
    _progress(document)
    _services(document)
    _evaluation(document)
    _annexes(document)
    return document


def _progress(document: Document) -> None:
    _heading(document, 0, page_break=True)
    add_loop(document, "facts", "{{ line }}")
    _heading(document, 1)
    add_loop(document, "overview", "{{ line }}")
    add_list_table(
        document,
        "row in categories",
        (
            ("服务类别", 48, "row.name"),
            ("指标数", 18, "row.indicators"),
            ("完成", 16, "row.done"),
            ("滞后", 16, "row.behind"),
            ("逾期", 16, "row.overdue"),
            ("完成率", 21, "row.percent"),
            ("有佐证", 21, "row.proven"),
        ),
        left=("服务类别",),
    )
    _heading(document, 2)
    _shortfalls(document)
    _heading(document, 3)
    add_optional(
        document,
        "groups",
        lambda: add_list_table(
            document,
            "one in groups",
            (
                ("人群", 34, "one.name"),
                ("服务", 18, "one.activities"),
                ("服务数量", 34, "one.amounts"),
                ("服务项", 70, "one.services"),
            ),
            left=("服务项",),
        ),
    )
    _heading(document, 4)
    add_optional(document, "quarters", lambda: _quarters(document), nothing="项目尚未开始。")


def _services(document: Document) -> None:
    _heading(document, 5)
    add_loop(document, "results", "{{ line }}")
    add_optional(document, "highlights", lambda: _activities(document, "highlights"))
    add_loop(document, "practices", "{{ line }}")
    _heading(document, 6)
    add_loop(document, "series_summary", "{{ line }}")
    add_optional(document, "series", lambda: _series(document))
    _heading(document, 7)
    add_loop(document, "training", "{{ line }}", "合同没有按每人计的培训指标。")
    add_optional(document, "people", lambda: _people(document), nothing="")
    _heading(document, 8)
    add_optional(document, "media", lambda: _activities(document, "media"))


def _evaluation(document: Document) -> None:
    _heading(document, 9)
    add_loop(document, "evidence_summary", "{{ line }}")
    add_optional(
        document,
        "shares",
        lambda: add_list_table(
            document,
            "one in shares",
            (
                ("服务类别", 44, "one.code ~ ' ' ~ one.name"),
                ("活动", 18, "one.activities"),
                ("佐证齐全", 22, "one.complete"),
                ("占比", 18, "one.percent"),
                ("缺少的材料", 54, "one.lacking"),
            ),
            left=("服务类别", "缺少的材料"),
        ),
        nothing="",
    )
    _heading(document, 10)
    add_loop(document, "changes", "（{{ loop.index }}）{{ line }}。", "合同期内没有变更。")
    _heading(document, 11)
    add_loop(document, "problems", "（{{ loop.index }}）{{ line }}", "没有逾期或滞后的指标。")
    add_loop(document, "causes", "{{ line }}")
    _heading(document, 12)
    add_loop(document, "conclusions", "{{ line }}", "结论：待填。")
    add_loop(document, "advice", "{{ line }}")


def _annexes(document: Document) -> None:
    add_landscape(document)
    _heading(document, 13)
    add_paragraph(document, "带 * 的月份简报尚未提交。", size=12)
    _months(document)
    _heading(document, 14, page_break=True)
    add_optional(document, "activities", lambda: _by_clause(document))
    add_upright(document)
    _heading(document, 15)
    _evidence(document)
    _heading(document, 16)
    add_optional(document, "briefs", lambda: _briefs(document), nothing="尚未提交简报。")
    add_code(document)


def _bookmark(number: int) -> str:
    return f"part{number + 1}"


def _heading(document: Document, number: int, *, page_break: bool = False) -> None:
    """Add a heading that the table of contents lists, with a bookmark for its page number."""
    add_heading(document, _CONTENTS[number])
    paragraph = document.paragraphs[-1]
    paragraph.paragraph_format.page_break_before = page_break
    level = OxmlElement("w:outlineLvl")
    level.set(qn("w:val"), "0")
    paragraph._p.get_or_add_pPr().append(level)
    begin, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for element in (begin, end):
        element.set(qn("w:id"), str(100 + number))
    begin.set(qn("w:name"), _bookmark(number))
    paragraph._p.insert(1, begin)
    paragraph._p.append(end)


def _contents(document: Document) -> None:
    """Add the contents: each heading with dots and the number of its page.

    The page numbers are fields, which Word computes when the document is opened or printed.
    """
    center = WD_ALIGN_PARAGRAPH.CENTER
    title = add_paragraph(document, "目　录", face=HEADING, indent=False, align=center)
    title.paragraph_format.space_after = Pt(8)
    for number, name in enumerate(_CONTENTS):
        line = add_paragraph(document, f"{name}\t", indent=False)
        stops = line.paragraph_format.tab_stops
        stops.add_tab_stop(Mm(WIDTH), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
        _add_page_of(line, _bookmark(number))


def _add_page_of(paragraph: Paragraph, bookmark: str) -> None:
    """Add a field with the page of a bookmark."""
    for kind in ("begin", "", "separate", "text", "end"):
        run = paragraph.add_run("…" if kind == "text" else "")
        set_font(run, "仿宋_GB2312", 16)
        if kind in ("begin", "separate", "end"):
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
            if kind == "begin":
                element.set(qn("w:dirty"), "true")
            run._r.append(element)
        elif not kind:
            element = OxmlElement("w:instrText")
            element.text = f" PAGEREF {bookmark} \\h "
            run._r.append(element)


def _shortfalls(document: Document) -> None:
    widths = (13, 30, 24, 25, 17, 14, 33)
    headings = ("编号", "服务项", "目标", "完成", "完成率", "佐证", "差距说明")
    table = add_table(document, widths, headings)
    add_section_rows(table)
    row = table.add_row()
    for n, name in enumerate(("code", "name", "target", "total", "percent", "proven", "shortfall")):
        fill_cell(row.cells[n], f"{{{{ row.{name} }}}}", center=n not in (1, 6))
    keep_whole(row)
    add_loop_row(table, "{%tr endfor %}")
    add_loop_row(table, "{%tr endfor %}")


def _quarters(document: Document) -> None:
    add_list_table(
        document,
        "one in quarters",
        (
            ("季度", 22, "one.name"),
            ("起止", 40, "one.days"),
            ("活动", 16, "one.activities"),
            ("服务人次", 22, "one.visits"),
            ("走访户次", 20, "one.households"),
            ("新完成指标", 18, "one.completed"),
            ("期末完成率", 18, "one.percent"),
        ),
    )


def _months(document: Document) -> None:
    add_paragraph(document, "{%p for block in months %}", indent=False)
    widths = (14, 44, *[14] * MONTHS_A_TABLE, 22)
    labels = [f"{{{{ block.labels[{n}] }}}}" for n in range(MONTHS_A_TABLE)]
    table = add_table(document, widths, ("编号", "服务项", *labels, "合计"), size=9)
    add_loop_row(table, "{%tr for row in block.rows %}")
    row = table.add_row()
    cells = [f"row.gains[{n}]" for n in range(MONTHS_A_TABLE)]
    for n, shown in enumerate(("row.code", "row.name", *cells, "row.total")):
        fill_cell(row.cells[n], f"{{{{ {shown} }}}}", center=n != 1, size=9)
    keep_whole(row)
    add_loop_row(table, "{%tr endfor %}")
    add_paragraph(document, "{%p endfor %}", indent=False)


def _by_clause(document: Document) -> None:
    """Add one table of all activities, with a row that names each clause above its activities."""
    headings = ("日期", "服务项", "活动", "地点", "数量", "成效", "佐证")
    names = ("date", "item", "title", "place", "amounts", "effect", "evidence")
    table = add_table(document, (22, 38, 56, 34, 36, 45, 26), headings, size=10)
    add_loop_row(table, "{%tr for clause in activities %}")
    row = table.add_row()
    merged = row.cells[0].merge(row.cells[-1])
    words = "{{ clause.code }}　{{ clause.text }}（{{ clause.count }}）"
    fill_cell(merged, words, bold=True, size=10)
    shade(merged, "EDEDED")
    keep_whole(row, with_next=True)
    add_loop_row(table, "{%tr for one in clause.rows %}")
    row = table.add_row()
    for n, name in enumerate(names):
        fill_cell(row.cells[n], f"{{{{ one.{name} }}}}", center=n in (0, 4, 6), size=10)
    keep_whole(row)
    add_loop_row(table, "{%tr endfor %}")
    add_loop_row(table, "{%tr endfor %}")


def _activities(document: Document, name: str) -> None:
    _list(
        document,
        f"activity in {name}",
        ("日期", "服务项", "活动", "地点", "数量", "备注"),
        (20, 32, 38, 20, 26, 20),
        [f"activity.{one}" for one in ("date", "item", "title", "place", "amounts", "note")],
    )


def _series(document: Document) -> None:
    _list(
        document,
        "one in series",
        ("服务项", "名称", "次数", "起止", "状态"),
        (30, 48, 16, 40, 22),
        ["one.item", "one.title", "one.sessions", "one.days", "one.state"],
    )


def _people(document: Document) -> None:
    _list(
        document,
        "one in people",
        ("角色", "姓名", "年度", "已完成", "应完成"),
        (36, 36, 24, 30, 30),
        ["one.role", "one.name", "one.year", "one.actual", "one.target"],
    )


def _evidence(document: Document) -> None:
    _list(
        document,
        "one in evidence",
        ("编号", "服务项", "活动", "佐证齐全", "文件"),
        (16, 44, 16, 20, 60),
        ["one.code", "one.name", "one.entries", "one.complete", "one.files"],
    )


def _briefs(document: Document) -> None:
    _list(
        document,
        "one in briefs",
        ("期号", "月份", "提交日期", "按时", "校验码"),
        (22, 26, 34, 24, 50),
        ["one.number", "one.month", "one.issued", "one.late", "one.code"],
    )


def _list(
    document: Document,
    each: str,
    headings: Sequence[str],
    widths: Sequence[int],
    shown: Sequence[str],
) -> None:
    """Add a table with a row for each element of a list; names and texts are set to the left."""
    texts = {"服务项", "活动", "地点", "备注", "名称", "文件"}
    columns = tuple(zip(headings, widths, shown, strict=True))
    add_list_table(document, each, columns, left=tuple(texts.intersection(headings)))
