"""From what the officer typed to an activity that fits the contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sgtrack.entry.amounts import Typed, settle
from sgtrack.entry.dates import read_date
from sgtrack.entry.text import clean, clean_names
from sgtrack.errors import Refused
from sgtrack.ledger.records import Activity
from sgtrack.targets.lookup import find_item
from sgtrack.targets.model import Item, Kind, Per, Project
from sgtrack.units import plain

_ABSURD_TIMES = 10
_ABSURD_LEAST = Decimal(100)
_ABSURD_WITHOUT_TARGET = Decimal(10_000)
_PERIODS_A_YEAR = {Per.MONTH: 12, Per.QUARTER: 4, Per.YEAR: 1}


@dataclass(frozen=True, slots=True)
class Words:
    """What the options of a command line say, still as text."""

    item: str
    amounts: list[Typed]
    day: str = "今天"
    title: str = ""
    place: str = ""
    kind: str = ""
    note: str = ""
    names: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """An activity ready to be written, and the units whose amount was understood, not typed."""

    activity: Activity
    understood: tuple[str, ...]
    remarks: tuple[str, ...]


def propose(project: Project, words: Words, today: date) -> Proposal:
    """Check what was typed against the contract.

    Raises:
        Refused: anything about it does not fit; the message says what to write instead.
    """
    item = find_item(project, words.item)
    also = _also(project, item, words.also)
    day = read_date(words.day, today, project.period)
    check_day(project, day, today)
    names = clean_names(list(words.names))
    title = clean(words.title, "标题")
    kind = _kind(item, clean(words.kind, "类型", 40))
    units = tuple(
        dict.fromkeys(unit for code in (item.code, *also) for unit in project.units_of(code))
    )
    amounts, understood = settle(
        words.amounts, units=units, item=f"{item.code} {item.name}", names=len(names)
    )
    for unit, amount in amounts.items():
        _check_sensible(project, (item.code, *also), unit, amount)
    _check_series(item, title, amounts)
    activity = Activity(
        community=project.slug,
        item=item.code,
        day=day,
        title=title,
        place=clean(words.place, "地点", 100),
        kind=kind,
        note=clean(words.note, "备注", 2000),
        amounts={unit: amounts[unit] for unit in units if unit in amounts},
        names=names,
        also=also,
    )
    return Proposal(activity, understood, _remarks(item, activity))


def check_day(project: Project, day: date, today: date) -> None:
    """Refuse a day that lies in the future or outside the project period."""
    if day > today:
        raise Refused(f"日期 {day} 还没有到（今天是 {today}）", "活动做完再记；日期写错了就改正")
    if day not in project.period:
        raise Refused(
            f"日期 {day} 不在项目期内（{project.period.start} 至 {project.period.end}）",
            "改正日期；期限不对就改目标文件里的 period",
        )


def _also(project: Project, item: Item, typed: tuple[str, ...]) -> tuple[str, ...]:
    found: list[str] = []
    for word in typed:
        other = find_item(project, word)
        if other.code in project.with_ancestors(item.code) or other.code in found:
            raise Refused(
                f"这次活动本来就计入 {other.code} {other.name}",
                f"去掉 --also {word}，同一项只计一次",
            )
        if item.code in project.with_ancestors(other.code):
            raise Refused(
                f"{other.code} {other.name} 是 {item.code} 的一部分",
                f"直接记在 {other.code} 下，会同时计入 {item.code}",
            )
        found.append(other.code)
    return tuple(sorted(found))


def _kind(item: Item, typed: str) -> str:
    if not typed:
        return ""
    if not item.types:
        raise Refused(f"{item.code} {item.name} 不分类型", "去掉 --type")
    fitting = [kind for kind in item.types if typed in kind]
    exact = [kind for kind in fitting if kind == typed] or fitting
    if len(exact) != 1:
        raise Refused(f"没有类型“{typed}”", f"可用的类型：{'、'.join(item.types)}")
    return exact[0]


def _check_sensible(project: Project, codes: tuple[str, ...], unit: str, amount: Decimal) -> None:
    targets = [
        (indicator.target or Decimal(0)) * _PERIODS_A_YEAR.get(indicator.per or Per.YEAR, 1)
        for code in codes
        for served in project.with_ancestors(code)
        for indicator in project.items[served].indicators
        if indicator.unit == unit and indicator.kind is not Kind.COVERAGE
    ]
    most = max(max(targets) * _ABSURD_TIMES, _ABSURD_LEAST) if targets else _ABSURD_WITHOUT_TARGET
    if amount > most:
        raise Refused(
            f"{plain(amount)}{unit}太多，不像一次活动的数量（最多 {plain(most)}{unit}）",
            "检查是否多打了数字；确实有这么多就分几次记",
        )


def _check_series(item: Item, title: str, amounts: dict[str, Decimal]) -> None:
    if not item.series:
        return
    if not title:
        raise Refused(
            f"{item.code} {item.name} 要写名称", "用 -t 写上名称；同一名称的多次记录只算一个"
        )
    if amounts.get("个", Decimal(1)) != 1:
        raise Refused(f"{item.code} {item.name} 一次只能记一个", "每个用自己的名称（-t）分别记录")


def _remarks(item: Item, activity: Activity) -> tuple[str, ...]:
    remarks = []
    if item.types and not activity.kind:
        remarks.append(f"没有写类型（--type {'、'.join(item.types)}），类型指标没有变化")
    if item.per_person and not activity.names:
        remarks.append("没有写参加的人（--who 甲、乙），每人的学时没有变化")
    return tuple(remarks)
