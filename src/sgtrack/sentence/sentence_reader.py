"""Reads the activity that a sentence describes.

Each value has the words that it was read from. If a sentence does not state a value clearly, the
value becomes a question and is never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sgtrack.model.contract import Item, Project
from sgtrack.model.errors import Refused
from sgtrack.sentence.date_reading import DateMention, find_date
from sgtrack.sentence.further_acts import find_further_acts
from sgtrack.sentence.item_matching import ItemMatch, codes_like_dates, match_items
from sgtrack.sentence.places import PlaceMention, find_place
from sgtrack.sentence.quantities import find_quantities
from sgtrack.sentence.titles import find_title

MAX_SENTENCE = 1000
"""The maximum length of a sentence, and of the text of an event, in characters."""


def check_length(text: str) -> None:
    """Check the length of a sentence, because the reading time grows faster than the length.

    Raises:
        Refused: the sentence is longer than ``MAX_SENTENCE`` characters.
    """
    if len(text) > MAX_SENTENCE:
        raise Refused(
            f"一句话有 {len(text)} 个字，太长", f"分成几句，每句不超过 {MAX_SENTENCE} 个字"
        )


@dataclass(frozen=True, slots=True)
class SentenceReading:
    """The activity that a sentence describes.

    ``day`` is None if the sentence names no date; ``day.day`` is None if the date is uncertain
    (近日). ``items`` has several matches if their scores are close, or if the sentence describes
    several activities. :func:`select_amounts` selects the amounts for an item.
    """

    text: str
    day: DateMention | None
    items: tuple[ItemMatch, ...]
    place: PlaceMention | None
    title: str

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
    matches = tuple(match_items(project, text, find_quantities(text)))
    if len(matches) == 1 and matches[0].sure:
        matches = (*matches, *find_further_acts(project, text, matches[0]))
    return SentenceReading(
        text=text,
        day=find_date(text, today, project.period, codes_like_dates(project, matches)),
        items=matches,
        place=find_place(text),
        title=find_title(text),
    )
