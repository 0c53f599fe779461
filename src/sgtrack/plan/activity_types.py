"""The forms of activity a plan consists of: an item, alone or with further items it serves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sgtrack.model.contract import Item, Project
from sgtrack.model.entries import Activity
from sgtrack.plan.typical_amounts import (
    AmountSource,
    TypicalAmount,
    counted_units,
    is_one_by_nature,
    median_of,
    typical_amounts_of,
)
from sgtrack.progress.tally import ZERO, served


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
