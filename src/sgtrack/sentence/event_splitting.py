"""Splits a report pasted from WeChat into events."""

from __future__ import annotations

import re
from datetime import date

from sgtrack.model.contract import Project
from sgtrack.model.errors import Refused
from sgtrack.sentence.date_reading import find_date
from sgtrack.sentence.item_matching import match_items
from sgtrack.sentence.quantities import find_quantities

MAX_SENTENCE = 1000
"""The maximum number of characters of a sentence."""
MAX_SENTENCES = 1000
"""The maximum number of sentences of a report; reading one takes milliseconds."""
_MARK = re.compile(
    r"^\s*(?:[-*·●■◆▪►]|[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:[)）、]|[.．](?!\d))|第[一二三四五六七八九十]+[，、])\s*"
)
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d\u20e3]")
_UNKNOWN = "?"
"""The item of an event with a date but no recognised item."""
_ENDS = re.compile(r"(?<=[。！!；;])|\n+")


def split_events(project: Project, report: str, today: date) -> list[str]:
    """Split a report into events, each a text with its own date if one is known.

    A sentence starts a new event if it certainly names another item or another date than the one
    before; the sentences after it belong to it. A date alone is a heading for the list below it.

    Raises:
        Refused: a sentence or the report is too long.
    """
    parts = _sentences(report)
    if len(parts) > MAX_SENTENCES:
        raise Refused(f"汇报有 {len(parts)} 句，太多", f"分几次粘贴，每次不超过 {MAX_SENTENCES} 句")
    events: list[str] = []
    heading = ""
    last_item = last_day = None
    for part in parts:
        check_length(part)
        mention = find_date(part, today, project.period)
        day = mention.day if mention is not None else None
        amounts = find_quantities(part)
        matches = match_items(project, part, amounts)
        item = matches[0].item.code if matches and matches[0].sure else None
        another_day = day is not None and day != last_day
        if item is None and not amounts and another_day and mention is not None:
            heading, last_item = mention.words, None
            continue
        if not another_day and item in (None, last_item):
            if events and last_item is not None:
                events[-1] += part
            continue
        events.append(part if mention is not None or not heading else f"{heading}，{part}")
        last_item = item or _UNKNOWN
        last_day = day or last_day
    return events


def check_length(text: str) -> None:
    """Refuse a sentence that is too long, because reading time grows faster than its length.

    Raises:
        Refused: it is longer than ``MAX_SENTENCE``.
    """
    if len(text) > MAX_SENTENCE:
        raise Refused(
            f"一句话有 {len(text)} 个字，太长", f"分成几句，每句不超过 {MAX_SENTENCE} 个字"
        )


def _sentences(report: str) -> list[str]:
    clean = _EMOJI.sub("", report)
    parts = (_MARK.sub("", part).strip() for part in _ENDS.split(clean))
    return [part for part in parts if any(map(str.isalnum, part))]
