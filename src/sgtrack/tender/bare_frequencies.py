"""Reads frequencies without a number as one activity or document per period: 每月报送简报."""

from __future__ import annotations

import re
from decimal import Decimal

from sgtrack.model.units import plain
from sgtrack.tender.clause_exclusions import is_done_by_buyer
from sgtrack.tender.clause_numbers import ClauseNumber
from sgtrack.tender.clause_proposals import KEY_LABELS, AmountKey, NumberReading, ProposedItem
from sgtrack.tender.clause_state import ClauseState
from sgtrack.tender.cues import Frequency, Token, convert_frequency, is_amount
from sgtrack.tender.deliverables import find_paper_unit
from sgtrack.tender.lexicon import has_word, shorten_name, trim_name, word_list


def read_bare_frequency(state: ClauseState, end: int) -> None:
    """Add an item for a frequency without a number, with an amount of one per period.

    Add nothing if the frequency asks for neither an activity nor a document. Add only a note if the
    frequency (每天) cannot be converted.
    """
    frequency, state.frequency = state.frequency, None
    if frequency is None or state.frequency_used or frequency.kind == "whole":
        return
    if is_done_by_buyer(state, frequency.end):
        return
    if frequency.kind == "weekdays" and re.search("[至到—-]", frequency.words):
        reason = f"“{frequency.words}”是开放或服务的时间，没有写次数"
        state.reading.notes.append(reason)
        state.reading.excluded.append((frequency.start, reason))
        return
    if re.match("[^，。；\n]*：(?:全年|年度|共计|累计|合计)", state.text[frequency.end :]):
        return  # 每周探访：全年5200人次, where the total stands in another column
    if re.match(r"\s?\d{1,2}月", state.text[frequency.end :]):
        return  # 每年6月30日前 is a deadline
    sentence = re.split("[。；\n]", state.text[state.sentence_start(frequency.start) :])[0]
    if any(word in sentence for words in word_list("other_uses").values() for word in words):
        return  # 每季度支付25%
    start = state.segment_start(frequency.start)
    stop = next((n for n in range(frequency.end, end) if state.text[n] in "，。；\n（"), end)
    words = state.text[start:stop]
    inside = [t for t in state.tokens if start <= t.start < stop and t is not frequency]
    paper = find_paper_unit(words)
    if _asks_for_nothing(state, frequency, inside, words, paper):
        return
    unit = paper or "次"
    converted = convert_frequency(frequency.kind, frequency.words, Decimal(1), unit, state.period)
    if converted is None:
        note = f"“{frequency.words}”没有写次数，目标文件也不能按“{frequency.words}”累计"
        state.reading.notes.append(note)
        return
    key, value, notes = converted
    if paper is None:
        notes = [*notes, f"原文没有写次数，先按{frequency.words}1次"]
    name = trim_name(state.text[frequency.end : stop]) or trim_name(words)
    item = ProposedItem(name=shorten_name(name or state.about or "服务项"))
    item.add(key, unit, value)
    item.add_note(*notes)
    due = re.search(r"(\d{1,2})\s?[日号]", words)
    if due and key is AmountKey.MONTHLY and 1 <= int(due[1]) <= 31:
        item.due_day = int(due[1])
    elif due:
        item.add_note(f"“{due[0]}前”目标文件只能写在每月的指标上")
    state.reading.items.append(item)
    state.reading.readings.append(
        NumberReading(words, f"{KEY_LABELS[key]} {plain(value)} {unit}", start)
    )


def _asks_for_nothing(
    state: ClauseState, frequency: Frequency, inside: list[Token], words: str, paper: str | None
) -> bool:
    """Return whether a frequency asks for neither an activity nor a document: 每周工作5天."""
    if any(is_amount(token) for token in inside):
        return True
    if frequency.weak and (paper is None or any(isinstance(token, Frequency) for token in inside)):
        return True
    if paper is not None or has_word("hand_in", words):
        return False
    aside = bool(state.reading.items) and state.inside_bracket(frequency.start)
    lasting = any(
        isinstance(token, ClauseNumber) and not re.match(r"\d+[日号]$", token.words)
        for token in inside
    )
    return aside or lasting or has_word("staff", words) or has_word("opening", words)
