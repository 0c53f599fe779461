"""Shows a plan as a table of activities and months, as a list of dates, and as JSON."""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType
from rich.table import Column
from rich.text import Text

from sgtrack.app.make_plan import PlanResult
from sgtrack.model.units import number
from sgtrack.model.wording import required_words
from sgtrack.plan.activity_types import AmountSource, Form
from sgtrack.plan.outcome import Plan, Planned
from sgtrack.plan.plan_wording import (
    amounts,
    brief_words,
    brings_words,
    days_words,
    month_words,
    name_words,
    short_words,
)
from sgtrack.screen.console import grid, right

MONTHS_SHOWN = 12
"""The maximum number of months with their own column; a further column sums the later months."""


def plans_json(result: PlanResult) -> dict[str, Any]:
    """Return the plans of all communities as JSON values."""
    return {
        "as_of": result.first_day.isoformat(),
        "communities": [plan_json(plan) for plan in result.plans],
    }


def plan_json(plan: Plan) -> dict[str, Any]:
    """Return a plan as JSON values; ``short`` lists the amounts that stay missing."""
    return {
        "community": plan.project.slug,
        "name": plan.project.name,
        "activities": plan.count,
        "optimal": plan.fewest,
        "even": plan.even,
        "months": [
            {
                "month": month.month.label,
                "from": month.month.period.start.isoformat(),
                "until": month.month.period.end.isoformat(),
                "count": month.count,
                "activities": [_planned_json(planned) for planned in month.activities],
            }
            for month in plan.months
        ],
        "short": [
            {
                "item": short.item.code,
                "name": short.item.name,
                "kind": short.indicator.kind.value,
                "unit": short.indicator.unit,
                "missing": number(short.missing),
                "passed": short.gone,
            }
            for short in plan.short
        ],
    }


def _planned_json(planned: Planned) -> dict[str, Any]:
    """Return planned activities as JSON values; ``brings`` has the amounts of one activity."""
    form = planned.form
    return {
        "item": form.item.code,
        "name": form.item.name,
        "count": planned.count,
        "brings": {unit: number(usual.amount) for unit, usual in form.brings.items()},
        "known_from": {unit: usual.source.value for unit, usual in form.brings.items()},
        "also": list(form.also),
        "counts_for": list(form.counts_for),
        "from": planned.days.start.isoformat(),
        "until": planned.days.end.isoformat(),
        "deadline": planned.deadline,
        "late": planned.late,
        "types": list(planned.types),
        "groups": planned.groups,
        "for_month": form.for_month,
    }


def plan_sheet(plan: Plan) -> RenderableType:
    """Show the table of months, the activities with required days, and the missing amounts."""
    parts: list[RenderableType] = [_heading(plan)]
    if plan.planned:
        parts += ["", _calendar(plan), *_notes(plan), "", _dated(plan)]
    if plan.short:
        table = grid("", Column(""), heading=False)
        for short in plan.short:
            words = f"{short.item.name}：{short_words(plan.project, short)}"
            table.add_row(f"  {short.item.code}", words)
        parts += ["", Text("按现有进度，下列指标无法完成：", style="bold"), table]
    return Group(*parts)


def month_sheet(plan: Plan) -> RenderableType:
    """Show the activities of the only month of a plan, with their days and amounts."""
    (month,) = plan.months
    name = Text(plan.project.full_name, style="bold")
    if not month.activities:
        return Group(name, f"{month_words(month.month)}没有须安排的活动。")
    table = grid("", Column("服务项", ratio=1), right("次数"), Column("每次约完成"), Column("期限"))
    for planned in month.activities:
        types = f"（{required_words(planned.types)}）" if planned.types else ""
        table.add_row(
            planned.form.item.code,
            name_words(planned.form) + types,
            str(planned.count),
            brings_words(planned.form),
            days_words(planned, month.month),
        )
    count = f"{month_words(month.month)}计划开展活动{month.count}次（简报不计）"
    return Group(name, count, "", table, *_notes(plan))


