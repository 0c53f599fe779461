"""The part of a brief on the next month: planned or due activities, each item once."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from sgtrack.brief.brief_material import BriefMaterial
from sgtrack.model.contract import Item
from sgtrack.model.units import plain
from sgtrack.model.wording import day_words
from sgtrack.plan.outcome import Planned, PlannedMonth
from sgtrack.plan.plan_wording import amounts
from sgtrack.progress.contract_status import compute_due
from sgtrack.progress.indicator_progress import State
from sgtrack.progress.kinds import kind_of
from sgtrack.progress.periods import windows
from sgtrack.progress.tally import ZERO

_MOST_ITEMS = (99, 8, 6, 4, 3, 2, 1, 0)
"""How many items of a category are named; the first number whose text fits is used."""
_MOST_CATEGORIES = 3
"""How many categories are named if there is no space for their items."""
_FEWEST_URGENT = 3
"""Minimum number of urgent items that are named."""


class _Kind(Enum):
    """The reasons for planning a task; each has a line of its own, which begins with the value."""

    LATE = "尽快补做"
    DATED = ""
    BEHIND = "加快推进，补齐差额："
    USUAL = "按计划开展"


@dataclass(frozen=True, slots=True)
class _Task:
    """A planned task; ``group`` is the deadline or category that it is listed under."""

    kind: _Kind
    item: Item
    words: str
    group: str = ""


def compose_plans(month: BriefMaterial, longest: int) -> tuple[str, ...]:
    """Describe the planned tasks: overdue, with a deadline, behind schedule, and others.

    If the text would have more than ``longest`` characters, only some items are named.
    """
    tasks = _from_progress(month) if month.planned is None else _from_plan(month, month.planned)
    first = {task.item.code: task for task in reversed(tasks) if not task.item.is_brief}
    tasks = [task for task in tasks if first.get(task.item.code) is task]
    tasks += _next_brief(month)
    lines: list[str] = []
    for most in _MOST_ITEMS:
        lines = [line for kind in _Kind if (line := _line(kind, tasks, most))]
        if sum(map(len, lines)) <= longest:
            break
    return tuple(lines)


def _line(kind: _Kind, tasks: list[_Task], most: int) -> str:
    """Write the tasks of a kind by group, at most ``most`` of each; more if they are urgent."""
    groups: dict[str, list[str]] = {}
    for task in tasks:
        if task.kind is kind:
            groups.setdefault(task.group, []).append(task.words)
    if not groups:
        return ""
    if kind is not _Kind.USUAL:
        most = max(2 * most, _FEWEST_URGENT)
    elif most == 0:
        names = "、".join(name.rstrip("：") for name in list(groups)[:_MOST_CATEGORIES])
        rest = "等" if len(groups) > _MOST_CATEGORIES else ""
        return f"按计划推进{names}{rest}{sum(map(len, groups.values()))}项服务。"
    told = [group + _listed(words, most) for group, words in groups.items()]
    return f"{kind.value}{'；'.join(told)}。"


def _listed(words: list[str], most: int) -> str:
    """List the words; if there are more than ``most + 1``, list ``most`` and state the number."""
    if len(words) <= most + 1:
        return "，".join(words)
    return f"{'，'.join(words[:most])}等{len(words)}项"


def _next_brief(month: BriefMaterial) -> list[_Task]:
    """Return the task of the next brief, if the contract asks for one."""
    following = [w for w in windows(month.project) if w.number == month.window.number + 1]
    item = month.project.brief_item
    if item is None or not following:
        return []
    due = f"{day_words(following[0].due)}前"
    return [_Task(_Kind.DATED, item, f"报送{following[0].month}月简报", due)]


def _from_plan(month: BriefMaterial, months: tuple[PlannedMonth, ...]) -> list[_Task]:
    """Return a task for each item of the plan, with its planned activities added up.

    Activities without a deadline are taken from the last planned month only.
    """
    kind_of_item: dict[str, tuple[_Kind, str]] = {}
    chosen: dict[str, list[Planned]] = {}
    categories = {item.code: c.name for c in month.project.categories for item in c.items}
    behind = {p.item.code for p in month.now.attention if p.state in (State.BEHIND, State.OVERDUE)}
    for n, planned_month in enumerate(months):
        for planned in planned_month.activities:
            code = planned.form.item.code
            if planned.late:
                kind, group = _Kind.LATE, ""
            elif planned.deadline:
                kind, group = _Kind.DATED, f"{day_words(planned.days.end)}前完成"
            elif n < len(months) - 1:
                continue
            elif code in behind:
                kind, group = _Kind.BEHIND, ""
            else:
                kind, group = _Kind.USUAL, f"{categories[code]}："
            kind_of_item.setdefault(code, (kind, group))
            chosen.setdefault(code, []).append(planned)
    return [
        _Task(kind, some[0].form.item, _planned_words(some), group)
        for code, some in chosen.items()
        for kind, group in [kind_of_item[code]]
    ]


def _planned_words(some: list[Planned]) -> str:
    """Describe all planned activities of an item: 入户访视20人次, or 政策宣讲2场、90人次."""
    form = some[0].form
    if not form.brings:
        return form.item.name
    sums: dict[str, Decimal] = {}
    for planned in some:
        for unit, usual in amounts(planned.form).items():
            sums[unit] = sums.get(unit, ZERO) + usual.amount * planned.count
    ones = [unit for unit in form.brings if unit not in sums]
    if ones and form.item.sessions == 1:
        count = sum(planned.count for planned in some)
        sums = {ones[0]: Decimal(count), **sums}
    elif not sums:
        sums = {"次": Decimal(sum(planned.count for planned in some))}
    return form.item.name + "、".join(f"{plain(amount)}{unit}" for unit, amount in sums.items())


def _from_progress(month: BriefMaterial) -> list[_Task]:
    """Return the tasks due within a month, overdue or behind, for a brief without a plan."""
    now = month.now
    if now.as_of >= month.window.period.end and now.as_of >= now.project.period.end:
        return []
    days = (month.window.period.end - now.as_of).days + 31
    tasks: list[_Task] = []
    for due in compute_due(now, days):
        item, unit = due.progress.item, due.progress.indicator.unit or "项"
        kind = _Kind.LATE if due.late else _Kind.DATED
        group = "" if due.late else f"{day_words(due.deadline)}前完成"
        tasks.append(_Task(kind, item, f"{item.name}{due.label}{plain(due.amount)}{unit}", group))
    for progress in now.attention:
        indicator = progress.indicator
        lack = (progress.expected - progress.actual).to_integral_value()
        is_behind = progress.state in (State.BEHIND, State.OVERDUE)
        if kind_of(indicator).has_pace and is_behind and lack >= 1:
            words = f"{progress.item.name}{plain(lack)}{indicator.unit}"
            tasks.append(_Task(_Kind.BEHIND, progress.item, words))
    return tasks
