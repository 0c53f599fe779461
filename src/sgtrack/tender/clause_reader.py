"""Reads a clause from left to right and proposes its items.

A frequency without a number (每月), a document to hand in, and a clause without numbers can also
become items.
"""

from __future__ import annotations

import re
from decimal import Decimal

from sgtrack.model.contract import Period
from sgtrack.model.text import any_spaced
from sgtrack.model.units import HEADCOUNT, UNITS, Measure, plain
from sgtrack.tender.bare_frequencies import read_bare_frequency
from sgtrack.tender.clause_amounts import add_amount
from sgtrack.tender.clause_conditions import (
    add_condition,
    attach_condition,
    is_condition,
    is_of_class,
    pair_conditions,
    repeats_in_group,
    repeats_in_series,
)
from sgtrack.tender.clause_exclusions import (
    EXISTING_REASON,
    KINDS_REASON,
    STAFF_REASON,
    find_existing,
    find_other_use,
    is_kind_count,
    is_population,
    is_staff,
)
from sgtrack.tender.clause_lists import find_classes
from sgtrack.tender.clause_numbers import ClauseNumber, NumberKind
from sgtrack.tender.clause_people import add_per_person
from sgtrack.tender.clause_proposals import (
    KEY_LABELS,
    AmountKey,
    ClauseReading,
    NumberReading,
    ProposedItem,
)
from sgtrack.tender.clause_rates import read_rate
from sgtrack.tender.clause_state import HARD, ClauseState
from sgtrack.tender.cues import (
    Cue,
    CueMark,
    Frequency,
    is_amount,
    split_list,
)
from sgtrack.tender.deliverables import find_paper_unit, parse_due_day, read_deliverables
from sgtrack.tender.lexicon import has_word, shorten_name, trim_name, word_list


def read_clause(text: str, period: Period, about: str) -> ClauseReading:
    """Read a clause; ``text`` does not contain its list mark.

    ``about`` is the topic from the table row or heading. An item is named after it if the clause
    contains no name for the item.
    """
    state = ClauseState(text, period, about)
    for token in state.tokens:
        if isinstance(token, ClauseNumber):
            _number(state, token)
        elif isinstance(token, Frequency):
            _frequency(state, token)
        else:
            _mark(state, token)
    read_bare_frequency(state, len(state.text))
    _read_types(state)
    read_deliverables(state)
    _finish_clause(state)
    return state.reading


def _frequency(state: ClauseState, frequency: Frequency) -> None:
    if frequency.weak and state.same(state.frequency, frequency.start):
        return
    read_bare_frequency(state, frequency.start)
    state.frequency, state.frequency_used = frequency, False
    person = state.person
    if person is not None and not state.same(person, frequency.start):
        # In 每户每月联系2次，每季度走访1次, the second amount is also for each household.
        goes_on = state.segment_start(frequency.start) == frequency.start
        visits = has_word("visits", state.text[frequency.end : frequency.end + 6])
        together = state.one_sentence(person.start, frequency.start)
        start = frequency.start
        carried = CueMark(Cue.PER_PERSON, person.words, start, start)
        state.person = carried if goes_on and visits and together else None
    if re.search(r"\d", frequency.words):
        state.reading.readings.append(NumberReading(frequency.words, "节奏", frequency.start))


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
        # In 对其中20户每月问候1次, 其中 introduces people served and not a part of an amount.
        served = state.text[: mark.start].endswith(("对", "为", "给", "向"))
        if state.current is not None and not served:
            state.in_parts, state.parts_depth = True, state.depth
            before, after = state.text[: mark.start].rstrip(), state.text[mark.end :].lstrip()
            state.parts_list = before[-1:] in ("；", "。") or after.startswith("：")
            top = state.current.part_of
            here = state.reading.items.index(state.current)
            state.parent = here if top is None or state.depth else top
    elif mark.words == "（":
        state.depth += 1
    elif mark.words == "）":
        state.depth = max(0, state.depth - 1)
        if state.in_parts and state.parts_depth > state.depth:
            state.leave_parts()
    elif mark.words in HARD:
        read_bare_frequency(state, mark.start)
        state.each = state.person = None
        state.places = Decimal(0)
        if mark.words != "；" or not state.parts_list:
            state.leave_parts()
        state.was_staff = state.was_existing = False
        if mark.words != "；":
            state.sentence_items = len(state.reading.items)