def _heading(plan: Plan) -> RenderableType:
    name = Text(plan.project.full_name, style="bold")
    end = plan.project.period.end
    if not plan.planned:
        left = "没有可再安排的活动。" if plan.short else "合同指标已全部完成，无需再安排活动。"
        return Group(name, left)
    proof = "按现有记录测算，至少需要" if plan.fewest else "按现有记录测算，约需"
    limit = f"每月最多{plan.most}次，" if plan.most else ""
    first = plan.months[0].month.period.start
    return Group(name, f"{first}至{end}，{limit}{proof}{plan.count}次活动。")


def _calendar(plan: Plan) -> RenderableType:
    """Build a table with a row for each form of activity and a column for each month."""
    shown, later = plan.months[:MONTHS_SHOWN], plan.months[MONTHS_SHOWN:]
    heads = [str(month.month.month) for month in shown] + (["以后"] if later else [])
    table = grid(
        "",
        Column("服务项", ratio=1),
        *(Column(head, justify="right", no_wrap=True, min_width=2) for head in heads),
        Column("每次约完成", max_width=18),
        gap=1,
    )
    rows: dict[tuple[str, tuple[str, ...]], tuple[Form, list[int]]] = {}
    for n, month in enumerate(plan.months):
        for planned in month.activities:
            key = (planned.form.item.code, planned.form.also)
            _, counts = rows.setdefault(key, (planned.form, [0] * len(heads)))
            counts[min(n, len(heads) - 1)] += planned.count
    order = {code: n for n, code in enumerate(plan.project.items)}
    for key in sorted(rows, key=lambda key: (order[key[0]], key[1])):
        form, counts = rows[key]
        table.add_row(
            form.item.code, name_words(form), *(str(c or "") for c in counts), brings_words(form)
        )
    sums = [month.count for month in shown]
    if later:
        sums.append(sum(month.count for month in later))
    has_briefs = any(planned.form.item.is_brief for planned in plan.planned)
    total = "合计（简报不算）" if has_briefs else "合计"
    table.add_row("", total, *map(str, sums), "", style="bold")
    return table


def _notes(plan: Plan) -> list[RenderableType]:
    """Return notes on estimated amounts, and on items that count only after several sessions."""
    notes: list[RenderableType] = []
    forms = [planned.form for planned in plan.planned]
    if any(u.source is AmountSource.CONTRACT for form in forms for u in amounts(form).values()):
        notes.append(
            Text(
                "“约”：台账中尚无记录，按合同数量估算；可在目标文件中写 usually: {人次: 20} 调整",
                style="dim",
            )
        )
    for item in dict.fromkeys(form.item.code for form in forms if form.item.sessions > 1):
        sessions = plan.project.items[item].sessions
        notes.append(Text(f"{item} 满{sessions}次计1个，表中为次数", style="dim"))
    return notes


def _dated(plan: Plan) -> RenderableType:
    """List by month the activities that have required days or required types."""
    parts: list[RenderableType] = []
    for month in plan.months:
        parts.append(Text(f"{month_words(month.month)}{month.count}次", style="bold"))
        lines: dict[str, dict[str, list[str]]] = {}
        for planned in month.activities:
            when = days_words(planned, month.month)
            if when or planned.types:
                types = lines.setdefault(when, {}).setdefault(planned.form.item.label, [])
                types += planned.types
                types += [brief_words(planned.form)] if planned.form.for_month else []
        if lines:
            table = grid(Column("", width=16, no_wrap=True), Column(""), heading=False)
            for when, names in lines.items():
                for n, (name, which) in enumerate(names.items()):
                    what = f"{name}（{'、'.join(which)}）" if which else name
                    table.add_row("" if n else f"  {when}", what)
            parts.append(table)
    return Group(*parts)
