"""Reads targets without a number: bare rhythms, lists of types, papers, whole clauses."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from sgtrack.model.text_patterns import any_spaced, longest_first
from sgtrack.model.units import plain
from sgtrack.tender.clause_conditions import attach
from sgtrack.tender.clause_numbers import Number
from sgtrack.tender.clause_proposals import SAID, Item, Reading, Slot
from sgtrack.tender.clause_state import Walk
from sgtrack.tender.cues import Token, is_amount, listed
from sgtrack.tender.item_naming import shortened, trimmed
from sgtrack.tender.lexicon import lexicon
from sgtrack.tender.rhythms import Rhythm, slot_of


def leave_rhythm(walk: Walk, end: int) -> None:
    """Read a rhythm without a number as one each time, if it asks for an activity or a paper."""
    beat, walk.rhythm = walk.rhythm, None
    if beat is None or walk.rhythm_used or beat.kind == "whole":
        return
    start = walk.segment_start(beat.start)
    stop = next((n for n in range(beat.end, end) if walk.text[n] in "，。；\n（"), end)
    words = walk.text[start:stop]
    inside = [t for t in walk.tokens if start <= t.start < stop and t is not beat]
    paper = rhythmic_paper(words)
    if _says_nothing(walk, beat, inside, words, paper):
        return
    unit = paper or "次"
    slotted = slot_of(beat.kind, beat.said, Decimal(1), unit, walk.span)
    if slotted is None:
        walk.made.notes.append(f"“{beat.said}”没有写次数，目标文件也不能按“{beat.said}”累计")
        return
    slot, value, notes = slotted
    if paper is None:
        notes = [*notes, f"原文没有写次数，先按{beat.said}1次"]
    told = trimmed(walk.text[beat.end : stop]) or trimmed(words)
    item = Item(name=shortened(told or walk.about or "服务项"))
    item.add(slot, unit, value)
    item.note(*notes)
    due = re.search(r"(\d{1,2})\s?[日号]", words)
    if due and slot is Slot.MONTHLY and 1 <= int(due[1]) <= 31:
        item.due_day = int(due[1])
    elif due:
        item.note(f"“{due[0]}前”目标文件只能写在每月的指标上")
    walk.made.items.append(item)
    walk.made.readings.append(Reading(words, f"{SAID[slot]} {plain(value)} {unit}", start))


def _says_nothing(
    walk: Walk, beat: Rhythm, inside: list[Token], words: str, paper: str | None
) -> bool:
    """Return whether a bare rhythm asks for nothing: 每周工作5天, 季度 beside 每季度."""
    if any(is_amount(token) for token in inside):
        return True
    if beat.weak and (paper is None or any(isinstance(token, Rhythm) for token in inside)):
        return True
    if paper is not None or lexicon().has("hand_in", words):
        return False
    aside = bool(walk.made.items) and walk.inside_bracket(beat.start)
    lasting = any(_is_duration(token) for token in inside)
    return aside or lasting or lexicon().has("staff", words)


def read_types(walk: Walk) -> None:
    """Read lists of types that must each occur: 包括A类、B类等类型."""
    words = lexicon()
    begin = any_spaced(words.lists["types_begin"])
    end = any_spaced(words.lists["types_end"])
    for match in re.finditer(rf"(?:{begin})(?P<list>[^，。；（）：\d]{{4,90}})", walk.text):
        item = next((i for i in reversed(walk.made.items) if Slot.TOTAL in i.amounts), None)
        body, etc, rest = match["list"].partition("等")
        names = listed(body)
        typed = all(re.search(rf"(?:{end})$", name) for name in names)
        if item is None or not names or item.types or max(map(len, names)) > 12:
            continue
        if typed or (etc and re.search(rf"(?:{end})$", rest.strip())):
            item.types = tuple(dict.fromkeys(names))
            said = "每一类至少一个：" + "、".join(names)
            walk.made.readings.append(Reading(match[0], said, match.start()))


def read_papers(walk: Walk) -> None:
    """Add a milestone for each paper that is handed in once."""
    spans = [r.start for r in walk.made.readings if not r.meaning.startswith("不是指标")]
    found = [
        (start, words, names)
        for start, words in _segments(walk.text)
        if not any(start <= place < start + len(words) for place in spans)
        and (names := deliverables(words))
    ]
    if not walk.made.items and sum(len(names) for _, _, names in found) < 2:
        return  # the whole clause is the one milestone
    for start, words, names in found:
        for name in names:
            item = Item(name=shortened(name), milestone=True, due=due_day(words))
            walk.made.items.append(item)
        walk.made.readings.append(Reading(words, "完成一次：" + "、".join(names), start))


def due_day(words: str) -> date | None:
    """Parse a due date: 2026年6月30日前."""
    written = re.search(r"(\d{4})年(\d{1,2})月(\d{1,2})日(?:之|以)?前", words)
    try:
        return date(*(int(part) for part in written.groups())) if written else None
    except ValueError:
        return None


def close(walk: Walk) -> None:
    """Attach what is pending to items; a clause without items becomes a milestone."""
    made = walk.made
    if walk.said_once and made.items:
        (walk.once or made.items[-1]).once_per_person = True
    monthly = [item for item in made.items if Slot.MONTHLY in item.amounts and not item.due_day]
    if walk.due_day and monthly:
        monthly[0].due_day = walk.due_day
    if not made.items:
        name = walk.title or trimmed(re.split("[，。；：]", walk.text)[0])
        name = shortened(name or walk.about or "服务项")
        item = Item(name=name, milestone=True, due=due_day(walk.text))
        if walk.waiting:
            wanted = "、".join(f"{plain(one.least)}{one.unit}" for one in walk.waiting)
            item.note(f"这一条只有条件（每次至少{wanted}），写到有关的服务项上才起作用")
        made.loose = walk.waiting
        made.items.append(item)
    else:
        for condition in walk.waiting:
            attach(made.items[0], condition)
    made.readings.sort(key=lambda reading: reading.start)


def _is_duration(token: Token) -> bool:
    return isinstance(token, Number) and not re.match(r"\d+[日号]$", token.said)


def _segments(text: str) -> list[tuple[int, str]]:
    """Split at commas and sentence ends; return each segment with its position."""
    return [(match.start(), match[0]) for match in re.finditer(r"[^，。；！？\n]+", text)]


def rhythmic_paper(words: str) -> str | None:
    """Return the unit of a paper handed in each time, or None."""
    units = lexicon().table("written_units")
    for paper in longest_first(units):
        if paper in words:
            return str(units[paper])
    return None


def deliverables(words: str) -> list[str]:
    """List the papers to hand in: 上报A、B等报告 names A报告 and B报告."""
    handed = re.search(rf"(?:{any_spaced(lexicon().lists['hand_in'])})(?P<what>[^（）]+)$", words)
    if handed is None:
        return []
    papers = any_spaced(lexicon().lists["papers"])
    what = handed["what"].strip(" ：:")
    body, _, _ = what.partition("等")
    paper = re.search(rf"(?:{papers})$", what.strip())
    if paper is None and not re.search(rf"(?:{papers})", what):
        return []
    names = listed(body)
    if not names:
        return [trimmed(what) or what]
    kind = paper[0] if paper else ""
    whole = [name if re.search(rf"(?:{papers})$", name) else f"{name}{kind}" for name in names]
    return [trimmed(name) or name for name in whole]
