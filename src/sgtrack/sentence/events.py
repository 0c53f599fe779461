"""Splits a whole report, as it is pasted from WeChat, into what happened."""

from __future__ import annotations

import re
from datetime import date

from sgtrack.errors import Refused
from sgtrack.sentence.dates import find_day
from sgtrack.sentence.items import fitting
from sgtrack.sentence.quantities import quantities
from sgtrack.targets.model import Project

LONGEST = 1000
"""How many characters a sentence may have."""
_MARK = re.compile(
    r"^\s*(?:[-*·●■◆▪►]|[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）、.．](?!\d)|第[一二三四五六七八九十]+[，、])\s*"
)
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d\u20e3]")
_ENDS = re.compile(r"(?<=[。！!；;])|\n+")


def events(project: Project, report: str, today: date) -> list[str]:
    """The events of a report, each as one text that names its own day where one is known.

    A sentence begins a new event when it names an item and another day or another item than the
    one before; what follows it belongs to it. A heading's day holds for the list below it.

    Raises:
        Refused: a sentence is longer than any sentence.
    """
    found: list[str] = []
    heading = ""
    last_item = last_day = None
    for part in _sentences(report):
        check_length(part)
        day = find_day(part, today, project.period)
        fits = fitting(project, part, quantities(part))
        item = fits[0].item.code if fits else None
        if item is None:
            if day is not None and day.day is not None and not quantities(part):
                heading, last_item = day.words, None
            elif found and last_item is not None:
                found[-1] += part
            continue
        other_day = day is not None and day.day is not None and day.day != last_day
        if last_item is not None and item == last_item and not other_day:
            found[-1] += part
            continue
        named = day is not None
        found.append(part if named or not heading else f"{heading}，{part}")
        last_item = item
        if day is not None and day.day is not None:
            last_day = day.day
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
    return [part for part in parts if part]
