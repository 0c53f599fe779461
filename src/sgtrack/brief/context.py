"""Everything a brief says, composed once, so that no two formats can disagree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sgtrack.brief.window import Window
from sgtrack.ledger.records import Entry, Figures
from sgtrack.progress.due import coming
from sgtrack.progress.progress import (
    CategoryProgress,
    Progress,
    ProjectProgress,
    State,
    progress_of,
)
from sgtrack.progress.tally import ZERO, tally
from sgtrack.progress.wording import (
    STATE_ON_SCREEN,
    actual_words,
    day_words,
    label,
    lack_words,
    target_words,
)
from sgtrack.targets.model import Kind, Project
from sgtrack.units import plain

TO_FILL_IN = "待填"


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator in the table of completion."""

    code: str
    name: str
    target: str
    month: str
    total: str
    percent: str
    state: str


@dataclass(frozen=True, slots=True)
class Section:
    """A category in the table of completion."""

    code: str
    name: str
    percent: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """An activity of the month."""

    date: str
    item: str
    title: str
    place: str
    amounts: str
    note: str


@dataclass(frozen=True, slots=True)
class BriefContext:
    """What the templates see. All figures are words already; nothing is left to compute."""

    title: str
    number: int
    month: str
    window: str
    community: str
    package: str
    agency: str
    date: str
    copies_to: str
    percent: str
    overview: tuple[str, ...]
    sections: tuple[Section, ...]
    activities: tuple[Done, ...]
    problems: tuple[str, ...]
    plans: tuple[str, ...]

    def for_template(self) -> dict[str, Any]:
        """The context by name, as templates refer to it."""
        return {name: getattr(self, name) for name in self.__slots__}


def compose(
    project: Project, figures: Figures, entries: tuple[Entry, ...], window: Window, today: date
) -> BriefContext:
    """Compose the brief of a reporting month.

    Args:
        project: the contract.
        figures: what the ledger says of the community.
        entries: the entries that count, within the window.
        window: the reporting month.
        today: the day the brief is written; a window that is still open is reported up to it.
    """
    as_of = min(max(today, window.period.start), window.period.end)
    tallies = tally(project, figures)
    before = progress_of(project, tallies, window.period.start - timedelta(days=1))
    now = progress_of(project, tallies, as_of)
    sections = tuple(
        _section(old, new) for old, new in zip(before.categories, now.categories, strict=True)
    )
    return BriefContext(
        title=project.brief.title,
        number=window.number,
        month=f"{window.year}年{window.month}月",
        window=f"{_full(window.period.start)}至{_full(as_of)}",
        community=project.full_name,
        package=project.package or TO_FILL_IN,
        agency=project.agency or f"编印单位{TO_FILL_IN}",
        date=_full(today),
        copies_to="，".join(project.brief.copies_to) or TO_FILL_IN,
        percent=f"{now.percent}%",
        overview=_overview(before, now, entries, as_of),
        sections=sections,
        activities=tuple(_done(project, entry) for entry in entries),
        problems=tuple(f"{label(one)}：{lack_words(one, as_of)}。" for one in now.attention),
        plans=_plans(now, window),
    )


def _section(old: CategoryProgress, new: CategoryProgress) -> Section:
    return Section(
        code=new.category.code,
        name=new.category.name,
        percent=f"{new.percent}%",
        rows=tuple(
            Row(
                code=now.item.code,
                name=now.item.name,
                target=target_words(now.indicator),
                month=_month_words(_gain(before, now), now),
                total=_total_words(now),
                percent=f"{now.percent}%",
                state=STATE_ON_SCREEN[now.state],
            )
            for before, now in zip(old.indicators, new.indicators, strict=True)
        ),
    )


def _gain(before: Progress, now: Progress) -> Decimal:
    """What the month brought: the difference of two cumulative figures, so that months add up."""
    return now.actual - before.actual


def _month_words(gain: Decimal, now: Progress) -> str:
    if now.indicator.kind is Kind.MILESTONE:
        return "完成" if gain else "0"
    return f"{plain(gain)}{now.indicator.unit}" if gain else "0"


