"""PDF files are read as lines and tables, or refused plainly."""

from __future__ import annotations

from pathlib import Path

import pytest

from sgtrack.model.errors import Refused
from sgtrack.tender import pdf_process, pdf_reader
from sgtrack.tender.documents import read_content
from sgtrack.tender.pdf_reader import PdfProblem, _plain, read_pages
from sgtrack.tender.tender_document import Block, DocumentTable

from .pdf_documents import LEFT, RIGHT, PdfPage, pdf_file, width_of


def blocks_of(*pages: PdfPage) -> list[Block]:
    return read_pages(pdf_file(pages))[0]


def texts(block: Block) -> list[list[str]]:
    assert isinstance(block, DocumentTable)
    return [[cell.text for cell in row] for row in block.rows]


EDGES = (LEFT, 170.0, 300.0, RIGHT)
LONG = (
    "面向辖区困难家庭开展入户走访和需求评估，每月不少于20户次，并建立一户一档，全年不少于240户次。"
)


def test_wrapped_lines_become_paragraphs_and_a_table_stays_in_its_place() -> None:
    page = PdfPage()
    top = page.paragraph(90, LONG)
    top = page.paragraph(top, "1.个案服务不少于5个；")
    top = page.table(
        top, EDGES, [("类别", "内容", "指标"), ("为老服务", LONG, "1.活动10场；\n2.探访80人次。")]
    )
    page.paragraph(top + 20, "以上指标每季度考核一次。")
    before, clause, table, after = blocks_of(page)
    assert (before, clause, after) == (LONG, "1.个案服务不少于5个；", "以上指标每季度考核一次。")
    assert texts(table) == [
        ["类别", "内容", "指标"],
        ["为老服务", LONG, "1.活动10场；\n2.探访80人次。"],
    ]


def test_paragraphs_of_pages_with_different_widths_and_a_line_that_sticks_out() -> None:
    pages = PdfPage(), PdfPage(width=842)
    pages[0].paragraph(90, LONG)
    pages[0].text(300, 200, "采购编号：（2026）第0012号　合同包一　第二次")
    pages[0].paragraph(300, LONG)
    for n, text in enumerate(("宽" * 58, "宽" * 10)):
        pages[1].text(72, 90 + 18 * n, text)
    assert blocks_of(*pages) == [
        *(LONG, "采购编号：（2026）第0012号 合同包一 第二次", LONG, "宽" * 68),
    ]


def test_a_merged_cell_is_one_cell_in_all_its_rows() -> None:
    page = PdfPage()
    rows = [("类别", "内容", "指标"), ("为老服务", "探访", "每月8次"), (None, "讲座", "4场")]
    page.table(90, EDGES, rows)
    (table,) = blocks_of(page)
    assert isinstance(table, DocumentTable)
    assert table.rows[1][0] is table.rows[2][0]
    assert table.rows[2][0].text == "为老服务"


def two_pages(
    first: list[tuple[str | None, ...]], second: list[tuple[str | None, ...]]
) -> list[list[str]]:
    pages = PdfPage(), PdfPage()
    pages[0].table(300, EDGES, first)
    pages[1].table(80, EDGES, second)
    for number, page in enumerate(pages, start=1):
        page.text(LEFT, 40, "某街道社会工作服务采购需求")
        page.text(290, 800, f"- {number} -")
    (table,) = blocks_of(*pages)
    return texts(table)


HEADING = ("类别", "内容", "指标")


def test_a_row_that_a_page_break_divides_is_one_row() -> None:
    half = "面向辖区困难家庭开展入户走访和需求评"
    read = two_pages(
        [HEADING, ("帮扶", half, "1.走访200户；\n2.个案服务不少于5个；")],
        [("", "估，建立档案。", "3.小组2个。"), (None, "讲座", "4场"), ("宣传", "媒体", "报道4篇")],
    )
    assert read == [
        [*HEADING],
        ["帮扶", f"{half}估，建立档案。", "1.走访200户；\n2.个案服务不少于5个；\n3.小组2个。"],
        ["帮扶", "讲座", "4场"],
        ["宣传", "媒体", "报道4篇"],
    ]


