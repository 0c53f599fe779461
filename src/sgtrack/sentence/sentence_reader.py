"""Reads the activity a sentence describes, with the words each part was read from.

Nothing is guessed: whatever the sentence leaves open becomes a question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sgtrack.model.contract import Item, Project
from sgtrack.sentence.amount_selection import AmountQuestion, ReadAmount, select_amounts
from sgtrack.sentence.date_reading import DateMention, find_date
from sgtrack.sentence.event_splitting import check_length
from sgtrack.sentence.item_matching import ItemMatch, match_items
from sgtrack.sentence.places import PlaceMention, find_place
from sgtrack.sentence.quantities import find_quantities

MAX_TITLE = 40
_QUOTED = re.compile(
    r"[“‘「【]([^”’」】]{2,40})[”’」】](?P<what>[^，。；、,;\s]{0,14}?(?:活动|小组|个案|培训|讲座|宣讲|会|课堂|行动|项目))?"
)
_DONE = re.compile(
    r"(?:开展|举办|举行|组织|召开|实施|启动|完成|进行)(?:了|的)?(?P<what>[^，。；！,;!\n]{2,40})"
)
_AMOUNT_FIRST = re.compile(r"^(?:\d+|[一二两三四五六七八九十]+)(?:场次|场|次|个|期|节)")


@dataclass(frozen=True, slots=True)
class SentenceReading:
    """The activity a sentence describes.

    ``day`` is None if no date is mentioned; its own day is None if the words are vague (近日).
    ``items`` holds one match, several close ones or none; without a sure match, ``amounts`` is
    empty.
    """

    text: str
    day: DateMention | None
    items: tuple[ItemMatch, ...]
    place: PlaceMention | None
    title: str
    amounts: Mapping[str, ReadAmount]
    questions: tuple[AmountQuestion, ...]

    @property
    def item(self) -> Item | None:
        """The item if exactly one matches for sure."""
        match = self.items[0] if len(self.items) == 1 else None
        return match.item if match is not None and match.sure else None


def read_sentence(project: Project, text: str, today: date) -> SentenceReading:
    """Read the activity that a sentence describes under a contract.

    Raises:
        Refused: the sentence is too long.
    """
    check_length(text)
    quantities = find_quantities(text)
    matches = tuple(match_items(project, text, quantities))
    amounts: dict[str, ReadAmount] = {}
    questions: tuple[AmountQuestion, ...] = ()
    if len(matches) == 1 and matches[0].sure:
        amounts, questions = select_amounts(project, matches[0].item, text)
    return SentenceReading(
        text=text,
        day=find_date(text, today, project.period),
        items=matches,
        place=find_place(text),
        title=find_title(text),
        amounts=amounts,
        questions=questions,
    )


def find_title(text: str) -> str:
    """Find a title for the activity: the words in quotation marks, else what was held."""
    for match in _QUOTED.finditer(text):
        inner, what = match[1], match["what"] or ""
        if len(inner) >= 4 or what:
            return f"{inner}{what}" if not inner.endswith(("活动", "培训", "讲座")) else inner
    if held := _DONE.search(text):
        return _AMOUNT_FIRST.sub("", held["what"]).strip("的了 “”")[:MAX_TITLE]
    return ""
