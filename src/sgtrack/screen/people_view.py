"""Shows rosters and training records on the screen and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Column
from rich.text import Text

from sgtrack.app.rosters import CommunityRoster
from sgtrack.model.entries import Person
from sgtrack.model.units import number, plain
from sgtrack.progress.kinds.per_person_kind import PersonProgress
from sgtrack.report.training_record import TrainingRecord
from sgtrack.screen.console import grid, right

WARNING = "含姓名，请勿外传"


def _rows(roster: CommunityRoster) -> Iterator[tuple[Person, PersonProgress | None]]:
    """Yield each person with each of their progress values, or once with None if there is none."""
    by_person: dict[tuple[str, str], list[PersonProgress]] = {}
    for progress in roster.progress:
        by_person.setdefault((progress.role, progress.name), []).append(progress)
    for person in roster.people:
        progress_of_person = by_person.get((person.role, person.name), (None,))
        yield from ((person, progress) for progress in progress_of_person)


def people_table(roster: CommunityRoster, with_names: bool) -> RenderableType:
    """Build a table of the roster of a community; without ``with_names``, people are numbered."""
    has_left = any(person.last_day for person in roster.people)
    until = ["截止日期"] if has_left else []
    table = grid("角色", Column("姓名"), "起始日期", *until, right("已完成"), "每年应完成")
    for n, (person, progress) in enumerate(_rows(roster), start=1):
        table.add_row(
            person.role,
            person.name if with_names else f"第{n}人",
            person.since.isoformat(),
            *([person.last_day.isoformat() if person.last_day else ""] if has_left else []),
            f"{plain(progress.actual)}{progress.unit}" if progress else "",
            f"{plain(progress.target)}{progress.unit}" if progress else "",
        )
    return Group(Text(roster.project.full_name, style="bold"), table)


def rosters_json(rosters: Iterable[CommunityRoster], with_names: bool) -> list[dict[str, Any]]:
    """Return the rosters of all communities as JSON values, with names only if ``with_names``."""
    return [
        {
            "community": person.community,
            "role": person.role,
            "since": person.since.isoformat(),
            "last_day": person.last_day.isoformat() if person.last_day else None,
            "item": progress.item if progress else None,
            "unit": progress.unit if progress else None,
            "actual": number(progress.actual) if progress else None,
            "target": number(progress.target) if progress else None,
            **({"name": person.name} if with_names else {}),
        }
        for roster in rosters
        for person, progress in _rows(roster)
    ]


def training_json(record: TrainingRecord) -> dict[str, Any]:
    """Return a training record as JSON values, with names only if the record has them."""
    return {
        "community": record.slug,
        "role": record.role,
        "item": record.item_code,
        "unit": record.unit,
        "target": number(record.needed),
        "as_of": record.as_of.isoformat(),
        "people": [
            {
                **({"name": person.name} if record.with_names else {}),
                "actual": number(person.actual),
                "trainings": [
                    {
                        "date": lesson.day.isoformat(),
                        "title": lesson.course,
                        "place": lesson.place,
                        "amount": number(lesson.amount),
                    }
                    for lesson in person.lessons
                ],
            }
            for person in record.people
        ],
    }


def training_sheet(record: TrainingRecord) -> RenderableType:
    """Build a table of the lessons and the total of each person in a training record."""
    table = grid("姓名", "日期", Column("课程"), right("时间"), "")
    for person in record.people:
        for lesson in person.lessons:
            table.add_row(person.name, lesson.date, lesson.course, lesson.hours, "")
        table.add_row(person.name, "合计", person.count, person.total, person.met, style="bold")
    head = f"{record.community} {record.role}培养记录  {record.item}  {record.year}"
    asked = f"每人应完成 {record.target}，截至 {record.date}"
    warning = [Text(WARNING, style="red")] if record.with_names else []
    return Group(*warning, Text(head, style="bold"), Text(asked, style="dim"), table)
