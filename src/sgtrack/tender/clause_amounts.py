"""Adds the amounts of a clause to items, by rhythm and once or for each member of a list."""

from __future__ import annotations

import re
from decimal import Decimal

from sgtrack.model.text_patterns import any_spaced
from sgtrack.model.units import UNITS, Measure, plain
from sgtrack.tender.clause_conditions import attach
from sgtrack.tender.clause_numbers import Number
from sgtrack.tender.clause_proposals import SAID, Item, Slot
from sgtrack.tender.clause_state import Walk
from sgtrack.tender.cues import Cue, listed
from sgtrack.tender.item_naming import noun_after, shortened, trimmed
from sgtrack.tender.item_placement import belongs, item_for, lacks_rhythm, mark_series, new_item
from sgtrack.tender.lexicon import lexicon
from sgtrack.tender.rhythms import slot_of

_PLACES_NOTE = "，有几个就乘几"
_BACK = {"month": Slot.MONTHLY, "quarter": Slot.QUARTERLY, "year": Slot.YEARLY}


def add_amount(walk: Walk, number: Number) -> None:
    """Add the amount to its item, under the key for its rhythm."""
    kind, said = _rhythm_of(walk, number)
    slotted = slot_of(kind, said, number.value, number.unit, walk.span)
    if slotted is None:
        walk.not_a_target(number, f"目标文件不能按“{said}”累计", look=True)
        return
    slot, value, notes = slotted
    names, times = _each_listed(walk, number)
    if names:
        _add_listed(walk, number, names, slot, value, notes)
        return
    if times > 1:
        value *= times
        notes = [*notes, _many_places(times, number, value)]
    _take(walk, number, slot, value, notes)


def _take(walk: Walk, number: Number, slot: Slot, value: Decimal, notes: list[str]) -> None:
    if walk.current is not None and _is_sum_of_places(walk, walk.current, number, slot):
        _replace_by_sum(walk, walk.current, number, slot)
        return
    place = _each_place(walk, number)
    if place and walk.places > 1:
        value *= walk.places
        notes = [*notes, _many_places(walk.places, number, value)]
    item, unit = item_for(walk, number, slot)
    if slot is Slot.TOTAL and item.has(slot, unit):
        _twice(walk, item, unit, number, value, notes)
        return
    if slot is Slot.TOTAL and notes and lacks_rhythm(walk, number):
        item.converted[unit] = notes[0]
    _may_be_of_all(walk, item, number, unit)
    item.add(slot, unit, value)
    item.note(*number.notes, *notes)
    if place and walk.places <= 1:
        item.note(f"原文是“{place}”{_PLACES_NOTE}")
    mark_series(walk, item, number)
    walk.current = item
    for condition in walk.waiting:
        attach(item, condition)
    walk.waiting = []
    part = "，其中的一部分" if item.part_of is not None else ""
    walk.made.say(number, f"{SAID[slot]} {plain(value)} {unit}{part}")


def _each_place(walk: Walk, number: Number) -> str:
    """Return the words from 每村 to the number if the amount is per place."""
    each = walk.each
    if each is None or each.cue is not Cue.EACH_PLACE or not walk.same(each, number.start):
        return ""
    return walk.text[each.start : number.end]


def _many_places(places: Decimal, number: Number, value: Decimal) -> str:
    return f"原文是 {plain(places)} 个地方各{number.said}，合计写成 {plain(value)}"


def _twice(
    walk: Walk, item: Item, unit: str, number: Number, value: Decimal, notes: list[str]
) -> None:
    """Keep the written total if a converted one exists (每两个月1次，全年6次)."""
    if unit in item.converted:
        item.notes.remove(item.converted.pop(unit))
        item.add(Slot.TOTAL, unit, value)
        item.note("除了累计，原文还写了目标文件没有的节奏")
    else:
        item.note(*notes[:1], "累计用原文写的数")
    item.note(*number.notes)
    walk.made.say(number, f"累计 {plain(item.amounts[Slot.TOTAL][unit])} {unit}（原文写了两次）")


