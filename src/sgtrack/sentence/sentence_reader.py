"""Reads the activity that a sentence describes.

Each value has the words that it was read from. If a sentence does not state a value clearly, the
value becomes a question and is never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sgtrack.model.contract import Item, Project
from sgtrack.sentence.amount_selection import AmountQuestion, ReadAmount, select_amounts
from sgtrack.sentence.date_reading import DateMention, find_date
from sgtrack.sentence.item_matching import ItemMatch, codes_like_dates, match_items
from sgtrack.sentence.places import PlaceMention, find_place
from sgtrack.sentence.quantities import find_quantities
from sgtrack.sentence.report_parts import check_length
from sgtrack.sentence.report_reading import read_report

MAX_TITLE = 40
"""The maximum length of a title that is not quoted, in characters."""
_QUOTED = re.compile(
    r"[“‘「【]([^”’」】]{2,40})[”’」】](?P<what>[^，。；、,;\s]{0,14}?(?:活动|小组|个案|培训|讲座|宣讲|会|课堂|行动|项目))?"
)
_DONE = re.compile(
    r"(?:开展|举办|举行|组织|召开|实施|启动|完成|进行)(?:了|的)?(?P<what>[^，。；！,;!\n]{2,40})"
)
_AMOUNT_FIRST = re.compile(r"^(?:\d+|[一二两三四五六七八九十]+)(?:场次|场|次|个|期|节)")


def split_events(project: Project, report: str, today: date) -> list[str]:
    """Return the texts of the events of a report."""
    return list(read_report(project, report, today).events)


@dataclass(frozen=True, slots=True)
class SentenceReading:
    """The activity that a sentence describes.

    ``day`` is None if the sentence names no date; ``day.day`` is None if the date is uncertain
    (近日). ``items`` has several matches if their scores are close. ``amounts`` and ``questions``
    are empty unless exactly one item matches for sure.
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
        """Return the item if exactly one matches and the match is sure; otherwise return None."""
        match = self.items[0] if len(self.items) == 1 else None
        return match.item if match is not None and match.sure else None


def read_sentence(project: Project, text: str, today: date) -> SentenceReading:
    """Read the activity that a sentence describes, and match it to the items of a contract.

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
        day=find_date(text, today, project.period, codes_like_dates(project, matches)),
        items=matches,
        place=find_place(text),
        title=find_title(text),
        amounts=amounts,
        questions=questions,
    )


def find_title(text: str) -> str:
    """Return a title for an activity, or an empty string.

    The title is the quoted words, with a noun such as 活动 after them. Quoted words of fewer than
    four characters need this noun. Without such a quotation, the title is the words after a verb
    such as 开展.
    """
    for match in _QUOTED.finditer(text):
        inner, what = match[1], match["what"] or ""
        if len(inner) >= 4 or what:
            return f"{inner}{what}" if not inner.endswith(("活动", "培训", "讲座")) else inner
    if held := _DONE.search(text):
        return _AMOUNT_FIRST.sub("", held["what"]).strip("的了 “”")[:MAX_TITLE]
    return ""
