"""Cells whose meaning is not plain are named and refused, and what is skipped is told."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from sgtrack.model.errors import Refused
from sgtrack.sheets.table_reader import as_text, read_tables
from sgtrack.sheets.xls_guard import check_xls
from sgtrack.sheets.xlsx_scanner import SheetScanner

from ..support.command_line import Ran, Run
from ..support.office import edit_in_office
from ..support.tables import workbook, write_csv

HERE = ("-c", "xianheguan")
HEAD = ["日期", "服务项", "标题", "人次", "场"]
GOOD = ["3-5", "5.1", "入户", 4]


def import_sheet(run: Run, tmp_path: Path, fill: Callable[[Any, Any], None], *words: str) -> Ran:
    file = tmp_path / "登记.xlsx"
    file.write_bytes(workbook(fill))
    return run("import", str(file), *HERE, *words)


def import_rows(run: Run, tmp_path: Path, *rows: list[Any], head: list[str] = HEAD) -> Ran:
    def fill(book: Any, sheet: Any) -> None:
        for number, row in enumerate([head, *rows]):
            sheet.write_row(number, 0, row)

    return import_sheet(run, tmp_path, fill)


def listed(run: Run) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("list", "--json", *HERE).out)
    return found


@pytest.mark.parametrize(
    ("row", "place", "words"),
    [
        (["3-6", "5.1", "入户", "#N/A"], "D3", "算错"),
        (["3-6", "5.1", "#REF!", 3], "C3", "算错"),
        (["3-6", "5.1", "入户", "Err:502"], "D3", "算错"),
        ([3.1, "5.1", "入户", 3], "A3", "3.1 还是 3.10"),
        ([10.2, "5.1", "入户", 3], "A3", "10.2 还是 10.20"),
        (["3-6", 5.1, "入户", 3], "B3", "5.1 还是 5.10"),
        (["3-6", 7.2, "入户", 3], "B3", "7.2 还是 7.20"),
        (["3-6", "5.1", "入户", 3, "", "另外两人"], "F3", "没有列名"),
        (["", "", "", "", "", "旁注"], "F3", "没有列名"),
        (["3-6", "7.3", "没有写"], "D3", "没有写数量"),
        (["3-6", "5.1", "没有写"], "第3行", "要写数量"),
        (["3-6", "5.1", "入户", 6.5], "第3行", "整数"),
    ],
)
def test_a_doubtful_cell_is_named(
    run: Run, tmp_path: Path, row: list[Any], place: str, words: str
) -> None:
    ran = import_rows(run, tmp_path, GOOD, row)
    assert ran.code == 1
    assert f"登记!{place} " in ran.err
    assert words in ran.err
    assert listed(run) == []


@pytest.mark.parametrize(
    ("formula", "value", "words"),
    [
        ("=NA()", "#N/A", "#N/A"),
        ("=1/0", "#DIV/0!", "#DIV/0!"),
        ("=A1+1", "#VALUE!", "#VALUE!"),
        ("=1+1", None, "没有算出结果"),
        ("=SUM(D2:D2)", None, "没有算出结果"),
    ],
)
def test_formulas_with_errors_or_without_values(
    run: Run, tmp_path: Path, formula: str, value: str | None, words: str
) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, GOOD)
        sheet.write_row(2, 0, ["3-6", "7.3", "宣讲"])
        sheet.write_formula(2, 3, formula, None, "" if value is None else value)

    ran = import_sheet(run, tmp_path, fill)
    assert ran.code == 1
    assert "登记!D3 " in ran.err
    assert words in ran.err
    assert listed(run) == []


def test_formulas_with_values_are_read(run: Run, tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, ["3-6", "5.1"])
        sheet.write_formula(1, 2, '="入"&"户"', None, "入户")
        sheet.write_formula(1, 3, "=2*3", None, 6)

    assert import_sheet(run, tmp_path, fill).err == ""
    assert [(one["title"], one["amounts"]) for one in listed(run)] == [("入户", {"人次": 6})]


@pytest.mark.parametrize(
    ("cell", "text"),
    [(6.8999999999999995, "6.9"), (79.99999999999999, "80"), (0.1 + 0.2, "0.3"), (2.5, "2.5")],
)
def test_a_number_is_read_as_excel_shows_it(cell: float, text: str) -> None:
    assert as_text(cell) == text


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("目标人次", "不是每次活动的数量"),
        ("计划人次", "不是每次活动的数量"),
        ("累计人次", "不是每次活动的数量"),
        ("上月人次", "不是每次活动的数量"),
        ("服务人次", "两列都是人次"),
        ("活动名称", "两列都是标题"),
        ("活动时间", "两列都是日期"),
        ("人次", "有两列都叫“人次”（登记!D1、登记!E1）"),
    ],
)
def test_columns_that_could_be_taken_for_each_other(
    run: Run, tmp_path: Path, heading: str, words: str
) -> None:
    head = ["日期", "服务项", "标题", "人次", heading]
    ran = import_rows(run, tmp_path, ["3-5", "5.1", "入户", 4, 40], head=head)
    assert ran.code == 1
    assert words in ran.err
    assert "登记!E1" in ran.err
    assert listed(run) == []


def test_a_column_can_be_left_out_and_that_is_told(run: Run, tmp_path: Path) -> None:
    file = write_csv(
        tmp_path / "a.csv",
        [("序号", "日期", "服务项", "人次", "累计人次"), (1, "3-5", "5.1", 4, 40)],
    )
    ran = run("import", str(file), "--map", "累计人次=不用", *HERE)
    assert "未导入下列列：序号、累计人次" in ran.out
    assert listed(run)[0]["amounts"] == {"人次": 4}


@pytest.mark.parametrize("total", ["合计", "合 计", "小计：", "总计", "本月合计", "本页小计"])
def test_a_row_of_totals_is_skipped_and_told(run: Run, tmp_path: Path, total: str) -> None:
    ran = import_rows(run, tmp_path, GOOD, [total, "", "", 4], ["", "", total, 4])
    assert "跳过 2 个合计行：登记!第3行、登记!第4行" in ran.out, ran.err
    assert len(listed(run)) == 1


@pytest.mark.parametrize(
    ("row", "title"),
    [
        (["3-6", "5.1", "合计社区走访", 2], "合计社区走访"),
        (["3-6", "5.1", "总计划宣讲", 2], "总计划宣讲"),
        (["3-6", "5.1", "合计", 2], "合计"),
    ],
)
def test_an_activity_is_no_row_of_totals(
    run: Run, tmp_path: Path, row: list[Any], title: str
) -> None:
    assert import_rows(run, tmp_path, GOOD, row).err == ""
    assert [one["title"] for one in listed(run)] == ["入户", title]


def test_a_total_with_an_item_is_refused(run: Run, tmp_path: Path) -> None:
    ran = import_rows(run, tmp_path, GOOD, ["", "5.1", "小计", 4])
    assert "登记!A3 " in ran.err


def test_implied_amounts_are_told(run: Run, tmp_path: Path) -> None:
    rows = [["3-5", "7.3", "甲", 30, 1], ["3-6", "7.3", "乙", 40], ["3-7", "7.3", "丙", 50]]
    ran = import_rows(run, tmp_path, *rows)
    assert "7.3 有 2 行没有写场，按默认计：登记!第3行、登记!第4行" in ran.out
    assert [one["amounts"] for one in listed(run)] == [
        {"场": 1, "人次": amount} for amount in (30, 40, 50)
    ]
    assert "政策宣讲（10场）" in ran.out


def test_hidden_rows_and_sheets_are_skipped_and_told(run: Run, tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook, sheet: Any) -> None:
        other = book.add_worksheet("旧的")
        for page in (sheet, other):
            page.write_row(0, 0, HEAD)
            page.write_row(1, 0, ["3-5", "5.1", page.name, 4])
        sheet.write_row(2, 0, ["3-6", "5.1", "藏起来", 4])
        sheet.set_row(2, None, None, {"hidden": True})
        other.hide()
        book.add_worksheet("说明").write_row(0, 0, ["怎么填", "看这里"])

    ran = import_sheet(run, tmp_path, fill)
    assert "跳过 1 个隐藏行：登记!第3行" in ran.out
    assert "未读取隐藏的工作表：旧的" in ran.out
    assert "未读取下列工作表：说明" in ran.out
    assert [one["title"] for one in listed(run)] == ["登记"]


def test_a_unit_without_an_amount_is_refused(run: Run, tmp_path: Path) -> None:
    head = ["日期", "服务项", "标题", "数量", "单位"]
    ran = import_rows(run, tmp_path, ["3-5", "7.3", "宣讲", "", "人次"], head=head)
    assert "登记!D2 " in ran.err
    assert "没有写数量" in ran.err


@pytest.mark.parametrize(
    ("cell", "also"),
    [("7.4", ["7.4"]), ("7.4、6.2", ["6.2", "7.4"]), ("7.4 6.2", ["6.2", "7.4"])],
)
def test_further_items(run: Run, tmp_path: Path, cell: str, also: list[str]) -> None:
    head = ["日期", "服务项", "标题", "人次", "同时计入"]
    assert import_rows(run, tmp_path, ["3-5", "7.3.1", "宣讲", 9, cell], head=head).err == ""
    assert listed(run)[0]["also"] == also


@pytest.mark.parametrize("cell", [7.4, "没有这项", "7.4、没有这项"])
def test_further_items_that_are_not_plain(run: Run, tmp_path: Path, cell: object) -> None:
    head = ["日期", "服务项", "标题", "人次", "同时计入"]
    ran = import_rows(run, tmp_path, ["3-5", "7.3.1", "宣讲", 9, cell], head=head)
    assert "登记!E2 " in ran.err


def corrected(run: Run, *words: str) -> None:
    (entry,) = [one for one in listed(run) if one["title"] == "入户"]
    assert run("amend", entry["id"][-6:], *words, "-r", "写错了").code == 0


def test_a_row_whose_day_was_corrected_in_the_ledger_is_asked(run: Run, tmp_path: Path) -> None:
    assert import_rows(run, tmp_path, GOOD).code == 0
    corrected(run, "-d", "3-7")
    ran = import_rows(run, tmp_path, GOOD)
    assert ran.code == 1
    assert "后来更正为" in ran.err
    assert "2026-03-07" in ran.err
    assert len(listed(run)) == 1


def test_a_row_of_another_title_is_another_activity(run: Run, tmp_path: Path) -> None:
    assert import_rows(run, tmp_path, GOOD).code == 0
    assert import_rows(run, tmp_path, ["3-5", "5.1", "入户走访", 4]).code == 0
    assert len(listed(run)) == 2


def test_a_row_whose_day_was_corrected_in_the_file_is_asked(run: Run, tmp_path: Path) -> None:
    row = ["3-9", "5.1", "入户", 4]
    other = ["3-8", "5.1", "别的", 2]
    assert import_rows(run, tmp_path, GOOD, other).code == 0
    ran = import_rows(run, tmp_path, row, other)
    assert ran.code == 1
    assert "登记!第2行" in ran.err
    assert "只差日期" in ran.err
    assert len(listed(run)) == 2


def test_rows_that_moved_down_are_no_corrections(run: Run, tmp_path: Path) -> None:
    later = ["3-12", "5.1", "入户", 4]
    assert import_rows(run, tmp_path, GOOD).code == 0
    ran = import_rows(run, tmp_path, later, GOOD)
    assert "导入了 1 条记录，1 条台账里已有" in ran.out, ran.err


def test_a_voided_row_is_asked(run: Run, tmp_path: Path) -> None:
    assert import_rows(run, tmp_path, GOOD).code == 0
    run("void", listed(run)[0]["id"][-6:], "-r", "没有办成")
    ran = import_rows(run, tmp_path, GOOD)
    assert ran.code == 1
    assert "作废了（没有办成）" in ran.err


def sheet_xml(*rows: str) -> bytes:
    return f"<worksheet><sheetData>{''.join(rows)}</sheetData></worksheet>".encode()


CELLS = sheet_xml(
    '<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>',
    '<row r="2" spans="1:2" hidden="1"><c r="A2"><f>A1</f><v>1</v></c><c r="B2"><f>A1</f><v/></c>',
    '</row><row r="3"><c r="AA3" t="str"><f>""</f><v></v></c><c r="AB3"><f>A1</f></c></row>',
)


@pytest.mark.parametrize("size", [1, 7, 64, 100_000])
def test_a_sheet_is_scanned_in_pieces_of_any_size(size: int) -> None:
    scanner = SheetScanner()
    for start in range(0, len(CELLS), size):
        scanner.feed(CELLS[start : start + size])
    marks = scanner.finish()
    assert (scanner.rows, scanner.columns) == (3, 28)
    assert marks.hidden == {1}
    assert set(marks.faults) == {(0, 1), (1, 1), (2, 27)}
    assert "#DIV/0!" in marks.faults[0, 1]


EXCEL_97 = Path(__file__).parents[1] / "data" / "excel97.xls"


def test_an_xls_that_is_cut_or_changed_anywhere_is_no_crash() -> None:
    content = EXCEL_97.read_bytes()
    path = Path("x.xls")
    assert check_xls(path, content)
    for place in range(0, len(content), 97):
        assert isinstance(check_xls(path, content[:place]), dict)
        changed = bytearray(content)
        changed[place : place + 4] = struct.pack("<I", 0xFFFFFFF0 if place % 2 else 3)
        with suppress(Refused):
            check_xls(path, bytes(changed))


def test_an_xls_as_libreoffice_writes_it(run: Run, tmp_path: Path) -> None:
    """Its errors and hidden rows are found, and a far cell is refused before it takes memory."""

    def fill(book: xlsxwriter.Workbook, sheet: Any) -> None:
        sheet.write_row(0, 0, HEAD)
        for number in (1, 2, 3):
            sheet.write_row(number, 0, [f"3-{number}", "5.1", f"入户{number}", 4])
        sheet.set_row(2, None, None, {"hidden": True})

    source = tmp_path / "登记.xlsx"
    source.write_bytes(workbook(fill))
    old, far = tmp_path / "旧.xls", tmp_path / "远.xls"
    edit_in_office(source, {"登记": {"D4": "=NA()"}}, old)
    (table,) = read_tables(old, lambda _: "")
    assert table.hidden == {2}
    assert list(table.faults) == [(3, 3)]
    assert "登记!D4 " in run("import", str(old), *HERE).err
    edit_in_office(source, {"登记": {"IV65536": 1}}, far)
    with pytest.raises(Refused, match="16,777,216 格，太大"):
        read_tables(far, lambda _: "")


def test_dates_are_still_dates(run: Run, tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook, sheet: Any) -> None:
        sheet.write_row(0, 0, HEAD)
        sheet.write_datetime(1, 0, date(2026, 3, 10), book.add_format({"num_format": "m.d"}))
        sheet.write_row(1, 1, ["5.1", "日期", 1])
        sheet.write_row(2, 0, [46118.5, "5.1", "带时间的天数", 1])

    assert import_sheet(run, tmp_path, fill).err == ""
    assert [one["date"] for one in listed(run)] == ["2026-03-10", "2026-04-06"]


def test_headings_in_two_rows(run: Run, tmp_path: Path) -> None:
    """The upper row names several columns at once, the lower row each of them."""

    def fill(book: xlsxwriter.Workbook, sheet: Any) -> None:
        for column, heading in enumerate(("序号", "日期", "服务项", "活动名称")):
            sheet.merge_range(0, column, 1, column, heading)
        sheet.merge_range(0, 4, 0, 5, "完成情况")
        sheet.write_row(1, 4, ["人次", "场"])
        sheet.write_row(2, 0, [1, "3-5", "7.3", "宣讲", 30, 1])

    assert import_sheet(run, tmp_path, fill).err == ""
    assert listed(run)[0]["amounts"] == {"场": 1, "人次": 30}
