"""Adds amounts for each person of a roster: 每名社工每年不少于40学时."""

from __future__ import annotations

import re
from functools import cache

from sgtrack.model.text import any_spaced
from sgtrack.model.units import UNITS, Measure, plain
from sgtrack.tender.clause_items import new_item
from sgtrack.tender.clause_numbers import ClauseNumber
from sgtrack.tender.clause_proposals import AmountKey
from sgtrack.tender.clause_state import ClauseState
from sgtrack.tender.cues import PER_YEAR
from sgtrack.tender.lexicon import AGES, trim_name, word_list

LONGEST_ROLE = 12
UNKNOWN_ROLE = "待填"


def add_per_person(state: ClauseState, number: ClauseNumber) -> None:
    """Add an item with a yearly target for each person of a roster.

    An amount without a frequency is recorded as a number that is not a target, unless it is in a
    unit of time or events.
    """
    frequency = state.frequency
    timed = UNITS[number.unit].measure in (Measure.TIME, Measure.OCCASIONS)
    if frequency is not None and not (
        state.one_sentence(frequency.start, number.start)
        if timed
        else state.same(frequency, number.start)
    ):
        frequency = None
    kind = number.frequency or (frequency.kind if frequency else "")
    state.frequency_used = True
    if not kind and not timed:
        state.not_a_target(number, "按人发放或建立的数，总数看有多少人", look=True)
        return
    if kind and kind not in PER_YEAR and kind not in ("year", "whole"):
        state.not_a_target(number, "目标文件不能按人记这样的节奏", look=True)
        return
    item = new_item(state, number)
    times = PER_YEAR.get(kind, 1)
    item.add(AmountKey.PER_PERSON, number.unit, number.value * times)
    item.role = _role(state, number)
    if times > 1:
        start = min(number.start, frequency.start) if frequency is not None else number.start
        item.add_note(
            f"原文是“{state.text[start : number.end]}”，"
            f"目标文件按每人每年写成 {plain(number.value * times)}{number.unit}"
        )
    elif kind != "year":
        item.add_note("原文没有写每人每年，先按每年写")
    if item.role == UNKNOWN_ROLE:
        item.add_note("原文没有写是哪些人，role 请填名册上的角色")
    else:
        item.add_note(f"名册按“{item.role}”核对")
    state.current = item
    state.group = [item]
    state.reading.record(
        number, f"每人每年 {plain(number.value * times)} {number.unit}（{item.role}）"
    )


def _role(state: ClauseState, number: ClauseNumber) -> str:
    """Return the role on the roster, such as 老年人, from the words before an amount.

    Before 1次/月/人, it is the word directly before the amount.

    Return 待填 if these words name no role.
    """
    end = number.start
    parent = state.parent_item()
    if state.in_parts and parent is not None and parent.role:
        return parent.role
    direct = trim_name(state.lead(end)) if number.per_person else ""
    if _names_people(direct):
        return direct[:LONGEST_ROLE]
    words = state.text[state.sentence_start(end) : end]
    named, before, done = (pattern.search(words) for pattern in _patterns())
    role = next((match["role"] for match in (named, before) if match), "")
    if not role and done:
        role = done["role"] or done["served"]
    role = re.sub(rf"{AGES}|^\d+.|全体", "", role).split("、")[-1]
    role = re.split(r"的(?=[一-龥]{2,})|辖区内?", re.sub("^(?:对|为|给|向)", "", role))[-1]
    for verb in word_list("role_ends"):
        role = role if role.startswith(verb) else role.split(verb)[0]
    role = trim_name(role)
    return role[:LONGEST_ROLE] if _names_people(role) else UNKNOWN_ROLE


def _names_people(role: str) -> bool:
    """Return whether a word names people: 独居老人, 社区工作者; 赠送礼品 does not."""
    return role.endswith(tuple(word_list("people_ends")))


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
