"""The training records (培养记录): each person's progress on a per-person indicator."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO

from sgtrack.model.contract import Indicator, Kind, Period, Project
from sgtrack.model.entries import Entry
from sgtrack.model.figures import Figures
from sgtrack.model.units import plain
from sgtrack.model.wording import full_day
from sgtrack.progress.conditions import rejection_reason
from sgtrack.progress.periods import year_of
from sgtrack.progress.tally import ZERO, served, tally


@dataclass(frozen=True, slots=True)
class Lesson:
    """A training that a person attended; ``amount`` is in the unit of the indicator."""

    date: str
    course: str
    place: str
    hours: str
    day: datetime.date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Trainee:
    """A person on a roster, with the trainings that the person attended in the year."""

    name: str
    count: str
    total: str
    met: str
    lessons: tuple[Lesson, ...]
    actual: Decimal


@dataclass(frozen=True, slots=True)
class TrainingRecord:
    """The training record of a roster in a year: the values for its template."""

    community: str
    role: str
    item: str
    year: str
    target: str
    date: str
    with_names: bool
    people: tuple[Trainee, ...]
    slug: str
    item_code: str
    unit: str
    needed: Decimal
    as_of: datetime.date


def compose_training_records(
    project: Project,
    figures: Figures,
    entries: tuple[Entry, ...],
    as_of: date,
    *,
    with_names: bool,
) -> tuple[TrainingRecord, ...]:
    """Compose a record for each per-person indicator, for the project year of ``as_of``."""
    project = project.at(as_of)
    year = year_of(project.period, as_of)
    until = Period(year.period.start, min(year.period.end, as_of))
    tallies = tally(project, figures)
    records = []
    for _, _, item, indicator in project.indicators():
        if indicator.kind is not Kind.PER_PERSON:
            continue
        role, unit = indicator.role or "", indicator.unit or ""
        counted = [
            entry
            for entry in entries
            if entry.activity.day in until
            and item.code in served(project, entry.activity.items)
            and unit in entry.activity.amounts
            and not rejection_reason(item, entry.activity)
        ]
        people = []
        stayed = tallies.people(role, item.code, year.period, as_of)
        everyone = tallies.people(role, item.code, year.period, year.period.start)
        for n, name in enumerate(everyone, start=1):
            attended = [entry for entry in counted if name in entry.activity.participants]
            shown = name if with_names else f"第{n}人"
            people.append(_trainee(shown, indicator, attended, has_left=name not in stayed))
        records.append(
            TrainingRecord(
                community=project.full_name,
                role=role,
                item=f"{item.code} {item.name}",
                year=year.on_screen,
                target=f"{plain(indicator.target or ZERO)}{unit}",
                date=full_day(as_of),
                with_names=with_names,
                people=tuple(people),
                slug=project.slug,
                item_code=item.code,
                unit=unit,
                needed=indicator.target or ZERO,
                as_of=as_of,
            )
        )
    return tuple(records)


def _trainee(name: str, indicator: Indicator, attended: list[Entry], *, has_left: bool) -> Trainee:
    unit = indicator.unit or ""
    total = sum((entry.activity.amounts[unit] for entry in attended), ZERO)
    missing = (indicator.target or ZERO) - total
    return Trainee(
        name=name,
        count=f"{len(attended)}次",
        total=f"{plain(total)}{unit}",
        met="达标" if missing <= 0 else "已离开" if has_left else f"尚缺{plain(missing)}{unit}",
        lessons=tuple(
            Lesson(
                full_day(entry.activity.day),
                entry.activity.title,
                entry.activity.place,
                f"{plain(entry.activity.amounts[unit])}{unit}",
                entry.activity.day,
                entry.activity.amounts[unit],
            )
            for entry in attended
        ),
        actual=total,
    )


def write_training_workbook(records: tuple[TrainingRecord, ...]) -> bytes:
    """Return an Excel workbook with the totals and the trainings of each record."""
    import xlsxwriter  # noqa: PLC0415 - only the workbook needs it

    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False})
    bold = book.add_format({"bold": True, "border": 1, "align": "center"})
    plain_cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
    warning = book.add_format({"bold": True, "font_color": "#C00000"})
    for record in records:
        totals = [(person.name, person.count, person.total, person.met) for person in record.people]
        lessons = [
            (person.name, lesson.date, lesson.course, lesson.place, lesson.hours)
            for person in record.people
            for lesson in person.lessons
        ]
        for name, headings, rows in (
            ("合计", ("姓名", "培训次数", "合计", "是否达标"), totals),
            ("明细", ("姓名", "日期", "课程", "地点", "时间"), lessons),
        ):
            title = f"{record.role}{name}" if len(records) == 1 else f"{record.item[:12]} {name}"
            sheet = book.add_worksheet(title[:31].replace("/", " "))
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)
            sheet.set_column(0, len(headings) - 1, 18)
            if record.with_names:
                sheet.write_string(0, 0, "含姓名，请勿外传", warning)
            sheet.write_string(
                1, 0, f"{record.community} {record.item} {record.year} 每人应完成{record.target}"
            )
            for line, row in enumerate([headings, *rows], start=3):
                for column, cell in enumerate(row):
                    sheet.write_string(line, column, cell, bold if line == 3 else plain_cell)
            sheet.repeat_rows(3)
    book.close()
    return content.getvalue()
