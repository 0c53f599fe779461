"""Sheets of Excel and CSV files are read as lines and tables."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import xlsxwriter

from sgtrack.model.errors import Refused
from sgtrack.tender.documents import read_content
from sgtrack.tender.tender_document import Block, Document, DocumentTable


def workbook(fill: Callable[[Any], None]) -> Document:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    fill(book)
    book.close()
    return read_content(stream.getvalue(), "指标.xlsx")


def texts(block: Block) -> list[list[str]]:
    assert isinstance(block, DocumentTable)
    return [[cell.text for cell in row] for row in block.rows]


def test_titles_and_remarks_are_lines_and_merged_cells_one_cell() -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet("指标")
        sheet.merge_range("A1:D1", "五里社区服务指标表")
        sheet.write_row("A3", ["类别", "项目", "", "指标"])
        sheet.merge_range("A4:A5", "为老服务")
        sheet.write_row("B4", ["探访", "", "1.每月8次；\n2.建档80份；"])
        sheet.write_row("B5", ["讲座", "", 4])
        sheet.write("A7", "注：以上为一年的指标。")

    title, table, remark = workbook(fill).blocks
    assert (title, remark) == ("五里社区服务指标表", "注：以上为一年的指标。")
    assert texts(table) == [
        ["类别", "项目", "指标"],
        ["为老服务", "探访", "1.每月8次；\n2.建档80份；"],
        ["为老服务", "讲座", "4"],
    ]
    assert isinstance(table, DocumentTable)
    assert table.rows[1][0] is table.rows[2][0]


def test_all_visible_sheets_are_read_and_the_hidden_ones_named() -> None:
    def fill(book: Any) -> None:
        for name in ("甲", "乙", "丙"):
            sheet = book.add_worksheet(name)
            sheet.write_row("A1", ["类别", "指标"])
            sheet.write_row("A2", [name, "讲座4场"])
        sheet.write_row("A3", ["丙", "讲座5场"])
        sheet.set_row(2, None, None, {"hidden": True})
        book.get_worksheet_by_name("乙").hide()

    document = workbook(fill)
    assert [texts(block)[1][0] for block in document.blocks] == ["甲", "丙"]
    hidden_sheet, hidden_row = document.notes
    assert "“乙”是隐藏的，没有读" in hidden_sheet
    assert "“丙”第 3 行是隐藏的" in hidden_row


def test_headings_of_packages_divide_a_sheet() -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        rows = (["采购包1：甲社区"], ["类别", "指标"], ["为老", "讲座4场"], ["采购包2：乙社区"])
        for n, row in enumerate([*rows, ["类别", "指标"], ["为老", "讲座6场"]]):
            sheet.write_row(n, 0, row)

    kinds = [block if isinstance(block, str) else "表" for block in workbook(fill).blocks]
    assert kinds == ["采购包1：甲社区", "表", "采购包2：乙社区", "表"]


def test_dates_are_written_as_in_a_contract() -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.write_row("A1", ["完成时间", "指标"])
        sheet.write_datetime("A2", date(2026, 3, 5), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write("B2", "讲座4场")

    assert texts(workbook(fill).blocks[0])[1][0] == "2026年3月5日"


def test_percentages_are_read_as_excel_shows_them() -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.write_row("A1", ["指标", "数量"])
        formats = [book.add_format({"num_format": x}) for x in ("0%", "0.0%", "≥0%", "0.00")]
        for row, value, form in zip((1, 2, 3, 4), (0.95, 0.855, 0.07, 0.5), formats, strict=True):
            sheet.write_row(row, 0, ["满意度"])
            sheet.write_number(row, 1, value, form)

    (table,) = workbook(fill).blocks
    assert [row[1] for row in texts(table)[1:]] == ["95%", "85.5%", "7%", "0.5"]


def test_a_formula_without_result_is_named() -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet("表")
        sheet.write_row("A1", ["类别", "指标"])
        sheet.write("A2", "为老")
        sheet.write_formula("B2", "=1+1", None, "")

    assert "第 2 行第 2 列没有读" in workbook(fill).notes[0]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk"])
def test_csv(encoding: str) -> None:
    content = '类别,指标\n为老,"1.讲座4场；\n2.探访80人次"\n'.encode(encoding)
    (table,) = read_content(content, "x.csv").blocks
    assert texts(table) == [["类别", "指标"], ["为老", "1.讲座4场；\n2.探访80人次"]]


def test_damaged_workbooks_are_refused() -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        book.add_worksheet().write("A1", "x")
    whole = stream.getvalue()
    for content in (whole.replace(b"PK\x01\x02", b"PK\x01\x03"), whole[:900]):
        with pytest.raises(Refused) as refused:
            read_content(content, "x.xlsx")
        assert refused.value.hint
