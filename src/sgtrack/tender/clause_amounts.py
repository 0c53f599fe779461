"""Adds the amounts of a clause to proposed items, as totals or per period."""

from __future__ import annotations

import re
from decimal import Decimal

from sgtrack.model.text import any_spaced
from sgtrack.model.units import UNITS, Measure, plain
from sgtrack.tender.clause_conditions import attach_condition, is_of_class, repeats_in_group
from sgtrack.tender.clause_items import (
    belongs_to_current,
    find_item,
    frequency_lacks_key,
    mark_series,
    new_item,
)
from sgtrack.tender.clause_lists import (
    add_listed,
    add_sum_of_group,
    find_classes,
    find_listed,
    is_sum_of_group,
)
from sgtrack.tender.clause_numbers import ClauseNumber
from sgtrack.tender.clause_proposals import KEY_LABELS, AmountKey, ProposedItem
from sgtrack.tender.clause_state import ClauseState
from sgtrack.tender.cues import Cue, convert_frequency
from sgtrack.tender.lexicon import has_word, trim_name, word_list

_PLACES_NOTE = "，有几个就乘几"
_BACK = {"month": AmountKey.MONTHLY, "quarter": AmountKey.QUARTERLY, "year": AmountKey.YEARLY}


def add_amount(state: ClauseState, number: ClauseNumber) -> None:
    """Add an amount to an item, under the key for its frequency, such as ``monthly`` for 每月.

    If 各 and a list of names precede the amount, add one item for each name. If its frequency
    (每天) cannot be converted, record that the amount is not a target.
    """
    kind, phrase = _frequency_of(state, number)
    converted = convert_frequency(kind, phrase, number.value, number.unit, state.period)
    if converted is None:
        state.not_a_target(number, f"目标文件不能按“{phrase}”累计", look=True)
        return
    key, value, notes = converted
    _leave_parts(state, number)
    _enter_bracket_parts(state, number)
    names, times = find_listed(state, number)
    if state.each is not None and is_of_class(state, number):
        names, times = find_classes(state, number)
    if names:
        add_listed(state, number, names, key, value, notes)
        return
    if times > 1:
        value *= times
        what = "类" if is_of_class(state, number) else "地方" if state.places else "月份"
        notes = [*notes, _many_places(times, number, value, what)]
        if _divides_total(state, number, value):
            state.not_a_target(number, "每个地方的数，总数已经写了", look=True)
            return
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
    if is_sum_of_group(state, number, key):
        add_sum_of_group(state, number, key)
        return
    if _is_share_of_place(state, number, key):
        state.not_a_target(number, "每个地方的数，总数已经写了", look=True)
        return
    each, place = state.each, ""
    if each is not None and each.cue is Cue.EACH_PLACE and state.same(each, number.start):
        place = state.text[each.start : number.end]
    if place and state.places > 1:
        value *= state.places
        notes = [*notes, _many_places(state.places, number, value, "地方")]
    own = repeats_in_group(state, number)
    item, unit = (new_item(state, number), number.unit) if own else find_item(state, number, key)
    if key is AmountKey.TOTAL and item.has(key, unit):
        _add_second_total(state, item, unit, number, value, notes)
        return
    if key is AmountKey.TOTAL and notes and frequency_lacks_key(state, number):
        item.converted[unit] = notes[0]
    _note_shared_amount(state, item, number, unit)
    item.add(key, unit, value)
    item.add_note(*number.notes, *notes)
    if place and state.places <= 1:
        item.add_note(f"原文是“{place}”{_PLACES_NOTE}")
    if own and state.each is not None:
        item.add_note(f"原文是“{state.text[state.each.start : number.end]}”{_PLACES_NOTE}")
    due = state.coming_due
    if due is not None and key is AmountKey.MONTHLY and state.one_sentence(due.end, number.start):
        item.due_day, state.coming_due = int(re.sub(r"\D", "", due.words)), None
    mark_series(state, item, number)
    _set_group(state, item, number)
    for condition in state.waiting:
        attach_condition(item, condition)
    state.waiting = []
    part = "，其中的一部分" if item.part_of is not None else ""
    state.reading.record(number, f"{KEY_LABELS[key]} {plain(value)} {unit}{part}")


def _set_group(state: ClauseState, item: ProposedItem, number: ClauseNumber) -> None:
    """Make an item current; items in one unit that are joined by 、 share the next condition."""
    between = state.text[state.last_end : number.start]
    joined = re.match(r"[一-龥“”]{0,8}[、和及与]", between) and not re.search(
        "[，；。（）]", between
    )
    before = state.group[-1] if state.group else None
    if before is not item:
        shared = joined and before is not None and number.unit in before.units()
        state.group = [*state.group, item] if shared else [item]
    state.current = item


