"""Reads amounts that several listed names or places share: 春节、中秋各5场，共计10场."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

from sgtrack.model.numerals import parse_number
from sgtrack.model.text import any_spaced
from sgtrack.model.units import UNITS, Measure, plain
from sgtrack.tender.clause_items import mark_series, new_item
from sgtrack.tender.clause_numbers import ClauseNumber
from sgtrack.tender.clause_proposals import KEY_LABELS, AmountKey, ProposedItem
from sgtrack.tender.clause_state import ClauseState
from sgtrack.tender.cues import is_amount, split_list
from sgtrack.tender.lexicon import find_noun, shorten_name, trim_name, word_list

NUMERAL = r"[\d一二两三四五六七八九十]"


def find_listed(state: ClauseState, number: ClauseNumber) -> tuple[list[str], Decimal]:
    """Return the listed names, and the number of places, that 各 before an amount refers to.

    Without names, the list is empty. Without places, the number is 1.
    """
    lead = _words_of_list(state, number.start)
    match = re.search(
        rf"^(?P<names>.*?)(?:{any_spaced(word_list('each_listed'))})(?P<verb>[一-龥\s]{{0,12}}?)"
        rf"(?:{any_spaced(word_list('at_least'))})?\s*$",
        lead,
    )
    if match is None:
        return [], Decimal(1)
    if state.places and not match["names"].strip("、"):
        return [], state.places
    names = _split_names(match["names"])
    if not names and not match["names"].strip() and "、" in state.about:
        names = split_list(state.about)
    if not names and state.frequency is not None and state.frequency.weak:
        # Example: 半年及年度报告各1份, where both words are frequencies.
        begin = state.segment_start(number.start)
        names = split_list(state.text[begin : number.start].rpartition("各")[0])
        state.frequency_used = state.frequency_used or bool(names)
    if not names:
        return [], max(state.places, Decimal(1))
    if all(re.match(r"\d+月", name) for name in names):
        return [], Decimal(len(names))
    if "分别" in lead and count_parallel(state, number) == len(names):
        state.paired = [trim_name(name) or name for name in names]
        return [], Decimal(1)
    noun = find_noun(state.bare, number.end)
    noun = noun or (trim_name(match["verb"]) if len(match["verb"]) > 2 else "")
    return [f"{trim_name(name) or name}{noun}" for name in names], Decimal(1)


def find_classes(state: ClauseState, number: ClauseNumber) -> tuple[list[str], Decimal]:
    """Return the named kinds that 每类 before an amount refers to, and how many kinds there are.

    Examples: 法治、健康两类讲座，每类3场; 讲座（法治、健康），每类3场; 3类讲座，每类3场.
    """
    each = state.each
    if each is None or UNITS[number.unit].measure not in (Measure.OCCASIONS, Measure.WORKS):
        return [], Decimal(0)
    before = state.bare[state.sentence_start(each.start) : each.start]
    pieces = [piece for piece in re.split("[，：（）]", before) if piece.strip()]
    for piece in reversed(pieces):
        words = re.sub(r"\d+\s?[一-龥]{1,2}$", "", piece.strip())
        if names := _split_names(words):
            return [trim_name(name) or name for name in names], Decimal(len(names))
    count = re.search(rf"({NUMERAL}+)\s?(?:个|大?类|种)", before)
    value = parse_number(count[1]) if count is not None else None
    return [], value if value is not None and "类" in before else Decimal(0)


def _words_of_list(state: ClauseState, at: int) -> str:
    """Return the words before a position, back to the last punctuation mark or amount.

    Unlike those of ``ClauseState.lead``, they contain dates, names and numbers of kinds:
    “3·15”“6·26”宣传各, 端午、中秋2个节日各.
    """
    words = state.bare[state.counted_end : at]
    return re.split("[，。；：！？（）\n]", words)[-1].removeprefix("、")


def _split_names(words: str) -> list[str]:
    """Split a list of names; drop a number and noun after the last one, as in 端午、中秋2个节日."""
    names = split_list(re.sub(r"^[：，（\s]+", "", words))
    if len(names) > 1:
        names[-1] = re.sub(
            rf"(?<=[一-龥”])(?:等|共|这)*\s?{NUMERAL}+\s?(?:个|大?类|项|种)[一-龥]*$", "", names[-1]
        )
    return names


def count_parallel(state: ClauseState, number: ClauseNumber) -> int:
    """Count the amounts in a row, joined by 、 or 和, that begin with this one."""
    amounts = [t for t in state.tokens if is_amount(t) and t.start >= number.start]
    count = 1
    for before, after in pairwise(amounts):
        if not re.fullmatch(r"\s*[、和及]\s*", state.text[before.end : after.start]):
            break
        count += 1
    return count


def add_listed(
    state: ClauseState,
    number: ClauseNumber,
    names: list[str],
    key: AmountKey,
    value: Decimal,
    notes: list[str],
) -> None:
    """Add one item for each listed name; they are parts if a whole in the same unit precedes."""
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
        state.group = state.reading.items[-len(names) :]
    state.reading.record(number, f"{len(names)} 个服务项各 {plain(value)} {number.unit}")


def is_sum_of_group(state: ClauseState, number: ClauseNumber, key: AmountKey) -> bool:
    """Return whether an amount is the sum of the items before it: 春节、中秋各5场，共计10场."""
    members = _members(state, number, key)
    if len(members) < 2 or not state.one_sentence(state.last_end, number.start):
        return False
    words = re.sub(
        rf"^(?:{any_spaced(word_list('sums'))})+", "", trim_name(state.lead(number.start))
    )
    added = sum(member.amounts[key][number.unit] for member in members)
    return state.opens_total(number.start) and not trim_name(words) and number.value >= added


def _members(state: ClauseState, number: ClauseNumber, key: AmountKey) -> list[ProposedItem]:
    """Return the items that an amount may sum up: the last group, or all items with this sum."""
    same = [i for i in state.reading.items if i.part_of is None and i.has(key, number.unit)]
    group = [item for item in state.group if any(item is other for other in same)]
    added = sum(item.amounts[key][number.unit] for item in same)
    return same if len(group) < 2 and added == number.value else group


def add_sum_of_group(state: ClauseState, number: ClauseNumber, key: AmountKey) -> None:
    """Add the whole before its parts, and move the conditions of the parts to the whole."""
    members = _members(state, number, key)
    items = state.reading.items
    at = min(n for n, item in enumerate(items) if any(item is member for member in members))
    last = members[-1]
    noun = find_noun(state.bare, number.end)
    name = noun or state.title or state.about or "、".join(member.name for member in members)
    whole = ProposedItem(name=shorten_name(name), each=dict(last.each), series=last.series)
    whole.sessions = last.sessions
    whole.add(key, number.unit, number.value)
    whole.add_note(*number.notes)
    for item in items:
        if item.part_of is not None and item.part_of >= at:
            item.part_of += 1
    if state.parent is not None and state.parent >= at:
        state.parent += 1
    items.insert(at, whole)
    for member in members:
        member.part_of, member.each, member.sessions = at, {}, None
    state.current, state.group = whole, [whole]
    state.reading.record(
        number, f"{KEY_LABELS[key]} {plain(number.value)} {number.unit}，前面各项之和"
    )
