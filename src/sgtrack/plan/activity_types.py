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

from sgtrack.model.contract import Item, Kind, Per, Project
from sgtrack.model.entries import Activity
from sgtrack.model.units import HEADCOUNT, UNITS, Measure
from sgtrack.progress.conditions import count_occasions
from sgtrack.progress.kinds import kind_of
from sgtrack.progress.periods import owed_periods
from sgtrack.progress.tally import ONE, ZERO, served


class AmountSource(StrEnum):
    """Where a typical amount comes from."""

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
        """Whether it serves only its own item, and no special month."""
        return not self.also and not self.for_month

    @property
    def counts_for(self) -> tuple[str, ...]:
        """The items it counts for besides its own."""
        return self.serves[1:]


def list_forms(project: Project, logged: Sequence[Activity]) -> tuple[Form, ...]:
    """List every form of activity of a contract, in its order; an item's plain form comes first.

    A form serves further items only in a combination that the officer used before with ``--also``,
    or wrote as ``serves`` in the target file.
    """
    usual = {
        code: typical_amounts_of(project, item, logged) for code, item in project.items.items()
    }
    forms: list[Form] = []
    for item in project.items.values():
        used = [activity.also for activity in logged if activity.item == item.code]
        combinations = {
            tuple(code for code in sorted(also) if code in project.items)
            for also in ((), *used, item.serves)
        }
        for also in sorted(combinations, key=lambda also: (len(also), also)):
            forms.append(_form(project, item, also, usual, logged))
    return tuple(forms)


def _form(
    project: Project,
    item: Item,
    also: tuple[str, ...],
    usual: Mapping[str, Mapping[str, TypicalAmount]],
    logged: Iterable[Activity],
) -> Form:
    """Make a form; in units of further items it brings what such activities usually have."""
    brings = dict(usual[item.code])
    same = [a.amounts for a in logged if a.item == item.code and a.also == also]
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
        {unit: typical for unit, typical in brings.items() if typical.amount > ZERO},
    )


def typical_amounts_of(
    project: Project, item: Item, logged: Iterable[Activity]
) -> dict[str, TypicalAmount]:
    """Compute what one activity of an item usually brings, in every unit that has a target.

    An activity is one occasion (场, 次), or one session of a group or case. In other units it has
    the median of the ledger by occasion, rounded down; else ``usually`` of the target file; else
    the amount of :func:`by_contract`. If only a parent has a target in a unit, the median is over
    all activities, and there is no amount without any. The item's conditions set the minimum.
    """
    own = [activity for activity in logged if activity.item == item.code]
    amounts: dict[str, TypicalAmount] = {}
    for unit in counted_units(project, item.code):
        usual = _recorded_amount(item, unit, own)
        if usual is None and is_one_by_nature(item, unit):
            usual = TypicalAmount(ONE, AmountSource.CONTRACT)
        if usual is None and unit in counted_units(project, item.code, parents=False):
            usual = TypicalAmount(by_contract(project, item, unit), AmountSource.CONTRACT)
        # An activity must have this much to count for the item and for its parents.
        least = max(
            (
                amount
                for code in project.with_ancestors(item.code)
                for each, amount in project.items[code].each
                if each == unit or (each in HEADCOUNT and unit in HEADCOUNT)
            ),
            default=ZERO,
        )
        if usual is not None:
            enough = usual.amount >= least
            amounts[unit] = usual if enough else TypicalAmount(least, AmountSource.CONTRACT)
    return amounts


def counted_units(project: Project, code: str, *, parents: bool = True) -> tuple[str, ...]:
    """The units in which an item, or one it is part of, has a target."""
    codes = project.with_ancestors(code) if parents else (code,)
    return tuple(
        dict.fromkeys(
            indicator.unit
            for counted in codes
            for indicator in project.items[counted].indicators
            if indicator.unit is not None and indicator.kind is not Kind.COVERAGE
        )
    )


def is_one_by_nature(item: Item, unit: str) -> bool:
    """Whether an activity is one of the unit by its nature: an occasion, or a session."""
    return UNITS[unit].measure is Measure.OCCASIONS or item.counts_groups(unit)


def median_of(unit: str, amounts: Iterable[Mapping[str, Decimal]]) -> Decimal | None:
    """The median of a unit over the amounts of activities that have it, by occasion."""
    return _median(unit, [by_unit for by_unit in amounts if unit in by_unit])


def by_contract(project: Project, item: Item, unit: str) -> Decimal:
    """Compute the amount of an activity that the contract implies, rounded up.

    It is the target divided by the occasions the contract names (400人次 in 10场 are 40). Where it
    names none, a total is divided by the months of the project and a target per person by the
    months of a year; the target of a month, quarter or year is one activity's.
    """
    indicator = next(i for i in item.indicators if i.unit == unit and i.kind is not Kind.COVERAGE)
    target = indicator.target or ONE
    occasions = (
        other.target
        for other in item.indicators
        if other.unit is not None
        and other.target is not None
        and (other.kind, other.per) == (indicator.kind, indicator.per)
        and UNITS[other.unit].measure is Measure.OCCASIONS
        and other.unit != unit
    )
    times = next(occasions, None)
    if times is None:
        months = Decimal(len(owed_periods(project.period, Per.MONTH)))
        if kind_of(indicator).per_person:
            times = min(months, Decimal(12))
        else:
            times = months if kind_of(indicator).has_pace else ONE
    return max((target / times).to_integral_value(ROUND_CEILING), ONE)


def _recorded_amount(item: Item, unit: str, own: list[Activity]) -> TypicalAmount | None:
    """The typical amount by the ledger, or else by the target file."""
    stated = item.usually.get(unit)
    if not is_one_by_nature(item, unit):
        amounts = [activity.amounts for activity in own]
        has_target = any(i.unit == unit for i in item.indicators)
        logged = median_of(unit, amounts) if has_target else _median(unit, amounts)
        if logged:
            return TypicalAmount(logged, AmountSource.LEDGER)
    return None if stated is None else TypicalAmount(stated, AmountSource.FILE)


def _median(unit: str, amounts: list[Mapping[str, Decimal]]) -> Decimal | None:
    """The median by occasion, rounded down to the step of the unit, but to at least one step."""
    if not amounts:
        return None
    middle = median(by_unit.get(unit, ZERO) / count_occasions(by_unit) for by_unit in amounts)
    step = Decimal("0.01") if UNITS[unit].measure is Measure.TIME else ONE
    return max(middle.quantize(step, ROUND_FLOOR), step) if middle else ZERO
