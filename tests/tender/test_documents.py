"""Every kind of document is read, or refused in one clear message."""

from __future__ import annotations

import contextlib
import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given
from hypothesis import strategies as st

from sgtrack.model.errors import Refused
from sgtrack.tender.documents import MAX_CHARACTERS, read_content, read_document
from sgtrack.tender.draft_builder import build_drafts
from sgtrack.tender.tender_document import DocumentTable

from ..support.examples import examples
from . import word_documents as word

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def refusal(content: bytes, name: str = "x.docx") -> str:
    with pytest.raises(Refused) as refused:
        build_drafts(read_content(content, name), date(2026, 6, 30))
    assert refused.value.hint
    return refused.value.message


def packed(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def edited(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for info in before.infolist():
            kept = before.read(info)
            after.writestr(info.filename, kept.replace(old, new) if info.filename == part else kept)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "空的"),
        (b" \n\t ", "空的"),
        (bytes(range(256)) * 40, "不是文字文件"),
        (OLE + "PowerPoint Document".encode("utf-16-le"), "演示文稿"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "有密码"),
        (b"<!DOCTYPE html><html>", "没有文字"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "图片"),
        (b"PK\x03\x04 torn", "已损坏"),
        (packed(a=b"b"), "不是 Word 文件"),
        ("今天天气很好。".encode(), "没有找到服务指标"),
        ("社".encode() * (MAX_CHARACTERS + 1), "太长"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_way_out(content: bytes, said: str) -> None:
    assert said in refusal(content)


def test_a_scan_has_no_words() -> None:
    assert "可能是扫描件" in refusal(word.saved(word.new_document()))


def test_a_torn_word_file_is_refused() -> None:
    whole = word.wuli()
    for length in (40, len(whole) // 3, len(whole) - 200):
        assert "已损坏" in refusal(whole[:length])
    broken = edited(whole, "word/document.xml", b"</w:body>", b"")
    assert "已损坏" in refusal(broken)


def test_a_bomb_is_not_unpacked() -> None:
    zeros = bytes(60_000_000)
    bomb = packed(**{"[Content_Types].xml": b"<a/>", "word__document.xml": zeros})
    assert len(bomb) < 200_000
    assert "太大" in refusal(bomb)


def test_entities_that_grow_are_refused() -> None:
    grown = b'<!DOCTYPE a [<!ENTITY b "0000000000">' + b"".join(
        b'<!ENTITY %c "%s">' % (c, b"&%c;" % (c - 1) * 10) for c in range(ord("c"), ord("l"))
    )
    whole = edited(word.wuli(), "word/document.xml", b"?>", b"?>" + grown + b"]>")
    whole = edited(whole, "word/document.xml", "五里".encode(), b"&k;")
    text = ""
    with contextlib.suppress(Refused):  # lxml may refuse it or leave the entity alone
        text = repr(read_content(whole, "x.docx").blocks)
    assert len(text) < 20_000


def test_a_large_text_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "大.txt"
    with path.open("wb") as file:
        file.truncate(60_000_000)
    with pytest.raises(Refused, match="60 MB"):
        read_document(path, lambda _: "")
    path.write_bytes("1.开展活动10场；\n".encode() * 500_000)
    with pytest.raises(Refused, match="太长"):
        read_document(path, lambda _: "")


def test_a_line_longer_than_any_clause_is_divided_and_keeps_its_words() -> None:
    sentence = "为辖区居民开展各类主题活动和便民服务，让居民在家门口得到服务。"
    (line,) = read_content((sentence * 20).encode(), "x.txt").blocks
    assert line == sentence * 20
    lines = read_content((sentence * 200).encode(), "x.txt").blocks
    assert "".join(map(str, lines)) == sentence * 200
    assert all(str(line).endswith("服务。") and len(str(line)) <= 1501 for line in lines)
    unbroken = read_content(b"x" * 32_000, "x.txt").blocks
    assert "".join(map(str, unbroken)) == "x" * 32_000


@given(st.binary(max_size=400))
@examples(quick=60, thorough=1500)
def test_no_bytes_crash_the_reader(content: bytes) -> None:
    with contextlib.suppress(Refused):
        build_drafts(read_content(content, "x"), date(2026, 6, 30))


@given(st.integers(0, 40_000), st.binary(min_size=1, max_size=30))
@examples(quick=25, thorough=600)
def test_no_damage_to_a_word_file_crashes_the_reader(at: int, damage: bytes) -> None:
    whole = word.wuli()
    at %= len(whole)
    with contextlib.suppress(Refused):
        build_drafts(
            read_content(whole[:at] + damage + whole[at + len(damage) :], "x"), date(2026, 6, 30)
        )


# -- what Word shows and python-docx does not ---------------------------------------------------


def lines_of(made: object) -> list[str]:
    return [b for b in read_content(word.saved(made), "x").blocks if isinstance(b, str)]


def test_numbers_of_lists_are_those_that_word_prints() -> None:
    made = word.new_document()
    for level, text in ((0, "甲"), (1, "乙"), (1, "丙"), (2, "丁"), (0, "戊"), (1, "己")):
        word.numbered(made.add_paragraph(text), word.NUMBERED, level)
    again = word.restarted(made, word.NUMBERED, 90)
    word.numbered(made.add_paragraph("庚"), again)
    for level, text in ((0, "子"), (1, "丑"), (2, "寅"), (0, "卯")):
        word.numbered(made.add_paragraph(text), word.HAN, level)
    assert lines_of(made) == [
        *("1.甲", "1.1 乙", "1.2 丙", "（1）丁", "2.戊", "2.1 己", "1.庚"),
        *("一、子", "（一）丑", "1.寅", "二、卯"),
    ]


def test_a_list_that_a_style_brings_is_numbered() -> None:
    made = word.new_document()
    style = made.styles.add_style("条款", 1)
    properties = style.element.get_or_add_pPr()
    properties.append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="{word.BRACKETED}"/></w:numPr>')
    )
    made.add_paragraph("甲", style=style)
    made.add_paragraph("乙", style=style)
    assert lines_of(made) == ["（1）甲", "（2）乙"]


def test_text_boxes_insertions_and_controls_are_read_and_deletions_not() -> None:
    made = word.new_document()
    paragraph = made.add_paragraph("外面")
    word.text_box(paragraph, "框里", "第二行")
    paragraph._p.append(
        parse_xml(f'<w:ins {nsdecls("w")} w:id="1"><w:r><w:t>加的</w:t></w:r></w:ins>')
    )
    paragraph._p.append(
        parse_xml(f'<w:del {nsdecls("w")} w:id="2"><w:r><w:delText>删的</w:delText></w:r></w:del>')
    )
    made.element.body.insert(
        0,
        parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>控件</w:t></w:r></w:p>"
            "</w:sdtContent></w:sdt>"
        ),
    )
    assert lines_of(made) == ["控件", "外面加的", "框里", "第二行"]


def test_merged_cells_share_their_words() -> None:
    table = next(
        b
        for b in read_content(word.wuli(), "x").blocks
        if isinstance(b, DocumentTable) and len(b.rows) > 2
    )
    assert table.rows[1][1] is table.rows[2][1]
    assert table.rows[1][1].text == "困难群体帮扶"
    assert table.rows[1][2].lines[0].startswith("1.开展困难家庭")
    assert table.rows[2][2].lines == ("1.开设妇女支持小组2个（每组不少于5节、每节不少于8人）。",)


# -- text -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_in_every_encoding_of_windows(encoding: str) -> None:
    document = read_content("服务指标\r\n1.开展活动３场".encode(encoding), "x.txt")
    assert document.blocks == ("服务指标", "1.开展活动３场")


@pytest.mark.parametrize(
    "text",
    [
        "类别\t指标\n甲\t乙10场\n",
        "| 类别 | 指标 |\n|---|---|\n| 甲 | 乙10场 |",
        "\t类别\n\t指标\n\n\t甲\n\t乙10场\n",
    ],
)
def test_tables_in_text(text: str) -> None:
    (table,) = read_content(text.encode(), "x.txt").blocks
    assert isinstance(table, DocumentTable)
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["类别", "指标"],
        ["甲", "乙10场"],
    ]


def test_a_cell_that_excel_copies_may_have_several_lines() -> None:
    text = '类别\t指标\n甲\t"1.乙3场；\n2.丙""丁""5次"\n'
    (table,) = read_content(text.encode(), "x.txt").blocks
    assert isinstance(table, DocumentTable)
    assert table.rows[1][1].lines == ("1.乙3场；", '2.丙"丁"5次')
