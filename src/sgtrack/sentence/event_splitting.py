"""Splits a whole report, as it is pasted from WeChat, into what happened."""

from __future__ import annotations

import re
from datetime import date

from sgtrack.model.contract import Project
from sgtrack.model.errors import Refused
from sgtrack.sentence.date_reading import find_day
from sgtrack.sentence.item_matching import fitting
from sgtrack.sentence.quantities import quantities

LONGEST = 1000
"""How many characters a sentence may have."""
MOST = 1000
"""How many sentences a report may have; each takes milliseconds."""
_MARK = re.compile(
    r"^\s*(?:[-*·●■◆▪►]|[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:[)）、]|[.．](?!\d))|第[一二三四五六七八九十]+[，、])\s*"
)
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d\u20e3]")
_UNKNOWN = "?"
"""The item of an event of which only the day is told."""
_ENDS = re.compile(r"(?<=[。！!；;])|\n+")


def events(project: Project, report: str, today: date) -> list[str]:
    """The events of a report, each as one text that names its own day where one is known.

    A sentence begins a new event when it surely names another item than the one before, or another
    day; what follows it belongs to it. A day alone is a heading and holds for the list below it.

    Raises:
        Refused: a sentence is longer than any sentence, or there are more than in any report.
    """
    parts = _sentences(report)
    if len(parts) > MOST:
        raise Refused(f"汇报有 {len(parts)} 句，太多", f"分几次粘贴，每次不超过 {MOST} 句")
    found: list[str] = []
    heading = ""
    last_item = last_day = None
    for part in parts:
        check_length(part)
        named = find_day(part, today, project.period)
        day = named.day if named is not None else None
        amounts = quantities(part)
        fits = fitting(project, part, amounts)
        item = fits[0].item.code if fits and fits[0].sure else None
        another_day = day is not None and day != last_day
        if item is None and not amounts and another_day and named is not None:
            heading, last_item = named.words, None
            continue
        if not another_day and item in (None, last_item):
            if found and last_item is not None:
                found[-1] += part
            continue
        found.append(part if named is not None or not heading else f"{heading}，{part}")
        last_item = item or _UNKNOWN
        last_day = day or last_day
    return found


def check_length(text: str) -> None:
    """Refuse a sentence that is none: reading takes longer than in proportion to its length.

    Raises:
        Refused: it is too long.
    """
    if len(text) > LONGEST:
        raise Refused(f"一句话有 {len(text)} 个字，太长", f"分成几句，每句不超过 {LONGEST} 个字")


def _sentences(report: str) -> list[str]:
    clean = _EMOJI.sub("", report)
    parts = (_MARK.sub("", part).strip() for part in _ENDS.split(clean))
    return [part for part in parts if any(map(str.isalnum, part))]
