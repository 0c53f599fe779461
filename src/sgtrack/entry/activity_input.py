"""The fields of an activity before they are checked, whatever their source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from pathlib import Path

from sgtrack.entry.amount_parsing import AmountInput
from sgtrack.model.contract import Project
from sgtrack.model.entries import Activity, Entry
from sgtrack.model.errors import Unconfirmed
from sgtrack.model.units import matching_unit, plain
from sgtrack.targets.lookup import find_item


@dataclass(frozen=True, slots=True)
class ActivityInput:
    """Unchecked fields of an activity, from options, a sentence, a sheet's row or an older entry.

    None means that a field was not given. Only the participants are already checked. ``day`` is the
    typed text, such as 昨天 or 3-12. ``again`` allows a second activity with the same item, day and
    title. ``large`` allows an amount that is larger than usual. ``reopens`` allows a session of a
    group or case that has ended.
    """

    item: str | None = None
    amounts: tuple[AmountInput, ...] | None = None
    day: str | None = None
    title: str | None = None
    place: str | None = None
    activity_type: str | None = None
    note: str | None = None
    participants: tuple[str, ...] | None = None
    also: tuple[str, ...] | None = None
    closes: bool | None = None
    for_month: str | None = None
    source: str | None = None
    session: int | None = None
    attendance: int | None = None
    effect: str | None = None
    evidence: tuple[Path, ...] | None = None
    reason: str | None = None
    again: bool | None = None
    large: bool | None = None
    reopens: bool | None = None

    @property
    def changes_activity(self) -> bool:
        """Whether a field of the activity itself is given."""
        return any(
            getattr(self, field.name) is not None
            for field in fields(self)
            if field.name not in ("effect", "reason", "again", "large", "reopens")
        )

    def over(self, read: ActivityInput, units: tuple[str, ...]) -> ActivityInput:
        """Return ``read`` with its fields replaced by those given in this input.

        Amounts are replaced unit by unit. For example, 90人次 replaces 80人次 and leaves 1场.
        ``units`` are the units that the activity may have.
        """
        typed = {
            field.name: value
            for field in fields(self)
            if (value := getattr(self, field.name)) is not None
        }
        if self.amounts and read.amounts:
            typed_units = self.amount_units(units)
            rest = (a for a in read.amounts if unit_of(a, units) not in typed_units)
            typed["amounts"] = (*self.amounts, *rest)
        return replace(read, **typed)

    def allow(self, unusual: Unconfirmed) -> ActivityInput:
        """Return this input with permission for something that was refused as unusual."""
        if unusual.allowing == "again":
            return replace(self, again=True)
        return replace(self, large=True)

    def with_amount(self, unit: str, amount: AmountInput | None) -> ActivityInput:
        """Return this input with another amount in a unit; None stores an amount of 0."""
        rest = (a for a in self.amounts or () if a.unit != unit)
        return replace(self, amounts=(*rest, amount or AmountInput(Decimal(0), unit, f"0{unit}")))

    def amount_units(self, units: tuple[str, ...]) -> frozenset[str | None]:
        """Return the units of the amounts as the contract writes them; see :func:`unit_of`."""
        return frozenset(unit_of(amount, units) for amount in self.amounts or ())


def unit_of(amount: AmountInput, units: tuple[str, ...]) -> str | None:
    """Return the unit of an amount as the contract writes it.

    Return None if no unit was typed and ``units`` is empty or has several units.
    """
    if amount.unit is None:
        return units[0] if len(units) == 1 else None
    return matching_unit(amount.unit, units) or amount.unit


def units_of(project: Project, item: str, also: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the units that an activity of these items may have, those of ``item`` first.

    Raises:
        Refused: the contract has no such item.
    """
    codes = (find_item(project, word).code for word in (item, *also))
    return tuple(dict.fromkeys(unit for code in codes for unit in project.units_of(code)))


def input_of(
    activity: Activity, units: tuple[str, ...]
) -> tuple[ActivityInput, tuple[tuple[str, str], ...]]:
    """Convert an existing activity to input for an activity that may have ``units``.

    Returns:
        The input, and the amounts (text, old unit) that were dropped because they do not fit
        ``units``.
    """
    amounts, dropped = [], []
    for old_unit, amount in activity.amounts.items():
        text = f"{plain(amount)}{old_unit}"
        unit = matching_unit(old_unit, units)
        if unit is None or (unit != old_unit and unit in activity.amounts):
            dropped.append((text, old_unit))
        else:
            amounts.append(AmountInput(amount, unit, text))
    return (
        ActivityInput(
            item=activity.item,
            amounts=tuple(amounts),
            day=activity.day.isoformat(),
            title=activity.title,
            place=activity.place,
            activity_type=activity.activity_type,
            note=activity.note,
            participants=activity.participants,
            also=activity.also,
            closes=activity.closes,
            for_month=activity.for_month,
            source=activity.source,
            session=activity.session,
            attendance=activity.attendance,
        ),
        tuple(dropped),
    )


def copy_input(
    project: Project, entry: Entry, typed: ActivityInput
) -> tuple[ActivityInput, tuple[str, ...]]:
    """Convert an older entry to input for a new activity; fields of ``typed`` take precedence.

    Fields that belong to a single day are not copied: the day, the note, the source text, the
    attendance, the reported month, the session and end of a series, the effect and the evidence.
    Amounts are copied only in units of the new activity's items.

    Returns:
        The input, and the labels of the older entry's fields that are neither copied nor typed.
    """
    old = entry.activity
    item = find_item(project, typed.item or old.item)
    units = units_of(project, item.code, old.also if typed.also is None else typed.also)
    copied, dropped = input_of(old, units)
    once = ("day", "note", "closes", "for_month", "source", "session", "attendance")
    typed_units = typed.amount_units(units)
    left_out = {
        "备注": old.note and typed.note is None,
        f"到场{old.attendance}人次": old.attendance and typed.attendance is None,
        f"第{old.session}次": old.session,
        "到此结束": old.closes and typed.closes is None,
        "成效": entry.effect and typed.effect is None,
        f"佐证材料{len(entry.evidence)}件": entry.evidence and typed.evidence is None,
        **{text: unit not in typed_units for text, unit in dropped},
    }
    labels = tuple(label for label, is_left_out in left_out.items() if is_left_out)
    return replace(copied, item=item.code, **dict.fromkeys(once)), labels
