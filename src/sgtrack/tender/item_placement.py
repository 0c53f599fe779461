"""Decides which item an amount goes to: the current one or a new one."""

from __future__ import annotations

import re

from sgtrack.model.text_patterns import any_spaced
from sgtrack.model.units import UNITS, Measure, is_distinct
from sgtrack.tender.clause_numbers import Number
from sgtrack.tender.clause_proposals import Item, Slot
from sgtrack.tender.clause_state import EVENTS, Walk
from sgtrack.tender.cues import Cue
from sgtrack.tender.item_naming import AGES, noun_after, shortened, trimmed
from sgtrack.tender.lexicon import lexicon
from sgtrack.tender.rhythms import lacking

_COUNTED = r"\d+(?!\s?(?:周岁|岁|\d))"


def item_for(walk: Walk, number: Number, slot: Slot) -> tuple[Item, str]:
    """Return the item for an amount, and its unit there."""
    here, unit = walk.current, number.unit
    if here is not None and not (walk.in_parts and here is walk.parent_item()):
        rhythmic = here.amounts.keys() - {Slot.TOTAL} or here.converted
        worked_out = lacks_rhythm(walk, number)
        if _is_bare(walk, number) and (slot is not Slot.TOTAL or rhythmic or worked_out):
            meant = _main_unit(here, unit)
            stated = slot is Slot.TOTAL and (meant in here.converted or worked_out)
            if (not here.has(slot, meant) or stated) and not here.milestone:
                return here, meant
        clash = any(is_distinct(u) and u != unit for u in here.units()) and is_distinct(unit)
        if belongs(walk, number) and not here.has(slot, unit) and not clash:
            return here, unit
    return new_item(walk, number), unit


def lacks_rhythm(walk: Walk, number: Number) -> bool:
    """Return whether the amount has a rhythm without a key in the format."""
    return lacking(number.rhythm or (walk.rhythm.kind if walk.rhythm else ""))


def _is_bare(walk: Walk, number: Number) -> bool:
    """Return whether only a rhythm separates this amount from the last: （一季度一次）."""
    near = walk.one_sentence(walk.last_end, number.start) or not re.search(
        "[；\n]|[一-龥]", walk.between(number.start)
    )
    own_words = trimmed(walk.led(number.start)) or noun_after(walk.bare, number.end)
    return near and not own_words


def _main_unit(item: Item, unit: str) -> str:
    """Return the unit of an item that 次 refers to: its 场 or 份, never visits or people."""
    units = item.units()
    main = next((u for u in units if UNITS[u].measure is Measure.OCCASIONS), units[0])
    counted = UNITS[main].measure not in (Measure.VISITS, Measure.DISTINCT, Measure.TIME)
    return main if unit in EVENTS and counted else unit


def belongs(walk: Walk, number: Number) -> bool:
    """Return whether an amount belongs to the current item: 10场，服务600人次."""
    if walk.current is None or Slot.PER_PERSON in walk.current.amounts:
        return False
    words = lexicon()
    lead = re.sub(rf"^(?:{any_spaced(words.lists['sums'])})+", "", walk.lead(number.start).strip())
    measure = UNITS[number.unit].measure
    if measure not in (Measure.VISITS, Measure.MATERIAL, Measure.DISTINCT):
        return False
    if measure is Measure.MATERIAL:
        return lead.startswith(tuple(words.lists["hands_out"]))
    if lead.startswith(tuple(words.lists["belongs"])):
        return True
    if walk.current.is_event and words.has("attendance", lead):
        return number.unit not in ("支", "户")
    occasions = any(UNITS[unit].measure is Measure.OCCASIONS for unit in walk.current.units())
    reached = re.search(rf"(?:{any_spaced(words.lists['reaches'])})[一-龥、“”]{{0,16}}$", lead)
    return measure is Measure.VISITS and occasions and reached is not None


def new_item(walk: Walk, number: Number, name: str = "") -> Item:
    """Add an item, after 其中 as a part of the parent; the words around it are the default name."""
    item = Item(name=name or _name(walk, number))
    if walk.in_parts and walk.parent is not None:
        item.part_of = walk.parent
    walk.made.items.append(item)
    return item


def _name(walk: Walk, number: Number) -> str:
    noun = noun_after(walk.bare, number.end)
    lead = trimmed(walk.lead(number.start))
    if walk.each is not None and walk.each.cue is Cue.EACH_PLACE:
        lead = "" if walk.same(walk.each, number.start) else lead
    if noun:
        lead = noun if not lead or len(lead) + len(noun) > 14 or noun in lead else lead + noun
        walk.noun_end = walk.bare.find(noun[:1], number.end) + len(noun)
    if lead in lexicon().lists["attendance"] and walk.current is not None:
        lead = f"{walk.current.name}{lead}"
    if not lead or lead in lexicon().lists["belongs"]:
        lead = _earlier_words(walk, number) or lead
    if not lead and walk.current is not None:
        lead = walk.current.name
    if walk.title and len(lead) < 3:
        lead = walk.title
    return shortened(lead or walk.title or walk.about or trimmed(walk.text[:40]) or "服务项")


def _earlier_words(walk: Walk, number: Number) -> str:
    """Find a name earlier in the sentence: 开展走访，每月不少于30户次."""
    pieces = re.split("[，：（）]", walk.text[walk.sentence_start(number.start) : number.start])
    each = rf"{any_spaced(lexicon().lists['each_place'])}|{AGES}"
    after_amounts = [trimmed(re.sub(r"^.*\d\s?[一-龥]?", "", piece)) for piece in pieces]
    whole = [trimmed(re.sub(each, "", p)) for p in pieces if not re.search(_COUNTED, p)]
    return next((p for p in reversed([*after_amounts, *whole]) if len(p) >= 2), "")


def mark_series(walk: Walk, item: Item, number: Number) -> None:
    """Mark groups and cases, which have several sessions under one name."""
    words = lexicon()
    noun = walk.lead(number.start) + noun_after(walk.bare, number.end) + item.name
    if words.has("not_series", noun) or number.unit not in words.lists["series_units"]:
        return
    if words.has("series", noun) and UNITS[number.unit].measure is Measure.WORKS:
        item.series = True
