"""Sums up services by the group of people they are for, such as 老年人 or 救助对象."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from sgtrack.evidence.attach import MEDIA_EVIDENCE
from sgtrack.model.contract import Item, Project
from sgtrack.model.entries import Entry
from sgtrack.model.units import UNITS, Measure, amount_words, is_distinct
from sgtrack.progress.tally import ZERO
from sgtrack.report.report_context import PeopleGroup

EVERYBODY = "社区居民"
_WORDS = {
    "老年人": ("老人", "老年", "为老", "养老", "长者", "高龄", "夕阳红"),
    "儿童和青少年": ("儿童", "未成年", "青少年", "少年", "学生", "亲子", "家庭监护"),
    "老年人和儿童": ("一老一小", "老幼"),
    "残疾人": ("残疾", "残障", "助残"),
    "救助对象和困难群众": ("救助", "低保", "特困", "困难群", "流浪", "特殊困难"),
    "社区工作者和党员": ("社工", "社区工作者", "党员", "党建", "党组织"),
    "志愿者和社区社会组织": ("志愿", "社会组织"),
}
"""Words that name a group of people; the first group with a matching word is used."""


@dataclass(slots=True)
class _Services:
    activities: int = 0
    amounts: dict[str, Decimal] = field(default_factory=dict)
    items: dict[str, None] = field(default_factory=dict)


def sum_by_group(project: Project, entries: Iterable[Entry]) -> tuple[PeopleGroup, ...]:
    """Return the activities and the summed amounts of each group of people that was served.

    Activities without an amount that can be summed, such as submitted reports, are left out.
    """
    served: dict[str, _Services] = {name: _Services() for name in (*_WORDS, EVERYBODY)}
    for entry in entries:
        item = project.items.get(entry.activity.item)
        if item is None or MEDIA_EVIDENCE in item.evidence:
            continue
        amounts = {u: a for u, a in entry.activity.amounts.items() if _is_service(item, u)}
        if not amounts and not item.series:
            continue
        services = served[group_of(project, item, entry.activity.title)]
        services.activities += 1
        services.items[item.name] = None
        for unit, amount in amounts.items():
            if UNITS[unit].measure is not Measure.OCCASIONS:
                services.amounts[unit] = services.amounts.get(unit, ZERO) + amount
    return tuple(
        PeopleGroup(name, f"{one.activities}次", amount_words(one.amounts), "、".join(one.items))
        for name, one in served.items()
        if one.activities
    )


def group_of(project: Project, item: Item, title: str = "") -> str:
    """Return the group of people that an activity serves.

    The name of the item decides, then the title of the activity, then the text of the clause, then
    the name of the category.
    """
    category = next(c for c in project.categories if item in c.items)
    for text in (item.name, title, project.clauses[item.clause].text, category.name):
        for name, words in _WORDS.items():
            if any(word in text for word in words):
                return name
    return EVERYBODY


def _is_service(item: Item, unit: str) -> bool:
    """Return whether an item's amounts in a unit are services whose sum makes sense.

    Names and groups that return are counted once, so their amounts cannot be summed. Submitted
    briefs and other written works are not services to people.
    """
    if item.is_brief or is_distinct(unit) or item.counts_groups(unit):
        return False
    return UNITS[unit].measure in (Measure.VISITS, Measure.OCCASIONS)
