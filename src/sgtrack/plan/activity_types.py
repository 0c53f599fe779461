"""The forms of activity a plan consists of, and what an activity of a form usually brings.

A form is an item, alone or with further items it serves. What it brings is known from the ledger,
the target file or the contract.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum
from statistics import median

from sgtrack.model.contract import Indicator, Item, Kind, Per, Project
from sgtrack.model.entries import Activity
from sgtrack.model.units import HEADCOUNT, UNITS, Measure
from sgtrack.progress.kinds import kind_of
from sgtrack.progress.periods import owed_periods
from sgtrack.progress.tally import ONE, ZERO, served


class AmountSource(StrEnum):
    """The source of a typical amount."""

    LEDGER = "ledger"
    FILE = "file"
    CONTRACT = "contract"


@dataclass(frozen=True, slots=True)
class TypicalAmount:
    """The amount that one activity typically brings in a unit, and its source."""

    amount: Decimal
    source: AmountSource


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of activity.

    ``also`` are the items it serves besides its own; ``serves`` are all it counts for, parents
    included; ``brings`` is what one activity brings by unit. ``for_month`` (2026-03) marks the
    submission of one month's brief, which counts for that month on whatever day it is made.
    """

    item: Item
    also: tuple[str, ...]
    serves: tuple[str, ...]
    brings: Mapping[str, TypicalAmount]
    for_month: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether it is an item's own form, of no month and without anything else it serves."""
        return not self.also and not self.for_month

    @property
    def counts_for(self) -> tuple[str, ...]:
        """What it counts for besides its own item."""
        return self.serves[1:]


def list_forms(project: Project, logged: Sequence[Activity]) -> tuple[Form, ...]:
    """Every kind of activity of a contract, in its order; the plain one of each item comes first.

    An activity may serve further items only where the officer has said so before: with ``--also``
    in the ledger, in exactly that combination, or with ``serves`` in the target file.
    """
    usual = {
        code: typical_amounts_of(project, item, logged) for code, item in project.items.items()
    }
    return tuple(
        _form(project, item, also, usual, logged)
        for item in project.items.values()
        for also in _combinations(project, item, logged)
    )


def _combinations(
    project: Project, item: Item, logged: Iterable[Activity]
) -> list[tuple[str, ...]]:
    said = [one.also for one in logged if one.item == item.code] + [item.serves]
    known = (tuple(c for c in sorted(also) if c in project.items) for also in said)
    return sorted(dict.fromkeys(((), *known)), key=lambda also: (len(also), also))


def _form(
    project: Project,
    item: Item,
    also: tuple[str, ...],
    usual: Mapping[str, Mapping[str, TypicalAmount]],
    logged: Iterable[Activity],
) -> Form:
    """What serves another item too brings of its units what such activities brought before.

    Where there is none, what an activity of that item usually brings.
    """
    brings = dict(usual[item.code])
    same = [one.amounts for one in logged if one.item == item.code and one.also == also]
    for code in also:
        for unit in counted_units(project, code):
            if unit in brings:
                continue
            before = None if is_one_by_nature(project.items[code], unit) else median_of(unit, same)
            stated = item.usually.get(unit)
            if before:
                brings[unit] = TypicalAmount(before, AmountSource.LEDGER)
            elif stated is not None:
                brings[unit] = TypicalAmount(stated, AmountSource.FILE)
            elif unit in usual[code]:
                brings[unit] = usual[code][unit]
    return Form(
        item,
        also,
        served(project, (item.code, *also)),
        {unit: one for unit, one in brings.items() if one.amount > ZERO},
    )


def typical_amounts_of(
    project: Project, item: Item, logged: Iterable[Activity]
) -> dict[str, TypicalAmount]:
    """What one activity of an item usually brings, in every unit in which it counts for a target.

    An activity is one occasion (场, 次) and one session of a group or case; an entry of several
    occasions says how much each of them brought. For everything else: the median of the ledger,
    rounded down; else ``usually`` of the target file; else what the contract leads to expect (see
    :func:`by_contract`). In a unit that only a parent has a target in nothing is assumed, and the
    median is over all activities, also those without it. What would not count, because it misses
    what is asked of every activity, is not planned: an activity brings at least that.

    Args:
        project: the contract.
        item: one of its items.
        logged: the activities in the ledger, of this item and others.
    """
    own = [one for one in logged if one.item == item.code]
    found: dict[str, TypicalAmount] = {}
    for unit in counted_units(project, item.code):
        usual = _recorded_amount(item, unit, own)
        if usual is None and is_one_by_nature(item, unit):
            usual = TypicalAmount(ONE, AmountSource.CONTRACT)
        if usual is None and unit in counted_units(project, item.code, parents=False):
            usual = TypicalAmount(by_contract(project, item, unit), AmountSource.CONTRACT)
        least = _least(project, item, unit)
        if usual is not None:
            found[unit] = (
                usual if usual.amount >= least else TypicalAmount(least, AmountSource.CONTRACT)
            )
    return found


