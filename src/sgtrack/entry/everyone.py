"""The word 全体 in ``--who``: everyone on the roster of the day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sgtrack.model.contract import Item
from sgtrack.model.entries import Person
from sgtrack.model.errors import Refused

EVERYONE = "全体"
"""The word for all people on the roster of an item's role."""


def name_everyone(
    names: tuple[str, ...], items: Iterable[Item], roster: Iterable[Person], day: date
) -> tuple[str, ...]:
    """Replace the word 全体 by the names of everyone on the roster on a day.

    ``items`` are the items of the activity. Their per-person indicators determine which roles are
    meant.

    Raises:
        Refused: no item counts per person, or the roster is empty on that day.
    """
    if EVERYONE not in names:
        return names
    served = tuple(items)
    roles = {indicator.role for item in served for indicator in item.indicators if indicator.role}
    if not roles:
        raise Refused(
            f"{served[0].code} {served[0].name} 不按名册计，“{EVERYONE}”不知道是哪些人",
            "写上姓名，如 --who 甲、乙",
        )
    people = [
        person.name
        for person in roster
        if person.role in roles and person.since <= day and not person.has_left(day)
    ]
    if not people:
        raise Refused(
            f"{day} 的{'、'.join(sorted(roles))}名册是空的，“{EVERYONE}”没有人",
            "先用 sgtrack people add 登记名册，或写上姓名",
        )
    return tuple(dict.fromkeys((*people, *(name for name in names if name != EVERYONE))))
