"""A plan on the screen, as a calendar of months, and as JSON."""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType
from rich.table import Column
from rich.text import Text

from sgtrack.app.make_plan import PlanResult
from sgtrack.model.units import number
from sgtrack.plan.activity_types import AmountSource, Form
from sgtrack.plan.outcome import Plan, Planned, PlannedMonth
from sgtrack.plan.plan_wording import (
    amounts,
    brief_words,
    brings_words,
    days_words,
    month_words,
    name_words,
    short_words,
)
from sgtrack.screen.console import grid

MONTHS_SHOWN = 12
"""How many months have a column of their own; what is planned later is added up."""


def plans_json(result: PlanResult) -> dict[str, Any]:
    """The plans of all communities for other programs."""
    return {
        "as_of": result.first_day.isoformat(),
        "communities": [plan_json(plan) for plan in result.plans],
    }


def plan_json(plan: Plan) -> dict[str, Any]:
    """A plan; ``brings`` is what one activity brings, ``short`` what stays missing in the end."""
    return {
        "community": plan.project.slug,
        "name": plan.project.name,
        "activities": plan.count,
        "optimal": plan.fewest,
        "even": plan.even,
        "months": [
            {
                "month": one.month.label,
                "from": one.month.period.start.isoformat(),
                "until": one.month.period.end.isoformat(),
                "count": one.count,
                "activities": [_planned_json(planned) for planned in one.activities],
            }
            for one in plan.months
        ],
        "short": [
            {
                "item": one.item.code,
                "name": one.item.name,
                "kind": one.indicator.kind.value,
                "unit": one.indicator.unit,
                "missing": number(one.missing),
                "passed": one.gone,
            }
            for one in plan.short
        ],
    }


def _planned_json(one: Planned) -> dict[str, Any]:
    form = one.form
    return {
        "item": form.item.code,
        "name": form.item.name,
        "count": one.count,
        "brings": {unit: number(usual.amount) for unit, usual in form.brings.items()},
        "known_from": {unit: usual.source.value for unit, usual in form.brings.items()},
        "also": list(form.also),
        "counts_for": list(form.counts_for),
        "from": one.days.start.isoformat(),
        "until": one.days.end.isoformat(),
        "deadline": one.deadline,
        "late": one.late,
        "types": list(one.types),
        "groups": one.groups,
        "for_month": form.for_month,
    }


def plan_sheet(plan: Plan) -> RenderableType:
    """The calendar, what has its day, and what stays missing."""
    parts: list[RenderableType] = [_heading(plan)]
    if plan.planned:
        parts += ["", _calendar(plan), *_notes(plan), "", _dated(plan)]
    if plan.short:
        parts += ["", Text("按现在的情况，下面这些完成不了：", style="bold"), _short(plan)]
    return Group(*parts)


def _heading(plan: Plan) -> RenderableType:
    name = Text(plan.project.full_name, style="bold")
    end = plan.project.period.end
    if not plan.planned:
        left = "没有还能安排的活动。" if plan.short else "合同的指标都完成了，不用再安排活动。"
        return Group(name, left)
    proof = "已经证明不能更少" if plan.fewest else "这是限定时间里找到的最好安排，没有证明是最少的"
    limit = f"每月最多{plan.most}次，" if plan.most else ""
    first = plan.months[0].month.period.start
    return Group(name, f"从{first}到{end}，{limit}还要办{plan.count}次活动（{proof}）。")


def _calendar(plan: Plan) -> RenderableType:
    """A row for each kind of activity, a column for each month."""
    shown, later = plan.months[:MONTHS_SHOWN], plan.months[MONTHS_SHOWN:]
    heads = [str(one.month.month) for one in shown] + (["以后"] if later else [])
    table = grid(
        Column("", no_wrap=True),
        Column("服务项", ratio=1),
        *(Column(head, justify="right", no_wrap=True, min_width=2) for head in heads),
        Column("每次带来", max_width=18),
        gap=1,
    )
    rows: dict[tuple[str, tuple[str, ...]], tuple[Form, list[int]]] = {}
    for n, month in enumerate(plan.months):
        for one in month.activities:
            key = (one.form.item.code, one.form.also)
            _, counts = rows.setdefault(key, (one.form, [0] * len(heads)))
            counts[min(n, len(heads) - 1)] += one.count
    order = {code: n for n, code in enumerate(plan.project.items)}
    for key in sorted(rows, key=lambda key: (order[key[0]], key[1])):
        form, counts = rows[key]
        table.add_row(
            form.item.code, name_words(form), *(str(c or "") for c in counts), brings_words(form)
        )
    sums = [month.count for month in shown]
    if later:
        sums.append(sum(month.count for month in later))
    total = "合计（简报不算）" if _has_briefs(plan) else "合计"
    table.add_row("", total, *map(str, sums), "", style="bold")
    return table


def _notes(plan: Plan) -> list[RenderableType]:
    """What the calendar leaves open: estimates, and that several sessions make one group."""
    notes: list[RenderableType] = []
    forms = [one.form for one in plan.planned]
    if any(u.source is AmountSource.CONTRACT for form in forms for u in amounts(form).values()):
        notes.append(
            Text(
                "“约”：台账里还没有，按合同的数字估计；可在目标文件里写 usually: {人次: 20} 改正",
                style="dim",
            )
        )
    for item in dict.fromkeys(form.item.code for form in forms if form.item.sessions > 1):
        sessions = plan.project.items[item].sessions
        notes.append(Text(f"{item} 做满{sessions}次算一个，表里是次数", style="dim"))
    return notes


def _has_briefs(plan: Plan) -> bool:
    return any(one.form.item.is_brief for one in plan.planned)


def _short(plan: Plan) -> RenderableType:
    """What stays missing in the end, and why."""
    table = grid(Column("", no_wrap=True), Column(""), heading=False)
    for one in plan.short:
        table.add_row(f"  {one.item.code}", f"{one.item.name}：{short_words(plan.project, one)}")
    return table


def _dated(plan: Plan) -> RenderableType:
    """What has its days in a month, and which types are still missing."""
    parts: list[RenderableType] = []
    for month in plan.months:
        parts.append(Text(f"{month_words(month.month)}{month.count}次", style="bold"))
        lines = _lines(month)
        if lines:
            table = grid(Column("", width=16, no_wrap=True), Column(""), heading=False)
            for when, names in lines.items():
                for n, (name, which) in enumerate(names.items()):
                    what = f"{name}（{'、'.join(which)}）" if which else name
                    table.add_row("" if n else f"  {when}", what)
            parts.append(table)
    return Group(*parts)


def _lines(month: PlannedMonth) -> dict[str, dict[str, list[str]]]:
    """By time and item, which types it should be of or which months a brief is of."""
    found: dict[str, dict[str, list[str]]] = {}
    for one in month.activities:
        when = days_words(one, month.month)
        if when or one.types:
            which = found.setdefault(when, {}).setdefault(one.form.item.label, [])
            which += one.types
            which += [brief_words(one.form)] if one.form.for_month else []
    return found
