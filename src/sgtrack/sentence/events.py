"""Splits a whole report, as it is pasted from WeChat, into what happened."""

from __future__ import annotations

import re
from datetime import date

from sgtrack.sentence.dates import find_day
from sgtrack.sentence.items import fitting
from sgtrack.sentence.quantities import quantities
from sgtrack.targets.model import Project

_MARK = re.compile(
    r"^\s*(?:[-*·●■◆▪►]|[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）、.．](?!\d)|第[一二三四五六七八九十]+[，、])\s*"
)
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d\u20e3]")
_ENDS = re.compile(r"(?<=[。！!；;])|\n+")


def events(project: Project, report: str, today: date) -> list[str]:
    """The events of a report, each as one text that names its own day where one is known.

    A sentence begins a new event when it names an item and another day or another item than the
    one before; what follows it belongs to it. A heading's day holds for the list below it.
    """
    found: list[str] = []
    heading = ""
    last_item = last_day = None
    for part in _sentences(report):
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


def _sentences(report: str) -> list[str]:
    clean = _EMOJI.sub("", report)
    parts = (_MARK.sub("", part).strip() for part in _ENDS.split(clean))
    return [part for part in parts if part]
