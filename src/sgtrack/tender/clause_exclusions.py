"""Recognises amounts that are not targets: staff, terms of payment, bidders, names of places."""

from __future__ import annotations

import re
from functools import cache

from sgtrack.model.text import any_spaced
from sgtrack.model.units import PEOPLE, UNITS, Measure
from sgtrack.tender.clause_numbers import ClauseNumber, NumberKind
from sgtrack.tender.clause_state import ClauseState
from sgtrack.tender.cues import Cue, CueMark, Frequency
from sgtrack.tender.lexicon import find_noun, has_word, trim_name, word_list

STAFF_REASON = "人员配备的要求，不是累计的指标"
EXISTING_REASON = "现有的数，不是要完成的数"
KINDS_REASON = "内容的种类，不是要累计的数"


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    roles = any_spaced(word_list("staff_roles"))
    at_least = any_spaced([*word_list("at_least"), *word_list("about")])
    return (
        re.compile(
            rf"(?:{roles})(?:人员|人数)?(?:（[^（）]*）)?(?:为|共|有|各|：|\s|{at_least})*$"
        ),
        re.compile(rf"[一-龥]{{0,4}}?(?:{roles})(?!.{{0,6}}(?:培训|督导))"),
    )


def is_staff(state: ClauseState, number: ClauseNumber) -> bool:
    """Return whether an amount of people is staff to employ: 配备社工4名，其中持证2名."""
    if number.unit not in (*PEOPLE, "个"):
        return False
    before = state.text[state.sentence_start(number.start) : number.start]
    after = re.split("[，。；（）]", state.text[number.end : number.end + 8])[0]
    segment = state.words_before(number.start)
    if number.unit in PEOPLE and "志愿" not in segment and _is_employed(segment, after):
        return True
    served = has_word("gained", segment) or has_word("served_verbs", segment)
    if "志愿" in segment + re.split("[，、。；]", after)[0] or served:
        state.was_staff = False
        return False
    if state.was_staff and number.unit in PEOPLE:
        return True
    label = re.match(r"[^，。；：\d]{2,8}(?=：)", state.text)
    if (
        label
        and number.unit in PEOPLE
        and re.search("(?:人员|团队|人员配备|人员配置|人员要求|团队要求)$", label[0])
    ):
        return True
    if has_word("staff", before + after) and not has_word("gained", before):
        return True
    before_number, after_number = _patterns()
    noun = after_number.match(find_noun(state.text, number.end))
    role = before_number.search(segment) or noun
    return number.unit in PEOPLE and role is not None and not has_word("gained", before)


def _is_employed(before: str, after: str) -> bool:
    """Return whether people do the work: 每站配备2名社工, 由5名专家组成的顾问团."""
    least = rf"(?:{any_spaced([*word_list('at_least'), *word_list('about')])}|的)*\s?$"
    if re.search(rf"(?:{any_spaced(word_list('employs'))})[一-龥]{{0,4}}?{least}", before):
        return True
    return re.search(rf"由[一-龥]{{0,6}}{least}", before) is not None and has_word("serves", after)


def is_population(state: ClauseState, number: ClauseNumber) -> bool:
    """Return whether an amount counts the people served: 50名 in 为50名老人每月探访2次.

    This is so after 对, 为 or 给 if another amount per person, per month or in total follows:
    对134名儿童主任开展轮训，全年举办培训4期.
    """
    before = state.words_before(number.start)
    if number.unit not in (*PEOPLE, "户") or not re.search(
        "(?:对|为|给|向|针对)(?:其中|辖区|全部)?的?$", before
    ):
        return False
    stop = re.search("[；。\n]", state.text[number.end :])
    end = number.end + stop.start() if stop else len(state.text)
    rest = [token for token in state.tokens if number.end <= token.start < end]
    amounts = [t for t in rest if isinstance(t, ClauseNumber) and t.kind is NumberKind.AMOUNT]
    ways = [
        t
        for t in rest
        if (isinstance(t, Frequency) and t.kind != "whole")
        or (isinstance(t, CueMark) and t.cue is Cue.PER_PERSON)
    ]
    detail = re.match(
        rf"[^，。；]*，(?:{any_spaced(word_list('details'))})", state.text[number.end :]
    )
    done = (Measure.OCCASIONS, Measure.VISITS, Measure.TIME)
    amounts = [amount for amount in amounts if UNITS[amount.unit].measure in done]
    led = state.frequency is not None and state.same(state.frequency, number.start)
    ways_follow = bool(ways) or led or any(t.frequency for t in amounts) or detail is not None
    return bool(amounts) and ways_follow


def find_sentence_use(state: ClauseState, number: ClauseNumber) -> str:
    """Return the reason why no number of a sentence is a target, such as payment, or ""."""
    sentence = state.text[state.sentence_start(number.start) :]
    sentence = sentence[: len(re.split("[。；\n！？]", sentence)[0])]
    head = state.text[: number.start].split("：", 1)
    label = trim_name(head[0]) if len(head) > 1 else ""
    for reason, words in word_list("other_uses").items():
        if any(word in sentence for word in words) or label.endswith(tuple(words)):
            return str(reason)
    if is_done_by_buyer(state, number.start):
        return "采购人的事，不是供应商的指标"
    return ""


