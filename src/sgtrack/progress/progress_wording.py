"""Describes an indicator in Chinese: target, changes, actual amount and shortfall."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from sgtrack.model.contract import Change, Indicator, Period, Project
from sgtrack.model.units import plain
from sgtrack.model.wording import (
    BEHIND,
    OVERDUE,
    adjusted_words,
    deadline_words,
    full_day,
    since_words,
)
from sgtrack.progress.indicator_progress import ZERO, Progress, ProjectProgress, State
from sgtrack.progress.kinds import kind_of
from sgtrack.progress.periods import Owed

STATE_ON_SCREEN = {
    State.DONE: "完成",
    State.ON_TRACK: "正常",
    State.BEHIND: BEHIND,
    State.OVERDUE: OVERDUE,
    State.ENDED: "已终止",
}


def target_words(indicator: Indicator) -> str:
    """Describe the target as the contract does: 50人次, 每月1次（25日前）, 每人每年20学时.

    After a change, also name the earlier values and the documents, see :func:`change_source`:
    由50人次调整为60人次（补充协议，自2026年7月1日起）.
    """
    source = change_source(indicator)
    return short_target_words(indicator) + (f"（{source}）" if source else "")


def change_source(indicator: Indicator) -> str:
    """Name the documents of the changes of an indicator, with their dates.

    They are the documents that added and ended the indicator. If no document ended it, the document
    that last revised it is named instead.
    """
    sources = []
    if indicator.added is not None:
        sources.append(f"{_source(indicator.added)}新增")
    if indicator.ended is not None:
        sources.append(f"{_source(indicator.ended)}终止")
    elif indicator.revised:
        sources.append(_source(indicator.revised[-1].change))
    return "；".join(sources)


def _source(change: Change) -> str:
    return f"{change.document}，{since_words(change.start)}"


def change_words(project: Project, within: Period | None = None) -> tuple[str, ...]:
    """Describe the changes of a contract; with ``within``, only changes in that period."""
    return tuple(
        f"{since_words(change.start)}，依据{change.document}："
        + "；".join(_effects(project, change))
        + (f"（{change.note}）" if change.note else "")
        for change in project.changes
        if within is None or change.start in within
    )


def _effects(project: Project, change: Change) -> Iterator[str]:
    for _, _, item, indicator in project.indicators():
        if indicator.added == change:
            yield f"新增{item.label}，{short_target_words(replace(indicator, revised=()))}"
        for revision in indicator.revised:
            if revision.change == change:
                only = replace(indicator, target=revision.after, revised=(revision,))
                yield f"{item.label}{short_target_words(only)}"
    for item in project.items.values():
        if item.ended == change:
            yield f"终止{item.label}"
    for extension in project.extensions:
        if extension.change == change:
            yield f"项目结束日期由{full_day(extension.before)}调整为{full_day(extension.after)}"


def short_target_words(indicator: Indicator) -> str:
    """Describe the target like :func:`target_words`, but without the document."""
    values = [*(revision.before for revision in indicator.revised), indicator.target or ZERO]
    amounts = [f"{plain(value)}{indicator.unit}" for value in values]
    return kind_of(indicator).target_words(indicator, adjusted_words(amounts))


def actual_words(progress: Progress) -> str:
    """Describe the actual amount, as in 52人次, 3/12期达标 or 已完成."""
    return kind_of(progress.indicator).actual_words(progress)


def proven_words(claimed: Progress, proven: Progress) -> str:
    """Format the proven share of the claimed amount, as in 80%; empty if nothing is claimed.

    For periodic and per-person indicators it is the share of the claimed percentage.
    """
    kind = kind_of(claimed.indicator)
    part, whole = kind.claimed(proven), kind.claimed(claimed)
    return f"{int(min(part, whole) * 100 / whole)}%" if whole else ""


def lack_words(progress: Progress, as_of: date, most: int | None = None) -> str:
    """Describe what is missing and by when, with at most ``most`` ranges of missed periods."""
    return kind_of(progress.indicator).lack_words(progress, as_of, most)


def behind_words(progress: Progress, as_of: date) -> str:
    """Describe briefly how far an indicator is behind: 完成52人次，序时应完成192人次."""
    return kind_of(progress.indicator).behind_words(progress, as_of)


def gap_words(progress: Progress) -> str:
    """Describe what is missing, without the deadline: 尚缺37人次."""
    return kind_of(progress.indicator).gap_words(progress)


def due_brief_words(owed: Owed, as_of: date) -> str:
    """Describe a brief that is due soon: 3月简报尚未提交（3月25日截止），剩余3天."""
    left = (owed.deadline - as_of).days
    rest = f"，剩余{left}天" if left else ""
    return f"{owed.on_screen}简报尚未提交（{deadline_words(owed.deadline, as_of)}）{rest}"


def states_words(now: ProjectProgress) -> str:
    """Write the overall percentage and the number of indicators in each state that occurs."""
    count = Counter(progress.state for progress in now.indicators)
    states = "、".join(
        f"{STATE_ON_SCREEN[state]}{count[state]}项" for state in State if count[state]
    )
    return f"合同{len(now.indicators)}项指标总体完成率{now.percent}%，其中{states}"
