"""Adds the amounts of a clause to proposed items, as totals, per period or per person."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from sgtrack.model.text import any_spaced
from sgtrack.model.units import UNITS, Measure, is_distinct, plain
from sgtrack.tender.clause_conditions import attach_condition
from sgtrack.tender.clause_numbers import ClauseNumber
from sgtrack.tender.clause_proposals import KEY_LABELS, AmountKey, ProposedItem
from sgtrack.tender.clause_state import EVENTS, ClauseState
from sgtrack.tender.cues import PER_YEAR, Cue, convert_frequency, lacks_key, split_list
from sgtrack.tender.lexicon import AGES, find_noun, has_word, shorten_name, trim_name, word_list

_PLACES_NOTE = "，有几个就乘几"
_BACK = {"month": AmountKey.MONTHLY, "quarter": AmountKey.QUARTERLY, "year": AmountKey.YEARLY}
LONGEST_ROLE = 12
_COUNTED = r"\d+(?!\s?(?:周岁|岁|\d))"


def add_amount(state: ClauseState, number: ClauseNumber) -> None:
    """Add an amount to an item, under the key for its frequency, such as ``monthly`` for 每月.

    If 各 and a list of names precede the amount, add one item for each name. Record an amount as no
    target if its frequency (每天) cannot be converted.
    """
    kind, phrase = _frequency_of(state, number)
    converted = convert_frequency(kind, phrase, number.value, number.unit, state.period)
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
        whole = state.current
        whole.notes = [note for note in whole.notes if not note.endswith(_PLACES_NOTE)]
        whole.add(key, number.unit, number.value)
        whole.add_note(*number.notes)
        phrase = f"{KEY_LABELS[key]} {plain(number.value)} {number.unit}"
        state.reading.record(number, f"{phrase}，代替前面每个地方的数")
        return
    each, place = state.each, ""
    if each is not None and each.cue is Cue.EACH_PLACE and state.same(each, number.start):
        place = state.text[each.start : number.end]
    if place and state.places > 1:
        value *= state.places
        notes = [*notes, _many_places(state.places, number, value)]
    item, unit = _item_for(state, number, key)
    if key is AmountKey.TOTAL and item.has(key, unit):
        _add_second_total(state, item, unit, number, value, notes)
        return
    if key is AmountKey.TOTAL and notes and _frequency_lacks_key(state, number):
        item.converted[unit] = notes[0]
    _note_shared_amount(state, item, number, unit)
    item.add(key, unit, value)
    item.add_note(*number.notes, *notes)
    if place and state.places <= 1:
        item.add_note(f"原文是“{place}”{_PLACES_NOTE}")
    _mark_series(state, item, number)
    state.current = item
    for condition in state.waiting:
        attach_condition(item, condition)
    state.waiting = []
    part = "，其中的一部分" if item.part_of is not None else ""
    state.reading.record(number, f"{KEY_LABELS[key]} {plain(value)} {unit}{part}")


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
    """Record a second total of an item in the same unit: 每两个月1次，全年6次.

    The second total replaces a total that was converted from a frequency. A total that the contract
    states is not replaced.
    """
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
    """Add a note if an amount of visits may cover all items: 宣传2场，培训2场，服务50人次."""
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
    """Return whether an amount is the sum over all places, as 24场 in 每村2场，共计24场."""
    return (
        item.has(key, number.unit)
        and any(note.endswith(_PLACES_NOTE) for note in item.notes)
        and has_word("sums", state.lead(number.start))
    )


def _frequency_of(state: ClauseState, number: ClauseNumber) -> tuple[str, str]:
    """Return the kind and the words of the frequency of an amount, or two empty strings."""
    if number.frequency:
        return number.frequency, number.words
    frequency = state.frequency
    if frequency is not None and not frequency.weak:
        if state.same(frequency, number.start) or (
            not state.frequency_used and not trim_name(state.lead(number.start))
        ):
            state.frequency_used = True
            return frequency.kind, frequency.words
        if (
            frequency.kind in ("month", "quarter", "year")
            and state.one_sentence(frequency.start, number.start)
            and _belongs_to_current(state, number)
        ):
            return frequency.kind, frequency.words
    if state.in_parts and state.parent is not None:
        amounts = state.reading.items[state.parent].amounts
        slots = [key for key, units in amounts.items() if number.unit in units]
        periodic = [kind for kind, key in _BACK.items() if key in slots]
        if periodic and AmountKey.TOTAL not in slots:
            return periodic[0], "其中"
    return "", ""


def _each_listed(state: ClauseState, number: ClauseNumber) -> tuple[list[str], Decimal]:
    """Return the listed names, and the number of places, that 各 before an amount refers to.

    Without names, the list is empty. Without places, the number is 1.
    """
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
        item = _new_item(state, number, shorten_name(name))
        item.add(key, number.unit, value)
        item.add_note(*number.notes, *notes)
        item.part_of = parent if parent is not None else item.part_of
        _mark_series(state, item, number)
    if whole is None or parent is None:
        state.current = state.reading.items[-1]
    state.reading.record(number, f"{len(names)} 个服务项各 {plain(value)} {number.unit}")


def add_per_person(state: ClauseState, number: ClauseNumber) -> None:
    """Add an item with a yearly target for each person of a roster.

    An amount without a frequency is recorded as a number that is not a target, unless it is in a
    unit of time or events.
    """
    frequency = state.frequency
    if frequency is not None and not state.one_sentence(frequency.start, number.start):
        frequency = None
    kind = number.frequency or (frequency.kind if frequency else "")
    state.frequency_used = True
    if not kind and UNITS[number.unit].measure not in (Measure.TIME, Measure.OCCASIONS):
        state.not_a_target(number, "按人发放或建立的数，总数看有多少人", look=True)
        return
    item = _new_item(state, number)
    times = PER_YEAR.get(kind, 1)
    item.add(AmountKey.PER_PERSON, number.unit, number.value * times)
    item.role = _role(state, number.start)
    if times > 1:
        start = min(number.start, frequency.start) if frequency is not None else number.start
        item.add_note(
            f"原文是“{state.text[start : number.end]}”，"
            f"目标文件按每人每年写成 {plain(number.value * times)}{number.unit}"
        )
    elif kind != "year":
        item.add_note("原文没有写每人每年，先按每年写")
    item.add_note(f"名册按“{item.role}”核对")
    state.current = item
    state.reading.record(
        number, f"每人每年 {plain(number.value * times)} {number.unit}（{item.role}）"
    )


def _role(state: ClauseState, end: int) -> str:
    """Return the role on the roster, such as 老年人, from the words before an amount.

    Return 服务对象 if these words name no role.
    """
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


def _item_for(state: ClauseState, number: ClauseNumber, key: AmountKey) -> tuple[ProposedItem, str]:
    """Return the current or a new item for an amount, and the unit to use in this item."""
    here, unit = state.current, number.unit
    if here is not None and not (state.in_parts and here is state.parent_item()):
        periodic = here.amounts.keys() - {AmountKey.TOTAL} or here.converted
        no_key = _frequency_lacks_key(state, number)
        if _is_bare(state, number) and (key is not AmountKey.TOTAL or periodic or no_key):
            main_unit = _main_unit(here, unit)
            restated = key is AmountKey.TOTAL and (main_unit in here.converted or no_key)
            if (not here.has(key, main_unit) or restated) and not here.milestone:
                return here, main_unit
        clash = any(is_distinct(u) and u != unit for u in here.units()) and is_distinct(unit)
        if _belongs_to_current(state, number) and not here.has(key, unit) and not clash:
            return here, unit
    return _new_item(state, number), unit


def _frequency_lacks_key(state: ClauseState, number: ClauseNumber) -> bool:
    """Return whether the frequency of an amount, such as 每周, has no key in the target format."""
    return lacks_key(number.frequency or (state.frequency.kind if state.frequency else ""))


def _is_bare(state: ClauseState, number: ClauseNumber) -> bool:
    """Return whether an amount near the last one has no words but a frequency: （一季度一次）."""
    near = state.one_sentence(state.last_end, number.start) or not re.search(
        "[；\n]|[一-龥]", state.between(number.start)
    )
    own_words = trim_name(state.led(number.start)) or find_noun(state.bare, number.end)
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


def _belongs_to_current(state: ClauseState, number: ClauseNumber) -> bool:
    """Return whether an amount belongs to the current item, as 600人次 in 10场，服务600人次."""
    if state.current is None or AmountKey.PER_PERSON in state.current.amounts:
        return False
    lead = re.sub(rf"^(?:{any_spaced(word_list('sums'))})+", "", state.lead(number.start).strip())
    measure = UNITS[number.unit].measure
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


def _new_item(state: ClauseState, number: ClauseNumber, name: str = "") -> ProposedItem:
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
    if state.each is not None and state.each.cue is Cue.EACH_PLACE:
        lead = "" if state.same(state.each, number.start) else lead
    if noun:
        lead = noun if not lead or len(lead) + len(noun) > 14 or noun in lead else lead + noun
        state.noun_end = state.bare.find(noun[:1], number.end) + len(noun)
    if lead in word_list("attendance") and state.current is not None:
        lead = f"{state.current.name}{lead}"
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


def _mark_series(state: ClauseState, item: ProposedItem, number: ClauseNumber) -> None:
    """Mark an item as a series if it counts groups or cases, which have several sessions."""
    noun = state.lead(number.start) + find_noun(state.bare, number.end) + item.name
    if has_word("not_series", noun) or number.unit not in word_list("series_units"):
        return
    if has_word("series", noun) and UNITS[number.unit].measure is Measure.WORKS:
        item.series = True
