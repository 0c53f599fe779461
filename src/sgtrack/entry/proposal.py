"""Checks typed input against the contract and builds the activity from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sgtrack.entry.activity_input import ActivityInput, input_of, units_of
from sgtrack.entry.amount_parsing import settle
from sgtrack.entry.date_parsing import read_date
from sgtrack.entry.everyone import name_everyone
from sgtrack.entry.text_cleaning import clean, clean_passage
from sgtrack.model.contract import Item, Kind, Per, Project
from sgtrack.model.entries import Activity, Person
from sgtrack.model.errors import Incomplete, Refused, Unconfirmed
from sgtrack.model.units import UNITS, Measure, is_distinct, plain
from sgtrack.progress.conditions import shortfalls
from sgtrack.progress.kinds import kind_of
from sgtrack.targets.lookup import find_item

_ABSURD_TIMES = 10
_ABSURD_LEAST = Decimal(100)
_ABSURD_WITHOUT_TARGET = Decimal(10_000)
_PERIODS_A_YEAR = {Per.MONTH: 12, Per.QUARTER: 4, Per.YEAR: 1}
NOTHING = ("", "无")
"""Typed words that remove all further items or all participants from an entry."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A checked activity, the units with implied amounts, and remarks for the officer."""

    activity: Activity
    understood: tuple[str, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """The rules of the contract for an activity that serves certain items.

    ``served`` begins with the activity's own item. ``most`` is the maximum plausible amount of one
    activity by unit.
    """

    project: Project
    served: tuple[Item, ...]
    units: tuple[str, ...]
    once_per_person: bool
    most: Mapping[str, Decimal]


def terms_of(project: Project, item: str, also: tuple[str, ...] = ()) -> Terms:
    """Return the terms of an activity that serves ``item`` and the items in ``also``.

    Items are typed as a code, a fragment of the name or pinyin initials.

    Raises:
        Refused: the contract has no such item, or one activity cannot serve these items together.
    """
    own = find_item(project, item)
    codes = (own.code, *_also(project, own, also))
    units = units_of(project, codes[0], codes[1:])
    return Terms(
        project,
        served=tuple(project.items[code] for code in codes),
        units=units,
        once_per_person=any(
            project.items[counted].once_per_person
            for code in codes
            for counted in project.with_ancestors(code)
        ),
        most={unit: _most(project, codes, unit) for unit in units},
    )


def propose(
    project: Project,
    typed: ActivityInput,
    today: date,
    roster: Sequence[Person] | None = None,
) -> Proposal:
    """Check typed input against the contract, and return the activity it describes.

    The day defaults to today. ``roster`` lists the people on the rosters; 全体 is replaced by them,
    and a remark names participants who are on no roster. Without ``roster``, 全体 is not replaced.

    Raises:
        Refused: the input does not fit the contract; the hint says what to type instead.
    """
    terms = terms_of(project, typed.item or "", typed.also or ())
    day = read_date("今天" if typed.day is None else typed.day, today, project.period)
    if roster is not None and typed.participants:
        names = name_everyone(typed.participants, terms.served, roster, day)
        typed = replace(typed, participants=names)
    activity, understood = fit(terms, day, typed, today)
    unmet = (
        f"{code} {project.items[code].name}：{reason}；记录留在台账，写错了用 sgtrack amend 更正"
        for code, reason in shortfalls(project, activity).items()
    )
    remarks = (*_remarks(terms.served, activity, roster or ()), *_uncounted(terms, activity))
    return Proposal(activity, understood, (*unmet, *remarks))


def fit(
    terms: Terms, day: date, typed: ActivityInput, today: date
) -> tuple[Activity, tuple[str, ...]]:
    """Build an activity: items from ``terms``, day from ``day``, other fields from ``typed``.

    Returns:
        The activity, and the units whose amounts were not typed but implied.

    Raises:
        Refused: the activity does not fit the contract.
    """
    item, *others = terms.served
    check_day(terms.project, day, today)
    for served in terms.served:
        _check_in_force(served, day)
    title = clean(typed.title, "标题")
    participants = typed.participants or ()
    amounts, understood = settle(
        typed.amounts or (),
        units=terms.units,
        item=f"{item.code} {item.name}",
        names=len(participants),
        once_per_person=terms.once_per_person,
    )
    closes = bool(typed.closes)
    _settle_series(terms.served, title, amounts, understood, typed)
    if not typed.large:
        _refuse_large(terms, amounts)
    activity = Activity(
        community=terms.project.slug,
        item=item.code,
        day=day,
        title=title,
        place=clean(typed.place, "地点", 100),
        activity_type=_type(terms.served, clean(typed.activity_type, "类型", 40)),
        note=clean(typed.note, "备注", 2000),
        amounts={unit: amounts[unit] for unit in terms.units if unit in amounts},
        participants=participants,
        also=tuple(other.code for other in others),
        closes=closes,
        for_month=typed.for_month or "",
        source=clean_passage(typed.source, "原文"),
        session=typed.session,
        attendance=typed.attendance or None,
    )
    return activity, understood


def _refuse_large(terms: Terms, amounts: Mapping[str, Decimal]) -> None:
    """Refuse amounts that are larger than usual; name all of them in one message."""
    large = [unit for unit, amount in amounts.items() if amount > terms.most[unit]]
    if large:
        words = "、".join(f"{plain(amounts[unit])}{unit}" for unit in large)
        usual = "、".join(f"{plain(terms.most[unit])}{unit}" for unit in large)
        raise Unconfirmed(
            f"{words}太多，不像一次活动的数量（一般最多 {usual}）",
            "检查是否多打了数字；确实有这么多，就把数量写成选项，再加 --yes",
            question=f"确实是 {words} 吗",
            allowing="large",
        )


def _check_in_force(item: Item, day: date) -> None:
    """Refuse a day before the item was added to the contract, or on or after the day it ended."""
    if item.added is not None and day < item.added.start:
        raise Refused(
            f"{item.code} {item.name} 自 {item.added.start} 起列入合同"
            f"（{item.added.document}），{day} 还没有",
            "改正日期，或记在其他服务项下",
        )
    if item.ended is not None and day >= item.ended.start:
        raise Refused(
            f"{item.code} {item.name} 自 {item.ended.start} 起已终止（{item.ended.document}）",
            "改正日期，或记在其他服务项下",
        )


def check_day(project: Project, day: date, today: date) -> None:
    """Refuse a day in the future or outside the project period."""
    if day > today:
        raise Refused(f"日期 {day} 还没有到（今天是 {today}）", "活动做完再记；日期写错了就改正")
    if day not in project.period:
        raise Refused(
            f"日期 {day} 不在项目期内（{project.period.start} 至 {project.period.end}）",
            "改正日期；期限不对就改目标文件里的 period",
        )


def _also(project: Project, item: Item, typed: tuple[str, ...]) -> tuple[str, ...]:
    codes: list[str] = []
    for word in typed:
        other = find_item(project, word)
        if other.code in project.with_ancestors(item.code) or other.code in codes:
            raise Refused(
                f"这次活动本来就计入 {other.code} {other.name}",
                f"去掉 --also {word}，同一项只计一次",
            )
        if item.code in project.with_ancestors(other.code):
            raise Refused(
                f"{other.code} {other.name} 是 {item.code} 的一部分",
                f"直接记在 {other.code} 下，会同时计入 {item.code}",
            )
        codes.append(other.code)
    return tuple(sorted(codes))


def _type(served: tuple[Item, ...], typed: str) -> str:
    if not typed:
        return ""
    types = tuple(dict.fromkeys(kind for item in served for kind in item.types))
    if not types:
        raise Refused(f"{served[0].code} {served[0].name} 不分类型", "去掉 --type")
    return find_type(types, typed)


def find_type(types: Sequence[str], typed: str) -> str:
    """Return the type with the typed name, or the only type whose name contains the typed text.

    Raises:
        Refused: no type matches, or several do.
    """
    matches = [typed] if typed in types else [name for name in types if typed in name]
    if len(matches) != 1:
        raise Refused(f"没有类型“{typed}”", f"可用的类型：{'、'.join(types)}")
    return matches[0]


def _most(project: Project, codes: tuple[str, ...], unit: str) -> Decimal:
    """Return the maximum plausible amount of one activity in a unit.

    A larger amount is treated as a typing error.
    """
    targets = [
        (indicator.target or Decimal(0)) * _PERIODS_A_YEAR.get(indicator.per or Per.YEAR, 1)
        for code in codes
        for served in project.with_ancestors(code)
        for indicator in project.items[served].indicators
        if indicator.unit == unit and indicator.kind is not Kind.COVERAGE
    ]
    return max(max(targets) * _ABSURD_TIMES, _ABSURD_LEAST) if targets else _ABSURD_WITHOUT_TARGET


def _settle_series(
    served: tuple[Item, ...],
    title: str,
    amounts: dict[str, Decimal],
    understood: tuple[str, ...],
    typed: ActivityInput,
) -> None:
    series = [item for item in served if item.series]
    if (typed.closes or typed.reopens) and not series:
        raise Refused(
            f"{served[0].code} {served[0].name} 不分次进行，不能写结束",
            f"去掉 {'--close' if typed.closes else '--reopen'}",
        )
    for item in series:
        if not title:
            raise Incomplete(
                f"{item.code} {item.name} 要写名称", "用 -t 写上名称；同一名称的多次记录只算一个"
            )
        for unit in item.own_units:
            if unit not in amounts or UNITS[unit].measure is not Measure.WORKS:
                continue
            if unit in understood:
                amounts[unit] = Decimal(1)
            elif amounts[unit] != 1:
                raise Refused(
                    f"{item.code} {item.name} 一次只能记一个", "每个用自己的名称（-t）分别记录"
                )


def _remarks(
    served: tuple[Item, ...], activity: Activity, roster: Iterable[Person]
) -> tuple[str, ...]:
    remarks = []
    for item in served:
        if item.types and not activity.activity_type:
            remarks.append(f"没有写类型（--type {'、'.join(item.types)}），类型指标没有变化")
        if item.once_per_person and not activity.participants:
            remarks.append(f"{item.code} 每人只计一次，没有写姓名（--who 甲、乙）就看不出重复")
        if not item.per_person:
            continue
        if not activity.participants:
            remarks.append("没有写参加的人（--who 甲、乙），每人的学时没有变化")
        for indicator in item.indicators:
            people = {
                person.name
                for person in roster
                if person.role == indicator.role and not person.has_left(activity.day)
            }
            outside = sum(1 for name in activity.participants if name not in people)
            if people and outside:
                remarks.append(
                    f"有 {outside} 人不在{indicator.role}名册上，不计入 {item.code}；"
                    "名字写错了用 sgtrack amend 更正，漏登的用 sgtrack people add 登记"
                )
    return tuple(remarks)


def _uncounted(terms: Terms, activity: Activity) -> Iterator[str]:
    """Yield a remark on each further item to which the activity adds no amount."""
    project = terms.project
    for item in terms.served[1:]:
        codes = project.with_ancestors(item.code)
        indicators = [one for code in codes for one in project.items[code].indicators]
        if any(kind_of(indicator).concerns(indicator, activity) for indicator in indicators):
            continue
        units = dict.fromkeys(indicator.unit for indicator in indicators if indicator.unit)
        if units:
            unit = next(iter(units))
            yield (
                f"{item.code} {item.name} 按{'、'.join(units)}计，这次没有写，在那里没有计数；"
                f"要计入就加上数量，如 1{unit}；已经记下的用 sgtrack amend 编号 1{unit} -r 补写数量"
            )


def propose_amendment(
    project: Project,
    old: Activity,
    change: ActivityInput,
    today: date,
    roster: Sequence[Person] | None = None,
) -> Proposal:
    """Return a logged activity with a change applied.

    A field that is None in ``change`` stays as it was. An amount of 0 removes the old amount. Old
    amounts and an old type that do not fit a changed item are dropped, with a remark.

    Raises:
        Refused: nothing changes, or the corrected activity does not fit the contract.
    """
    item = find_item(project, change.item or old.item)
    if change.also is not None:
        change = replace(change, also=tuple(word for word in change.also if word not in NOTHING))
    also = old.also if change.also is None else change.also
    units = units_of(project, item.code, also)
    counted = len(old.participants)
    amounts = old.amounts
    if change.participants is not None:
        # An amount equal to the number of old names was probably derived from these names.
        amounts = {u: a for u, a in amounts.items() if not (is_distinct(u) and a == counted)}
    unchanged, dropped = input_of(replace(old, amounts=amounts), units)
    remarks = []
    codes = (code for code in (item.code, *old.also) if code in project.items)
    types = {activity_type for code in codes for activity_type in project.items[code].types}
    if change.activity_type is None and change.item is not None and old.activity_type not in types:
        unchanged = replace(unchanged, activity_type="")
        if old.activity_type:
            remarks.append(f"{item.code} 不分这些类型，原来的类型“{old.activity_type}”去掉了")
    typed_units = change.amount_units(units)
    unfit = [text for text, unit in dropped if unit not in typed_units]
    if unfit:
        remarks.append(f"{item.code} 没有单位 {'、'.join(unfit)}，原来的数量去掉了")
    merged = replace(change, item=item.code).over(unchanged, units)
    if not (change.amounts or change.item or change.also):
        merged = replace(merged, large=True)  # The amounts were accepted when they were logged.
    nonzero = tuple(amount for amount in merged.amounts or () if amount.amount)
    proposal = propose(project, replace(merged, amounts=nonzero), today, roster)
    if proposal.activity == old:
        raise nothing_to_change()
    return replace(proposal, remarks=(*remarks, *proposal.remarks))


def nothing_to_change() -> Refused:
    """Return the error that a correction changes nothing."""
    return Refused("没有写要改什么", "写上新的数量，或用 -d、-t 等选项写要改的内容")
