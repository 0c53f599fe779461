"""Reads the conditions that each activity must meet to count."""

from __future__ import annotations

import re

from sgtrack.model.units import PEOPLE, UNITS, Measure, plain
from sgtrack.tender.clause_numbers import Number
from sgtrack.tender.clause_proposals import Condition, Item
from sgtrack.tender.clause_state import EVENTS, Walk
from sgtrack.tender.cues import Cue, Mark
from sgtrack.tender.item_naming import trimmed
from sgtrack.tender.lexicon import lexicon

MOST_SESSIONS = 100


def is_condition(walk: Walk, number: Number) -> bool:
    """Return whether the amount is required of each activity rather than of all together."""
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
    """Return whether the amount describes the activity after it: 百人以上大型活动2场."""
    coming = re.match(r"的?[一-龥]{2,10}(?=[\d一二两三四五六七八九十])", walk.text[number.end :])
    return number.unit in PEOPLE and number.said.endswith("以上") and coming is not None


def _goes_on(walk: Walk, number: Number, cue: Mark, lead: str) -> bool:
    """Return whether a condition continues: 每场不少于1小时，志愿者不少于20人."""
    if not walk.one_sentence(cue.start, number.start):
        return False
    if walk.same(cue, number.start) and _is_of_each(walk, number, cue):
        return not trimmed(lead) or not lexicon().has("gained", lead)
    if number.unit in PEOPLE and cue.cue is Cue.EACH_ACTIVITY and walk.was_condition:
        return not lexicon().has("gained", lead)
    timed = UNITS[number.unit].measure is Measure.TIME
    return timed and (lexicon().has("lasting", lead) or not trimmed(lead))


def _is_of_each(walk: Walk, number: Number, cue: Mark) -> bool:
    """Return whether a unit after 、 can be a condition: 每个个案跟进3个月、会谈8次."""
    if number.unit in PEOPLE or UNITS[number.unit].measure is Measure.TIME:
        return True
    return cue.cue is Cue.EACH_GROUP and number.unit in EVENTS and _may_be_series(walk.current)


def _may_be_series(item: Item | None) -> bool:
    units = lexicon().lists["series_units"]
    return item is not None and (item.series or any(unit in units for unit in item.units()))


def _takes_time(item: Item) -> bool:
    """Return whether the item is an event or a visit, which has a duration."""
    return item.is_event or any(UNITS[u].measure is Measure.VISITS for u in item.units())


def _is_one(item: Item) -> bool:
    """Return whether the item happens once, so that its people attend that one event."""
    held = [value for amounts in item.amounts.values() for value in amounts.values()]
    return held[0] == 1


def _bracketed(walk: Walk, number: Number, lead: str) -> bool:
    """Return whether a bracket states a condition: 小组1个（不少于6节）, 宣传片1部（5分钟）."""
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
    """Add the amount as a condition to its item, or keep it until that item is read."""
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
    """Set a condition on an item: sessions of a group or case, or a minimum per activity."""
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