def test_a_repeated_heading_is_left_out_and_a_merged_category_goes_on() -> None:
    read = two_pages(
        [HEADING, ("帮扶", "走访", "200户")], [HEADING, ("", "个案", "5个"), (None, "小组", "2个")]
    )
    assert read == [
        [*HEADING], ["帮扶", "走访", "200户"], ["帮扶", "个案", "5个"], ["帮扶", "小组", "2个"],
    ]  # fmt: skip


def test_the_heading_of_another_package_is_kept() -> None:
    read = two_pages(
        [HEADING, ("帮扶", "走访", "200户"), ("宣传", "报道", "4篇")],
        [HEADING, ("帮扶", "走访", "300户"), ("宣传", "报道", "6篇")],
    )
    assert read.count([*HEADING]) == 2


def test_headers_footers_and_page_numbers_are_left_out_and_clauses_are_not() -> None:
    pages = []
    for number in range(1, 5):
        page = PdfPage()
        page.text(LEFT, 40, "采购编号：N510 社会工作服务")
        page.text(LEFT, 60, f"{number + 2}.开展邻里活动{number * 3}场；")
        page.text(250, 810, f"第 {number} 页 共 4 页")
        pages.append(page)
    assert blocks_of(*pages) == [f"{n + 2}.开展邻里活动{n * 3}场；" for n in range(1, 5)]


def test_a_single_printed_page_loses_what_the_browser_added() -> None:
    page = PdfPage()
    page.text(24, 16, "11/29/26, 3:10 PM")
    page.text(260, 16, "采购公告")
    page.paragraph(90, LONG)
    page.text(24, 820, "https://www.example.gov.cn/t1.html")
    page.text(540, 820, "1/1")
    assert blocks_of(page) == [LONG]


def test_radicals_become_the_characters_that_they_look_like() -> None:
    # Fonts in PDF files of Chrome name the radical where both have the same picture.
    assert _plain("\u2ea0") + _plain("\u2ed3") + _plain("\u2f3e") == "民长户"
    assert _plain("\u2f08") + _plain("\u2eda") + _plain("\u2fc8") == "人页黄"
    assert _plain("戶") == "戶"


def test_a_page_with_a_single_line_keeps_it() -> None:
    pages = []
    for number in range(1, 4):
        page = PdfPage()
        page.text(LEFT, 40, f"讲座{number}场")
        pages.append(page)
    assert blocks_of(*pages) == ["讲座1场", "讲座2场", "讲座3场"]


def test_slanted_and_curved_lines_are_no_rules() -> None:
    page = PdfPage()
    page.rule(LEFT, 300, RIGHT, 420)
    page.commands.append("0.5 w 100 100 m 150 200 250 200 300 100 c S")
    page.table(90, EDGES, [HEADING, ("帮扶", "走访", "200户")])
    (table,) = blocks_of(page)
    assert texts(table) == [[*HEADING], ["帮扶", "走访", "200户"]]


def test_a_printed_web_page_loses_its_date_and_address() -> None:
    pages = []
    for number in range(1, 4):
        page = PdfPage()
        page.text(24, 16, "2026/3/2 09:15")
        page.text(260, 16, "采购公告")
        page.paragraph(60, f"服务要求（{number}）：探访{number * 10}户。", indent=0)
        page.text(24, 820, "http://www.example.gov.cn/cggg/t1.html")
        page.text(540, 820, f"{number}/3")
        pages.append(page)
    assert blocks_of(*pages) == [f"服务要求（{n}）：探访{n * 10}户。" for n in (1, 2, 3)]


def test_centred_lines_of_a_cell_are_joined_if_they_were_full() -> None:
    page = PdfPage()
    page.table(90, (LEFT, 200.0, RIGHT), [("项目", "指标"), ("", "\n\n"), ("讲座", "4场")])
    middle = (200 + RIGHT) / 2
    lines = ("对辖区困难家庭开展入户走访与需求评估服务，全年不少", "于80户次；", "建档80份。")
    for n, text in enumerate(lines):
        page.text(middle - width_of(text) / 2, 113 + 15.6 * n, text)
    (table,) = blocks_of(page)
    assert texts(table)[1][1] == (
        "对辖区困难家庭开展入户走访与需求评估服务，全年不少于80户次；\n建档80份。"
    )


