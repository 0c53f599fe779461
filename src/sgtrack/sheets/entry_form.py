"""Writes the entry form, an Excel file that colleagues fill in and ``sgtrack import`` reads."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

import xlsxwriter

from sgtrack.model.contract import Project
from sgtrack.model.units import plain

ROWS = 500
"""Number of empty rows in the form, each with drop-down lists."""
_COLUMNS = (
    ("日期", 13),
    ("服务项", 30),
    ("标题", 26),
    ("数量1", 8),
    ("单位1", 8),
    ("数量2", 8),
    ("单位2", 8),
    ("数量3", 8),
    ("单位3", 8),
    ("地点", 18),
    ("姓名", 18),
    ("类型", 14),
    ("备注", 24),
    ("同时计入", 18),
    ("结束", 7),
)
_HEAD = 2
_LISTS = "可选的内容"


def write_entry_form(project: Project) -> bytes:
    """Return an empty .xlsx form for a contract, with drop-down lists of items, units and types."""
    content = BytesIO()
    book = xlsxwriter.Workbook(
        content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet("活动登记表")
    lists = book.add_worksheet(_LISTS)
    units = list(dict.fromkeys(u for code in project.items for u in project.units_of(code)))
    types = list(dict.fromkeys(name for item in project.items.values() for name in item.types))
    _write_lists(book, lists, project, units, types)
    _write_table(book, sheet, project)
    _add_rules(sheet, project, units, types)
    sheet.activate()
    book.close()
    return content.getvalue()


def _write_lists(
    book: xlsxwriter.Workbook,
    sheet: xlsxwriter.worksheet,
    project: Project,
    units: list[str],
    types: list[str],
) -> None:
    bold = book.add_format({"bold": True})
    for column, heading in enumerate(("服务项", "这一项的单位", "目标", "单位", "类型")):
        sheet.write_string(0, column, heading, bold)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 2, 24)
    for line, item in enumerate(project.items.values(), start=1):
        sheet.write_string(line, 0, f"{item.code} {item.name}")
        sheet.write_string(line, 1, "、".join(project.units_of(item.code)))
        targets = [f"{plain(i.target)}{i.unit}" for i in item.indicators if i.target and i.unit]
        sheet.write_string(line, 2, "、".join(targets))
    for line, unit in enumerate(units, start=1):
        sheet.write_string(line, 3, unit)
    for line, name in enumerate(types, start=1):
        sheet.write_string(line, 4, name)
    sheet.protect()


def _write_table(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet, project: Project) -> None:
    title = book.add_format({"bold": True, "font_size": 14})
    note = book.add_format({"font_color": "#595959"})
    head = book.add_format({"bold": True, "border": 1, "align": "center", "bg_color": "#D9E2F3"})
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
    day = book.add_format({"border": 1, "num_format": "yyyy-mm-dd", "align": "left"})
    sheet.write_string(0, 0, f"{project.full_name}活动登记表", title)
    sheet.write_string(
        1, 0, "一次活动一行。日期和服务项必填；小组、个案的标题写名称；填好交给项目专员导入。", note
    )
    for column, (heading, width) in enumerate(_COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(_HEAD, column, heading, head)
    for line in range(_HEAD + 1, _HEAD + 1 + ROWS):
        for column in range(len(_COLUMNS)):
            sheet.write_blank(line, column, None, day if column == 0 else cell)
    sheet.freeze_panes(_HEAD + 1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEAD)


def _add_rules(
    sheet: xlsxwriter.worksheet, project: Project, units: list[str], types: list[str]
) -> None:
    """Add validation rules to the columns for dates, amounts, items, units and types."""

    def restrict(column: int, rule: Mapping[str, object]) -> None:
        sheet.data_validation(_HEAD + 1, column, _HEAD + ROWS, column, rule)

    period = project.period
    day_rule = {
        "validate": "date",
        "criteria": "between",
        "minimum": period.start,
        "maximum": period.end,
        "input_title": "日期",
        "input_message": f"{period.start} 至 {period.end}",
        "error_title": "日期不对",
        "error_message": f"写 {period.start} 至 {period.end} 之间的日期，如 {period.start}",
    }
    amount_rule = {
        "validate": "decimal",
        "criteria": ">",
        "value": 0,
        "error_title": "数量不对",
        "error_message": "写大于 0 的数字，单位写在后一列",
    }
    restrict(0, day_rule)
    for column in (3, 5, 7):
        restrict(column, amount_rule)
    for columns, letter, length, word in (
        ((1,), "A", len(project.items), "服务项"),
        ((4, 6, 8), "D", len(units), "单位"),
        ((11,) if types else (), "E", len(types), "类型"),
        ((13,), "A", len(project.items), "服务项"),
    ):
        for column in columns:
            list_rule = {
                "validate": "list",
                "source": f"='{_LISTS}'!${letter}$2:${letter}${length + 1}",
                "error_title": "列表里没有",
                "error_message": f"从列表里选{word}",
                "show_error": column != 13,  # an activity may serve several further items
            }
            restrict(column, list_rule)
    closes_rule = {
        "validate": "list",
        "source": ["是"],
        "input_title": "结束",
        "input_message": "小组、个案到这次结束（结案）写“是”",
        "error_title": "只能写“是”",
        "error_message": "没有结束就空着",
    }
    restrict(14, closes_rule)
