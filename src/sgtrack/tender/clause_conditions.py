"""Reads the conditions that an activity must meet to count, such as 每场不少于30人."""

from __future__ import annotations

import re

from sgtrack.model.text import any_spaced
from sgtrack.model.units import PEOPLE, UNITS, Measure, plain
from sgtrack.tender.clause_lists import count_parallel
from sgtrack.tender.clause_numbers import ClauseNumber
from sgtrack.tender.clause_proposals import ActivityCondition, ProposedItem
from sgtrack.tender.clause_state import EVENTS, ClauseState
from sgtrack.tender.cues import Cue, CueMark, is_amount
from sgtrack.tender.lexicon import has_word, trim_name, word_list

_UNITS_OF_CUE = {
    "场": ("场", "场次"),
    "期": ("期",),
    "次": ("次", "批次", "场次"),
    "节": ("节", "课"),
}
MAX_SESSIONS = 100
CLASSES = ("每班", "每个班", "每个班次", "每班次")
"""Cues of classes, which hold several sessions."""
LONGEST_CAMP = 60
"""Days above which a duration cannot be that of one activity, such as a summer camp."""
LONGEST_ACTIVITY = 24
"""Maximum duration of one activity in hours; longer durations are totals."""


def is_condition(state: ClauseState, number: ClauseNumber) -> bool:
    """Return whether an amount is a minimum for each activity (每场30人) and not a target."""
    if number.frequency:
        return False
    if is_of_day(state, number) or _describes_the_coming(state, number):
        return True
    single = _is_sum_of_sessions(state, number, "") and number.unit in EVENTS
    within = _is_sum_of_case(state, number)
    if (state.opens_total(number.start) and not single and not within) or repeats_in_group(
        state, number
    ):
        return False
    lead = state.lead(number.start)
    cue = state.each if state.each and state.each.cue is not Cue.EACH_PLACE else None
    if number.each or (cue is not None and state.near(cue, number.start)):
        return True
    if _bracketed(state, number, lead) or _lasts(state, number, lead):
        return True
    counted = number.unit in PEOPLE
    coming = re.match(r"[一-龥]{0,6}?(?:参加|参与|参训|到场|出席)", state.text[number.end :])
    after = coming is not None
    attending = (has_word("attendance", lead) or after) and not has_word("gained", lead)
    if counted and state.current and state.current.is_event and (attending or after):
        phrase = state.each is not None and state.one_sentence(state.each.start, number.start)
        single = _is_single(state.current) and (after or state.inside_bracket(number.start))
        if single or (attending and phrase):
            return True
        return bool(attending) and state.inside_bracket(number.start)
    if number.unit in EVENTS and _is_sum_of_sessions(state, number, lead):
        return True
    return cue is not None and _goes_on(state, number, cue, lead)


def is_of_class(state: ClauseState, number: ClauseNumber) -> bool:
    """Return whether an amount is for each of several kinds: 每类不少于3场."""
    each = state.each
    return (
        each is not None
        and each.words in word_list("each_class")
        and state.near(each, number.start)
    )


def is_of_day(state: ClauseState, number: ClauseNumber) -> bool:
    """Return whether an amount is the minimum of every day: 开课150天，每天不少于15人."""
    frequency, current = state.frequency, state.current
    if frequency is None or frequency.kind != "day" or current is None:
        return False
    days = "天" in current.units() or "天" in current.each
    return days and state.same(frequency, number.start)


def _is_single(item: ProposedItem) -> bool:
    """Return whether an item is a single activity, so that its number of people is a minimum."""
    return [v for units in item.amounts.values() for v in units.values()] == [1]


def _lasts(state: ClauseState, number: ClauseNumber, lead: str) -> bool:
    """Return whether an amount is the length of the activity before it: 夏令营1期，为期7天."""
    current = state.current
    if current is None or not current.is_event or UNITS[number.unit].measure is not Measure.TIME:
        return False
    most = LONGEST_ACTIVITY / 3 if number.unit != "天" else LONGEST_CAMP
    least = any_spaced([*word_list("at_least"), *word_list("about"), "为"])
    said = re.fullmatch(rf"(?:{any_spaced(word_list('lasts'))})(?:{least})*", lead.strip())
    return said is not None and number.value <= most


