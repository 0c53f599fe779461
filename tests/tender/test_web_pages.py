"""Saved web pages are read as lines and tables, without what surrounds the notice."""

from __future__ import annotations

import quopri

import pytest

from sgtrack.model.errors import Refused
from sgtrack.tender.documents import read_content
from sgtrack.tender.tender_document import Block, DocumentTable


def blocks(page: str, encoding: str = "utf-8") -> list[Block]:
    return list(read_content(f"<!DOCTYPE html>{page}".encode(encoding), "公告.html").blocks)


def texts(block: Block) -> list[list[str]]:
    assert isinstance(block, DocumentTable)
    return [[cell.text for cell in row] for row in block.rows]


def test_cells_that_span_rows_and_columns_have_several_places() -> None:
    (table,) = blocks(
        "<table><thead><tr><th>类别<th>项目<th colspan=2>指标</tr></thead><tbody>"
        "<tr><td rowspan=2>为老<td>探访<td colspan='2'>每月8次</tr>"
        "<tr><td>讲座<td rowspan='2'>4场<td>每场30人</tr>"
        "<tr><td colspan=2>助餐<td>100人次</tr></tbody></table>"
    )
    assert texts(table) == [
        ["类别", "项目", "指标", "指标"],
        ["为老", "探访", "每月8次", "每月8次"],
        ["为老", "讲座", "4场", "每场30人"],
        ["助餐", "助餐", "4场", "100人次"],
    ]
    assert isinstance(table, DocumentTable)
    assert table.rows[1][0] is table.rows[2][0]
    assert table.rows[0][2] is table.rows[0][3]


def test_a_cell_keeps_its_lines() -> None:
    (table,) = blocks(
        "<table><tr><td>类别<td>指标</tr><tr><td>为老<td><p>1.探访\n 80人次；</p>"
        "2.讲座<b>4</b>场；<br>3.助餐</tr></table>"
    )
    assert texts(table)[1] == ["为老", "1.探访 80人次；\n2.讲座4场；\n3.助餐"]


def test_what_surrounds_the_notice_is_left_out() -> None:
    page = (
        "<head><title>公告</title><style>p{x:1}</style></head><body>"
        "<nav>首页 12345</nav>"
        "<div><a href=a>首页</a> | <a href=b>公告</a> | <a href=c>登录</a></div>"
        "<ul><li><a href=1>上一年10场</a><li><a href=2>通知</a><li><a href=3>下载</a></ul>"
        "<script>var a = '20场';</script><div style='display: none'>30场</div>"
        "<p>一、服务要求</p><p>个案<a href=x>不少于</a>5个。</p><!-- 40场 -->"
        "<p>附件：<a href=y>需求.docx</a></p><footer>电话 0832</footer></body>"
    )
    assert blocks(page) == ["一、服务要求", "个案不少于5个。", "附件：需求.docx"]


def test_lists_are_numbered_as_a_browser_shows_them() -> None:
    page = (
        "<ol><li>探访10户；<li>讲座4场；<li value=5>小组2个</ol>"
        "<ol start=3><li>助餐<ul><li>午餐<li>（1）晚餐</ul></ol>"
    )
    assert blocks(page) == [
        *("1.探访10户；", "2.讲座4场；", "5.小组2个", "3.助餐", "●午餐", "（1）晚餐"),
    ]


LINES = [
    f"{n}.面向社区居民开展第{n}类主题服务活动，全年不少于{n}0场次，每场不少于30人；"
    for n in range(1, 8)
]
PROSE = "".join(f"<p>{line}</p>" for line in LINES)


@pytest.mark.parametrize(
    "page",
    [
        f"<table width=100%><tr><td>{PROSE}</td></tr></table>",
        f"<table><tr><td>栏目</td><td>{PROSE}</td></tr></table>",
        f"<table><tr><td><table><tr><td>{PROSE}</td></tr></table></td></tr></table>",
        f"<table><tr><td>栏目<tr><td>{PROSE}<tr><td>版权所有</table>",
        f"<table><tr><td><table><tr><td>甲<td>乙</table><tr><td>{PROSE}</table>",
    ],
)
def test_a_table_that_arranges_the_page_leaves_lines(page: str) -> None:
    read = blocks(page)
    assert [line for line in read if line in LINES] == LINES


def test_a_form_keeps_its_facts_as_lines_and_its_requirements_as_prose() -> None:
    page = (
        "<table><tr><td>采购人<td>锦河县民政局</tr><tr><td>服务期限：<td>1年</tr>"
        f"<tr><td>采购需求<td>{PROSE}</tr></table>"
    )
    assert blocks(page) == ["采购人：锦河县民政局", "服务期限：1年", "采购需求", *LINES]


def test_a_table_of_indicators_stays_a_table_however_long_a_cell_is() -> None:
    page = f"<table><tr><td>服务内容<td>考核指标</tr><tr><td>活动<td>{PROSE}</tr></table>"
    (table,) = blocks(page)
    assert texts(table)[1] == ["活动", "\n".join(LINES)]


# -- encodings -------------------------------------------------------------------------------------

WORDS = "探访独居老人80人次，举办“邻里节”2场。"


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ("", "utf-8"),
        ("", "gbk"),
        ("<meta charset=gb2312>", "gb18030"),
        ("<meta http-equiv=Content-Type content='text/html; charset=gbk'>", "gbk"),
        ("<meta charset='utf-8'>", "gbk"),
        ("<meta charset='gb2312'>", "utf-8"),
        ("<meta charset=big5>", "big5"),
        ("<meta charset=utf-8>", "utf-16"),
        ("", "utf-8-sig"),
    ],
)
def test_pages_in_any_encoding(head: str, encoding: str) -> None:
    words = WORDS if encoding != "big5" else "探訪獨居老人80人次，舉辦活動2場。"
    page = f"<html><head>{head}</head><body><p>{words}</p></body></html>"
    assert read_content(page.encode(encoding), "x.htm").blocks == (words,)


def test_a_web_archive() -> None:
    page = f"<html><body><p>{WORDS}</p></body></html>".encode("gbk")
    archive = (
        b"From: <Saved by Blink>\r\nSubject: x\r\n y\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related;\r\n\ttype="text/html"; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n"
        b'--b\r\nContent-Type: text/html; charset="gb2312"\r\n'
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        + quopri.encodestring(page)
        + b"\r\n--b--\r\n"
    )
    assert read_content(archive, "x.mht").blocks == (WORDS,)


def test_pages_without_words_are_refused() -> None:
    for page in (b"<html><body></body></html>", b"MIME-Version: 1.0\r\n\r\n", b"<html>"):
        with pytest.raises(Refused) as refused:
            read_content(page, "x.html")
        assert refused.value.hint


def test_deep_and_wide_pages_lose_nothing_and_end() -> None:
    deep = f"{'<div>' * 2000}<p>探访80人次</p>{'</div>' * 2000}<p>讲座4场</p>"
    assert "".join(map(str, blocks(deep))) == "探访80人次讲座4场"
    wide = "<table><tr>" + "<td colspan=9999 rowspan=9999>甲" * 300 + "</tr><tr><td>乙</tr></table>"
    (table,) = blocks(wide)
    assert isinstance(table, DocumentTable)
    assert len(table.rows) == 2
    nested = "<table><tr><td>" * 400 + "讲座4场"
    assert "讲座4场" in str(blocks(nested))
    many = "<table>" + ("<tr>" + "<td colspan=64>1" * 50) * 100 + "</table>"
    with pytest.raises(Refused):
        blocks(many)
