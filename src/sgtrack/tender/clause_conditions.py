"""Conditions: what each activity must have to count, told from what all of them add up to."""

from __future__ import annotations

import re

from sgtrack.model.units import UNITS, Measure, plain
from sgtrack.tender.clause_numbers import Number
from sgtrack.tender.clause_proposals import Condition, Item
from sgtrack.tender.clause_state import EVENTS, PEOPLE, Walk
from sgtrack.tender.cues import Cue, Mark
from sgtrack.tender.item_naming import trimmed
from sgtrack.tender.lexicon import lexicon

MOST_SESSIONS = 100


def is_condition(walk: Walk, number: Number) -> bool:
    """Whether the amount is what each activity must have, not what all add up to."""
    if number.rhythm:
        return False
    if _describes_the_coming(walk, number):
        return True
    lead = walk.lead(number.start)
    cue = walk.each if walk.each and walk.each.cue is not Cue.EACH_PLACE else None
    if number.each or (cue is not None and walk.near(cue, number.start)):
        return True
    if _bracketed(walk, number, lead):
        return True
    counted = number.unit in PEOPLE
    if counted and lexicon().has("attendance", lead) and walk.current and walk.current.is_event:
        said = walk.each is not None and walk.one_sentence(walk.each.start, number.start)
        return said or walk.inside_bracket(number.start) or _is_one(walk.current)
    return cue is not None and _goes_on(walk, number, cue, lead)


def _describes_the_coming(walk: Walk, number: Number) -> bool:
    """百人以上大型活动2场: how many people the activity that follows must have."""
    coming = re.match(r"的?[一-龥]{2,10}(?=[\d一二两三四五六七八九十])", walk.text[number.end :])
    return number.unit in PEOPLE and number.said.endswith("以上") and coming is not None


def _goes_on(walk: Walk, number: Number, cue: Mark, lead: str) -> bool:
    """每场不少于1小时，志愿者不少于20人: a later amount of the sentence is still of each."""
    if not walk.one_sentence(cue.start, number.start):
        return False
    if walk.same(cue, number.start) and _is_of_each(walk, number, cue):
        return not trimmed(lead) or not lexicon().has("gained", lead)
    if number.unit in PEOPLE and cue.cue is Cue.EACH_ACTIVITY and walk.was_condition:
        return not lexicon().has("gained", lead)
    timed = UNITS[number.unit].measure is Measure.TIME
    return timed and (lexicon().has("lasting", lead) or not trimmed(lead))


def _is_of_each(walk: Walk, number: Number, cue: Mark) -> bool:
    """每个个案跟进3个月、会谈8次: whether a unit after 、 can be what each must have."""
    if number.unit in PEOPLE or UNITS[number.unit].measure is Measure.TIME:
        return True
    return cue.cue is Cue.EACH_GROUP and number.unit in EVENTS and _may_be_series(walk.current)


def _may_be_series(item: Item | None) -> bool:
    units = lexicon().lists["series_units"]
    return item is not None and (item.series or any(unit in units for unit in item.units()))


def _takes_time(item: Item) -> bool:
    """Whether each of it lasts: an event, or a visit."""
    return item.is_event or any(UNITS[u].measure is Measure.VISITS for u in item.units())


def _is_one(item: Item) -> bool:
    """Whether the item is to happen once: its people are those of that one time."""
    held = [value for amounts in item.amounts.values() for value in amounts.values()]
    return held[0] == 1


def _bracketed(walk: Walk, number: Number, lead: str) -> bool:
    """小组1个（不少于6节）, 宣传片1部（时长不少于5分钟）: a bracket that tells of one of them."""
    opened = walk.text.rfind("（", 0, number.start)
    close = opened >= walk.last_end and not walk.text[walk.last_end : opened].strip()
    if walk.current is None or not walk.inside_bracket(number.start):
        return False
    if not close or walk.same(walk.rhythm, number.start) or re.search("[共计]", lead):
        return False
    if UNITS[number.unit].measure is Measure.TIME:
        return lexicon().has("lasting", lead)
    in_series = walk.current.series or number.unit == "节"
    return (
        in_series and _may_be_series(walk.current) and number.unit in EVENTS and not trimmed(lead)
    )


def add_condition(walk: Walk, number: Number) -> None:
    """Give the amount as a condition to the item it speaks of, or let it wait for that item."""
    by_group = walk.each is not None and walk.each.cue is Cue.EACH_GROUP
    if walk.each is None and _may_be_series(walk.current):
        by_group = number.unit in EVENTS  # 小组1个（不少于6节）
    of_group = number.each == "group" or (not number.each and by_group)
    unit = "人" if number.unit in PEOPLE else number.unit
    timed = UNITS[unit].measure is Measure.TIME
    if walk.current is not None and timed and not _takes_time(walk.current):
        walk.not_a_target(number, "成品的长短或一次的时间，目标文件不记", look=True)
        return
    condition = Condition(of_group, unit, number.value, number.notes)
    of_the_coming = walk.text[number.end : number.end + 1] == "的"
    of_the_coming = of_the_coming or _describes_the_coming(walk, number)
    if walk.current is None or of_the_coming:
        walk.waiting.append(condition)
    else:
        attach(walk.current, condition)
    said = "每个小组（个案）" if of_group else "每次活动"
    walk.made.say(number, f"条件：{said}至少 {plain(number.value)} {unit}")


def attach(item: Item, condition: Condition) -> None:
    """Write a condition on its item: sessions of groups and cases, or what each must have."""
    unit, value = condition.unit, condition.least
    item.note(*condition.notes)
    in_series = _may_be_series(item)
    if condition.of_group and unit in EVENTS and in_series:
        if value <= MOST_SESSIONS and not value % 1:
            item.series, item.sessions = True, int(value)
        else:
            item.note(f"每个要做满 {plain(value)} {unit}，目标文件写不下")
        return
    if condition.of_group and unit in PEOPLE and in_series:
        item.note("原文按每个小组写人数，这里当作每次都要有这么多人")
    if item.each.get(unit, value) != value:
        item.note(f"每次活动的{unit}数写了两个，先按大的写")
    item.each[unit] = max(value, item.each.get(unit, value))
