"""Adds the amounts of a clause to items: by rhythm, per person, or for each member of a list."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from sgtrack.model.text import any_spaced
from sgtrack.model.units import UNITS, Measure, plain
from sgtrack.tender.clause_conditions import attach_condition
from sgtrack.tender.clause_numbers import ClauseNumber
from sgtrack.tender.clause_proposals import KEY_LABELS, AmountKey, ProposedItem
from sgtrack.tender.clause_state import ClauseState
from sgtrack.tender.cues import PER_YEAR, Cue, convert_rhythm, split_list
from sgtrack.tender.item_placement import (
    belongs_to_current,
    item_for,
    lacks_rhythm,
    mark_series,
    new_item,
)
from sgtrack.tender.lexicon import AGES, find_noun, has_word, shorten_name, trim_name, word_list

_PLACES_NOTE = "，有几个就乘几"
_BACK = {"month": AmountKey.MONTHLY, "quarter": AmountKey.QUARTERLY, "year": AmountKey.YEARLY}
LONGEST_ROLE = 12


def add_amount(state: ClauseState, number: ClauseNumber) -> None:
    """Add the amount to its item, under the key for its rhythm."""
    kind, phrase = _rhythm_of(state, number)
    converted = convert_rhythm(kind, phrase, number.value, number.unit, state.span)
    if converted is None:
        state.not_a_target(number, f"目标文件不能按“{phrase}”累计", look=True)
        return
    key, value, notes = converted
    names, times = _each_listed(state, number)
    if names:
        _add_listed(state, number, names, key, value, notes)
        return
    if times > 1:
        value *= times
        notes = [*notes, _many_places(times, number, value)]
    _add_to_item(state, number, key, value, notes)


def _add_to_item(
    state: ClauseState, number: ClauseNumber, key: AmountKey, value: Decimal, notes: list[str]
) -> None:
    if state.current is not None and _is_sum_of_places(state, state.current, number, key):
        _replace_by_sum(state, state.current, number, key)
        return
    place = _each_place(state, number)
    if place and state.places > 1:
        value *= state.places
        notes = [*notes, _many_places(state.places, number, value)]
    item, unit = item_for(state, number, key)
    if key is AmountKey.TOTAL and item.has(key, unit):
        _add_second_total(state, item, unit, number, value, notes)
        return
    if key is AmountKey.TOTAL and notes and lacks_rhythm(state, number):
        item.converted[unit] = notes[0]
    _note_shared_amount(state, item, number, unit)
    item.add(key, unit, value)
    item.add_note(*number.notes, *notes)
    if place and state.places <= 1:
        item.add_note(f"原文是“{place}”{_PLACES_NOTE}")
    mark_series(state, item, number)
    state.current = item
    for condition in state.waiting:
        attach_condition(item, condition)
    state.waiting = []
    part = "，其中的一部分" if item.part_of is not None else ""
    state.reading.record(number, f"{KEY_LABELS[key]} {plain(value)} {unit}{part}")


def _each_place(state: ClauseState, number: ClauseNumber) -> str:
    """Return the words from 每村 to the number if the amount is per place."""
    each = state.each
    if each is None or each.cue is not Cue.EACH_PLACE or not state.same(each, number.start):
        return ""
    return state.text[each.start : number.end]


def _many_places(places: Decimal, number: ClauseNumber, value: Decimal) -> str:
    return f"原文是 {plain(places)} 个地方各{number.words}，合计写成 {plain(value)}"


def _add_second_total(
    state: ClauseState,
    item: ProposedItem,
    unit: str,
    number: ClauseNumber,
    value: Decimal,
    notes: list[str],
) -> None:
    """Keep the written total if a converted one exists (每两个月1次，全年6次)."""
    if unit in item.converted:
        item.notes.remove(item.converted.pop(unit))
        item.add(AmountKey.TOTAL, unit, value)
        item.add_note("除了累计，原文还写了目标文件没有的节奏")
    else:
        item.add_note(*notes[:1], "累计用原文写的数")
    item.add_note(*number.notes)
    state.reading.record(
        number, f"累计 {plain(item.amounts[AmountKey.TOTAL][unit])} {unit}（原文写了两次）"
    )


def _note_shared_amount(
    state: ClauseState, item: ProposedItem, number: ClauseNumber, unit: str
) -> None:
    """Note that the last amount of 宣传2场，培训2场，服务50人次 may cover all items before it."""
    others = [
        other
        for other in state.reading.items
        if other is not item and other.part_of is None and other.is_event
    ]
    later = bool(item.amounts) and item.part_of is None and UNITS[unit].measure is Measure.VISITS
    if later and others and not any(unit in other.units() for other in others):
        item.add_note(f"“{number.words}”也可能是这一条各项合起来的，先只算这一项")


def _is_sum_of_places(
    state: ClauseState, item: ProposedItem, number: ClauseNumber, key: AmountKey
) -> bool:
    """Return whether the amount is the sum over all places: 每村2场，共计24场."""
    return (
        item.has(key, number.unit)
        and any(note.endswith(_PLACES_NOTE) for note in item.notes)
        and has_word("sums", state.lead(number.start))
    )


def _replace_by_sum(
    state: ClauseState, item: ProposedItem, number: ClauseNumber, key: AmountKey
) -> None:
    item.notes = [note for note in item.notes if not note.endswith(_PLACES_NOTE)]
    item.add(key, number.unit, number.value)
    item.add_note(*number.notes)
    phrase = f"{KEY_LABELS[key]} {plain(number.value)} {number.unit}"
    state.reading.record(number, f"{phrase}，代替前面每个地方的数")


def _rhythm_of(state: ClauseState, number: ClauseNumber) -> tuple[str, str]:
    """Return the rhythm of an amount and its wording."""
    if number.rhythm:
        return number.rhythm, number.words
    rhythm = state.rhythm
    if rhythm is not None and not rhythm.weak:
        if state.same(rhythm, number.start) or (
            not state.rhythm_used and not trim_name(state.lead(number.start))
        ):
            state.rhythm_used = True
            return rhythm.kind, rhythm.words
        if (
            rhythm.kind in ("month", "quarter", "year")
            and state.one_sentence(rhythm.start, number.start)
            and belongs_to_current(state, number)
        ):
            return rhythm.kind, rhythm.words
    if state.in_parts and state.parent is not None:
        amounts = state.reading.items[state.parent].amounts
        slots = [key for key, units in amounts.items() if number.unit in units]
        rhythmic = [kind for kind, key in _BACK.items() if key in slots]
        if rhythmic and AmountKey.TOTAL not in slots:
            return rhythmic[0], "其中"
    return "", ""


def _each_listed(state: ClauseState, number: ClauseNumber) -> tuple[list[str], Decimal]:
    """Return the names that 各 refers to, or the number of places."""
    lead = state.lead(number.start)
    match = re.search(
        rf"^(?P<names>.*?)(?:{any_spaced(word_list('each_listed'))})(?P<verb>[一-龥]{{0,6}}?)"
        rf"(?:{any_spaced(word_list('at_least'))})?\s*$",
        lead,
    )
    if match is None:
        return [], Decimal(1)
    if state.places and not match["names"].strip("、"):
        return [], state.places
    names = split_list(re.sub(r"^[：，（\s]+", "", match["names"]))
    if not names:
        return [], max(state.places, Decimal(1))
    noun = find_noun(state.bare, number.end)
    return [f"{trim_name(name) or name}{noun}" for name in names], Decimal(1)


def _add_listed(
    state: ClauseState,
    number: ClauseNumber,
    names: list[str],
    key: AmountKey,
    value: Decimal,
    notes: list[str],
) -> None:
    whole = state.current
    parent = None
    if whole is not None and whole.has(key, number.unit):
        parent = state.reading.items.index(whole)
        if whole.amounts[key][number.unit] != value * len(names):
            whole.add_note(f"“{number.words}”有 {len(names)} 个，加起来和总数不同")
    for name in names:
        item = new_item(state, number, shorten_name(name))
        item.add(key, number.unit, value)
        item.add_note(*number.notes, *notes)
        item.part_of = parent if parent is not None else item.part_of
        mark_series(state, item, number)
    if whole is None or parent is None:
        state.current = state.reading.items[-1]
    state.reading.record(number, f"{len(names)} 个服务项各 {plain(value)} {number.unit}")


def add_per_person(state: ClauseState, number: ClauseNumber) -> None:
    """Add an item with a yearly target for each person on a roster."""
    rhythm = state.rhythm
    if rhythm is not None and not state.one_sentence(rhythm.start, number.start):
        rhythm = None
    kind = number.rhythm or (rhythm.kind if rhythm else "")
    state.rhythm_used = True
    if not kind and UNITS[number.unit].measure not in (Measure.TIME, Measure.OCCASIONS):
        state.not_a_target(number, "按人发放或建立的数，总数看有多少人", look=True)
        return
    item = new_item(state, number)
    times = PER_YEAR.get(kind, 1)
    item.add(AmountKey.PER_PERSON, number.unit, number.value * times)
    item.role = _role(state, number.start)
    if times > 1:
        item.add_note(
            f"原文是“{_phrase(state, number)}”，"
            f"目标文件按每人每年写成 {plain(number.value * times)}{number.unit}"
        )
    elif kind != "year":
        item.add_note("原文没有写每人每年，先按每年写")
    item.add_note(f"名册按“{item.role}”核对")
    state.current = item
    state.reading.record(
        number, f"每人每年 {plain(number.value * times)} {number.unit}（{item.role}）"
    )


def _phrase(state: ClauseState, number: ClauseNumber) -> str:
    """Return the words from the rhythm to the end of the number."""
    start = number.start
    if state.rhythm is not None and state.one_sentence(state.rhythm.start, start):
        start = min(start, state.rhythm.start)
    return state.text[start : number.end]


def _role(state: ClauseState, end: int) -> str:
    """Find the role of the roster: beside 每人, or the people the sentence serves."""
    words = state.text[state.sentence_start(end) : end]
    named, before, done = (pattern.search(words) for pattern in _patterns())
    role = next((match["role"] for match in (named, before) if match), "")
    if not role and done:
        role = done["role"] or done["served"]
    role = re.sub(rf"{AGES}|^\d+.|全体", "", role).split("、")[-1]
    role = re.split(r"的(?=[一-龥]{2,})|辖区内?", re.sub("^(?:对|为|给|向)", "", role))[-1]
    for verb in word_list("role_ends"):
        role = role if role.startswith(verb) else role.split(verb)[0]
    return trim_name(role)[:LONGEST_ROLE] or "服务对象"


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    begins, ends = any_spaced(word_list("role_begins")), any_spaced(word_list("role_ends"))
    return (
        re.compile(r"每一?[名位户](?P<role>[一-龥]{2,10}?)(?=每|全年|年度|不|至|达|[，、≥\d]|$)"),
        re.compile(r"(?P<role>[一-龥]{2,16})(?:每人|人均)"),
        re.compile(
            rf"(?:{begins})(?P<role>[^，。；]{{2,24}}?)(?:{ends})|(?:{any_spaced(word_list('role_after'))})"
            r"(?P<served>[一-龥、]{2,12}?)(?=\d|不少于|[，：]|$)"
        ),
    )
