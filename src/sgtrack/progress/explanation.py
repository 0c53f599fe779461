"""Which entries make up a figure, and by which rule, in words an evaluator can follow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sgtrack.ledger.records import Entry
from sgtrack.progress.tally import ZERO, served
from sgtrack.targets.model import PER_ON_SCREEN, Indicator, Item, Kind, Project
from sgtrack.units import UNITS, Measure, is_distinct, plain


@dataclass(frozen=True, slots=True)
class Line:
    """One entry behind a figure: what it adds, and a remark where that is not its whole amount."""

    entry: Entry
    counted: Decimal
    remark: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """An indicator's figure: the rule it is counted by and the entries it is made of."""

    indicator: Indicator
    rule: str
    lines: tuple[Line, ...]

    @property
    def total(self) -> Decimal:
        """What the lines add up to."""
        return sum((line.counted for line in self.lines), ZERO)


def explain(project: Project, item: Item, entries: Iterable[Entry]) -> tuple[Explanation, ...]:
    """Explain every indicator of an item.

    Args:
        project: the contract.
        item: one of its items.
        entries: the entries that count, of this item and others, in order of their date.
    """
    serving = [e for e in entries if item.code in served(project, e.activity.items)]
    return tuple(
        Explanation(
            indicator,
            _rule(project, item, indicator),
            tuple(_lines(item, indicator, serving)),
        )
        for indicator in item.indicators
    )


def _lines(item: Item, indicator: Indicator, serving: list[Entry]) -> Iterable[Line]:
    seen: set[str] = set()
    for entry in serving:
        activity = entry.activity
        given = activity.amounts.get(indicator.unit or "", ZERO)
        counted, remark = given, ""
        if indicator.kind is Kind.COVERAGE:
            if activity.kind not in indicator.types:
                continue
            counted, remark = _once(seen, (activity.kind,), "类型")
            remark = remark or activity.kind
        elif indicator.kind is Kind.MILESTONE:
            counted = ZERO if seen else Decimal(1)
            seen.add("done")
        elif not given:
            continue
        elif indicator.kind is Kind.PER_PERSON:
            remark = f"{len(activity.names)}人各得"
        elif is_distinct(indicator.unit):
            named, remark = _once(seen, activity.names, "名称")
            counted = given - len(activity.names) + named
        elif item.series and UNITS[indicator.unit or "个"].measure is Measure.WORKS:
            counted, remark = _once(seen, (activity.title,), "名称")
        if activity.item != item.code:
            via = "兼计" if item.code in activity.also else "其中"
            remark = "，".join(part for part in (f"{via}（{activity.item}）", remark) if part)
        yield Line(entry, counted, remark)


def _once(seen: set[str], words: tuple[str, ...], what: str) -> tuple[Decimal, str]:
    new = [word for word in words if word not in seen]
    seen.update(words)
    old = len(words) - len(new)
    return Decimal(len(new)), f"{old}个{what}已经计过" if old else ""


def _rule(project: Project, item: Item, indicator: Indicator) -> str:
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
        case _ if item.series and UNITS[unit].measure is Measure.WORKS:
            how = f"不同的名称各算一{unit}，同一名称多次进行只算一次"
        case _ if is_distinct(unit):
            how = "写了姓名的按不同姓名计，没写姓名的按数量相加"
        case _:
            how = f"各次的{unit}相加"
    if indicator.per is not None:
        target = plain(indicator.target or ZERO)
        how += f"，{PER_ON_SCREEN[indicator.per]}各自要达到{target}{unit}"
    return how + below
