"""Reads amounts per person (每人每年不少于20学时) and the role of their roster."""

from __future__ import annotations

import re
from functools import cache

from sgtrack.model.text import any_spaced
from sgtrack.model.units import UNITS, Measure, plain
from sgtrack.tender.clause_numbers import ClauseNumber
from sgtrack.tender.clause_proposals import AmountKey
from sgtrack.tender.clause_state import ClauseState
from sgtrack.tender.item_naming import AGES, trim_name
from sgtrack.tender.item_placement import new_item
from sgtrack.tender.lexicon import lexicon
from sgtrack.tender.rhythms import PER_YEAR

LONGEST_ROLE = 12


def add_per_person(state: ClauseState, number: ClauseNumber) -> None:
    """Add an item with a yearly target for each person on a roster."""
    beat = state.rhythm
    if beat is not None and not state.one_sentence(beat.start, number.start):
        beat = None
    kind = number.rhythm or (beat.kind if beat else "")
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
    for verb in lexicon().lists["role_ends"]:
        role = role if role.startswith(verb) else role.split(verb)[0]
    return trim_name(role)[:LONGEST_ROLE] or "服务对象"


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    terms = lexicon()
    begins, ends = any_spaced(terms.lists["role_begins"]), any_spaced(terms.lists["role_ends"])
    return (
        re.compile(r"每一?[名位户](?P<role>[一-龥]{2,10}?)(?=每|全年|年度|不|至|达|[，、≥\d]|$)"),
        re.compile(r"(?P<role>[一-龥]{2,16})(?:每人|人均)"),
        re.compile(
            rf"(?:{begins})(?P<role>[^，。；]{{2,24}}?)(?:{ends})|(?:{any_spaced(terms.lists['role_after'])})"
            r"(?P<served>[一-龥、]{2,12}?)(?=\d|不少于|[，：]|$)"
        ),
    )