def _number(state: ClauseState, number: ClauseNumber) -> None:
    if number.kind is not NumberKind.AMOUNT:
        _no_amount(state, number)
    elif reason := _find_reason(state, number):
        state.was_staff = state.was_staff or reason == STAFF_REASON
        state.was_existing = reason == EXISTING_REASON
        if reason == KINDS_REASON and state.same(state.frequency, number.start):
            state.frequency = None  # Example: 每季度1个主题，开展活动4场
        state.not_a_target(number, reason, look=True)
    elif pair_conditions(state, number):
        state.was_condition = True
    elif not is_of_class(state, number) and is_condition(state, number):
        add_condition(state, number)
        state.was_condition = True
    elif _is_length_of_product(state, number):
        state.not_a_target(number, "成品的长短或一次的时间，目标文件不记", look=True)
    elif number.value % 1 and UNITS[number.unit].measure is not Measure.TIME:
        state.not_a_target(number, f"{plain(number.value)}{number.unit}不是整数", look=True)
    elif number.per_person or state.same(state.person, number.start) or _part_per_person(state):
        add_per_person(state, number)
    else:
        add_amount(state, number)
        state.was_condition = False
    state.last_end = max(state.last_end, number.end, state.noun_end)
    named = number.kind is NumberKind.NONE and re.match(r"[“《]|\d+月", number.words)
    if not named and not is_kind_count(state, number):
        state.counted_end = state.last_end


def _find_reason(state: ClauseState, number: ClauseNumber) -> str:
    """Return the reason why an amount is not a target, or ""."""
    if is_staff(state, number):
        return STAFF_REASON
    if reason := find_other_use(state, number):
        return reason
    if has_word("samples", state.lead(number.start)):
        return "调查的样本，不是累计的数"
    if is_population(state, number):
        return "服务对象的人数（户数），不是要累计的数"
    if is_of_class(state, number) and not _names_classes(state, number):
        return "每一类的数，总数看后面"
    if repeats_in_group(state, number) and repeats_in_series(state):
        state.frequency_used = True
        return "每个小组（个案）自己的节奏，目标文件不记"
    return ""


def _is_length_of_product(state: ClauseState, number: ClauseNumber) -> bool:
    """Return whether a number of minutes is the length of a film or the like: 时长3至5分钟."""
    if UNITS[number.unit].measure is not Measure.TIME or state.current is None:
        return False
    minutes = number.words.rstrip("以上左右").endswith(tuple(word_list("minutes")))
    bare = not trim_name(state.lead(number.start)) or has_word("lasts", state.lead(number.start))
    return minutes and bare and number.value < 1 and not state.current.is_event


def _names_classes(state: ClauseState, number: ClauseNumber) -> bool:
    """Return whether an amount for each kind, as in 每类3场, is a target.

    This is so if the kinds are named. If only their number is known, the current item must not have
    an amount in this unit, because it would be the total.
    """
    names, count = find_classes(state, number)
    counted = state.current is not None and number.unit in state.current.units()
    return bool(names) or (count > 0 and not counted)


def _part_per_person(state: ClauseState) -> bool:
    """Return whether an amount is a part of an amount per person: 60学时，其中督导24小时."""
    parent = state.parent_item()
    return state.in_parts and parent is not None and AmountKey.PER_PERSON in parent.amounts


def _no_amount(state: ClauseState, number: ClauseNumber) -> None:
    if number.kind is NumberKind.PLACES:
        state.places = number.value
        state.was_existing = find_existing(state, number) == EXISTING_REASON
        state.not_a_target(number, "地方的个数，不是要累计的数")
        return
    if number.kind is NumberKind.UNREAD:
        state.not_a_target(number, "；".join(number.notes) or "没有读懂", look=True)
        return
    due = re.match(r"(\d{1,2})[日号]$", number.words)
    monthly = state.frequency is not None and state.frequency.kind == "month"
    frequency = state.frequency
    before = re.match("[之以]?前", state.text[number.end :]) is not None
    later = before and frequency is not None and state.one_sentence(frequency.start, number.start)
    if due and monthly and (later or state.same(frequency, number.start)):
        state.reading.record(number, f"每月{due[1]}日前")
        # If no document is named beside a due day, the due day belongs to the current item:
        # 12期（每月一期），每月28日前.
        named = _names_amount_of_due(state, number)
        if state.current is not None and not named and 1 <= int(due[1]) <= 31:
            state.due_day, state.frequency_used = int(due[1]), True
            state.due_item = state.current
        elif 1 <= int(due[1]) <= 31:
            state.coming_due = number
        return
    if number.kind is NumberKind.LIMIT and state.each and state.same(state.each, number.start):
        state.not_a_target(number, "对每次活动的上限，目标文件只记下限", look=True)
        return
    if number.reason in ("百分比", "金额") and read_rate(state, number):
        return
    look = number.reason in ("金额", "百分比") or number.kind is NumberKind.LIMIT
    state.not_a_target(number, number.reason, look=look)


def _names_amount_of_due(state: ClauseState, number: ClauseNumber) -> bool:
    """Return whether a due day belongs to a document or amount named after it.

    In 简报12期，每月28日前报送, it belongs to the current item.
    """
    start = state.segment_start(number.start)
    words = re.split("[，。；）\n]", state.text[start:])[0]
    if any(is_amount(t) and number.end <= t.start < start + len(words) for t in state.tokens):
        return True
    paper, current = find_paper_unit(words), state.current
    if paper is None and has_word("hand_in", words):
        return current is None or not {"期", "份", "篇"} & set(current.units())
    return paper is not None


