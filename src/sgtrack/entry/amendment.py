"""From an entry and what is to be changed in it to the corrected activity."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sgtrack.entry.amount_parsing import AmountInput
from sgtrack.entry.proposal import Proposal, Words, propose, units_of
from sgtrack.model.contract import Project
from sgtrack.model.entries import Activity
from sgtrack.model.errors import Refused
from sgtrack.model.units import is_distinct, matching_unit, plain
from sgtrack.targets.lookup import find_item

NOTHING = ("", "无")
"""What is written to take the further items or the names away."""


@dataclass(frozen=True, slots=True)
class Change:
    """What the officer wants changed; None leaves it as it is, an amount of 0 takes it out."""

    amounts: tuple[AmountInput, ...] = ()
    item: str | None = None
    day: str | None = None
    title: str | None = None
    place: str | None = None
    kind: str | None = None
    note: str | None = None
    names: tuple[str, ...] | None = None
    also: tuple[str, ...] | None = None
    closes: bool | None = None


def amended(project: Project, was: Activity, change: Change, today: date) -> Proposal:
    """The activity as it will be.

    Raises:
        Refused: nothing changes, or what comes out does not fit the contract.
    """
    item = find_item(project, change.item or was.item)
    also = was.also if change.also is None else tuple(w for w in change.also if w not in NOTHING)
    names = was.participants if change.names is None else change.names
    units = units_of(project, item.code, [find_item(project, word).code for word in also])
    kinds = {kind for code in (item.code, *was.also) for kind in _types(project, code)}
    kind = change.kind
    remarks = []
    if kind is None:
        kind = was.activity_type if was.activity_type in kinds or change.item is None else ""
        if kind != was.activity_type:
            remarks.append(f"{item.code} 不分这些类型，原来的类型“{was.activity_type}”去掉了")
    kept, dropped = _kept_amounts(was, change, units)
    if dropped:
        remarks.append(f"{item.code} 没有单位 {'、'.join(dropped)}，原来的数量去掉了")
    words = Words(
        item=item.code,
        amounts=[*(one for one in change.amounts if one.amount), *kept],
        day=change.day if change.day is not None else was.day.isoformat(),
        title=was.title if change.title is None else change.title,
        place=was.place if change.place is None else change.place,
        kind=kind,
        note=was.note if change.note is None else change.note,
        names=names,
        also=also,
        closes=was.closes if change.closes is None else change.closes,
    )
    found = propose(project, words, today)
    activity = replace(found.activity, for_month=was.for_month)
    if activity == was:
        raise Refused("没有写要改什么", "写上新的数量，或用 -d、-t 等选项写要改的内容")
    return Proposal(activity, found.understood, (*remarks, *found.remarks))


def _types(project: Project, code: str) -> tuple[str, ...]:
    return project.items[code].types if code in project.items else ()


def _kept_amounts(
    was: Activity, change: Change, units: tuple[str, ...]
) -> tuple[list[AmountInput], list[str]]:
    """The old amounts that stay, and the units of those that the new item does not have.

    A number of people that was no more than the number of names follows the names.
    """
    only = units[0] if len(units) == 1 else None
    written = {matching_unit(o.unit, units) or o.unit if o.unit else only for o in change.amounts}
    kept, dropped = [], []
    for unit, amount in was.amounts.items():
        from_names = is_distinct(unit) and amount == len(was.participants)
        if unit in written or (change.names is not None and from_names):
            continue
        stays = matching_unit(unit, units)
        if stays is None or (stays != unit and stays in was.amounts):
            dropped.append(f"{plain(amount)}{unit}")
        elif stays not in written:
            kept.append(AmountInput(Decimal(amount), stays, f"{plain(amount)}{unit}"))
    return kept, dropped
