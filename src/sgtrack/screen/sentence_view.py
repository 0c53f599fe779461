"""Shows the draft of an activity: each value beside the words that it was read from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from rich.console import RenderableType
from rich.table import Column
from rich.text import Text

from sgtrack.entry.activity_input import ActivityInput, units_of
from sgtrack.entry.date_parsing import read_date
from sgtrack.entry.series_names import read_series_title
from sgtrack.model.contract import Project
from sgtrack.model.errors import Refused
from sgtrack.model.units import number, plain
from sgtrack.screen.console import grid
from sgtrack.sentence.activity_draft import (
    CLOSES,
    DAY,
    ITEM,
    TITLE,
    ActivityDraft,
    OpenQuestion,
)
from sgtrack.sentence.amount_questions import Doubt

PLACE, NAMES, TYPE = "place", "names", "type"
"""Fields of a draft that are never asked."""
_WHY = {
    Doubt.INEXACT: "“{words}”不是准确的数",
    Doubt.SEVERAL: "“{words}”里哪些算，一共多少",
    Doubt.EACH: "“{words}”合起来一共多少",
    Doubt.OTHER_UNIT: "“{words}”不是按{unit}数的",
    Doubt.MISSING: "没有写多少{unit}",
}


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A row of a draft: its field, a label, the value as text, and the words it was read from."""

    field: str
    label: str
    value: str
    words: str
    is_open: bool = False


def draft_rows(project: Project, draft: ActivityDraft, today: date) -> tuple[DraftRow, ...]:
    """Return the rows of a draft; the officer corrects a row by its place in this list."""
    return tuple(_rows(project, draft, today))


def _rows(project: Project, draft: ActivityDraft, today: date) -> Iterator[DraftRow]:
    values, item = draft.values, draft.item
    asked = {question.asked: question for question in draft.questions}

    def open_row(field: str, label: str) -> DraftRow:
        return DraftRow(field, label, "待核实", why(asked[field]), is_open=True)

    day = DraftRow(DAY, "日期", *_day_words(project, draft, today))
    yield open_row(DAY, "日期") if DAY in asked else day
    if item is None:
        fitting = "、".join(f"{one.code} {one.name}" for one in draft.candidates)
        yield DraftRow(ITEM, "服务项", "待选择", fitting or "看不出来", is_open=True)
        units: tuple[str, ...] = ()
    else:
        words = _quoted(draft.words.get(ITEM, ""))
        yield DraftRow(ITEM, "服务项", f"{item.code} {item.name}", words)
        units = units_of(project, item.code, values.also or ())
    amounts = draft.amounts
    for unit in units:
        if unit in asked:
            yield open_row(unit, unit)
        elif unit in draft.implied:
            yield DraftRow(unit, unit, plain(amounts[unit]), "没有写，按默认计")
        elif unit in amounts:
            yield DraftRow(unit, unit, plain(amounts[unit]), _quoted(draft.words.get(unit, "")))
        else:
            yield DraftRow(unit, unit, "—", "")
    yield DraftRow(PLACE, "地点", values.place or "—", "")
    if TITLE in asked:
        yield DraftRow(TITLE, "标题", "待填写", "每次写同一个名称", is_open=True)
    else:
        yield DraftRow(TITLE, "标题", values.title or "—", "")
    if item is not None and item.types:
        yield DraftRow(TYPE, "类型", values.activity_type or "—", "")
    names = len(values.participants or ())
    yield DraftRow(NAMES, "姓名", f"{names} 个" if names else "—", "")
    if item is not None and item.series:
        closing = _quoted(draft.words.get(CLOSES, ""))
        yield DraftRow(CLOSES, "结束", "是" if values.closes else "否", closing)


def further_words(values: ActivityInput) -> str:
    """Return the typed values that have no row, such as 备注“下雨”；到场120人次."""
    evidence = len(values.evidence or ())
    parts = [
        f"备注{_quoted(values.note)}" if values.note else "",
        f"同时计入 {'、'.join(values.also)}" if values.also else "",
        f"到场{values.attendance}人次" if values.attendance else "",
        f"成效{_quoted(values.effect)}" if values.effect else "",
        f"佐证材料 {evidence} 件" if evidence else "",
    ]
    return "；".join(filter(None, parts))


def _day_words(project: Project, draft: ActivityDraft, today: date) -> tuple[str, str]:
    """Return the day, and the words that it was read from."""
    typed = draft.values.day or "今天"
    try:
        day = read_date(typed, today, project.period)
    except Refused as refused:
        return typed, refused.message
    is_stated = typed != "今天" or not draft.text
    words = _quoted(draft.words.get(DAY, "")) or ("" if is_stated else "没有写日期")
    return f"{day}（今天）" if day == today else str(day), words


def _quoted(words: str) -> str:
    """Return words in quotation marks, or an empty text."""
    return f"“{words}”" if words else ""


def why(question: OpenQuestion) -> str:
    """Describe in Chinese why a value is asked, and quote the words of the text."""
    if question.asked == DAY:
        return f"“{question.words}”看不出是哪一天"
    if question.asked == ITEM:
        return f"“{question.words}”可以是几个服务项" if question.words else "看不出是哪个服务项"
    if question.asked == TITLE:
        return "要写名称，每次写同一个"
    return _WHY[question.doubt].format(words=question.words, unit=question.asked)


def draft_table(rows: Iterable[DraftRow], *, numbered: bool) -> RenderableType:
    """Build a table of the rows, with their numbers if the officer can choose one."""
    table = grid(
        *([""] if numbered else []), "", Column("", ratio=1), Column("", ratio=1), heading=False
    )
    for number_of_row, row in enumerate(rows, start=1):
        value = Text(row.value, style="yellow" if row.is_open else "")
        first = [str(number_of_row)] if numbered else []
        table.add_row(*first, row.label, value, Text(row.words, style="dim"))
    return table


def drafts_json(
    project: Project, drafts: Iterable[ActivityDraft], unread: Iterable[str], today: date
) -> dict[str, Any]:
    """Return drafts and unread lines as JSON values; participants are counted, not named."""
    activities = [_draft_json(project, draft, today) for draft in drafts]
    return {"activities": activities, "unread": list(unread)}


def _draft_json(project: Project, draft: ActivityDraft, today: date) -> dict[str, Any]:
    values, item = draft.values, draft.item
    series = read_series_title(values.title or "") if item is not None and item.series else None
    asked = [question.asked for question in draft.questions]
    day = None if DAY in asked else read_date(values.day or "今天", today, project.period)
    return {
        "date": day.isoformat() if day is not None else None,
        "item": item.code if item is not None else None,
        "candidates": [one.code for one in draft.candidates],
        "amounts": {unit: number(amount) for unit, amount in draft.amounts.items()},
        "implied": list(draft.implied),
        "asked": asked,
        "unused": list(draft.unused),
        "place": values.place or "",
        "title": values.title or "",
        "series": (series.name or None) if series is not None else None,
        "session": values.session or (series.session if series is not None else None),
        "participants": len(values.participants or ()),
        "also": list(values.also or ()),
        "closes": bool(values.closes),
    }