def _total_words(now: Progress) -> str:
    kind = now.indicator.kind
    if kind is Kind.PERIODIC:
        return f"{plain(now.actual)}{now.indicator.unit}（{actual_words(now)}）"
    if kind is Kind.PER_PERSON:
        return f"最少{plain(now.actual)}{now.indicator.unit}（{actual_words(now)}）"
    return actual_words(now)


def _overview(
    before: ProjectProgress, now: ProjectProgress, entries: tuple[Entry, ...], as_of: date
) -> tuple[str, ...]:
    project = now.project
    sums: dict[str, Decimal] = {}
    for entry in entries:
        for unit, amount in entry.activity.amounts.items():
            sums[unit] = sums.get(unit, ZERO) + amount
    said = [f"记录活动{len(entries)}次"]
    for unit, words in (("人次", "服务"), ("户次", "排查走访"), ("份", "发放资料")):
        if sums.get(unit):
            said.append(f"{words}{plain(sums[unit])}{unit}")
    count = dict.fromkeys(State, 0)
    for one in now.indicators:
        count[one.state] += 1
    states = "、".join(f"{STATE_ON_SCREEN[s]}{count[s]}项" for s in State)
    first = (
        f"本月{project.full_name}社会工作服务项目共{'，'.join(said)}。"
        f"截至{_full(as_of)}，合同{len(now.indicators)}项指标总体完成率{now.percent}%，其中{states}。"
    )
    return (first, *_category_sentences(before, now))


def _category_sentences(before: ProjectProgress, now: ProjectProgress) -> list[str]:
    sentences = []
    for old, new in zip(before.categories, now.categories, strict=True):
        said: dict[str, dict[str | None, str]] = {}
        for was, one in zip(old.indicators, new.indicators, strict=True):
            gain = _gain(was, one)
            if not gain or one.indicator.kind in (Kind.COVERAGE, Kind.PER_PERSON):
                continue
            milestone = one.indicator.kind is Kind.MILESTONE
            words = "已完成" if milestone else f"{plain(gain)}{one.indicator.unit}"
            said.setdefault(one.item.name, {})[one.indicator.unit] = words
        if said:
            items = "，".join(f"{name}{'、'.join(words.values())}" for name, words in said.items())
            sentences.append(f"{new.category.name}方面：{items}。")
    return sentences


def _done(project: Project, entry: Entry) -> Done:
    activity = entry.activity
    item = project.items.get(activity.item)
    name = item.name if item else activity.item
    return Done(
        date=day_words(activity.day),
        item=name,
        title=activity.title or name,
        place=activity.place,
        amounts="、".join(f"{plain(a)}{u}" for u, a in activity.amounts.items()) or "完成",
        note=activity.note,
    )


def _plans(now: ProjectProgress, window: Window) -> tuple[str, ...]:
    """What falls due until the next brief is closed, then what is behind and must be made up."""
    days = (window.period.end - now.as_of).days + 31
    owed = [
        f"{day_words(due.deadline)}前完成{due.progress.item.name}{due.label}"
        f"{plain(due.amount)}{due.progress.indicator.unit or '项'}；"
        for due in coming(now, days)
        if not due.late and due.deadline > now.as_of
    ]
    lacking: dict[str, list[str]] = {}
    for one in now.attention:
        lack = (one.expected - one.actual).to_integral_value()
        if one.indicator.kind is Kind.TOTAL and lack >= 1:
            lacking.setdefault(one.item.name, []).append(f"{plain(lack)}{one.indicator.unit}")
    behind = [f"加快{name}，补上落后的{'、'.join(lacks)}；" for name, lacks in lacking.items()]
    late = [
        f"补做{label(one)}（{lack_words(one, now.as_of)}）；"
        for one in now.attention
        if one.indicator.kind is Kind.PERIODIC and one.state is State.OVERDUE
    ]
    return tuple(dict.fromkeys([*owed, *late, *behind]))


def _full(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
