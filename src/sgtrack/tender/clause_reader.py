"""Reads a clause into proposed items, from left to right."""

from __future__ import annotations

import re
from decimal import Decimal

from sgtrack.model.units import PEOPLE, UNITS, Measure, plain
from sgtrack.tender.clause_amounts import add_amount, add_per_person
from sgtrack.tender.clause_conditions import add_condition, is_condition
from sgtrack.tender.clause_numbers import ClauseNumber, NumberKind
from sgtrack.tender.clause_proposals import ClauseReading, NumberReading, ProposedItem
from sgtrack.tender.clause_state import HARD, ClauseState
from sgtrack.tender.cues import Cue, CueMark, ProjectSpan, Rhythm
from sgtrack.tender.lexicon import has_word, shorten_name, trim_name, word_list
from sgtrack.tender.unnumbered import (
    find_paper_unit,
    finish_clause,
    read_bare_rhythm,
    read_papers,
    read_types,
)


def read_clause(text: str, span: ProjectSpan, about: str = "") -> ClauseReading:
    """Read one clause.

    Args:
        text: the clause as the contract has it, without its list mark.
        span: the project period, for rhythms that the format lacks.
        about: the topic by its row or heading, for item names.
    """
    state = ClauseState(text, span, about)
    for token in state.tokens:
        if isinstance(token, ClauseNumber):
            _number(state, token)
        elif isinstance(token, Rhythm):
            _rhythm(state, token)
        else:
            _mark(state, token)
    read_bare_rhythm(state, len(state.text))
    read_types(state)
    read_papers(state)
    finish_clause(state)
    return state.reading


def _rhythm(state: ClauseState, rhythm: Rhythm) -> None:
    if rhythm.weak and state.same(state.rhythm, rhythm.start):
        return
    read_bare_rhythm(state, rhythm.start)
    state.rhythm, state.rhythm_used = rhythm, False
    if not state.same(state.person, rhythm.start):
        state.person = None
    if re.search(r"\d", rhythm.words):
        state.reading.readings.append(NumberReading(rhythm.words, "节奏", rhythm.start))


def _mark(state: ClauseState, mark: CueMark) -> None:
    if mark.cue in (Cue.EACH_ACTIVITY, Cue.EACH_GROUP, Cue.EACH_PLACE):
        state.each = mark
    elif mark.cue is Cue.PER_PERSON:
        state.person = mark
    elif mark.cue is Cue.ONCE:
        state.once = state.once or state.current
        state.counts_once = True
        state.reading.readings.append(
            NumberReading(mark.words, "条件：同一个人只计一次", mark.start)
        )
    elif mark.cue is Cue.PARTS:
        if state.current is not None:
            state.in_parts, state.parts_depth = True, state.depth
            top = state.current.part_of
            here = state.reading.items.index(state.current)
            state.parent = here if top is None or state.depth else top
    elif mark.words == "（":
        state.depth += 1
    elif mark.words == "）":
        state.depth = max(0, state.depth - 1)
        if state.in_parts and state.parts_depth > state.depth:
            state.in_parts = False
            state.current = state.parent_item() or state.current
    elif mark.words in HARD:
        read_bare_rhythm(state, mark.start)
        state.each = state.person = None
        state.places = Decimal(0)
        if mark.words != "；":
            state.in_parts = False


def _number(state: ClauseState, number: ClauseNumber) -> None:
    if number.kind is not NumberKind.AMOUNT:
        _no_amount(state, number)
    elif _is_staff(state, number):
        state.not_a_target(number, "人员配备的要求，不是累计的指标")
    elif has_word("samples", state.lead(number.start)):
        state.not_a_target(number, "调查的样本，不是累计的数", look=True)
    elif is_condition(state, number):
        add_condition(state, number)
        state.was_condition = True
    elif number.value % 1 and UNITS[number.unit].measure is not Measure.TIME:
        state.not_a_target(number, f"{plain(number.value)}{number.unit}不是整数", look=True)
    elif number.per_person or state.same(state.person, number.start):
        add_per_person(state, number)
    else:
        add_amount(state, number)
        state.was_condition = False
    state.last_end = max(state.last_end, number.end, state.noun_end)


def _no_amount(state: ClauseState, number: ClauseNumber) -> None:
    if number.kind is NumberKind.PLACES:
        state.places = number.value
        state.not_a_target(number, "地方的个数，不是要累计的数")
        return
    if number.kind is NumberKind.UNREAD:
        state.not_a_target(number, "；".join(number.notes) or "没有读懂", look=True)
        return
    due = re.match(r"(\d{1,2})[日号]$", number.words)
    if (
        due
        and state.rhythm
        and state.rhythm.kind == "month"
        and state.same(state.rhythm, number.start)
    ):
        state.reading.record(number, f"每月{due[1]}日前")
        _keep_due_day(state, number, int(due[1]))
        return
    if number.kind is NumberKind.LIMIT and state.each and state.same(state.each, number.start):
        state.not_a_target(number, "对每次活动的上限，目标文件只记下限", look=True)
        return
    words = state.text[state.segment_start(number.start) : number.start]
    rate = number.reason == "百分比" and re.search("[率度]", words)
    if rate or (number.reason == "金额" and has_word("measured_once", words)):
        _measured(state, number)
        return
    look = number.reason in ("金额", "百分比") or number.kind is NumberKind.LIMIT
    state.not_a_target(number, number.reason, look=look)


def _keep_due_day(state: ClauseState, number: ClauseNumber, day: int) -> None:
    """Keep a due day without a paper for the item: 12期（每月一期），每月28日前."""
    words = state.text[state.segment_start(number.start) :].split("，")[0].split("）")[0]
    named = has_word("hand_in", words) or find_paper_unit(words) is not None
    if state.current is not None and not named and 1 <= day <= 31:
        state.due_day, state.rhythm_used = day, True


def _measured(state: ClauseState, number: ClauseNumber) -> None:
    """Make a milestone of a percentage or sum of money: 满意度90%, 链接资源5万元."""
    words = re.split("[，。；：（）\n]", state.text[: number.start])[-1]
    name = shorten_name(trim_name(words) or state.title or state.about) + number.words.replace(
        " ", ""
    )
    item = ProposedItem(name=name, milestone=True)
    item.add_note(f"{number.reason}不能按次累计，达到后记一次并附证明材料")
    state.reading.items.append(item)
    state.reading.record(number, f"完成一次：{name}")


def _is_staff(state: ClauseState, number: ClauseNumber) -> bool:
    if number.unit not in (*PEOPLE, "个"):
        return False
    around = state.text[state.sentence_start(number.start) : number.start]
    after = state.text[number.end : number.end + 8]
    return any(word in around + after for word in word_list("staff")) and not (
        "志愿" in around + after or "培训" in around
    )
