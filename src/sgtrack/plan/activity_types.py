"""Defines the forms of activity in a plan, and the typical amounts of one activity of each form.

A form is an item, alone or with further items that the activity counts for. Typical amounts come
from the ledger, the target file or the contract.
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
    """The source of a typical amount."""

    LEDGER = "ledger"
    FILE = "file"
    CONTRACT = "contract"


@dataclass(frozen=True, slots=True)
class TypicalAmount:
    """The amount that one activity typically brings in a unit, and the source of the amount."""

    amount: Decimal
    source: AmountSource


@dataclass(frozen=True, slots=True)
class Form:
    """A form of activity: an item, alone or with further items.

    ``also`` are the codes of the further items that an activity is logged for (``--also``).
    ``serves`` are the codes of all items that an activity counts for, parents included. ``brings``
    maps each unit to the typical amount of one activity.

    ``for_month`` (2026-03) marks the submission of the brief of that month; the day of the
    submission does not matter. For other forms, ``for_month`` is empty.
    """

    item: Item
    also: tuple[str, ...]
    serves: tuple[str, ...]
    brings: Mapping[str, TypicalAmount]
    for_month: str = ""

    @property
    def is_plain(self) -> bool:
        """Return whether the form has no further items and no month of a brief."""
        return not self.also and not self.for_month

    @property
    def counts_for(self) -> tuple[str, ...]:
        """Return the codes of all items that an activity counts for, without ``item`` itself."""
        return self.serves[1:]


def list_forms(project: Project, logged: Sequence[Activity]) -> tuple[Form, ...]:
    """List the forms of activity of a contract, in contract order.

    The first form of each item has no further items. Each combination of further items that occurs
    in ``logged`` is another form, and so is the combination that ``serves`` lists in the target
    file.
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
    """Build a form with its typical amounts.

    In a unit in which only a further item has a target, the amount comes from earlier activities
    with the same items. If there are none, it is ``usually`` in the target file, or else the
    typical amount of the further item. Earlier activities are not used for occasions, groups and
    cases.
    """
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
    """Compute the typical amount of one activity of an item, by unit.

    The units are those in which the item or one of its parents has a target.

    In a unit of occasions (场, 次), groups or cases, the amount is 1 unless ``usually`` in the
    target file states another. In other units, the amount is the median of the logged activities,
    else ``usually``, else the amount of :func:`by_contract`. If only a parent has a target in the
    unit, :func:`by_contract` is not used, and the unit may be missing from the result.

    No amount is below the minimum that the contract requires of each activity.
    """
    own = [activity for activity in logged if activity.item == item.code]
    amounts: dict[str, TypicalAmount] = {}
    for unit in counted_units(project, item.code):
        usual = _recorded_amount(item, unit, own)
        if usual is None and is_one_by_nature(item, unit):
            usual = TypicalAmount(ONE, AmountSource.CONTRACT)
        if usual is None and unit in counted_units(project, item.code, parents=False):
            usual = TypicalAmount(by_contract(project, item, unit), AmountSource.CONTRACT)
        # An activity with a smaller amount does not count for the item or one of its parents.
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
    """Return the units of an item's targets, except those of coverages.

    With ``parents``, include the units of its parents' targets.
    """
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
    """Return whether a unit counts occasions, groups or cases, so that 1 is the usual amount."""
    return UNITS[unit].measure is Measure.OCCASIONS or item.counts_groups(unit)


def median_of(unit: str, amounts: Iterable[Mapping[str, Decimal]]) -> Decimal | None:
    """Return the median amount per occasion in a unit, over the activities that have the unit.

    Return None if no activity has the unit.
    """
    return _median(unit, [by_unit for by_unit in amounts if unit in by_unit])


def by_contract(project: Project, item: Item, unit: str) -> Decimal:
    """Compute the amount of one activity that follows from the contract, rounded up.

    If the item also has a target for occasions, of the same kind and in the same period, the target
    is divided by it: 400人次 in 10场 are 40人次 each. Otherwise a total is divided by the number of
    months of the project, and a target per person by the number of months or by 12, whichever is
    less. Other targets are not divided.
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
    """Return the typical amount from the ledger, else from the target file, else None.

    The ledger is not used for occasions, groups and cases. If the item itself has a target in the
    unit, the median leaves out activities without the unit. If only a parent has one, such
    activities count as 0.
    """
    stated = item.usually.get(unit)
    if not is_one_by_nature(item, unit):
        amounts = [activity.amounts for activity in own]
        has_target = any(i.unit == unit for i in item.indicators)
        logged = median_of(unit, amounts) if has_target else _median(unit, amounts)
        if logged:
            return TypicalAmount(logged, AmountSource.LEDGER)
    return None if stated is None else TypicalAmount(stated, AmountSource.FILE)


def _median(unit: str, amounts: list[Mapping[str, Decimal]]) -> Decimal | None:
    """Return the median amount per occasion, rounded down to a multiple of the unit's step.

    The step is 0.01 for units of time, otherwise 1. A positive median is at least one step. An
    activity without the unit counts as 0. Return None if there are no activities.
    """
    if not amounts:
        return None
    middle = median(by_unit.get(unit, ZERO) / count_occasions(by_unit) for by_unit in amounts)
    step = Decimal("0.01") if UNITS[unit].measure is Measure.TIME else ONE
    return max(middle.quantize(step, ROUND_FLOOR), step) if middle else ZERO
