"""Reads targets without a number: bare rhythms, lists of types, papers, whole clauses."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from sgtrack.model.text import any_spaced, longest_first
from sgtrack.model.units import plain
from sgtrack.tender.clause_conditions import attach_condition
from sgtrack.tender.clause_numbers import ClauseNumber
from sgtrack.tender.clause_proposals import KEY_LABELS, AmountKey, NumberReading, ProposedItem
from sgtrack.tender.clause_state import ClauseState
from sgtrack.tender.cues import Rhythm, Token, convert_rhythm, is_amount, split_list
from sgtrack.tender.lexicon import has_word, shorten_name, trim_name, word_list


def read_bare_rhythm(state: ClauseState, end: int) -> None:
    """Read a rhythm without a number as one each time, if it asks for an activity or a paper."""
    rhythm, state.rhythm = state.rhythm, None
    if rhythm is None or state.rhythm_used or rhythm.kind == "whole":
        return
    start = state.segment_start(rhythm.start)
    stop = next((n for n in range(rhythm.end, end) if state.text[n] in "，。；\n（"), end)
    words = state.text[start:stop]
    inside = [t for t in state.tokens if start <= t.start < stop and t is not rhythm]
    paper = find_paper_unit(words)
    if _asks_for_nothing(state, rhythm, inside, words, paper):
        return
    unit = paper or "次"
    converted = convert_rhythm(rhythm.kind, rhythm.words, Decimal(1), unit, state.span)
    if converted is None:
        state.reading.notes.append(
            f"“{rhythm.words}”没有写次数，目标文件也不能按“{rhythm.words}”累计"
        )
        return
    key, value, notes = converted
    if paper is None:
        notes = [*notes, f"原文没有写次数，先按{rhythm.words}1次"]
    name = trim_name(state.text[rhythm.end : stop]) or trim_name(words)
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
    state: ClauseState, rhythm: Rhythm, inside: list[Token], words: str, paper: str | None
) -> bool:
    """Return whether a bare rhythm asks for nothing: 每周工作5天, 季度 beside 每季度."""
    if any(is_amount(token) for token in inside):
        return True
    if rhythm.weak and (paper is None or any(isinstance(token, Rhythm) for token in inside)):
        return True
    if paper is not None or has_word("hand_in", words):
        return False
    aside = bool(state.reading.items) and state.inside_bracket(rhythm.start)
    lasting = any(
        isinstance(token, ClauseNumber) and not re.match(r"\d+[日号]$", token.words)
        for token in inside
    )
    return aside or lasting or has_word("staff", words)


def read_types(state: ClauseState) -> None:
    """Read lists of types that must each occur: 包括A类、B类等类型."""
    begin = any_spaced(word_list("types_begin"))
    end = any_spaced(word_list("types_end"))
    for match in re.finditer(rf"(?:{begin})(?P<list>[^，。；（）：\d]{{4,90}})", state.text):
        item = next(
            (i for i in reversed(state.reading.items) if AmountKey.TOTAL in i.amounts), None
        )
        body, etc, rest = match["list"].partition("等")
        names = split_list(body)
        typed = all(re.search(rf"(?:{end})$", name) for name in names)
        if item is None or not names or item.types or max(map(len, names)) > 12:
            continue
        if typed or (etc and re.search(rf"(?:{end})$", rest.strip())):
            item.types = tuple(dict.fromkeys(names))
            phrase = "每一类至少一个：" + "、".join(names)
            state.reading.readings.append(NumberReading(match[0], phrase, match.start()))


def read_papers(state: ClauseState) -> None:
    """Add a milestone for each paper that is handed in once."""
    spans = [r.start for r in state.reading.readings if not r.meaning.startswith("不是指标")]
    segments = [
        (segment.start(), segment[0], names)
        for segment in re.finditer(r"[^，。；！？\n]+", state.text)
        if not any(segment.start() <= place < segment.end() for place in spans)
        and (names := find_deliverables(segment[0]))
    ]
    if not state.reading.items and sum(len(names) for _, _, names in segments) < 2:
        return  # the whole clause is the one milestone
    for start, words, names in segments:
        for name in names:
            item = ProposedItem(name=shorten_name(name), milestone=True, due=due_day(words))
            state.reading.items.append(item)
        state.reading.readings.append(NumberReading(words, "完成一次：" + "、".join(names), start))


def due_day(words: str) -> date | None:
    """Parse a due date: 2026年6月30日前."""
    written = re.search(r"(\d{4})年(\d{1,2})月(\d{1,2})日(?:之|以)?前", words)
    try:
        return date(*(int(part) for part in written.groups())) if written else None
    except ValueError:
        return None


def finish_clause(state: ClauseState) -> None:
    """Attach what is pending to items; a clause without items becomes a milestone."""
    reading = state.reading
    if state.counts_once and reading.items:
        (state.once or reading.items[-1]).once_per_person = True
    monthly = [
        item for item in reading.items if AmountKey.MONTHLY in item.amounts and not item.due_day
    ]
    if state.due_day and monthly:
        monthly[0].due_day = state.due_day
    if not reading.items:
        name = state.title or trim_name(re.split("[，。；：]", state.text)[0])
        name = shorten_name(name or state.about or "服务项")
        item = ProposedItem(name=name, milestone=True, due=due_day(state.text))
        if state.waiting:
            minimums = "、".join(f"{plain(c.least)}{c.unit}" for c in state.waiting)
            item.add_note(f"这一条只有条件（每次至少{minimums}），写到有关的服务项上才起作用")
        reading.unattached = state.waiting
        reading.items.append(item)
    else:
        for condition in state.waiting:
            attach_condition(reading.items[0], condition)
    reading.readings.sort(key=lambda reading: reading.start)


def find_paper_unit(words: str) -> str | None:
    """Return the unit of a paper handed in each time, or None."""
    units = word_list("written_units")
    for paper in longest_first(units):
        if paper in words:
            return str(units[paper])
    return None


def find_deliverables(words: str) -> list[str]:
    """List the papers to hand in: 上报A、B等报告 names A报告 and B报告."""
    handed = re.search(rf"(?:{any_spaced(word_list('hand_in'))})(?P<what>[^（）]+)$", words)
    if handed is None:
        return []
    papers = any_spaced(word_list("papers"))
    what = handed["what"].strip(" ：:")
    body, _, _ = what.partition("等")
    paper = re.search(rf"(?:{papers})$", what.strip())
    if paper is None and not re.search(rf"(?:{papers})", what):
        return []
    names = split_list(body)
    if not names:
        return [trim_name(what) or what]
    kind = paper[0] if paper else ""
    whole = [name if re.search(rf"(?:{papers})$", name) else f"{name}{kind}" for name in names]
    return [trim_name(name) or name for name in whole]