def _is_sum_of_case(state: ClauseState, number: ClauseNumber) -> bool:
    """Return whether an amount sums up one case: 每例不少于6次、时长合计不少于6小时."""
    each = state.each
    listed = "、" in state.text[state.last_end : number.start]
    of_case = each is not None and each.cue is Cue.EACH_GROUP and state.same(each, number.start)
    return of_case and listed and UNITS[number.unit].measure is Measure.TIME


def _is_sum_of_sessions(state: ClauseState, number: ClauseNumber, lead: str) -> bool:
    """Return whether an amount counts the sessions of a single group: 亲职小组1个，共6次."""
    current = state.current
    if current is None or not current.series or not _is_single(current):
        return False
    return not trim_name(lead) and state.one_sentence(state.last_end, number.start)


def _describes_the_coming(state: ClauseState, number: ClauseNumber) -> bool:
    """Return whether an amount describes the activity named after it: 百人以上大型活动2场."""
    numeral = r"[\d一二两三四五六七八九十]"
    least = any_spaced(word_list("at_least"))
    bracket = rf"）(?:{least})*\s?{numeral}"  # Example: 大型活动（100人以上）不少于4场
    coming = re.match(rf"的?[一-龥]{{2,10}}(?={numeral})|{bracket}", state.text[number.end :])
    return number.unit in PEOPLE and number.words.endswith("以上") and coming is not None


def _goes_on(state: ClauseState, number: ClauseNumber, cue: CueMark, lead: str) -> bool:
    """Return whether an amount continues a condition, as 20人 in 每场1小时，志愿者20人."""
    if not state.one_sentence(cue.start, number.start):
        return False
    people, timed = number.unit in PEOPLE, UNITS[number.unit].measure is Measure.TIME
    # Example: 每个个案跟进3个月、会谈8次.
    sessions = cue.cue is Cue.EACH_GROUP and number.unit in EVENTS and _may_be_series(state.current)
    if sessions and state.same(cue, number.start):
        return True
    if state.same(cue, number.start) and (people or timed):
        return not trim_name(lead) or not has_word("gained", lead)
    holds = state.current is None or state.current.is_event or cue.words in CLASSES
    if people and holds and cue.cue is Cue.EACH_ACTIVITY and state.was_condition:
        return not has_word("gained", lead)
    if not timed or (number.unit == "小时" and number.value > LONGEST_ACTIVITY):
        return False
    return not trim_name(lead) or (has_word("lasting", lead) and not _own_subject(state, lead))


def _own_subject(state: ClauseState, lead: str) -> bool:
    """Return whether a duration has a subject of its own: 志愿服务时长1500小时."""
    general = [*word_list("lasting"), *word_list("activity_words"), *word_list("at_least")]
    rest = trim_name(re.sub(any_spaced(general), "", lead))
    return len(rest) >= 2 and (state.current is None or rest not in state.current.name)


def repeats_in_series(state: ClauseState) -> bool:
    """Return whether the cue before a frequency is about a case, a small group or an activity."""
    each = state.each
    if each is None or each.cue is Cue.EACH_ACTIVITY:
        return True
    return (state.current is not None and state.current.series) or any(
        word in each.words for word in ("案", "例", "组")
    )


def repeats_in_group(state: ClauseState, number: ClauseNumber) -> bool:
    """Return whether a frequency holds for every group: 每支志愿队每季度开展1次活动."""
    each, frequency = state.each, state.frequency
    if each is None or each.cue not in (Cue.EACH_GROUP, Cue.EACH_ACTIVITY):
        return False
    own = number.frequency or (
        frequency is not None
        and not frequency.weak
        and not (frequency.kind == "whole" and repeats_in_series(state))
        and frequency.start >= each.end
        and state.last_end <= frequency.start
        and state.same(frequency, number.start)
    )
    return bool(own) and state.near(each, number.start)


def _may_be_series(item: ProposedItem | None) -> bool:
    units = word_list("series_units")
    return item is not None and (item.series or any(unit in units for unit in item.units()))


