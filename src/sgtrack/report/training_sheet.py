"""The training record as an Excel workbook."""

from __future__ import annotations

from io import BytesIO

import xlsxwriter

from sgtrack.report.training_record import TrainingRecord


def workbook(records: tuple[TrainingRecord, ...]) -> bytes:
    """A workbook with the totals and every lesson of each record."""
    made = BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False})
    bold = book.add_format({"bold": True, "border": 1, "align": "center"})
    plain = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
    warning = book.add_format({"bold": True, "font_color": "#C00000"})
    for record in records:
        for name, headings, rows in (
            ("合计", ("姓名", "培训次数", "合计", "是否达标"), _totals(record)),
            ("明细", ("姓名", "日期", "课程", "地点", "时间"), _lessons(record)),
        ):
            title = f"{record.role}{name}" if len(records) == 1 else f"{record.item[:12]} {name}"
            sheet = book.add_worksheet(title[:31].replace("/", " "))
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)
            sheet.set_column(0, len(headings) - 1, 18)
            if record.with_names:
                sheet.write_string(0, 0, "含姓名，请勿外传", warning)
            sheet.write_string(
                1, 0, f"{record.community} {record.item} {record.year} 每人应有{record.target}"
            )
            for column, heading in enumerate(headings):
                sheet.write_string(3, column, heading, bold)
            for line, row in enumerate(rows, start=4):
                for column, cell in enumerate(row):
                    sheet.write_string(line, column, cell, plain)
            sheet.repeat_rows(3)
    if not records:
        book.add_worksheet("没有按每个人计的指标")
    book.close()
    return made.getvalue()


def _totals(record: TrainingRecord) -> list[tuple[str, ...]]:
    return [(one.name, one.count, one.total, one.met) for one in record.people]


def _lessons(record: TrainingRecord) -> list[tuple[str, ...]]:
    return [
        (one.name, lesson.date, lesson.course, lesson.place, lesson.hours)
        for one in record.people
        for lesson in one.lessons
    ]