def test_columns_without_rules_are_a_table() -> None:
    page = PdfPage()
    rows = [
        ("类别", "服务项目", "年度指标"),
        ("困难帮扶", "入户探访", "对辖区困难家庭探访，全年"),
        ("", "", "不少于240户次"),
        ("", "个案服务", "5个"),
        ("社区融合", "邻里活动", "10场"),
    ]
    page.text(LEFT, 90, "二、服务指标")
    for n, row in enumerate(rows):
        for left, text in zip((LEFT, 170.0, 290.0), row, strict=True):
            if text:
                page.text(left, 120 + 18 * n, text)
    page.paragraph(240, LONG)
    title, table, after = blocks_of(page)
    assert (title, after) == ("二、服务指标", LONG)
    assert texts(table) == [
        ["类别", "服务项目", "年度指标"],
        ["困难帮扶", "入户探访", "对辖区困难家庭探访，全年不少于240户次"],
        ["", "个案服务", "5个"],
        ["社区融合", "邻里活动", "10场"],
    ]


def test_a_table_without_sides_has_all_its_columns() -> None:
    page = PdfPage()
    rows = [HEADING, ("帮扶", "走访", "200户"), ("社区融合", "邻里活动", LONG)]
    page.table(90, EDGES, rows, sides=False)
    (table,) = blocks_of(page)
    assert texts(table) == [[*row] for row in rows]


def test_facts_with_wide_gaps_stay_lines() -> None:
    page = PdfPage()
    for n, (label, value) in enumerate(
        (
            ("项目名称：", "五里社区服务"),
            ("采购人：", "锦河县民政局"),
            ("日期：", "2026年3月"),
        )
    ):
        page.text(LEFT, 90 + 20 * n, label)
        page.text(220, 90 + 20 * n, value)
    assert blocks_of(page) == [
        *("项目名称： 五里社区服务", "采购人： 锦河县民政局", "日期： 2026年3月"),
    ]


# -- refusals --------------------------------------------------------------------------------------


def refusal(content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        read_content(content, "需求.pdf")
    assert refused.value.hint
    return refused.value.message


def test_damaged_files_are_refused() -> None:
    page = PdfPage()
    page.text(LEFT, 90, "探访10户")
    whole = pdf_file([page])
    assert "已损坏" in refusal(b"%PDF-1.7\n%\xe2\xe3")
    assert "已损坏" in refusal(whole[: len(whole) // 3])


def test_a_pdf_without_text_is_a_scan() -> None:
    assert "扫描件" in refusal(pdf_file([PdfPage(), PdfPage()]))


def test_the_reader_stops_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    page = PdfPage()
    page.text(LEFT, 90, "探访10户")
    monkeypatch.setattr(pdf_reader, "MOST_SECONDS", -1.0)
    with pytest.raises(PdfProblem, match="slow"):
        read_pages(pdf_file([page]))
    monkeypatch.setattr(pdf_reader, "MOST_PAGES", 1)
    with pytest.raises(PdfProblem, match="long"):
        read_pages(pdf_file([page, page]))


@pytest.mark.parametrize(
    ("result", "said"),
    [
        ({"error": "slow", "read": 3, "pages": 90}, "90 页里只读完 3 页"),
        ({"error": "long", "pages": 900}, "有 900 页"),
        ({"error": "locked"}, "有密码"),
        ({"error": "garbled"}, "乱码"),
        ({"error": "complex"}, "太复杂"),
    ],
)
def test_every_problem_has_a_message(
    monkeypatch: pytest.MonkeyPatch, result: dict[str, object], said: str
) -> None:
    monkeypatch.setattr(pdf_process, "_run_reader", lambda *_: result)
    assert said in refusal(b"%PDF-1.7")


def test_scanned_pages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    read = {"blocks": ["探访10户"], "scans": [2, 5]}
    monkeypatch.setattr(pdf_process, "_run_reader", lambda *_: read)
    assert read_content(b"%PDF-1.7", "x.pdf").notes == ("第 2、5 页是扫描的图片，没有读",)


def test_the_process_returns_lines_and_tables(tmp_path: Path) -> None:
    page = PdfPage()
    top = page.paragraph(90, "服务指标如下：")
    page.table(top, EDGES, [HEADING, ("帮扶", "走访", "200户")])
    document = read_content(pdf_file([page]), "x.pdf")
    line, table = document.blocks
    assert line == "服务指标如下："
    assert texts(table) == [[*HEADING], ["帮扶", "走访", "200户"]]
