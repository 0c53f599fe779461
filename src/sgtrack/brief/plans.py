"""The part of a brief on the next month: each item once, from the plan or from what is due."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

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

_LONGEST = 280
"""Maximum number of characters: half a page has 11 lines of 28."""
_MOST_ITEMS = (99, 8, 6, 4, 3, 2, 1)
"""How many items of a group are named; the first number whose text fits is used."""
_LATE = "尽快补做"


@dataclass(frozen=True, slots=True)
class _Task:
    """What should be done of an item, in the group of a deadline or a category."""

    item: Item
    group: str
    words: str


def tell_plans(month: BriefMaterial) -> tuple[str, ...]:
    """Write what will be done: overdue and dated tasks, then the others by category."""
    tasks = _from_progress(month) if month.planned is None else _from_plan(month, month.planned)
    groups: dict[str, list[str]] = {}
    named: set[str] = set()
    for task in tasks:
        if task.item.code not in named and not task.item.is_brief:
            named.add(task.item.code)
            groups.setdefault(task.group, []).append(task.words)
    lines: list[str] = []
    for most in _MOST_ITEMS:
        lines = [_line(group, words, most) for group, words in groups.items()]
        if sum(map(len, lines)) <= _LONGEST:
            break
    lines += _next_brief(month)
    return (*(f"{line}；" for line in lines[:-1]), *(f"{line}。" for line in lines[-1:]))


def _line(group: str, words: list[str], most: int) -> str:
    rest = f"等{len(words)}项" if len(words) > most else ""
    return f"{group}{'、'.join(words[:most])}{rest}"


def _next_brief(month: BriefMaterial) -> list[str]:
    """Name the day by which the next brief is due, if the contract asks for one."""
    following = [w for w in windows(month.project) if w.number == month.window.number + 1]
    if month.project.brief_item is None or not following:
        return []
    return [f"{day_words(following[0].due)}前报送{following[0].month}月简报"]


def _from_plan(month: BriefMaterial, months: tuple[PlannedMonth, ...]) -> list[_Task]:
    """Return the planned activities, with those of an item added up.

    Activities without a deadline are taken from the last planned month only.
    """
    group_of: dict[str, str] = {}
    chosen: dict[str, list[Planned]] = {}
    categories = {item.code: c.name for c in month.project.categories for item in c.items}
    for n, planned_month in enumerate(months):
        for planned in planned_month.activities:
            code = planned.form.item.code
            if planned.late:
                group = _LATE
            elif planned.deadline:
                group = f"{day_words(planned.days.end)}前完成"
            elif n == len(months) - 1:
                group = f"{categories[code]}："
            else:
                continue
            group_of.setdefault(code, group)
            chosen.setdefault(code, []).append(planned)
    tasks = [
        _Task(some[0].form.item, group_of[code], _planned_words(some))
        for code, some in chosen.items()
    ]
    return sorted(tasks, key=lambda task: (task.group != _LATE, task.group.endswith("：")))


def _planned_words(some: list[Planned]) -> str:
    """Describe all planned activities of an item: 入户访视3次（约20人次）."""
    form = some[0].form
    if not form.brings:
        return form.item.name
    sums: dict[str, Decimal] = {}
    for planned in some:
        for unit, usual in amounts(planned.form).items():
            sums[unit] = sums.get(unit, ZERO) + usual.amount * planned.count
    ones = [unit for unit in form.brings if unit not in amounts(form)]
    unit = ones[0] if ones and form.item.sessions == 1 else "次"
    about = "、".join(f"{plain(amount)}{u}" for u, amount in sums.items() if u != unit)
    count = sum(planned.count for planned in some)
    return f"{form.item.name}{count}{unit}" + (f"（约{about}）" if about else "")


def _from_progress(month: BriefMaterial) -> list[_Task]:
    """Return what is due within a month, overdue or behind, for a brief without a plan."""
    now = month.now
    if now.as_of >= month.window.period.end and now.as_of >= now.project.period.end:
        return []
    days = (month.window.period.end - now.as_of).days + 31
    tasks: list[_Task] = []
    for due in compute_due(now, days):
        item, unit = due.progress.item, due.progress.indicator.unit or "项"
        group = _LATE if due.late else f"{day_words(due.deadline)}前完成"
        tasks.append(_Task(item, group, f"{item.name}{due.label}{plain(due.amount)}{unit}"))
    for progress in now.attention:
        indicator = progress.indicator
        lack = (progress.expected - progress.actual).to_integral_value()
        is_behind = progress.state in (State.BEHIND, State.OVERDUE)
        if kind_of(indicator).has_pace and is_behind and lack >= 1:
            words = f"{progress.item.name}{plain(lack)}{indicator.unit}"
            tasks.append(_Task(progress.item, "加快推进，补齐差额：", words))
    return tasks