def find_other_use(state: ClauseState, number: ClauseNumber) -> str:
    """Return the reason why the words around an amount rule out a target, or ""."""
    if reason := find_sentence_use(state, number):
        return reason
    before = state.words_before(number.start)
    segment = before + re.split("[，。；\n]", state.text[number.start :])[0]
    rule = re.search(
        rf"(?:{any_spaced(word_list('score_leads'))})(?:{any_spaced(word_list('item_verbs'))})?$",
        before,
    )
    follows = re.match(r"[^。；\n]{0,8}?[扣加减得][\d.]", state.text[number.end :])
    directly = re.match(r"的?[扣减]\s?[\d.]", state.text[number.end :])
    if has_word("score_words", segment) or (rule and follows) or directly:
        return "评分或考核的规则，不是指标"
    least = any_spaced([*word_list("at_least"), "各", "为", "共"])
    checks = re.search(rf"(?:考核|验收)(?:{least})*\s*$", before)
    if number.unit == "次" and (checks or state.text.startswith(("考核", "验收"), number.end)):
        return "考核或评估的安排，不是服务的数"
    open_hours = number.unit in ("天", "小时") and has_word("opening", before)
    weekly = state.frequency is not None and state.frequency.kind in ("week", "day")
    days = number.unit == "天" and state.frequency is not None
    if (open_hours and weekly) or (days and (weekly or has_word("opening", before))):
        return "开放或值班的时间，不是指标"
    sentence = state.text[state.sentence_start(number.start) : number.start]
    if re.search(word_list("after_activity")[0], sentence):
        return "每次活动以后的材料，不是累计的数"
    if re.search(word_list("page_counters")[0], before):
        return "网页的点击数，不是指标"
    reason = find_existing(state, number)
    if reason:
        return reason
    named = re.search(rf"(?:{any_spaced(word_list('before_names'))})$", before)
    noun = re.match(r"[一-龥A-Za-z]+", state.text[number.end :])
    if named and number.unit not in PEOPLE and noun:
        return "名称里的数，不是要累计的数"
    return KINDS_REASON if is_kind_count(state, number) else ""


def is_done_by_buyer(state: ClauseState, at: int) -> bool:
    """Return whether the buyer is the subject at a position: 采购人提供场地2处."""
    segments = re.split("[，：]", state.text[state.sentence_start(at) : at])
    buyers, agencies = any_spaced(word_list("buyers")), any_spaced(word_list("agencies"))
    acts = any_spaced(word_list("buyers_acts"))
    for segment in reversed(segments):
        if re.search(agencies, segment):
            return False
        if re.match(rf"\s*(?:如|若|应?由)?(?:{buyers})(?:{acts})(?!的)", segment):
            return True
        office = re.match(rf"\s*(?:{any_spaced(word_list('offices'))})(?:{acts})", segment)
        if office and has_word(
            "supervises", re.split("[，。；]", state.text[at - len(segment) :])[0]
        ):
            return True
    return False


def find_existing(state: ClauseState, number: ClauseNumber) -> str:
    """Return the reason if an amount counts something that exists or is arranged already, else "".

    The next numbers of a list or after 其中 are treated alike: 现有老人900人，其中独居60人.
    """
    before = state.words_before(number.start)
    verbs = any_spaced(word_list("item_verbs"))
    for reason, ends in word_list("other_uses_before").items():
        if re.search(rf"(?:{any_spaced(ends)})(?:(?!{verbs})[^，\d]){{0,24}}$", before):
            return str(reason)
    between = re.sub(r"^(?:及|含|（含）)*以[上下]", "", state.text[state.last_end : number.start])
    asked = any_spaced([*word_list("item_verbs"), *word_list("at_least"), *word_list("totals")])
    listed = number.unit in (*PEOPLE, "户", "个", "家", "人次") and not re.search(asked, between)
    if state.was_existing and listed and not state.same(state.frequency, number.start):
        return EXISTING_REASON
    return ""


def is_kind_count(state: ClauseState, number: ClauseNumber) -> bool:
    """Return whether a number counts kinds instead of activities: 4个主题, 等5类人群."""
    if number.unit != "个":
        return False
    noun = re.match(r"[一-龥A-Za-z]+", state.text[number.end :])
    of_kinds = re.fullmatch(r"[\d一二两三四五六七八九十]+\s?(?:大?类|种)", number.words)
    before = state.text[: number.start].rstrip()
    if of_kinds:
        asked = before.endswith(tuple(word_list("at_least")))
        kinds = any_spaced(["活动", "服务", "主题", "人群", "对象"])
        return before.endswith("等") or bool(noun and (not asked or re.match(kinds, noun[0])))
    aspect = any_spaced(word_list("aspects"))
    return noun is not None and bool(re.match(rf"(?:{aspect})(?!活动|宣|教|日|月)", noun[0]))
