"""Which entries make up a figure, and by which rule, in words an evaluator can follow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache

from sgtrack.model.contract import PER_ON_SCREEN, Indicator, Item, Kind, Per, Period, Project
from sgtrack.model.entries import Activity, Entry
from sgtrack.model.people import Person
from sgtrack.model.units import UNITS, Measure, plain
from sgtrack.progress.conditions import each_words, why_not
from sgtrack.progress.pace import days_of
from sgtrack.progress.periods import owed_periods
from sgtrack.progress.tally import ZERO, newly, served


@dataclass(frozen=True, slots=True)
class Line:
    """One entry behind a figure: what it adds, and a remark where that is not its whole amount."""

    entry: Entry
    counted: Decimal
    remark: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """An indicator's figure: the rule it is counted by and the entries it is made of.

    Of many entries only the latest may be told one by one; ``earlier`` is then how many there are
    before them, and ``carried`` what those add up to.
    """

    indicator: Indicator
    rule: str
    lines: tuple[Line, ...]
    earlier: int = 0
    carried: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """What all entries add up to."""
        return sum((line.counted for line in self.lines), self.carried)

    def latest(self, most: int) -> Explanation:
        """The same with at most so many entries told one by one."""
        before = self.lines[: max(len(self.lines) - most, 0)]
        return replace(
            self,
            lines=self.lines[len(before) :],
            earlier=self.earlier + len(before),
            carried=sum((line.counted for line in before), self.carried),
        )


def explain(
    project: Project, item: Item, entries: Iterable[Entry], roster: Iterable[Person] = ()
) -> tuple[Explanation, ...]:
    """Explain every indicator of an item.

    Args:
        project: the contract.
        item: one of its items.
        entries: the entries that count, of this item and others, in order of their date.
        roster: the people that per-person indicators run over.
    """
    serves = cache(lambda items: item.code in served(project, items))
    serving = [entry for entry in entries if serves(entry.activity.items)]
    people = list(roster)
    return tuple(
        Explanation(
            indicator,
            _rule(project, item, indicator),
            tuple(_lines(project, item, indicator, serving, people)),
        )
        for indicator in item.indicators
    )


def _lines(
    project: Project,
    item: Item,
    indicator: Indicator,
    serving: list[Entry],
    roster: list[Person],
) -> Iterable[Line]:
    on_roster = {person.name for person in roster if person.role == indicator.role}
    counter = _Counter(item, indicator, on_roster)
    per = indicator.per if indicator.kind is Kind.PERIODIC else None
    stretches = (
        [owed.period for owed in owed_periods(days_of(project, indicator), per)] if per else []
    )
    stretch: Period | None = None
    for entry in serving:
        activity = entry.activity
        now = next((period for period in stretches if activity.day in period), None)
        if now != stretch and not item.series:
            counter.seen, stretch = set(), now
        found = counter.count(activity)
        if found is None:
            continue
        counted, remark = found
        if activity.for_month:
            remark = f"{activity.for_month} 的"
        if activity.item != item.code:
            via = "兼计" if item.code in activity.also else "其中"
            remark = "，".join(part for part in (f"{via}（{activity.item}）", remark) if part)
        yield Line(entry, counted, remark)


@dataclass
class _Counter:
    """What one activity after the other adds to an indicator, and what was counted already."""

    item: Item
    indicator: Indicator
    on_roster: set[str]
    seen: set[str] = field(default_factory=set)
    sessions: dict[str, int] = field(default_factory=dict)

    def count(self, activity: Activity) -> tuple[Decimal, str] | None:
        """What it adds and why that is not its whole amount; None where it has nothing to add."""
        indicator = self.indicator
        amount = activity.amounts.get(indicator.unit or "", ZERO)
        if indicator.kind is Kind.COVERAGE:
            if activity.activity_type not in indicator.types:
                return None
        elif indicator.kind is not Kind.MILESTONE and not amount:
            return None
        missed = why_not(self.item, activity.day, activity.amounts, len(activity.participants))
        adds_up = indicator.kind in (Kind.TOTAL, Kind.PERIODIC)
        if self.item.series and adds_up and _is_work(indicator.unit):
            return self._session(activity, missed)
        return (ZERO, missed) if missed else self._added(activity, amount)

    def _added(self, activity: Activity, amount: Decimal) -> tuple[Decimal, str]:
        indicator = self.indicator
        if indicator.kind is Kind.COVERAGE:
            counted, remark = _once(self.seen, (activity.activity_type,), "类型")
            return counted, remark or activity.activity_type
        if indicator.kind is Kind.MILESTONE:
            counted = ZERO if self.seen else Decimal(1)
            self.seen.add("done")
            return counted, ""
        if indicator.kind is Kind.PER_PERSON:
            named = (
                self.on_roster.intersection(activity.participants)
                if self.on_roster
                else activity.participants
            )
            return (amount, f"{len(named)}人各得") if named else (ZERO, "没有名册上的人")
        if self.item.once(indicator.unit):
            old = len(self.seen.intersection(activity.participants))
            counted = newly(amount, activity.participants, self.seen)
            return counted, f"{old}个名称已经计过" if old else ""
        return amount, ""

    def _session(self, activity: Activity, missed: str) -> tuple[Decimal, str]:
        """A group or case counts with the session that makes it complete or closes it."""
        title, needed = activity.title, self.item.sessions
        if not title:
            return ZERO, "没有名称，不计"
        count = self.sessions[title] = self.sessions.get(title, 0) + (not missed)
        nth = f"第{count}次"
        if title in self.seen:
            return ZERO, missed or f"{nth}，已经计过"
        if count >= needed or (activity.closes and count):
            self.seen.add(title)
            if missed:
                return Decimal(1), f"这次{missed}；前面做了{count}次，到此结束"
            how = "结束" if activity.closes else "做满"
            return Decimal(1), f"{nth}，{how}" if count > 1 else ""
        return ZERO, missed or f"{nth}，满{needed}次才计"


def _is_work(unit: str | None) -> bool:
    return UNITS[unit or "个"].measure is Measure.WORKS


def _once(seen: set[str], words: tuple[str, ...], what: str) -> tuple[Decimal, str]:
    new = [word for word in words if word not in seen]
    seen.update(words)
    old = len(words) - len(new)
    return Decimal(len(new)), f"{old}个{what}已经计过" if old else ""


def _rule(project: Project, item: Item, indicator: Indicator) -> str:
    asked = each_words(item)
    return _counting(project, item, indicator) + (f"；{asked}，不够的不计" if asked else "")


def _counting(project: Project, item: Item, indicator: Indicator) -> str:
    parts = [i.code for i in project.items.values() if i.part_of == item.code]
    below = f"，{'、'.join(parts)} 也计入" if parts else ""
    unit = indicator.unit or ""
    match indicator.kind:
        case Kind.MILESTONE:
            return "记录一次就算完成"
        case Kind.COVERAGE:
            return f"出现过的类型各算一个，要有：{'、'.join(indicator.types)}"
        case Kind.PER_PERSON:
            return f"名册（{indicator.role}）上每个人每年各自的{unit}，看最少的一个"
        case _ if item.series and _is_work(unit):
            when = f"做满{item.sessions}次或结束后" if item.sessions > 1 else ""
            how = f"不同的名称{when}各算一{unit}，同一名称多次进行只算一次"
        case _ if item.once(unit):
            how = "写了姓名的按不同姓名计，没写姓名的按数量相加"
        case _:
            how = f"各次的{unit}相加"
    if indicator.per is not None:
        target = plain(indicator.target or ZERO)
        how += f"，{PER_ON_SCREEN[indicator.per]}各自要达到{target}{unit}"
        if indicator.revised and indicator.per is not Per.YEAR:
            how += "（变更以前开始的各期按当时的数）"
    return how + below
