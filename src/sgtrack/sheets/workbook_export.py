"""Exports a workbook: indicators, activities for readers, all entries, and each category.

Sums are formulas. Text that people wrote stays text, even if it begins with an equals sign.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from sgtrack.model.contract import Indicator, Item, Project
from sgtrack.model.entries import Entry
from sgtrack.progress.indicator_progress import CategoryProgress, Progress, ProjectProgress, State
from sgtrack.progress.kinds import kind_of
from sgtrack.progress.progress_wording import STATE_ON_SCREEN, actual_words, target_words
from sgtrack.sheets.exported_rows import (
    ACTIVITY_COLUMNS,
    COUNTED_CODES,
    NAMES,
    PRINTED,
    VERSION,
    activity_row,
    columns,
    export_mark,
    rows_of,
    served_items,
)

_LEDGER = "台账"
_COMPLETION_COLUMNS = (
    ("编号", 8), ("服务项", 28), ("目标", 18), ("目标数", 9), ("已完成", 9), ("单位", 7),
    ("完成率", 16), ("状态", 8), ("说明", 26),
)  # fmt: skip
_HEAD = 3


@dataclass(frozen=True, slots=True)
class Book:
    """The progress and the entries to export, and whether to include participants' names."""

    progress: ProjectProgress
    entries: tuple[Entry, ...]
    with_names: bool


