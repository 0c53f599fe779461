"""Measures in the document's XML that the Word brief follows GB/T 9704-2012."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from docx.oxml import parse_xml

from sgtrack.workspace import Workspace

from ..support.command_line import Run

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TWIPS_PER_MM = 1440 / 25.4


class Word:
    """The parts of a .docx."""

    def __init__(self, path: Path) -> None:
        with ZipFile(path) as archive:
            self.files = {name: archive.read(name) for name in archive.namelist()}
        self.body = self.part("word/document.xml")

    def part(self, name: str) -> Any:
        return parse_xml(self.files[name])

    def paragraph(self, words: str) -> Any:
        """The first paragraph with these words."""
        return next(p for p in self.body.iter(f"{W}p") if words in self.text(p))

    def row(self, words: str) -> Any:
        return next(r for r in self.body.iter(f"{W}tr") if words in self.text(r))

    @staticmethod
    def text(element: Any) -> str:
        return "".join(t.text or "" for t in element.iter(f"{W}t"))


def value(element: Any, path: str, attribute: str = "val") -> str:
    found = element.find("/".join(f"{W}{step}" for step in path.split("/")))
    assert found is not None, path
    return str(found.get(f"{W}{attribute}"))


def font(run: Any) -> tuple[str, float]:
    """The Chinese font of a run and its size in points."""
    return value(run, "rPr/rFonts", "eastAsia"), int(value(run, "rPr/sz")) / 2


@pytest.fixture
def word(run: Run, log: Run, workspace: Workspace) -> Word:
    targets = workspace.targets / "xianheguan.yaml"
    written = targets.read_text(encoding="utf-8")
    for key, offices in (("copies_to", "县民政局"), ("sent_to", "街道"), ("issued_to", "社工室")):
        written = re.sub(rf"{key}: \[\]", f"{key}: [{offices}]", written)
    targets.write_text(written, encoding="utf-8")
    log("5.1", "25人次", "-d", "3-1", "-t", "走访")
    ran = run("brief", "--month", "3", "-c", "xianheguan", "--format", "docx", "--annex", "full")
    assert ran.code == 0, ran.err
    return Word(workspace.briefs / "xianheguan-2026-03.docx")


def test_page_and_margins(word: Word) -> None:
    section = word.body.find(f".//{W}sectPr")
    size = section.find(f"{W}pgSz")
    margins = section.find(f"{W}pgMar")

    def mm(element: Any, name: str) -> int:
        return round(int(element.get(f"{W}{name}")) / TWIPS_PER_MM)

    assert (mm(size, "w"), mm(size, "h")) == (210, 297)
    assert [mm(margins, side) for side in ("top", "bottom", "left", "right")] == [37, 35, 28, 26]


def test_body_is_fangsong_of_16_points_in_22_lines_of_28_characters(word: Word) -> None:
    styles = word.part("word/styles.xml")
    normal = next(s for s in styles.iter(f"{W}style") if s.get(f"{W}styleId") == "Normal")
    assert font(normal) == ("仿宋_GB2312", 16)
    line = int(value(normal, "pPr/spacing", "line")) / 20
    assert value(normal, "pPr/spacing", "lineRule") == "exact"
    assert 28 <= line <= 29
    height, width = (297 - 37 - 35) * 72 / 25.4, (210 - 28 - 26) * 72 / 25.4
    assert int(height / line) == 22
    character = 16 + int(value(normal, "rPr/spacing")) / 20
    assert int(width / character) == 28


def test_title_and_headings(word: Word) -> None:
    title = word.paragraph("工作情况")
    assert font(title.find(f"{W}r")) == ("方正小标宋简体", 22)
    assert value(title, "pPr/jc") == "center"
    for heading in ("一、工作概况", "二、重点工作", "四、下月计划", "附件1　指标完成情况表"):
        assert font(word.paragraph(heading).find(f"{W}r")) == ("黑体", 16)
    assert font(word.paragraph("统计时间").find(f"{W}r"))[0] == "楷体_GB2312"


def test_red_head_with_number_agency_date_and_rule(word: Word) -> None:
    name = word.paragraph("社会工作服务项目工作简报")
    assert value(name.find(f"{W}r"), "rPr/color") == "C00000"
    assert value(name, "pPr/jc") == "center"
    assert word.text(word.paragraph("第 ")) == "第 3 期"
    line = word.paragraph("2026年6月30日")
    assert "编印单位" in word.text(line)
    assert value(line, "pPr/pBdr/bottom", "color") == "C00000"
    assert int(value(line, "pPr/pBdr/bottom", "sz")) >= 12


def test_page_number_at_the_outer_edge(word: Word) -> None:
    section = word.body.find(f".//{W}sectPr")
    relations = word.part("word/_rels/document.xml.rels")
    targets = {one.get("Id"): one.get("Target") for one in relations}
    identity = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    sides = {}
    for reference in section.findall(f"{W}footerReference"):
        footer = word.part(f"word/{targets[reference.get(identity)]}")
        runs = footer.findall(f".//{W}r")
        assert {font(run) for run in runs} == {("宋体", 14)}
        assert word.text(footer) == "—  —"
        assert footer.find(f".//{W}instrText").text == "PAGE"
        sides[reference.get(f"{W}type")] = value(footer.find(f"{W}p"), "pPr/jc")
    assert sides == {"default": "right", "even": "left"}
    assert word.part("word/settings.xml").find(f"{W}evenAndOddHeaders") is not None


def test_tail_names_who_receives_it(word: Word) -> None:
    tables = word.body.findall(f".//{W}tbl")
    table = next(one for one in tables if "报：" in word.text(one))
    assert [word.text(row) for row in table.findall(f"{W}tr")] == [
        "报：县民政局。",
        "送：街道。",
        "发：社工室。",
    ]
    borders = table.find(f"{W}tblPr/{W}tblBorders")
    assert {edge.tag for edge in borders} == {f"{W}top", f"{W}bottom"}


def test_tables_repeat_their_heading_and_keep_rows_whole(word: Word) -> None:
    for words in ("编号", "日期"):
        row = word.row(words)
        assert row.find(f"{W}trPr/{W}tblHeader") is not None
    rows = list(word.body.iter(f"{W}tr"))
    assert len(rows) > 69
    assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)


def test_each_row_has_a_bar_of_ten_squares(word: Word) -> None:
    row = next(
        r for r in word.body.iter(f"{W}tr") if "入户访视" in word.text(r) and "□" in word.text(r)
    )
    cell = row.findall(f"{W}tc")[5]
    percent, bar = (word.text(p) for p in cell.findall(f"{W}p"))
    assert (percent, bar) == ("50.0%", "■■■■■□□□□□")
    ready = [r for r in word.body.iter(f"{W}tr") if "%" in word.text(r) and "□" in word.text(r)]
    assert len(ready) == 69


def test_a_font_that_is_missing_has_another_to_stand_for_it(word: Word) -> None:
    fonts = word.part("word/fontTable.xml")
    other = {
        one.get(f"{W}name"): value(one, "altName")
        for one in fonts
        if one.find(f"{W}altName") is not None
    }
    assert other["仿宋_GB2312"] == "仿宋"
    assert other["楷体_GB2312"] == "楷体"
    assert {"方正小标宋简体", "黑体"} <= set(other)
