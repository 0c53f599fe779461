"""From an entry and what the officer wants changed in it to the corrected activity."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sgtrack.entry.activity_input import ActivityInput, input_of, units_of
from sgtrack.entry.proposal import Proposal, propose
from sgtrack.model.contract import Project
from sgtrack.model.entries import Activity
from sgtrack.model.errors import Refused
from sgtrack.model.units import is_distinct
from sgtrack.targets.lookup import find_item

NOTHING = ("", "无")
"""Words that take the further items or the participants away."""


def amended(project: Project, old: Activity, change: ActivityInput, today: date) -> Proposal:
    """Apply a change to an activity.

    Args:
        project: the contract.
        old: the activity as it was logged.
        change: what was typed; None leaves a field as it is, an amount of 0 takes it out.
        today: the day it is.

    Raises:
        Refused: nothing changes, or the corrected activity does not fit the contract.
    """
    item = find_item(project, change.item or old.item)
    if change.also is not None:
        change = replace(change, also=tuple(word for word in change.also if word not in NOTHING))
    also = old.also if change.also is None else change.also
    units = units_of(project, item.code, also)
    kept, dropped = input_of(_without_counted_names(old, change), units)
    remarks = []
    types = {t for code in (item.code, *old.also) for t in _types(project, code)}
    if change.activity_type is None and change.item is not None and old.activity_type not in types:
        kept = replace(kept, activity_type="")
        if old.activity_type:
            remarks.append(f"{item.code} 不分这些类型，原来的类型“{old.activity_type}”去掉了")
    typed_units = change.amount_units(units)
    unfit = [text for text, unit in dropped if unit not in typed_units]
    if unfit:
        remarks.append(f"{item.code} 没有单位 {'、'.join(unfit)}，原来的数量去掉了")
    merged = replace(change, item=item.code).over(kept, units)
    amounts = tuple(amount for amount in merged.amounts or () if amount.amount)
    proposal = propose(project, replace(merged, amounts=amounts), today)
    if proposal.activity == old:
        raise Refused("没有写要改什么", "写上新的数量，或用 -d、-t 等选项写要改的内容")
    return replace(proposal, remarks=(*remarks, *proposal.remarks))


def _types(project: Project, code: str) -> tuple[str, ...]:
    return project.items[code].types if code in project.items else ()


def _without_counted_names(old: Activity, change: ActivityInput) -> Activity:
    """The activity without the number of people that only counted its names, if names change."""
    if change.participants is None:
        return old
    counted = len(old.participants)
    amounts = {u: a for u, a in old.amounts.items() if not (is_distinct(u) and a == counted)}
    return replace(old, amounts=amounts)
