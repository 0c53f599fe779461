"""Checks the changes that supplementary agreements make; each function is one rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

from sgtrack.model.errors import Problem
from sgtrack.model.units import UNITS, Measure
from sgtrack.targets.contract_builder import WrittenContract
from sgtrack.targets.file_format import ChangeFile, ItemFile, RevisedFile
from sgtrack.targets.yaml_source import Place

LONGEST_YEARS = 20
"""Maximum number of years between the start and the end of a project."""
AMOUNT_KEYS = ("total", "monthly", "quarterly", "yearly", "per_person")
"""The keys for target amounts in an item."""


def iterate_amounts(file: ItemFile | RevisedFile) -> Iterator[tuple[str, str, Decimal]]:
    """Yield the key, the unit and the amount of every target."""
    for key in AMOUNT_KEYS:
        for unit, amount in getattr(file, key).items():
            yield key, unit, amount


def _days_lie_within(contract: WrittenContract) -> Iterator[Problem]:
    start, end = contract.community.period.start, contract.community.period.end
    for place, change in contract.changes:
        if change.start <= start:
            yield contract.source.problem(
                (*place, "from"),
                f"变更从 {change.start} 起，不晚于项目开始（{start}）",
                "从一开始就是这样的，直接改上面的目标；写错了就改正日期",
            )
        elif change.start > end:
            yield contract.source.problem(
                (*place, "from"),
                f"变更从 {change.start} 起，项目在 {end} 已经结束",
                f"写 {start} 之后、{end} 以前的日期",
            )
        if change.period_end is None:
            continue
        at = (*place, "period_end")
        if change.period_end == end:
            yield contract.source.problem(
                at, f"项目本来就到 {end} 结束", "删掉 period_end，或写新的结束日期"
            )
        elif change.period_end < change.start:
            yield contract.source.problem(
                at,
                f"新的结束日期 {change.period_end} 早于变更的日期 {change.start}",
                "照补充协议改正 from 或 period_end",
            )
        elif change.period_end.year - start.year > LONGEST_YEARS:
            yield contract.source.problem(
                at,
                f"项目期从 {start} 到 {change.period_end}，超过 {LONGEST_YEARS} 年",
                "照补充协议改正 period_end",
            )
        end = change.period_end


def _something_changes(contract: WrittenContract) -> Iterator[Problem]:
    for place, change in contract.changes:
        revised = any(list(iterate_amounts(file)) for file in change.targets.values())
        if not (revised or change.add or change.end or change.period_end):
            yield contract.source.problem(
                place,
                f"{change.start} 的变更没有写改了什么",
                "写 targets、add、end 或 period_end 中的一样",
            )


def _revisions_fit(contract: WrittenContract) -> Iterator[Problem]:
    """Check that each revised target exists on the day of its change and gets a new amount."""
    items = {item.code: item for item in contract.items}
    latest_first = reversed(contract.changes)
    ended = {code: change.start for _, change in latest_first for code in change.end}
    current_amounts = {
        (item.code, key, unit): amount
        for item in items.values()
        for key, unit, amount in iterate_amounts(item.file)
    }
    revised_on: dict[tuple[str, str, str], date] = {}
    for place, change in contract.changes:
        for code, file in change.targets.items():
            at: Place = (*place, "targets", code)
            item = items.get(code)
            if item is None:
                yield contract.source.problem(
                    at, f"合同里没有服务项 {code}", "改成已有服务项的编号；新增的写在 add 下"
                )
                continue
            if item.added_by is not None and item.added_by.start >= change.start:
                yield contract.source.problem(
                    at, f"{code} 在 {change.start} 还没有加入合同", "直接写在 add 的服务项里"
                )
            if code in ended and ended[code] <= change.start:
                yield contract.source.problem(
                    at, f"{code} 自 {ended[code]} 起已终止", "删掉这里或 end 里的一处"
                )
            for key, unit, amount in iterate_amounts(file):
                target = (code, key, unit)
                fault = _revision_fault(
                    target, amount, current_amounts, revised_on.get(target), change
                )
                if fault is not None:
                    yield contract.source.problem((*at, key, unit), *fault)
                current_amounts[target], revised_on[target] = amount, change.start


def _revision_fault(
    target: tuple[str, str, str],
    amount: Decimal,
    current_amounts: dict[tuple[str, str, str], Decimal],
    last_revised: date | None,
    change: ChangeFile,
) -> tuple[str, str] | None:
    code, key, unit = target
    if target not in current_amounts:
        existing = "、".join(
            f"{k}: {{{u}: {amount}}}" for (c, k, u), amount in current_amounts.items() if c == code
        )
        return (
            f"{code} 没有 {key} 的“{unit}”",
            f"原有的是 {existing or '没有数量'}；新增的指标写在 add 下，另给编号",
        )
    if last_revised == change.start:
        return f"{code} 的“{unit}”在 {change.start} 改了两次", "同一天只留一个数"
    if amount == current_amounts[target]:
        return f"{code} 的“{unit}”本来就是 {amount}", "写新的数，或删掉这一行"
    if amount != int(amount) and UNITS[unit].measure is not Measure.TIME:
        return f"{amount}{unit}不是整数", "只有小时和学时可以有小数"
    return None


def _ended_items_are_there(contract: WrittenContract) -> Iterator[Problem]:
    items = {item.code: item for item in contract.items}
    ended: dict[str, date] = {}
    for place, change in contract.changes:
        for n, code in enumerate(change.end):
            at = (*place, "end", n)
            item = items.get(code)
            if item is None:
                yield contract.source.problem(
                    at, f"合同里没有服务项 {code}", "改成已有服务项的编号"
                )
                continue
            if code in ended:
                yield contract.source.problem(at, f"{code} 自 {ended[code]} 起已终止", "删掉一处")
            if item.added_by is not None and item.added_by.start >= change.start:
                yield contract.source.problem(
                    at, f"{code} 在 {change.start} 还没有加入合同", "检查日期和编号"
                )
            ended.setdefault(code, change.start)


CHANGE_RULES: tuple[Callable[[WrittenContract], Iterator[Problem]], ...] = (
    _days_lie_within,
    _something_changes,
    _revisions_fit,
    _ended_items_are_there,
)
