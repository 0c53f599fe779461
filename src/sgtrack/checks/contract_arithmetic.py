"""Advice on contradictions and gaps in the text of a contract, one rule per function.

Advice is not an error, because the officer cannot change a signed contract.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from sgtrack.model.contract import Indicator, Item, Kind, Per, Project
from sgtrack.model.units import plain
from sgtrack.model.wording import day_words
from sgtrack.progress.pace import milestone_due
from sgtrack.progress.periods import owed_periods
from sgtrack.progress.progress_wording import short_target_words

ZERO = Decimal(0)
SHORTEST = {Per.MONTH: 28, Per.QUARTER: 90, Per.YEAR: 365}
"""Number of days of the shortest month, quarter and year."""
NAMED = {Per.MONTH: "个月", Per.QUARTER: "个季度", Per.YEAR: "年"}
YEAR_MAY_LACK = 15
"""Maximum difference in days at which a project still counts as lasting whole years."""
QUOTED = 24
"""Maximum number of characters quoted from a clause."""
KEY = {Per.MONTH: "monthly", Per.QUARTER: "quarterly", Per.YEAR: "yearly"}


@dataclass(frozen=True, slots=True)
class Advice:
    """A contradiction or gap in a contract.

    ``code`` is the code of the clause or item. ``keys`` are the YAML keys below it, such as
    ``("total", "人次")``. ``hint`` advises what to do or whom to ask.
    """

    code: str
    keys: tuple[str, ...]
    message: str
    hint: str


Rule = Callable[[Project], Iterator[Advice]]


def advice_on(project: Project) -> tuple[Advice, ...]:
    """Return the advice of all rules on a contract with its changes applied."""
    return tuple(advice for rule in RULES for advice in rule(project))


def _parts_add_up(project: Project) -> Iterator[Advice]:
    """Report parts (其中) whose targets add up to more or less than the target of the whole item.

    A smaller sum is reported only if there are several parts and all of them have targets.
    """
    for item in _current_items(project):
        parts = [part for part in _current_items(project) if part.part_of == item.code]
        for whole in item.indicators:
            shares = {part.name: _target_of(part, whole) for part in parts}
            given = {name: share for name, share in shares.items() if share is not None}
            total = sum(given.values(), ZERO)
            target = whole.target or ZERO
            fewer = total < target and len(given) == len(parts) > 1
            if not given or whole.kind is Kind.COVERAGE or not (total > target or fewer):
                continue
            unit = whole.unit
            sums = "、".join(f"{name}{plain(share)}{unit}" for name, share in given.items())
            apart = plain(abs(total - target))
            how = f"多{apart}" if total > target else f"少{apart}"
            yield Advice(
                item.code,
                _keys(whole),
                f"“其中”的{sums}，合起来{plain(total)}{unit}，"
                f"比{item.name}的{plain(target)}{unit}{how}{unit}",
                f"各项分开做要{plain(total)}{unit}，一次活动同时计入几项的，总数里只计一次；抄录有误请改正"
                if total > target
                else f"其余{apart}{unit}可由这几项以外的活动完成；有遗漏请补上",
            )


def _totals_fit_periods(project: Project) -> Iterator[Advice]:
    """Report total targets that differ from the sum of the periodic targets of the item.

    The sum covers all periods of the project. Targets are compared if they have the same unit.
    """
    for item in _current_items(project):
        totals = {i.unit: i for i in item.indicators if i.kind is Kind.TOTAL}
        for periodic in item.indicators:
            total = totals.get(periodic.unit)
            if periodic.kind is not Kind.PERIODIC or periodic.per is None or total is None:
                continue
            periods = owed_periods(project.period, periodic.per)
            comes_to = (periodic.target or ZERO) * len(periods)
            target = total.target or ZERO
            if comes_to == target:
                continue
            unit = periodic.unit
            yield Advice(
                item.code,
                _keys(periodic),
                f"{item.name}{short_target_words(periodic)}，项目期内合计{plain(comes_to)}{unit}，"
                f"和一共{plain(target)}{unit}对不上",
                "两个数都完成时会超过总数；请与采购人核对以哪个为准"
                if comes_to > target
                else f"只按周期完成，距总数差{plain(target - comes_to)}{unit}，需另行安排",
            )


def _periods_fit_project(project: Project) -> Iterator[Advice]:
    """Report monthly, quarterly and yearly targets that do not fit the length of the project.

    A target does not fit if the project is shorter than one month, quarter or year. A yearly target
    also does not fit if the project does not last whole years.
    """
    days = project.period.days
    for item in _current_items(project):
        for indicator in item.indicators:
            if indicator.per is None:
                continue
            count = len(owed_periods(project.period, indicator.per))
            asked = f"{item.name}{short_target_words(indicator)}"
            if days < SHORTEST[indicator.per]:
                what = f"项目期只有{days}天，不到一{NAMED[indicator.per]}"
            elif indicator.per is Per.YEAR and abs(days - count * 365) > YEAR_MAY_LACK:
                what = f"项目期{days}天，不是整年"
            else:
                continue
            yield Advice(
                item.code,
                _keys(indicator),
                f"{asked}，{what}",
                f"按{count}{NAMED[indicator.per]}算；要不要按时间折算，合同没有写，请和采购人核对",
            )


def _clauses_have_numbers(project: Project) -> Iterator[Advice]:
    """Report each clause that states no number."""
    for code, clause in project.clauses.items():
        items = [item for item in clause.items if item.ended is None]
        indicators = [indicator for item in items for indicator in item.indicators]
        if not indicators or any(i.kind is not Kind.MILESTONE for i in indicators):
            continue
        text = clause.text.rstrip("。；;，")
        quoted = text if len(text) <= QUOTED else f"{text[:QUOTED]}…"
        end = project.period.end
        dues = [milestone_due(project, item, i) for item in items for i in item.indicators]
        due = max(day or end for day in dues)
        yield Advice(
            code,
            (),
            f"条款 {code} 没有数量：“{quoted}”",
            f"按{day_words(due)}前完成一次算；完成标准请与采购人商定，写进 evidence",
        )


RULES: tuple[Rule, ...] = (
    _parts_add_up,
    _totals_fit_periods,
    _periods_fit_project,
    _clauses_have_numbers,
)


def _current_items(project: Project) -> Iterator[Item]:
    """Return the items that are still part of the contract."""
    return (item for item in project.items.values() if item.ended is None)


def _target_of(part: Item, whole: Indicator) -> Decimal | None:
    """Return the part's target of the same kind, unit and period as ``whole``, or None."""
    targets = (i.target for i in part.indicators if i.key[1:] == whole.key[1:])
    return next(targets, None)


def _keys(indicator: Indicator) -> tuple[str, ...]:
    """Return the YAML keys of an indicator in the target file."""
    if indicator.kind is Kind.PER_PERSON:
        return ("per_person", indicator.unit or "")
    return ("total" if indicator.per is None else KEY[indicator.per], indicator.unit or "")