def _least(project: Project, item: Item, unit: str) -> Decimal:
    """What an activity must have to count at all, for the item and for what it is part of."""
    asked = [
        amount
        for code in project.with_ancestors(item.code)
        for each, amount in project.items[code].each
        if each == unit or (each in HEADCOUNT and unit in HEADCOUNT)
    ]
    return max(asked, default=ZERO)


def counted_units(project: Project, code: str, *, parents: bool = True) -> tuple[str, ...]:
    """The units in which an item, or what it is part of, has a target."""
    codes = project.with_ancestors(code) if parents else (code,)
    return tuple(
        dict.fromkeys(
            indicator.unit
            for one in codes
            for indicator in project.items[one].indicators
            if indicator.unit is not None and indicator.kind is not Kind.COVERAGE
        )
    )


def is_one_by_nature(item: Item, unit: str) -> bool:
    """Whether an activity is one of the unit by its nature: an occasion, or a session."""
    return UNITS[unit].measure is Measure.OCCASIONS or item.counts_groups(unit)


def median_of(unit: str, amounts: Iterable[Mapping[str, Decimal]]) -> Decimal | None:
    """The median of a unit over the amounts of activities that have it, by occasion."""
    return _median(unit, [one for one in amounts if unit in one])


def by_contract(project: Project, item: Item, unit: str) -> Decimal:
    """What the contract leads to expect of an activity, rounded up.

    The target divided by the occasions it names (400人次 in 10场 are 40); where it names none, a
    total divided by the months of the project, a target per person by the months of a year, and a
    month's, quarter's or year's target in one go.
    """
    indicator = next(i for i in item.indicators if i.unit == unit and i.kind is not Kind.COVERAGE)
    target = indicator.target or ONE
    times = _occasions(item, indicator)
    if times is None:
        months = Decimal(len(owed_periods(project.period, Per.MONTH)))
        if kind_of(indicator).per_person:
            times = min(months, Decimal(12))
        else:
            times = months if kind_of(indicator).has_pace else ONE
    return max((target / times).to_integral_value(ROUND_CEILING), ONE)


def _recorded_amount(item: Item, unit: str, own: list[Activity]) -> TypicalAmount | None:
    """What the ledger or the target file says, in this order."""
    stated = item.usually.get(unit)
    if not is_one_by_nature(item, unit):
        amounts = [one.amounts for one in own]
        has_target = any(i.unit == unit for i in item.indicators)
        logged = median_of(unit, amounts) if has_target else _median(unit, amounts)
        if logged:
            return TypicalAmount(logged, AmountSource.LEDGER)
    return None if stated is None else TypicalAmount(stated, AmountSource.FILE)


def _median(unit: str, amounts: list[Mapping[str, Decimal]]) -> Decimal | None:
    """The median by occasion, rounded down to what the unit can be, but never to nothing."""
    if not amounts:
        return None
    middle = median(one.get(unit, ZERO) / _occasions_in(one) for one in amounts)
    step = Decimal("0.01") if UNITS[unit].measure is Measure.TIME else ONE
    return max(middle.quantize(step, ROUND_FLOOR), step) if middle else ZERO


def _occasions_in(amounts: Mapping[str, Decimal]) -> Decimal:
    found = [a for u, a in amounts.items() if UNITS[u].measure is Measure.OCCASIONS]
    return max([*found, ONE])


def _occasions(item: Item, indicator: Indicator) -> Decimal | None:
    """How often the contract has the item take place, in the rhythm of the indicator."""
    found = [
        other.target
        for other in item.indicators
        if other.unit is not None
        and other.target is not None
        and (other.kind, other.per) == (indicator.kind, indicator.per)
        and UNITS[other.unit].measure is Measure.OCCASIONS
        and other.unit != indicator.unit
    ]
    return found[0] if found else None
