"""Reads the people of a roster from the command line or from a table with a column 姓名."""

from __future__ import annotations

from datetime import date

from sgtrack.entry.date_parsing import read_date
from sgtrack.entry.text_cleaning import clean_name
from sgtrack.model.contract import Project
from sgtrack.model.entries import Person
from sgtrack.model.errors import Refused
from sgtrack.sheets.table_reader import SheetTable, as_text

_HEADINGS = {"姓名": "name", "名字": "name", "角色": "role", "类别": "role", "起始日期": "since"}
_SHOWN = 5
"""Maximum number of invalid rows that an error message lists."""
ROLES = ("社区工作者", "志愿者", "老年人", "儿童")
"""Roles that every roster accepts, besides the roles that the contract counts per person."""


def known_roles(project: Project) -> tuple[str, ...]:
    """Return the roles that a roster of a community accepts."""
    own = [i.role for _, _, _, i in project.indicators() if i.role]
    return tuple(dict.fromkeys([*own, *ROLES]))


def parse_person(project: Project, name: str, role: str, since: str | None, today: date) -> Person:
    """Return a person for a roster.

    ``since`` is the first day on the roster; by default it is the first day of the project.

    Raises:
        Refused: the role is unknown, the name or date is invalid, or the date is outside the
            project.
    """
    roles = known_roles(project)
    if role not in roles:
        raise Refused(f"没有角色“{role}”", f"可用的角色：{'、'.join(roles)}")
    day = project.period.start if not since else read_date(since, today, project.period)
    if day not in project.period:
        raise Refused(
            f"日期 {day} 不在项目期内（{project.period.start} 至 {project.period.end}）",
            "写项目期内的日期，不写就是项目开始",
        )
    return Person("", project.slug, clean_name(name), role, day)


def read_people(project: Project, table: SheetTable, role: str, today: date) -> list[Person]:
    """Read the people of a table with a column 姓名 and optional columns 角色 and 起始日期.

    ``role`` is the default role of a row.

    Raises:
        Refused: the column 姓名 is missing, the table lists nobody, or rows are invalid. The
            message lists at most five rows.
    """
    head, *rows = [tuple(map(as_text, row)) for row in table.rows] or [()]
    places = {_HEADINGS[h.strip()]: n for n, h in enumerate(head) if h.strip() in _HEADINGS}
    if "name" not in places:
        raise Refused(
            "第一行没有“姓名”这一列", "第一行写列名：姓名、角色、起始日期（后两列可以没有）"
        )
    people: list[Person] = []
    wrong: list[str] = []
    for number, row in enumerate(rows, start=2):
        cells = {key: row[place].strip() for key, place in places.items() if place < len(row)}
        if not any(cells.values()):
            continue
        try:
            if not cells.get("name"):
                raise Refused("没有写姓名")
            person = parse_person(
                project, cells["name"], cells.get("role") or role, cells.get("since"), today
            )
            if any((p.name, p.role) == (person.name, person.role) for p in people):
                raise Refused("和上面重复")
        except Refused as refused:
            wrong.append(f"第{number}行：{refused.message}")
        else:
            people.append(person)
    if wrong:
        more = f"，等 {len(wrong)} 处" if len(wrong) > _SHOWN else ""
        raise Refused("；".join(wrong[:_SHOWN]) + more, "改好后重新导入；一个人也没有写入")
    if not people:
        raise Refused("文件里没有人", "第一行写列名“姓名”，下面每行一个人")
    return people