def write_workbook(book: Book) -> bytes:
    """Return the workbook as the content of an .xlsx file."""
    content = BytesIO()
    file = xlsxwriter.Workbook(
        content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    file.set_calc_mode("auto")
    sheets = _Sheets(file, book)
    sheets.write_completion()
    sheets.write_activities()
    sheets.write_ledger()
    for category in book.progress.categories:
        sheets.write_category(category)
    file.close()
    return content.getvalue()


def adds_up(item: Item, indicator: Indicator) -> bool:
    """Return whether a spreadsheet formula can compute the indicator as a sum of amounts."""
    return (
        not kind_of(indicator).no_formula
        and not item.once(indicator.unit)
        and not item.series
        and indicator.target is not None
    )


class _Sheets:
    def __init__(self, file: xlsxwriter.Workbook, book: Book) -> None:
        self.file = file
        self.book = book
        self.project: Project = book.progress.project
        border = {"border": 1, "valign": "top", "text_wrap": True}
        self.title = file.add_format({"bold": True, "font_size": 16})
        self.note = file.add_format({"font_color": "#595959"})
        self.warning = file.add_format({"bold": True, "font_color": "#C00000"})
        self.head = file.add_format(
            {"bold": True, "border": 1, "align": "center", "bg_color": "#D9E2F3"}
        )
        self.text = file.add_format(border)
        self.section = file.add_format({**border, "bold": True, "bg_color": "#F2F2F2"})
        self.share_bold = file.add_format(
            {**border, "bold": True, "num_format": "0.0%", "bg_color": "#F2F2F2"}
        )
        self.number = file.add_format({**border, "num_format": "0.##"})
        self.share = file.add_format({**border, "num_format": "0.0%"})
        self.version = file.add_format({**border, "font_color": "#7F7F7F", "text_wrap": False})
        self.columns = columns(with_names=book.with_names)
        self.day = file.add_format({**border, "num_format": "yyyy-mm-dd", "align": "left"})

    def _add_sheet(self, name: str, columns: tuple[tuple[str, int], ...], title: str) -> Any:
        sheet = self.file.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P / &N")
        sheet.write_string(0, 0, title, self.title)
        period = self.project.period
        days = f"截至 {self.book.progress.as_of}，项目期 {period.start} 至 {period.end}"
        sheet.write_string(1, 0, days, self.note)
        if self.book.with_names:
            sheet.write_string(2, 0, "含姓名，请勿外传", self.warning)
        for column, (heading, width) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(_HEAD, column, heading, self.head)
        sheet.freeze_panes(_HEAD + 1, 0)
        sheet.repeat_rows(_HEAD)
        return sheet

    def write_completion(self) -> None:
        """Write the sheet of all indicators, with formulas for sums and percentages."""
        sheet = self._add_sheet(
            "完成情况", _COMPLETION_COLUMNS, f"{self.project.full_name}指标完成情况"
        )
        line = _HEAD + 1
        ranges = []
        for category in self.book.progress.categories:
            percentages = f"G{line + 2}:G{line + 1 + len(category.indicators)}"
            ranges.append(percentages)
            words = f"{category.category.code} {category.category.name}"
            formula = f"=ROUNDDOWN(IFERROR(AVERAGE({percentages}),1),3)"
            self._write_mean(sheet, line, words, formula, category.percent)
            for progress in category.indicators:
                line += 1
                self._write_indicator(sheet, line, progress)
            line += 1
        formula = f"=ROUNDDOWN(AVERAGE({','.join(ranges)}),3)"
        words = "总体（所有指标的平均，每项最多算 100%）"
        self._write_mean(sheet, line, words, formula, self.book.progress.percent)
        data_bar = {
            "type": "data_bar",
            "bar_solid": True,
            "bar_color": "#9DC3E6",
            "min_type": "num",
            "min_value": 0,
            "max_type": "num",
            "max_value": 1,
        }
        sheet.conditional_format(_HEAD + 1, 6, line, 6, data_bar)
        colours = {State.OVERDUE: "#FFC7CE", State.BEHIND: "#FFEB9C", State.DONE: "#C6EFCE"}
        for state, colour in colours.items():
            word = STATE_ON_SCREEN[state]
            background = self.file.add_format({"bg_color": colour})
            rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": background}
            sheet.conditional_format(_HEAD + 1, 7, line, 7, rule)

    def _write_mean(
        self, sheet: Any, line: int, words: str, formula: str, percent: Decimal
    ) -> None:
        """Write a bold row with the mean percentage of several indicators."""
        sheet.merge_range(line, 0, line, 5, "", self.section)
        sheet.write_string(line, 0, words, self.section)
        sheet.write_formula(line, 6, formula, self.share_bold, float(percent / 100))
        for column in (7, 8):
            sheet.write_blank(line, column, None, self.section)

    def _write_indicator(self, sheet: Any, line: int, progress: Progress) -> None:
        indicator, item = progress.indicator, progress.item
        for column, words in ((0, item.code), (1, item.name), (2, target_words(indicator))):
            sheet.write_string(line, column, words, self.text)
        sheet.write_number(line, 3, float(indicator.target or 1), self.number)
        sheet.write_string(line, 5, indicator.unit or "", self.text)
        actual, percent = float(progress.actual), float(progress.percent / 100)
        if progress.state is State.ENDED:
            # AVERAGE ignores text, so the percentage of an ended indicator is written as text.
            sheet.write_number(line, 4, actual, self.number)
            sheet.write_string(line, 6, f"{progress.percent}%", self.text)
            sheet.write_string(line, 8, "已终止，不计入完成率", self.text)
        elif adds_up(item, indicator):
            sheet.write_formula(line, 4, self._sum(item, indicator), self.number, actual)
            formula = f"=ROUNDDOWN(MIN(1,E{line + 1}/D{line + 1}),3)"
            sheet.write_formula(line, 6, formula, self.share, percent)
            sheet.write_string(line, 8, "", self.text)
        else:
            sheet.write_number(line, 4, actual, self.number)
            sheet.write_number(line, 6, percent, self.share)
            by_name = "同一名称只算一个" if item.series else "同一个名字只算一次"
            reason = kind_of(indicator).no_formula or by_name
            sheet.write_string(line, 8, f"{actual_words(progress)}；{reason}", self.text)
        sheet.write_string(line, 7, STATE_ON_SCREEN[progress.state], self.text)

    def _sum(self, item: Item, indicator: Indicator) -> str:
        """Return a formula that sums the ledger's amounts for an item in the indicator's unit."""
        last = max(_HEAD + 1 + sum(len(e.activity.amounts) or 1 for e in self.book.entries), 5)

        def column(letter: str) -> str:
            return f"'{_LEDGER}'!${letter}${_HEAD + 2}:${letter}${last}"

        codes = column(xl_col_to_name(self._place_of(COUNTED_CODES)))
        return f'=SUMIFS({column("F")},{column("G")},"{indicator.unit}",{codes},"*|{item.code}|*")'

    def _place_of(self, heading: str) -> int:
        return [name for name, _ in self.columns].index(heading)

    def write_activities(self) -> None:
        """Write the sheet for readers, with one row for each activity."""
        names = [(NAMES, 24)] if self.book.with_names else []
        sheet = self._add_sheet(
            "活动一览", (*ACTIVITY_COLUMNS, *names), f"{self.project.full_name}活动一览"
        )
        for line, entry in enumerate(self.book.entries, start=_HEAD + 1):
            row = activity_row(self.project, entry, with_names=self.book.with_names)
            for column, value in enumerate(row):
                self._write_cell(sheet, line, column, value, self.text)

    def _write_cell(self, sheet: Any, line: int, column: int, value: Any, form: Any) -> None:
        """Write a day, a number or a text; people's text never becomes a formula."""
        if isinstance(value, date):
            sheet.write_datetime(line, column, value, self.day)
        elif isinstance(value, Decimal):
            sheet.write_number(line, column, float(value), self.number)
        else:
            sheet.write_string(line, column, value, form)

    def write_ledger(self) -> None:
        """Write the sheet of all entries, with a row for each amount."""
        last = self._write_entries(_LEDGER, f"{self.project.full_name}活动台账", self.book.entries)
        sheet = self.file.get_worksheet_by_name(_LEDGER)
        sheet.autofilter(_HEAD, 0, max(last - 1, _HEAD), len(self.columns) - 1)
        mark = export_mark(self.book.progress.as_of, self.book.entries)
        sheet.write_string(1, len(self.columns) - 1, mark, self.note)

    def write_category(self, category: CategoryProgress) -> None:
        """Write the sheet of a category's entries, with a row for each amount."""
        codes = {progress.item.code for progress in category.indicators}
        entries = tuple(
            entry for entry in self.book.entries if codes & {*served_items(self.project, entry)}
        )
        words = f"{category.category.code} {category.category.name}"
        self._write_entries(words[:31], words, entries)

    def _write_entries(self, name: str, title: str, entries: tuple[Entry, ...]) -> int:
        """Write a sheet of entries; return the number of the row after the last one, from 0."""
        sheet = self._add_sheet(name, self.columns, title)
        line = _HEAD + 1
        for entry in entries:
            for row in rows_of(self.project, entry):
                for column, (heading, _) in enumerate(self.columns):
                    form = self.version if heading == VERSION else self.text
                    self._write_cell(sheet, line, column, row[heading], form)
                line += 1
        hidden = self._place_of(COUNTED_CODES)
        sheet.set_column(hidden, hidden, None, None, {"hidden": True})
        printed = len(PRINTED) + self.book.with_names
        sheet.print_area(0, 0, max(line - 1, _HEAD), printed - 1)
        return line
