"""The index of the dossier as an Excel workbook."""

from __future__ import annotations

from io import BytesIO

import xlsxwriter

from sgtrack.dossier.index import Index, IndexEntry

MOST_LINKS = 60_000
"""Excel opens no more links on a sheet; what comes after them is plain text."""
_INDICATORS = (
    ("类别", 20),
    ("条款", 7),
    ("编号", 8),
    ("服务项", 26),
    ("目标", 18),
    ("完成", 22),
    ("完成率", 9),
    ("佐证", 8),
    ("状态", 7),
    ("记录", 7),
    ("缺佐证", 8),
    ("清单", 8),
)
_FILES = (
    ("编号", 8),
    ("服务项", 26),
    ("日期", 12),
    ("记录", 9),
    ("活动", 30),
    ("计入", 26),
    ("种类", 12),
    ("文件", 40),
    ("缺少", 20),
)


def workbook(index: Index) -> bytes:
    """Two sheets: the indicators, and the entries with their files; what is missing is red."""
    made = BytesIO()
    book = xlsxwriter.Workbook(made, {"strings_to_formulas": False, "strings_to_urls": False})
    sheets = _Sheets(book, index.title)
    sheets.indicators(index)
    sheets.files(index)
    book.close()
    return made.getvalue()


class _Sheets:
    """The formats of a workbook and the sheets made with them."""

    def __init__(self, book: xlsxwriter.Workbook, title: str) -> None:
        self.book = book
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.bold = book.add_format({"bold": True, "border": 1, "align": "center"})
        self.plain = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        self.red = book.add_format(
            {"border": 1, "text_wrap": True, "valign": "top", "font_color": "#C00000"}
        )
        self.link = book.add_format(
            {"border": 1, "valign": "top", "font_color": "#0563C1", "underline": 1}
        )
        self.name = title

    def _sheet(self, name: str, columns: tuple[tuple[str, int], ...]) -> xlsxwriter.worksheet:
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.write_string(0, 0, f"{self.name} {name}", self.title)
        for n, (heading, width) in enumerate(columns):
            sheet.set_column(n, n, width)
            sheet.write_string(1, n, heading, self.bold)
        sheet.freeze_panes(2, 0)
        sheet.repeat_rows(1)
        return sheet

    def indicators(self, index: Index) -> None:
        sheet = self._sheet("指标", _INDICATORS)
        line = 2
        for category in index.categories:
            for clause in category.clauses:
                for item in clause.items:
                    lacking = sum(1 for entry in item.entries if entry.missing)
                    for row in item.rows:
                        cells = (
                            *(category.name, clause.code, item.code, item.name),
                            *(row.target, row.claimed, row.percent, row.proven, row.state),
                            str(len(item.entries)),
                        )
                        for n, cell in enumerate(cells):
                            red = n == 6 and not row.done
                            sheet.write_string(line, n, cell, self.red if red else self.plain)
                        sheet.write_string(
                            line, 10, str(lacking), self.red if lacking else self.plain
                        )
                        sheet.write_url(line, 11, f"external:{item.list}", self.link, "打开")
                        line += 1

    def files(self, index: Index) -> None:
        sheet = self._sheet("记录与佐证", _FILES)
        line = 2
        for item in index.items:
            for entry in item.entries:
                line = self._entry(sheet, line, (item.code, item.name), entry)
        for entry in index.outside:
            line = self._entry(sheet, line, ("", "合同外"), entry)

    def _entry(
        self, sheet: xlsxwriter.worksheet, line: int, item: tuple[str, str], entry: IndexEntry
    ) -> int:
        for n, cell in enumerate((*item, entry.day, entry.id, entry.title, entry.counted)):
            sheet.write_string(line, n, cell, self.plain)
        missing = f"缺 {entry.missing}" if entry.missing else ""
        sheet.write_string(line, 8, missing, self.red if missing else self.plain)
        for one in entry.files:
            sheet.write_string(line, 6, one.kind, self.plain)
            if one.problem:
                sheet.write_string(line, 8, one.problem, self.red)
            if one.there and line < MOST_LINKS:
                sheet.write_url(line, 7, f"external:{one.path}", self.link, one.name)
            else:
                sheet.write_string(line, 7, one.name, self.plain)
            line += 1
        return line if entry.files else line + 1