def _may_be_of_all(walk: Walk, item: Item, number: Number, unit: str) -> None:
    """Note that the last amount of 宣传2场，培训2场，服务50人次 may cover all items before it."""
    others = [
        other
        for other in walk.made.items
        if other is not item and other.part_of is None and other.is_event
    ]
    later = bool(item.amounts) and item.part_of is None and UNITS[unit].measure is Measure.VISITS
    if later and others and not any(unit in other.units() for other in others):
        item.note(f"“{number.said}”也可能是这一条各项合起来的，先只算这一项")


def _is_sum_of_places(walk: Walk, item: Item, number: Number, slot: Slot) -> bool:
    """Return whether the amount is the sum over all places: 每村2场，共计24场."""
    return (
        item.has(slot, number.unit)
        and any(note.endswith(_PLACES_NOTE) for note in item.notes)
        and lexicon().has("sums", walk.lead(number.start))
    )


def _replace_by_sum(walk: Walk, item: Item, number: Number, slot: Slot) -> None:
    item.notes = [note for note in item.notes if not note.endswith(_PLACES_NOTE)]
    item.add(slot, number.unit, number.value)
    item.note(*number.notes)
    said = f"{SAID[slot]} {plain(number.value)} {number.unit}"
    walk.made.say(number, f"{said}，代替前面每个地方的数")


def _rhythm_of(walk: Walk, number: Number) -> tuple[str, str]:
    """Return the rhythm of an amount and its wording."""
    if number.rhythm:
        return number.rhythm, number.said
    beat = walk.rhythm
    if beat is not None and not beat.weak:
        if walk.same(beat, number.start) or (
            not walk.rhythm_used and not trimmed(walk.lead(number.start))
        ):
            walk.rhythm_used = True
            return beat.kind, beat.said
        if (
            beat.kind in ("month", "quarter", "year")
            and walk.one_sentence(beat.start, number.start)
            and belongs(walk, number)
        ):
            return beat.kind, beat.said
    if walk.in_parts and walk.parent is not None:
        held = walk.made.items[walk.parent].amounts
        slots = [slot for slot, units in held.items() if number.unit in units]
        rhythmic = [kind for kind, slot in _BACK.items() if slot in slots]
        if rhythmic and Slot.TOTAL not in slots:
            return rhythmic[0], "其中"
    return "", ""


def _each_listed(walk: Walk, number: Number) -> tuple[list[str], Decimal]:
    """Return the names that 各 refers to, or the number of places."""
    lead = walk.lead(number.start)
    words = lexicon()
    match = re.search(
        rf"^(?P<names>.*?)(?:{any_spaced(words.lists['each_listed'])})(?P<verb>[一-龥]{{0,6}}?)"
        rf"(?:{any_spaced(words.lists['at_least'])})?\s*$",
        lead,
    )
    if match is None:
        return [], Decimal(1)
    if walk.places and not match["names"].strip("、"):
        return [], walk.places
    names = listed(re.sub(r"^[：，（\s]+", "", match["names"]))
    if not names:
        return [], max(walk.places, Decimal(1))
    noun = noun_after(walk.bare, number.end)
    return [f"{trimmed(name) or name}{noun}" for name in names], Decimal(1)


def _add_listed(
    walk: Walk, number: Number, names: list[str], slot: Slot, value: Decimal, notes: list[str]
) -> None:
    whole = walk.current
    parent = None
    if whole is not None and whole.has(slot, number.unit):
        parent = walk.made.items.index(whole)
        if whole.amounts[slot][number.unit] != value * len(names):
            whole.note(f"“{number.said}”有 {len(names)} 个，加起来和总数不同")
    for name in names:
        item = new_item(walk, number, shortened(name))
        item.add(slot, number.unit, value)
        item.note(*number.notes, *notes)
        item.part_of = parent if parent is not None else item.part_of
        mark_series(walk, item, number)
    if whole is None or parent is None:
        walk.current = walk.made.items[-1]
    walk.made.say(number, f"{len(names)} 个服务项各 {plain(value)} {number.unit}")
