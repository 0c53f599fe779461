"""From a sentence to what it says of an activity, with the words each part was read from.

Nothing is guessed: what the sentence leaves open becomes a question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sgtrack.model.contract import Item, Project
from sgtrack.sentence.amount_selection import Question, Understood, amounts_for
from sgtrack.sentence.date_reading import Day, find_day
from sgtrack.sentence.event_splitting import check_length
from sgtrack.sentence.item_matching import Fit, fitting
from sgtrack.sentence.places import Place, find_place
from sgtrack.sentence.quantities import quantities
from sgtrack.sentence.titles import find_title


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sentence says.

    ``day`` is None where no day is named; its own day is None where the words fix none (近日).
    ``items`` has one item where the words tell it, several where they fit equally, none where
    they tell nothing; the amounts are then not yet held against an item.
    """

    text: str
    day: Day | None
    items: tuple[Fit, ...]
    place: Place | None
    title: str
    amounts: Mapping[str, Understood]
    questions: tuple[Question, ...]

    @property
    def item(self) -> Item | None:
        """The item, where the words surely tell just one."""
        one = self.items[0] if len(self.items) == 1 else None
        return one.item if one is not None and one.sure else None


def read_sentence(project: Project, text: str, today: date) -> Reading:
    """Read what a sentence says of an activity under a contract.

    Raises:
        Refused: it is longer than any sentence.
    """
    check_length(text)
    found = quantities(text)
    fits = tuple(fitting(project, text, found))
    amounts: dict[str, Understood] = {}
    questions: tuple[Question, ...] = ()
    if len(fits) == 1 and fits[0].sure:
        amounts, questions = amounts_for(project, fits[0].item, text)
    return Reading(
        text=text,
        day=find_day(text, today, project.period),
        items=fits,
        place=find_place(text),
        title=find_title(text),
        amounts=amounts,
        questions=questions,
    )
