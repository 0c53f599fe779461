"""A person for a roster, as the officer types one."""

from __future__ import annotations

from datetime import date

from sgtrack.entry.date_parsing import read_date
from sgtrack.entry.text_cleaning import clean
from sgtrack.model.contract import Project
from sgtrack.model.entries import Person
from sgtrack.model.errors import Refused

ROLES = ("社区工作者", "志愿者", "老年人", "儿童")
"""Whom a station commonly keeps a roster of, besides those a contract counts per person."""


def known_roles(project: Project) -> tuple[str, ...]:
    """The roles a roster can have: the contract's own first."""
    own = [i.role for _, _, _, i in project.indicators() if i.role]
    return tuple(dict.fromkeys([*own, *ROLES]))


def parse_person(project: Project, name: str, role: str, since: str | None, today: date) -> Person:
    """Someone for a roster; without a day, from the beginning of the project.

    Raises:
        Refused: the role is unknown, or the day is none of the project.
    """
    known = known_roles(project)
    if role not in known:
        raise Refused(f"没有角色“{role}”", f"可用的角色：{'、'.join(known)}")
    day = project.period.start if not since else read_date(since, today, project.period)
    if day not in project.period:
        raise Refused(
            f"日期 {day} 不在项目期内（{project.period.start} 至 {project.period.end}）",
            "写项目期内的日期，不写就是项目开始",
        )
    return Person("", project.slug, clean(name, "姓名", 40), role, day)