def _bracketed(state: ClauseState, number: ClauseNumber, lead: str) -> bool:
    """Return whether an amount in brackets is a condition: 小组1个（不少于6节）."""
    opened = state.text.rfind("（", 0, number.start)
    follows_amount = opened >= state.last_end and not state.text[state.last_end : opened].strip()
    if state.current is None or not state.inside_bracket(number.start):
        return False
    if not follows_amount or state.same(state.frequency, number.start) or re.search("[共计]", lead):
        return False
    if UNITS[number.unit].measure is Measure.TIME:
        days = number.unit == "天" and state.current.is_event and not trim_name(lead)
        return days or has_word("lasting", lead)
    in_series = state.current.series or number.unit == "节"
    sessions = in_series and number.unit in EVENTS and _may_be_series(state.current)
    least = re.search(rf"(?:{any_spaced(word_list('at_least'))})$", lead.strip())
    people = number.unit in PEOPLE and state.current.is_event and least is not None
    return (sessions or people) and not trim_name(lead)


def _sum_follows(state: ClauseState, number: ClauseNumber) -> bool:
    """Return whether the next amount is the total of an amount per case: 每例报告1份，共15份."""
    following = next((t for t in state.tokens if is_amount(t) and t.start >= number.end), None)
    if not isinstance(following, ClauseNumber) or following.unit != number.unit:
        return False
    between = state.text[number.end : following.start]
    return re.fullmatch(rf"，(?:{any_spaced(word_list('sums'))})\s*", between) is not None


def pair_conditions(state: ClauseState, number: ClauseNumber) -> bool:
    """Add an amount of people as the condition of an item, if 分别 pairs amounts with items.

    Example: 大型活动2场、小型活动6场，参与人数分别不少于200人、30人. At the first amount, remember
    the items for the following amounts. Return whether a condition was added.
    """
    lead = state.lead(number.start)
    if not state.paired_items and "分别" in lead:
        cue = state.each is not None and state.near(state.each, number.start)
        count = count_parallel(state, number)
        events = [item for item in state.reading.items[state.sentence_items :] if item.is_event]
        if len(events) >= count > 1 and (cue or has_word("attendance", lead)):
            state.paired_items = events[-count:]
    if not state.paired_items or number.unit not in PEOPLE:
        return False
    item = state.paired_items.pop(0)
    attach_condition(item, ActivityCondition(False, "人", number.value, number.notes))
    state.reading.record(number, f"条件：“{item.name}”每次活动至少 {plain(number.value)} 人")
    return True


def add_condition(state: ClauseState, number: ClauseNumber) -> None:
    """Add an amount as a condition to the current item.

    If there is no current item, or if the amount describes the activity named after it, the
    condition is queued for the next item. If the current item counts neither events nor visits, a
    duration is recorded as a number that is not a target.
    """
    by_group = state.each is not None and state.each.cue is Cue.EACH_GROUP
    by_group = by_group and not is_of_day(state, number)
    if state.each is None and _may_be_series(state.current):
        by_group = number.unit in EVENTS  # Example: 小组1个（不少于6节）
    of_group = number.each == "group" or (not number.each and by_group)
    unit = "人" if number.unit in PEOPLE else number.unit
    if state.current is not None and UNITS[unit].measure is Measure.TIME:
        visits = any(UNITS[u].measure is Measure.VISITS for u in state.current.units())
        of_class = state.each is not None and re.search("[班门]|课程", state.each.words) is not None
        if not (state.current.is_event or visits or of_class or is_of_day(state, number)):
            state.not_a_target(number, "成品的长短或一次的时间，目标文件不记", look=True)
            return
    if state.each is not None and state.each.words in CLASSES and number.unit in EVENTS:
        of_group = True
    if unit == "份" and number.value == 1 and _sum_follows(state, number):
        state.not_a_target(number, "每次（每例）的材料，不是累计的数", look=True)
        return
    condition = ActivityCondition(of_group, unit, number.value, number.notes)
    of_the_coming = state.text[number.end : number.end + 1] == "的"
    of_the_coming = of_the_coming or _describes_the_coming(state, number)
    if state.current is None or of_the_coming:
        state.waiting.append(condition)
    else:
        for item in _items_of_condition(state, number, of_group=of_group):
            attach_condition(item, condition)
    phrase = "每个小组（个案）" if of_group else "每次活动"
    state.reading.record(number, f"条件：{phrase}至少 {plain(number.value)} {unit}")