def _enter_bracket_parts(state: ClauseState, number: ClauseNumber) -> None:
    """Begin parts in a bracket that divides the amount before it: 报道10篇（市级2篇）."""
    current = state.current
    if current is None or state.in_parts or not state.inside_bracket(number.start):
        return
    opened = state.text.rfind("（", 0, number.start)
    follows = opened >= state.last_end and not state.text[state.last_end : opened].strip()
    wholes = [units[number.unit] for units in current.amounts.values() if number.unit in units]
    named = trim_name(state.lead(number.start)) and not state.same(state.frequency, number.start)
    each = state.each is not None and state.each.start > opened
    shared = has_word("each_listed", state.lead(number.start))
    if follows and named and wholes and number.value < max(wholes) and not each and not shared:
        state.in_parts, state.parts_list, state.parts_depth = True, False, state.depth
        state.parent = state.reading.items.index(current)


def _leave_parts(state: ClauseState, number: ClauseNumber) -> None:
    """End the parts after 其中 before an amount that is not another part.

    An amount after a comma is not a part if the parent does not have its unit, or if it begins with
    a verb but the first part does not: 发表稿件20篇，其中市级5篇，撰写案例6篇.
    """
    parent = state.parent_item()
    if not state.in_parts or parent is None or state.current is parent:
        return
    if not re.search("[，；。]", state.text[state.last_end : number.start]):
        return
    verbs = any_spaced(word_list("item_verbs"))
    mark = max(state.text.rfind(way, 0, number.start) for way in ("其中", "当中", "含"))
    part_has_verb = re.match(rf"[^\d，]*?(?:{verbs})", state.text[mark:])
    opens = not state.parts_list and re.match(rf"\s*(?:{verbs})", state.words_before(number.start))
    if number.unit not in parent.units() or (opens and not part_has_verb):
        state.leave_parts()


def _is_share_of_place(state: ClauseState, number: ClauseNumber, key: AmountKey) -> bool:
    """Return whether an amount divides the total before it among places: 宣传11场，每村1场."""
    each, current = state.each, state.current
    if current is None or each is None or each.cue is not Cue.EACH_PLACE:
        return False
    total = current.amounts.get(AmountKey.TOTAL, {}).get(number.unit)
    bare = not trim_name(state.text[each.end : number.start])
    divided = key is AmountKey.TOTAL and total is not None and total >= number.value
    return divided and bare and state.one_sentence(state.last_end, number.start)


def _divides_total(state: ClauseState, number: ClauseNumber, value: Decimal) -> bool:
    """Return whether the amount of every place only divides the total: 16场（16个村各1场）."""
    current = state.current
    if current is None or current.amounts.get(AmountKey.TOTAL, {}).get(number.unit) != value:
        return False
    return state.inside_bracket(number.start) and not state.opens_total(number.start)


def _many_places(places: Decimal, number: ClauseNumber, value: Decimal, what: str) -> str:
    many = f"{plain(places)} 个{what}各{number.words}"
    return f"原文是 {many}，合计写成 {plain(value)}"


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
    computed = [note for note in item.notes if "个地方各" in note]
    if computed:
        item.notes = [note for note in item.notes if note not in computed]
        item.add(AmountKey.TOTAL, unit, value)
    elif unit in item.converted:
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
    # Example: 每半月出1期板报不少于20期, where 20期 is a total.
    restated = (
        state.frequency_used
        and frequency is not None
        and state.last_end > frequency.end
        and not trim_name(state.text[state.last_end : number.start])
        and "、" not in state.text[state.last_end : number.start]
    )
    if frequency is not None and not frequency.weak and not restated:
        if state.same(frequency, number.start) or (
            not state.frequency_used and not trim_name(state.lead(number.start))
        ):
            state.frequency_used = True
            return frequency.kind, frequency.words
        if (
            frequency.kind in ("month", "quarter", "year")
            and not state.opens_total(number.start)
            and state.current is not None
            and _BACK[frequency.kind] in state.current.amounts
            and state.one_sentence(frequency.start, number.start)
            and belongs_to_current(state, number)
        ):
            return frequency.kind, frequency.words
    if state.in_parts and state.parent is not None:
        amounts = state.reading.items[state.parent].amounts
        slots = [key for key, units in amounts.items() if number.unit in units]
        periodic = [kind for kind, key in _BACK.items() if key in slots]
        if periodic and AmountKey.TOTAL not in slots:
            return periodic[0], "其中"
    return "", ""
