"""Finds the item that an amount belongs to, or creates and names a new one."""

from __future__ import annotations

import re

from sgtrack.model.text import any_spaced
from sgtrack.model.units import UNITS, Measure, is_distinct
from sgtrack.tender.clause_numbers import ClauseNumber
from sgtrack.tender.clause_proposals import AmountKey, ProposedItem
from sgtrack.tender.clause_state import EVENTS, ClauseState
from sgtrack.tender.cues import Cue, lacks_key
from sgtrack.tender.lexicon import AGES, find_noun, has_word, shorten_name, trim_name, word_list

_COUNTED = r"\d+(?!\s?(?:周岁|岁|\d))"


def find_item(state: ClauseState, number: ClauseNumber, key: AmountKey) -> tuple[ProposedItem, str]:
    """Return the current or a new item for an amount, and the unit to use in this item."""
    here, unit = state.current, number.unit
    if here is not None and not state.in_parts and _is_bare(state, number):
        here = _event_of_frequency(state, number, here)
    if here is not None and not (state.in_parts and here is state.parent_item()):
        periodic = here.amounts.keys() - {AmountKey.TOTAL} or here.converted
        no_key = frequency_lacks_key(state, number)
        if _is_bare(state, number) and (key is not AmountKey.TOTAL or periodic or no_key):
            main_unit = _main_unit(here, unit)
            restated = key is AmountKey.TOTAL and (main_unit in here.converted or no_key)
            if (not here.has(key, main_unit) or restated) and not here.milestone:
                return here, main_unit
        if key is AmountKey.TOTAL and here.has(key, unit) and _restates(state, number):
            return here, unit
        clash = any(is_distinct(u) and u != unit for u in here.units()) and is_distinct(unit)
        if belongs_to_current(state, number) and not here.has(key, unit) and not clash:
            return here, unit
    return new_item(state, number), unit


def _event_of_frequency(
    state: ClauseState, number: ClauseNumber, here: ProposedItem
) -> ProposedItem:
    """Return the event that a frequency in another bracket restates.

    Example: 宣传4场（折页3000张）（每季度1次）.
    """
    opened = state.text.rfind("）（", state.last_end, number.start)
    if opened < 0 or number.unit not in EVENTS or here.is_event:
        return here
    events = [i for i in state.reading.items if i.is_event and i.part_of is None]
    return events[0] if events and here is not events[0] else here


def _restates(state: ClauseState, number: ClauseNumber) -> bool:
    """Return whether an amount repeats the computed total: 20个村各2次，累计40次."""
    computed = state.current is not None and any("个地方各" in n for n in state.current.notes)
    return computed and state.opens_total(number.start) and _is_bare(state, number)


def frequency_lacks_key(state: ClauseState, number: ClauseNumber) -> bool:
    """Return whether the frequency of an amount, such as 每周, has no key in the target format."""
    return lacks_key(number.frequency or (state.frequency.kind if state.frequency else ""))


def _is_bare(state: ClauseState, number: ClauseNumber) -> bool:
    """Return whether an amount near the last one has only a frequency as words: （一季度一次）."""
    near = state.one_sentence(state.last_end, number.start) or not re.search(
        "[；\n]|[一-龥]", state.between(number.start)
    )
    between = state.text[state.last_end : number.start]
    other = re.search(r"）[、和及，；]?\s*[一-龥“”]{2,}（", between)
    own_words = other or trim_name(state.led(number.start)) or find_noun(state.bare, number.end)
    return near and not own_words


def _main_unit(item: ProposedItem, unit: str) -> str:
    """Return the main unit of an item, such as 份, for an amount in a unit of ``EVENTS``.

    Return ``unit`` unchanged if it is not in ``EVENTS``, or if the main unit counts visits, people
    or time.
    """
    units = item.units()
    main = next((u for u in units if UNITS[u].measure is Measure.OCCASIONS), units[0])
    counted = UNITS[main].measure not in (Measure.VISITS, Measure.DISTINCT, Measure.TIME)
    return main if unit in EVENTS and counted else unit