def _make_monthly(state: ClauseState) -> None:
    """Add a monthly target of 1 to an item with a due day, if its total is the number of months.

    Example: 12期（每月25日前）.
    """
    item = state.due_item
    if item is None or any(AmountKey.MONTHLY in other.amounts for other in state.reading.items):
        return
    months = max(1, round(state.period.days / 30.44))
    totals = item.amounts.get(AmountKey.TOTAL, {})
    unit = next((unit for unit, value in totals.items() if value == months), None)
    if unit is not None:
        item.add(AmountKey.MONTHLY, unit, Decimal(1))
        item.add_note(f"原文写了每月的截止日，按每月1{unit}写")


def _read_types(state: ClauseState) -> None:
    """Add the types that must each occur (包括A类、B类等类型) to the last item with a total."""
    begin = any_spaced(word_list("types_begin"))
    end = any_spaced(word_list("types_end"))
    totals = [item for item in state.reading.items if AmountKey.TOTAL in item.amounts]
    if not totals:
        return
    item = totals[-1]
    for match in re.finditer(rf"(?:{begin})(?P<list>[^，。；（）：\d]{{4,90}})", state.text):
        body, etc, rest = match["list"].partition("等")
        names = split_list(body)
        typed = all(re.search(rf"(?:{end})$", name) for name in names)
        if not names or item.types or max(map(len, names)) > 12:
            continue
        if typed or (etc and re.search(rf"(?:{end})$", rest.strip())):
            item.types = tuple(dict.fromkeys(names))
            phrase = "每一类至少一个：" + "、".join(names)
            state.reading.readings.append(NumberReading(match[0], phrase, match.start()))


def _finish_clause(state: ClauseState) -> None:
    """Attach the remaining conditions, the due day, and the rule that each person counts once.

    Make a clause without items a milestone.
    """
    reading = state.reading
    if state.counts_once and reading.items:
        (state.once or reading.items[-1]).once_per_person = True
    _make_monthly(state)
    for item in reading.items:
        if state.due_day and AmountKey.MONTHLY in item.amounts and not item.due_day:
            item.due_day = state.due_day
            break
    due = parse_due_day(state.text, state.period)
    if due is not None and any(item.amounts for item in reading.items):
        reading.notes.append(f"原文要求 {due} 前完成；目标文件只给“完成一次”的服务项记截止日")
    for item in reading.items:
        _drop_repeated_total(item, state.period)
        _mark_impossible(item)
    if not reading.items:
        reading.is_no_indicator = _only_excludes(state)
        name = state.title or trim_name(re.split("[，。；：]", state.text)[0])
        name = shorten_name(name or state.about or "服务项")
        item = ProposedItem(name=name, milestone=True)
        item.due = parse_due_day(state.text, state.period)
        if state.waiting:
            minimums = "、".join(f"{plain(c.least)}{c.unit}" for c in state.waiting)
            item.add_note(f"这一条只有条件（每次至少{minimums}），写到有关的服务项上才起作用")
        reading.unattached = state.waiting
        reading.items.append(item)
    else:
        for condition in state.waiting:
            attach_condition(reading.items[0], condition)
        _mark_impossible(reading.items[0])
    reading.readings.sort(key=lambda reading: reading.start)


def _drop_repeated_total(item: ProposedItem, period: Period) -> None:
    """Drop a total that only repeats the amount of a month or quarter: 2篇（每月2篇）."""
    totals = item.amounts.get(AmountKey.TOTAL, {})
    for key, days in ((AmountKey.MONTHLY, 60), (AmountKey.QUARTERLY, 180)):
        for unit, value in item.amounts.get(key, {}).items():
            if totals.get(unit) == value and period.days > days:
                del totals[unit]
                item.add_note(
                    f"{plain(value)}{unit}写了两次，按{KEY_LABELS[key]}的数写，没有写累计"
                )
    if not totals:
        item.amounts.pop(AmountKey.TOTAL, None)


def _only_excludes(state: ClauseState) -> bool:
    """Return whether every sentence of a clause states an amount that is not a target."""
    excluded = [place for place, _ in state.reading.excluded]
    sentences = re.finditer(r"[^。；\n！？]*[一-龥][^。；\n！？]*", state.text)
    foreign = [word for words in word_list("other_uses").values() for word in words]
    return all(
        (excluded and re.search("(?:下列|以下|如下)[^，。]*：$", sentence[0]))
        or any(sentence.start() <= place < sentence.end() for place in excluded)
        or (re.search(r"\d", sentence[0]) and any(word in sentence[0] for word in foreign))
        for sentence in sentences
    )


def _mark_impossible(item: ProposedItem) -> None:
    """Add a note if a single activity would have to reach more than the total of the item."""
    totals = item.amounts.get(AmountKey.TOTAL, {})
    for unit, least in item.each.items():
        kin = HEADCOUNT if unit in HEADCOUNT else {unit, f"{unit}次"}
        whole = max((v for u, v in totals.items() if u in kin), default=None)
        if whole is not None and least > whole:
            item.add_note(
                f"每次至少 {plain(least)} {unit}，比总数 {plain(whole)} 还多，没有一次活动能达到"
            )
