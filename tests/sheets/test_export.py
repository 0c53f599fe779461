"""The exported workbook adds up with formulas, and typed texts never become formulas."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from ..support.command_line import Run

HERE = ("-c", "xianheguan")
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
def book(run: Run, log: Run, tmp_path: Path) -> Path:
    """The workbook of a few entries, one of which tries to be a formula."""
    log(
        "殡葬",
        "80人次",
        "100份",
        "-d",
        "3-12",
        "-t",
        "=HYPERLINK(1)",
        "--also",
        "7.4",
        "--note",
        "=1+1",
    )
    log("7.3", "20人次", "-d", "3-13", "-t", "+1")
    log("7.2.2", "--who", "甲", "乙", "-t", "@SUM(A1)")
    log("1.1", "-d", "3-14")
    file = tmp_path / "台账.xlsx"
    assert run("export", str(file), *HERE).code == 0
    return file


def sheet(file: Path, name: str) -> list[list[Any]]:
    rows: list[list[Any]] = CalamineWorkbook.from_path(file).get_sheet_by_name(name).to_python()
    return rows


def formulas(file: Path) -> list[str]:
    with ZipFile(file) as archive:
        found = []
        for name in archive.namelist():
            if name.startswith("xl/worksheets/"):
                root = ElementTree.fromstring(archive.read(name))  # noqa: S314 - our own
                found += [cell.text or "" for cell in root.iter(f"{SHEET}f")]
    return found


def test_the_figures_are_those_of_status(book: Path) -> None:
    rows = {(str(r[0]), str(r[2])): r for r in sheet(book, "完成情况") if len(r) > 6}
    assert rows["7.3", "600人次"][3:7] == [600, 100, "人次", 0.166]
    assert rows["7.3.1", "300份"][3:7] == [300, 100, "份", 0.333]
    assert rows["7.4", "20次"][4] == 1
    assert rows["7.2.2", "100人"][4] == 2
    assert rows["1.1", "完成"][6] == 1


def test_sums_and_percentages_are_formulas(book: Path) -> None:
    found = formulas(book)
    assert sum("SUMIFS" in one for one in found) > 40
    assert sum("AVERAGE" in one for one in found) == 11
    assert all(re.match(r"(SUMIFS|ROUNDDOWN)\(", one) for one in found)


def test_what_people_wrote_is_text(book: Path) -> None:
    titles = [row[4] for row in sheet(book, "台账")[4:]]
    assert {"=HYPERLINK(1)", "+1", "@SUM(A1)"} <= set(titles)
    assert not any("HYPERLINK" in one for one in formulas(book))


def test_every_category_has_its_sheet_and_names_stay_in_the_ledger(
    book: Path, run: Run, tmp_path: Path
) -> None:
    names = CalamineWorkbook.from_path(str(book)).sheet_names
    assert names[:3] == ["完成情况", "活动一览", "台账"]
    assert len(names) == 13
    assert [row[4] for row in sheet(book, "7 服务社区治理")[4:6]] == ["=HYPERLINK(1)"] * 2
    assert "甲" not in str([sheet(book, name) for name in names])
    told = tmp_path / "含姓名.xlsx"
    run("export", str(told), "--with-names", *HERE)
    assert "甲、乙" in str(sheet(told, "台账"))
    assert sheet(told, "台账")[2][0] == "含姓名，请勿外传"


def test_readers_see_names_of_items_and_one_row_an_activity(
    book: Path, run: Run, tmp_path: Path
) -> None:
    head, *rows = sheet(book, "活动一览")[3:]
    assert len(rows) == 4
    (talk,) = [row for row in rows if row[head.index("标题")] == "=HYPERLINK(1)"]
    shown = dict(zip(head, talk, strict=True))
    assert shown["服务名称"] == "惠民殡葬政策宣讲"
    assert shown["完成数量"] == "1场、100份、80人次、1次"
    assert shown["计入指标"] == "惠民殡葬政策宣讲、政策宣讲、五社联动服务活动"
    assert shown["佐证材料"] == "缺签到表、照片"
    assert not any("|" in str(cell) for row in rows for cell in row)
    assert "甲" not in str(rows)
    headings = sheet(book, "台账")[3]
    codes, names = headings.index("计入编号"), headings.index("计入")
    (first, *_) = [row for row in sheet(book, "台账")[4:] if row[4] == "=HYPERLINK(1)"]
    assert (first[codes], first[names]) == ("|7.3.1|7.3|7.4|", shown["计入指标"])
    told = tmp_path / "姓名.xlsx"
    run("export", str(told), "--with-names", *HERE)
    assert "甲、乙" in str(sheet(told, "活动一览"))
    again = run("import", str(told), "--dry-run", *HERE)
    assert (again.code, "可以导入 0 条记录" in again.out) == (0, True), again.err


def test_it_prints_on_a4_with_its_heading_on_every_page(book: Path) -> None:
    with ZipFile(book) as archive:
        pages = [archive.read(f"xl/worksheets/sheet{n}.xml").decode() for n in range(1, 14)]
        titles = archive.read("xl/workbook.xml").decode()
    for page in pages:
        assert 'paperSize="9"' in page
        assert 'orientation="landscape"' in page
        assert 'fitToHeight="0"' in page
    assert "dataBar" in pages[0]
    assert titles.count("_xlnm.Print_Titles") == 13
