"""Writes the index of the dossier as an Excel workbook."""

from __future__ import annotations

from io import BytesIO

import xlsxwriter

from sgtrack.dossier.dossier_index import Index, IndexEntry

MOST_LINKS = 60_000
"""Number of the first row whose file has no link; Excel allows at most 65,530 links per sheet."""
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


def write_index_workbook(index: Index) -> bytes:
    """Return a workbook with a sheet of indicators and a sheet of entries.

    Incomplete indicators and missing evidence are red.
    """
    content = BytesIO()
    book = xlsxwriter.Workbook(
        content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheets = _IndexSheets(book, index.title)
    sheets.indicators(index)
    sheets.files(index)
    book.close()
    return content.getvalue()


class _IndexSheets:
    """Writer of the sheets of the index, with their cell formats."""

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
        for category, _ in index.categories:
            for clause in category.clauses:
                for item in (index.items[contract_item.code] for contract_item in clause.items):
                    lacking = sum(1 for entry in item.entries if entry.missing)
                    for row in item.rows:
                        cells = (
                            *(category.name, clause.code, item.code, item.name),
                            *(row.target, row.claimed, row.percent, row.proven, row.state),
                        )
                        for n, cell in enumerate(cells):
                            is_gap = (n == 6 and not row.done) or (n == 7 and not row.whole)
                            sheet.write_string(line, n, cell, self.red if is_gap else self.plain)
                        sheet.write_number(line, 9, len(item.entries), self.plain)
                        sheet.write_number(line, 10, lacking, self.red if lacking else self.plain)
                        sheet.write_url(line, 11, f"external:{item.list}", self.link, "打开")
                        line += 1
        sheet.autofilter(1, 0, line - 1, len(_INDICATORS) - 1)

    def files(self, index: Index) -> None:
        sheet = self._sheet("记录与佐证", _FILES)
        line = 2
        for item in index.items.values():
            for entry in item.entries:
                line = self._entry(sheet, line, (item.code, item.name), entry)
        for entry in index.outside:
            line = self._entry(sheet, line, ("", "合同外"), entry)
        sheet.autofilter(1, 0, line - 1, len(_FILES) - 1)

    def _entry(
        self, sheet: xlsxwriter.worksheet, line: int, item: tuple[str, str], entry: IndexEntry
    ) -> int:
        """Write one row for each file of an entry, or a single row for an entry without files.

        Each row repeats the cells of the entry, so that Excel filters work. Return the number of
        the next free row.
        """
        missing = f"缺 {entry.missing}" if entry.missing else ""
        for file in entry.files or (None,):
            for n, cell in enumerate((*item, entry.day, entry.id, entry.title, entry.counted)):
                sheet.write_string(line, n, cell, self.plain)
            sheet.write_string(line, 6, file.kind if file else "", self.plain)
            if file and file.is_present and line < MOST_LINKS:
                sheet.write_url(line, 7, f"external:{file.path}", self.link, file.name)
            else:
                sheet.write_string(line, 7, file.name if file else "", self.plain)
            problems = "；".join(
                words for words in (file.problem if file else "", missing) if words
            )
            sheet.write_string(line, 8, problems, self.red)
            line += 1
        return line