def belongs_to_current(state: ClauseState, number: ClauseNumber) -> bool:
    """Return whether an amount belongs to the current item, as 600人次 in 10场，服务600人次."""
    if state.current is None or AmountKey.PER_PERSON in state.current.amounts:
        return False
    lead = re.sub(rf"^(?:{any_spaced(word_list('sums'))})+", "", state.lead(number.start).strip())
    measure = UNITS[number.unit].measure
    rest = trim_name(lead)
    known = not rest or rest in state.current.name or rest in word_list("gained")
    bare_total = known and state.opens_total(number.start)
    if bare_total and state.current.is_event and measure in (Measure.VISITS, Measure.DISTINCT):
        return number.unit not in ("支",)  # Example: 培训班10期，每期40人，共计400人
    if measure not in (Measure.VISITS, Measure.MATERIAL, Measure.DISTINCT):
        return False
    if measure is Measure.MATERIAL:
        return lead.startswith(tuple(word_list("hands_out")))
    if lead.startswith(tuple(word_list("belongs"))):
        return True
    if state.current.is_event and has_word("attendance", lead):
        return number.unit not in ("支", "户")
    occasions = any(UNITS[unit].measure is Measure.OCCASIONS for unit in state.current.units())
    reached = re.search(rf"(?:{any_spaced(word_list('reaches'))})[一-龥、“”]{{0,16}}$", lead)
    return measure is Measure.VISITS and occasions and reached is not None


def new_item(state: ClauseState, number: ClauseNumber, name: str = "") -> ProposedItem:
    """Create an item; after 其中 it is a part of the parent item.

    The default name is taken from the words around the amount.
    """
    item = ProposedItem(name=name or _name(state, number))
    if state.in_parts and state.parent is not None:
        item.part_of = state.parent
    state.reading.items.append(item)
    return item


def _name(state: ClauseState, number: ClauseNumber) -> str:
    noun = find_noun(state.bare, number.end)
    lead = trim_name(state.lead(number.start))
    if state.paired:
        return shorten_name(f"{state.paired.pop(0)}{noun}")
    if state.each is not None and state.each.cue is Cue.EACH_PLACE:
        lead = "" if state.same(state.each, number.start) else lead
    if noun:
        lead = noun if not lead or len(lead) + len(noun) > 14 or noun in lead else lead + noun
        state.noun_end = state.bare.find(noun[:1], number.end) + len(noun)
    parent = state.parent_item()
    if state.in_parts and parent is not None and 0 < len(lead) < 4 and lead not in parent.name:
        return shorten_name(f"{parent.name}（{lead}）")  # Example: 推文36篇，其中区级6篇
    if lead in word_list("attendance") and state.current is not None:
        lead = f"{state.current.name}{lead}"
    each = state.each
    if each is not None and each.cue is Cue.EACH_GROUP and lead in each.words:
        lead = f"{state.current.name}活动" if state.current is not None else ""
    if not lead or lead in word_list("belongs"):
        lead = _earlier_words(state, number) or lead
    if not lead and state.current is not None:
        lead = state.current.name
    if state.title and len(lead) < 3:
        lead = state.title
    return shorten_name(
        lead or state.title or state.about or trim_name(state.text[:40]) or "服务项"
    )


def _earlier_words(state: ClauseState, number: ClauseNumber) -> str:
    """Return a name from earlier in the sentence, as in 开展走访，每月不少于30户次, or ""."""
    pieces = re.split("[，：（）]", state.text[state.sentence_start(number.start) : number.start])
    each = rf"{any_spaced(word_list('each_place'))}|{AGES}"
    after_amounts = [trim_name(re.sub(r"^.*\d\s?[一-龥]?", "", piece)) for piece in pieces]
    whole = [trim_name(re.sub(each, "", p)) for p in pieces if not re.search(_COUNTED, p)]
    return next((p for p in reversed([*after_amounts, *whole]) if len(p) >= 2), "")


def mark_series(state: ClauseState, item: ProposedItem, number: ClauseNumber) -> None:
    """Mark an item as a series if it counts groups or cases, which have several sessions."""
    noun = state.lead(number.start) + find_noun(state.bare, number.end) + item.name
    if has_word("not_series", noun) or number.unit not in word_list("series_units"):
        return
    if has_word("series", noun) and UNITS[number.unit].measure is Measure.WORKS:
        item.series = True
