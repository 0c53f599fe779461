"""Reads a clause into proposed items, from left to right."""

from __future__ import annotations

import re
from decimal import Decimal

from sgtrack.model.units import PEOPLE, UNITS, Measure, plain
from sgtrack.tender.clause_amounts import add_amount
from sgtrack.tender.clause_conditions import add_condition, is_condition
from sgtrack.tender.clause_numbers import Number, Sort
from sgtrack.tender.clause_proposals import ClauseReading, Item, Reading
from sgtrack.tender.clause_state import HARD, Walk
from sgtrack.tender.cues import Cue, Mark
from sgtrack.tender.item_naming import shortened, trimmed
from sgtrack.tender.lexicon import lexicon
from sgtrack.tender.per_person import add_per_person
from sgtrack.tender.rhythms import Rhythm, Span
from sgtrack.tender.unnumbered import close, leave_rhythm, read_papers, read_types, rhythmic_paper


def read_clause(text: str, span: Span, about: str = "") -> ClauseReading:
    """Read one clause.

    Args:
        text: the clause as the contract has it, without its list mark.
        span: how long the project runs, for rhythms that the format lacks.
        about: what the row or heading says the clause is about, for names.
    """
    walk = Walk(text, span, about)
    for token in walk.tokens:
        if isinstance(token, Number):
            _number(walk, token)
        elif isinstance(token, Rhythm):
            _rhythm(walk, token)
        else:
            _mark(walk, token)
    leave_rhythm(walk, len(walk.text))
    read_types(walk)
    read_papers(walk)
    close(walk)
    return walk.made


def _rhythm(walk: Walk, beat: Rhythm) -> None:
    if beat.weak and walk.same(walk.rhythm, beat.start):
        return
    leave_rhythm(walk, beat.start)
    walk.rhythm, walk.rhythm_used = beat, False
    if not walk.same(walk.person, beat.start):
        walk.person = None
    if re.search(r"\d", beat.said):
        walk.made.readings.append(Reading(beat.said, "节奏", beat.start))


def _mark(walk: Walk, mark: Mark) -> None:
    if mark.cue in (Cue.EACH_ACTIVITY, Cue.EACH_GROUP, Cue.EACH_PLACE):
        walk.each = mark
    elif mark.cue is Cue.PER_PERSON:
        walk.person = mark
    elif mark.cue is Cue.ONCE:
        walk.once = walk.once or walk.current
        walk.said_once = True
        walk.made.readings.append(Reading(mark.said, "条件：同一个人只计一次", mark.start))
    elif mark.cue is Cue.PARTS:
        if walk.current is not None:
            walk.in_parts, walk.parts_depth = True, walk.depth
            top = walk.current.part_of
            here = walk.made.items.index(walk.current)
            walk.parent = here if top is None or walk.depth else top
    elif mark.said == "（":
        walk.depth += 1
    elif mark.said == "）":
        walk.depth = max(0, walk.depth - 1)
        if walk.in_parts and walk.parts_depth > walk.depth:
            walk.in_parts = False
            walk.current = walk.parent_item() or walk.current
    elif mark.said in HARD:
        leave_rhythm(walk, mark.start)
        walk.each = walk.person = None
        walk.places = Decimal(0)
        if mark.said != "；":
            walk.in_parts = False


def _number(walk: Walk, number: Number) -> None:
    if number.sort is not Sort.AMOUNT:
        _no_amount(walk, number)
    elif _is_staff(walk, number):
        walk.not_a_target(number, "人员配备的要求，不是累计的指标")
    elif lexicon().has("samples", walk.lead(number.start)):
        walk.not_a_target(number, "调查的样本，不是累计的数", look=True)
    elif is_condition(walk, number):
        add_condition(walk, number)
        walk.was_condition = True
    elif number.value % 1 and UNITS[number.unit].measure is not Measure.TIME:
        walk.not_a_target(number, f"{plain(number.value)}{number.unit}不是整数", look=True)
    elif number.per_person or walk.same(walk.person, number.start):
        add_per_person(walk, number)
    else:
        add_amount(walk, number)
        walk.was_condition = False
    walk.last_end = max(walk.last_end, number.end, walk.noun_end)


def _no_amount(walk: Walk, number: Number) -> None:
    if number.sort is Sort.PLACES:
        walk.places = number.value
        walk.not_a_target(number, "地方的个数，不是要累计的数")
        return
    if number.sort is Sort.UNREAD:
        walk.not_a_target(number, "；".join(number.notes) or "没有读懂", look=True)
        return
    due = re.match(r"(\d{1,2})[日号]$", number.said)
    if due and walk.rhythm and walk.rhythm.kind == "month" and walk.same(walk.rhythm, number.start):
        walk.made.say(number, f"每月{due[1]}日前")
        _keep_due_day(walk, number, int(due[1]))
        return
    if number.sort is Sort.LIMIT and walk.each and walk.same(walk.each, number.start):
        walk.not_a_target(number, "对每次活动的上限，目标文件只记下限", look=True)
        return
    words = walk.text[walk.segment_start(number.start) : number.start]
    rate = number.reason == "百分比" and re.search("[率度]", words)
    if rate or (number.reason == "金额" and lexicon().has("measured_once", words)):
        _measured(walk, number)
        return
    look = number.reason in ("金额", "百分比") or number.sort is Sort.LIMIT
    walk.not_a_target(number, number.reason, look=look)


def _keep_due_day(walk: Walk, number: Number, day: int) -> None:
    """Keep a due day without a paper for the item: 12期（每月一期），每月28日前."""
    words = walk.text[walk.segment_start(number.start) :].split("，")[0].split("）")[0]
    named = lexicon().has("hand_in", words) or rhythmic_paper(words) is not None
    if walk.current is not None and not named and 1 <= day <= 31:
        walk.due_day, walk.rhythm_used = day, True


def _measured(walk: Walk, number: Number) -> None:
    """Make a milestone of a percentage or sum of money: 满意度90%, 链接资源5万元."""
    words = re.split("[，。；：（）\n]", walk.text[: number.start])[-1]
    name = shortened(trimmed(words) or walk.title or walk.about) + number.said.replace(" ", "")
    item = Item(name=name, milestone=True)
    item.note(f"{number.reason}不能按次累计，达到后记一次并附证明材料")
    walk.made.items.append(item)
    walk.made.say(number, f"完成一次：{name}")


def _is_staff(walk: Walk, number: Number) -> bool:
    if number.unit not in (*PEOPLE, "个"):
        return False
    around = walk.text[walk.sentence_start(number.start) : number.start]
    after = walk.text[number.end : number.end + 8]
    return any(word in around + after for word in lexicon().lists["staff"]) and not (
        "志愿" in around + after or "培训" in around
    )