def _items_of_condition(
    state: ClauseState, number: ClauseNumber, *, of_group: bool
) -> list[ProposedItem]:
    """Return the items a condition applies to.

    If a whole has one part, a condition after a comma applies to the whole and not to the part,
    unless the part names large events: 个案12例，其中危机个案2例，每例不少于5次.
    """
    current, parent = state.current, state.parent_item()
    if current is None:
        return []
    named = _named_items(state, number)
    if named:
        return named
    between = state.text[state.last_end : number.start]
    if state.in_parts and not state.parts_list and parent is not None and current is not parent:
        bigger = not of_group and has_word("large_events", current.name)
        if "，" in between and state.depth <= state.parts_depth and not bigger:
            return [parent]
    bracket = between.count("（") > between.count("）")
    return [current] if bracket or current not in state.group else list(state.group)


def _named_items(state: ClauseState, number: ClauseNumber) -> list[ProposedItem]:
    """Return the items of the sentence that the words of a condition name, or [].

    The words are a name (深度辅导每例不少于10次), or the noun (每个小组) or unit (每期（场）) of
    the cue.
    """
    items = state.reading.items[state.sentence_items :]
    words = state.words_before(number.start)
    by_name = [i for i in state.reading.items if len(i.name) > 1 and i.name in words]
    if by_name:
        return [max(by_name, key=lambda item: len(item.name))]
    if re.search("其他|其它|其余", words):
        unit = "人" if number.unit in PEOPLE else number.unit
        return [i for i in state.reading.items if i.is_event and unit not in i.each]
    each, current = state.each, state.current
    if each is None or current is None or number.each:
        return []
    cue = each.words
    bracket = "（" in cue
    for noun in ("小组", "个案", "队", "例"):
        if noun in cue:
            holds = [i for i in items if noun in i.name or noun in "".join(i.units())]
            fits = noun in current.name or noun in "".join(current.units())
            parts_of_current = holds and holds[-1].part_of == state.reading.items.index(current)
            return [] if fits or parts_of_current else holds[-1:]
    of_session = current.series and not any(unit in cue for unit in "场期")
    if each.cue is not Cue.EACH_ACTIVITY or of_session:
        return []
    units = {unit for sign, units in _UNITS_OF_CUE.items() if sign in cue for unit in units}
    fits = not units.isdisjoint(current.units())
    holds = [i for i in items if not units.isdisjoint(i.units())]
    if bracket:
        return holds
    if "次" in cue and {"人次", "户次"} & set(current.units()) and holds:
        # Example: 热线800次；面询150人次，每次1小时, where only the visits follow the semicolon.
        begin = state.text.rfind("；", 0, number.start)
        here = {t.unit for t in state.tokens if isinstance(t, ClauseNumber) and begin < t.start}
        fits = fits or (begin >= 0 and units.isdisjoint(here))
    directly = "（" in state.text[state.last_end : number.start]
    if directly and number.unit not in PEOPLE and "次" in cue:
        return []  # Example: 个别辅导200人次（每次不少于50分钟）
    return [] if fits or not units else holds[-1:]


def attach_condition(item: ProposedItem, condition: ActivityCondition) -> None:
    """Store a condition in an item, and add notes for a person.

    A minimum of sessions for each group or case is stored in ``sessions``. Any other minimum is
    stored in ``each``. Of two minimums in the same unit, the larger one is kept.
    """
    unit, value = condition.unit, condition.least
    item.add_note(*condition.notes)
    in_series = _may_be_series(item)
    if condition.of_group and unit in EVENTS and in_series:
        if value <= MAX_SESSIONS and not value % 1:
            item.series, item.sessions = True, int(value)
        else:
            item.add_note(f"每个要做满 {plain(value)} {unit}，目标文件写不下")
        return
    if condition.of_group and unit in PEOPLE and in_series:
        item.add_note("原文按每个小组写人数，这里当作每次都要有这么多人")
    if item.each.get(unit, value) != value:
        item.add_note(f"每次活动的{unit}数写了两个，先按大的写")
    item.each[unit] = max(value, item.each.get(unit, value))
