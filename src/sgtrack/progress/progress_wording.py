"""Says in the contract's words what an indicator asks for, what it lacks and by when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sgtrack.model.contract import PER_ON_SCREEN, Change, Indicator, Kind, Period, Project
from sgtrack.model.units import plain
from sgtrack.progress.indicator_progress import Progress, State

STATE_ON_SCREEN = {
    State.DONE: "完成",
    State.ON_TRACK: "正常",
    State.BEHIND: "落后",
    State.OVERDUE: "逾期",
    State.ENDED: "已终止",
}


def target_words(indicator: Indicator) -> str:
    """The target as the contract says it: 50人次, 每月1次（25日前）, 每人每年20学时.

    Where a supplementary agreement changed it, with what was agreed before and the document:
    50→60人次（补充协议 2026-07-01）.
    """
    source = change_source(indicator)
    return short_target_words(indicator) + (f"（{source}）" if source else "")


def change_source(indicator: Indicator) -> str:
    """By which documents the indicator was added, revised last or ended; empty where by none."""
    said = []
    if indicator.added is not None:
        said.append(f"{_source(indicator.added)} 新增")
    if indicator.ended is not None:
        said.append(f"{_source(indicator.ended)} 终止")
    elif indicator.revised:
        said.append(_source(indicator.revised[-1].change))
    return "；".join(said)


def _source(change: Change) -> str:
    return f"{change.document} {change.start}"


def change_words(project: Project, within: Period | None = None) -> tuple[str, ...]:
    """What each change, or each of a period, did to the contract, in the order of their days."""
    return tuple(
        f"{change.start} 起，{change.document}：{'；'.join(_effects(project, change))}"
        + (f"（{change.note}）" if change.note else "")
        for change in project.changes
        if within is None or change.start in within
    )


def _effects(project: Project, change: Change) -> Iterator[str]:
    for _, _, item, indicator in project.indicators():
        label = f"{item.code} {item.name}"
        if indicator.added == change:
            yield f"新增 {label} {short_target_words(replace(indicator, revised=()))}"
        for one in indicator.revised:
            if one.change == change:
                only = replace(indicator, target=one.after, revised=(one,))
                yield f"{label} {short_target_words(only)}"
    for item in project.items.values():
        if item.ended == change:
            yield f"终止 {item.code} {item.name}"
    for extension in project.extensions:
        if extension.change == change:
            yield f"项目结束日由 {extension.before} 改为 {extension.after}"


def short_target_words(indicator: Indicator) -> str:
    """As :func:`target_words` without the document: 50→60人次."""
    if indicator.kind is Kind.MILESTONE or indicator.target is None:
        return "完成"
    values = [one.before for one in indicator.revised] + [indicator.target]
    amount = f"{'→'.join(plain(value) for value in values)}{indicator.unit}"
    if indicator.kind is Kind.PER_PERSON:
        return f"每人每年{amount}"
    if indicator.kind is Kind.COVERAGE:
        return f"类型{amount}"
    if indicator.per is None:
        return amount
    due = f"（{indicator.due_day}日前）" if indicator.due_day else ""
    return f"{PER_ON_SCREEN[indicator.per]}{amount}{due}"


def actual_words(progress: Progress) -> str:
    """What there is, in the unit of the target."""
    indicator = progress.indicator
    if indicator.kind is Kind.MILESTONE:
        return "已完成" if progress.actual else "未完成"
    if indicator.kind is Kind.PER_PERSON:
        return f"{progress.people_met}/{progress.people}人达标"
    if indicator.kind is Kind.PERIODIC:
        met = sum(1 for p in progress.periods if p.met)
        return f"{met}/{len(progress.periods)}期达标"
    return f"{plain(progress.actual)}{indicator.unit}"


def proven_words(claimed: Progress, proven: Progress) -> str:
    """The share of what is claimed that has its evidence; empty where nothing is claimed.

    For people and months it is the share of the percentage, which is what the claim is made of.
    """
    if claimed.indicator.kind in (Kind.PER_PERSON, Kind.PERIODIC):
        part, whole = proven.percent, claimed.percent
    else:
        part, whole = proven.actual, claimed.actual
    return f"{int(min(part, whole) * 100 / whole)}%" if whole else ""


def label(progress: Progress) -> str:
    """Code and name of the item."""
    return f"{progress.item.code} {progress.item.name}"


def lack_words(progress: Progress, as_of: date, most: int | None = None) -> str:
    """What is missing and by when, for something overdue or behind.

    Args:
        progress: what is overdue or behind.
        as_of: the day it is.
        most: how many stretches of missed periods are named; all, where none is given.
    """
    indicator = progress.indicator
    unit = indicator.unit or ""
    by = _by(progress.deadline, as_of)
    match indicator.kind:
        case Kind.MILESTONE:
            return f"还没有完成，{by}"
        case Kind.PERIODIC:
            return _periods_lack(progress, as_of, most)
        case Kind.PER_PERSON:
            if not progress.people:
                return f"名册是空的，也没有培训记录，{by}"
            short = progress.people - progress.people_met
            return f"{short}人未达标，最少的只有{plain(progress.actual)}{unit}，{by}"
        case Kind.COVERAGE:
            return f"缺{'、'.join(progress.missing)}，{by}"
        case Kind.TOTAL:
            rest = (indicator.target or 0) - progress.actual
            if progress.deadline < as_of:
                return f"还差{plain(rest)}{unit}，{by}"
            should = plain(progress.expected.to_integral_value())
            return f"已有{plain(progress.actual)}，应有{should}，共还差{plain(rest)}{unit}，{by}"


def behind_words(progress: Progress, as_of: date) -> str:
    """How far something is behind, short enough to stand in a list: 应有192人次、已有52人次."""
    if progress.indicator.kind is not Kind.TOTAL:
        return lack_words(progress, as_of)
    unit = progress.indicator.unit
    should = plain(progress.expected.to_integral_value())
    return f"应有{should}{unit}、已有{plain(progress.actual)}{unit}"


def _periods_lack(progress: Progress, as_of: date, most: int | None) -> str:
    unit = progress.indicator.unit or ""
    missed = [p for p in progress.periods if p.closed and not p.met]
    every = [p.owed.on_screen for p in progress.periods]
    if missed:
        rest = plain(sum((p.target - p.actual for p in missed), Decimal(0)))
        return f"缺{spans([p.owed.on_screen for p in missed], every, most)}，共{rest}{unit}"
    current = next(p for p in progress.periods if not p.met)
    rest = f"{plain(current.target - current.actual)}{unit}"
    return f"{current.owed.on_screen}还差{rest}，{_by(current.owed.deadline, as_of)}"


def spans(some: Sequence[str], every: Sequence[str], most: int | None = None) -> str:
    """Names some of all periods, three and more in a row as a stretch: 1月至5月、8月.

    Of more than ``most`` stretches only so many are named: 1月至5月、8月等.
    """
    runs: list[list[str]] = []
    for name in some:
        if runs and every.index(name) == every.index(runs[-1][-1]) + 1:
            runs[-1].append(name)
        else:
            runs.append([name])
    named = "、".join(
        f"{run[0]}至{run[-1]}" if len(run) > 2 else "、".join(run) for run in runs[:most]
    )
    return named if len(runs[:most]) == len(runs) else f"{named}等"


def _by(deadline: date, as_of: date) -> str:
    days = (deadline - as_of).days
    if days < 0:
        return f"已过期限{-days}天"
    if days == 0:
        return "今天截止"
    return f"{day_words(deadline)}前"


def day_words(day: date) -> str:
    """A day without its year: 3月12日."""
    return f"{day.month}月{day.day}日"
