"""Reads rates and sums of money, which become milestones: 满意度90%, 链接资源5万元."""

from __future__ import annotations

import re

from sgtrack.model.text import any_spaced
from sgtrack.model.units import plain
from sgtrack.tender.clause_exclusions import STAFF_REASON, find_sentence_use
from sgtrack.tender.clause_numbers import ClauseNumber
from sgtrack.tender.clause_proposals import ProposedItem
from sgtrack.tender.clause_state import ClauseState
from sgtrack.tender.lexicon import has_word, shorten_name, trim_name, word_list


def read_rate(state: ClauseState, number: ClauseNumber) -> bool:
    """Add a milestone for a percentage or a sum of money, and return whether the number was read.

    Maximums, and rates of staff, payments and scores, are recorded as numbers that are not targets.
    """
    before = state.text[: number.start]
    words = re.split("[，。；：\n]", before.rstrip("：（ "))[-1]
    reason = _find_reason(state, number, words)
    if reason:
        state.reading.excluded.append((number.start, f"“{number.words}”{reason}"))
        state.not_a_target(number, reason, look=True)
        return True
    if number.reason == "百分比":
        is_rate = re.search("[率度]|占比|比例", words) is not None
    else:
        is_rate = has_word("measured_once", words)
    if is_rate:
        _add_milestone(state, number, words)
    return is_rate


def _find_reason(state: ClauseState, number: ClauseNumber, words: str) -> str:
    if number.reason != "百分比":
        return ""
    if has_word("staff_rates", words):
        return STAFF_REASON
    most = words.rstrip().endswith(tuple(word_list("at_most"))) or re.search("控制在$", words)
    after = re.match("(?:及|含)*(?:以内|以下)", state.text[number.end :])
    if most or after:
        return "上限，目标文件只记下限"
    if not re.search(rf"(?:{any_spaced(word_list('measured_once'))})", words):
        return find_sentence_use(state, number)
    return ""


def _add_milestone(state: ClauseState, number: ClauseNumber, words: str) -> None:
    name = shorten_name(trim_name(re.split("[（）]", words)[-1]) or state.title or state.about)
    share = number.value and not number.unit  # 0.95 in a sheet
    name += f"{plain(number.value * 100)}%" if share else number.words.replace(" ", "")
    item = ProposedItem(name=name, milestone=True, measured=True)
    item.add_note(f"“{number.words}”是{number.reason}，不能按次累计，达到后记一次并附证明材料")
    state.reading.items.append(item)
    state.reading.record(number, f"完成一次：{name}")
