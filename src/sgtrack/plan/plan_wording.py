"""Describes a plan in the words of the contract, for the screen and the brief."""

from __future__ import annotations

from collections.abc import Mapping

from sgtrack.model.contract import Kind, Project
from sgtrack.model.units import UNITS, plain
from sgtrack.model.wording import also_words, day_words, required_words
from sgtrack.plan.activity_types import AmountSource, Form, TypicalAmount
from sgtrack.plan.outcome import Planned, Shortage
from sgtrack.progress.periods import Window, owed_periods, spans


def name_words(form: Form) -> str:
    """Return the item's name and the further codes: 惠民殡葬政策宣讲（同时计入7.4）."""
    return form.item.name + (f"（{also_words(form.also)}）" if form.also else "")


def brief_words(form: Form) -> str:
    """Return the month of a brief: 4月."""
    return f"{int(form.for_month[5:])}月"


def brings_words(form: Form) -> str:
    """Describe the amounts of one activity; 约 marks an estimate from the contract: 约20人次."""
    return " ".join(
        f"{'约' if usual.source is AmountSource.CONTRACT else ''}{plain(usual.amount)}{unit}"
        for unit, usual in amounts(form).items()
    )


def amounts(form: Form) -> Mapping[str, TypicalAmount]:
    """Return the amounts of one activity by unit, without an implied 1 (such as 1场)."""
    return {
        unit: usual
        for unit, usual in form.brings.items()
        if usual.amount != 1 or not UNITS[unit].implied
    }


def planned_words(project: Project, planned: Planned) -> str:
    """Describe planned activities and their total amounts: 入户访视2次（约14人次）.

    Further items and required types are added. A form without amounts is described by its name.
    """
    form, brings = planned.form, amounts(planned.form)
    if not form.brings:
        return form.item.name
    ones = [unit for unit in form.brings if unit not in brings]
    unit = ones[0] if ones and form.item.sessions == 1 else "次"
    more = [brief_words(form)] if form.for_month else []
    if brings:
        whole = (f"{plain(usual.amount * planned.count)}{u}" for u, usual in brings.items())
        more.append(f"约{'、'.join(whole)}")
    if form.also:
        more.append(also_words(project.items[code].name for code in form.also))
    if planned.types:
        more.append(required_words(planned.types))
    return f"{form.item.name}{planned.count}{unit}" + (f"（{'，'.join(more)}）" if more else "")


def days_words(planned: Planned, month: Window) -> str:
    """Describe the days of planned activities in a month: 7月25日前, 8月1日起, 尽快.

    Return an empty text if every day of the month is possible and none is a deadline.
    """
    start, end = planned.days.start, planned.days.end
    if planned.late:
        return "尽快"
    if planned.deadline and start == end:
        return f"{day_words(end)}当天"
    until = planned.deadline or end < month.period.end
    parts = [f"{day_words(start)}起"] if start > month.period.start else []
    return "".join([*parts, f"{day_words(end)}前"] if until else parts)


def month_words(month: Window) -> str:
    """Return the name and the days of a reporting month: 7月（6月30日至7月25日）."""
    return f"{month.month}月（{day_words(month.period.start)}至{day_words(month.period.end)}）"


def short_words(project: Project, short: Shortage) -> str:
    """Describe why an amount stays missing, and how much: 一季度已过，尚缺1次."""
    indicator = short.indicator
    amount = f"尚缺{plain(short.missing)}{indicator.unit}"
    if indicator.kind is Kind.MILESTONE:
        amount = "无法完成"
    if indicator.kind is Kind.PER_PERSON:
        amount = f"学时最低的人员{amount}"
    every = owed_periods(project.period, indicator.per) if indicator.per else ()
    which = spans(short.periods, [owed.on_screen for owed in every])
    why = f"{which or '期限'}已过" if short.gone else f"{which}无法排入"
    return f"{why}，{amount}"
