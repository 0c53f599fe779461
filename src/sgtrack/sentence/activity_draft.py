"""Drafts an activity from a sentence: its values, open questions and unused numbers.

The officer corrects a draft with typed values. A new draft is then made from the text and all typed
values, because a different item selects different amounts of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from sgtrack.entry.activity_input import ActivityInput, unit_of, units_of
from sgtrack.entry.amount_parsing import AmountInput, settle
from sgtrack.entry.series_names import read_series_title
from sgtrack.model.contract import Item, Project
from sgtrack.model.entries import UNUSED_NOTE
from sgtrack.model.errors import Refused
from sgtrack.model.units import HEADCOUNT, UNITS, Measure, matching_unit
from sgtrack.sentence.amount_questions import AmountQuestion, Doubt
from sgtrack.sentence.amount_selection import select_amounts
from sgtrack.sentence.named_people import count_named_people, find_names
from sgtrack.sentence.quantities import Quantity, find_quantities
from sgtrack.sentence.sentence_reader import SentenceReading, read_sentence
from sgtrack.sentence.titles import find_closing_words, find_series_title, find_session_words
from sgtrack.sentence.unused_numbers import find_unused
from sgtrack.targets.lookup import find_item

DAY, ITEM, TITLE = "date", "item", "title"
"""The names of fields in questions; a question for an amount has the unit as its field."""
CLOSES = "closes"
"""The name of the field that says whether the group or case ends with this session."""
_HAN = "[\u4e00-\u9fff]"
_SPREAD = re.compile(rf"(?<!{_HAN})({_HAN})[ 　]+(?={_HAN}(?!{_HAN}))")
"""A Chinese character with a space between it and the next one, as in 走 访 or 4人 次."""


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question that must be answered before the activity can be recorded.

    Fields that need an explanation:
        asked: ``DAY``, ``ITEM``, ``TITLE``, or the unit of the amount.
        words: the words of the text that raise the question; empty if there are none.
        doubt: why the value is not certain.
        near: the only exact amount that the words suggest, or None.
    """

    asked: str
    words: str = ""
    doubt: Doubt = Doubt.MISSING
    near: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ActivityDraft:
    """The draft of an activity, made from a text and typed values.

    Fields that need an explanation:
        values: the values read or typed so far; ``item`` and ``day`` are None if they must be
            asked.
        item: the item of ``values``, or None.
        candidates: if the item must be asked, the items that the text may mean, the most likely
            first.
        words: for ``DAY``, ``ITEM``, ``CLOSES`` and units, the words that the value was read from.
        implied: the amounts that are neither in the text nor typed, such as 1场.
        unused: the numbers of the text that are in no value, each with the words before it.
    """

    text: str
    values: ActivityInput
    item: Item | None
    candidates: tuple[Item, ...]
    words: Mapping[str, str]
    questions: tuple[OpenQuestion, ...]
    implied: Mapping[str, Decimal] = field(default_factory=dict)
    unused: tuple[str, ...] = ()

    @property
    def amounts(self) -> dict[str, Decimal]:
        """The stated and the implied amounts by unit, without amounts of 0."""
        stated = {a.unit: a.amount for a in self.values.amounts or () if a.unit and a.amount}
        return stated | dict(self.implied)

    def recorded(self) -> ActivityInput:
        """Return the values to record, with the text as source and the unused numbers as a note."""
        implied = (AmountInput(amount, unit, unit) for unit, amount in self.implied.items())
        amounts = (*(self.values.amounts or ()), *implied)
        unused = f"{UNUSED_NOTE}{'、'.join(self.unused)}" if self.unused else None
        note = "；".join(filter(None, (self.values.note, unused))) or None
        return replace(self.values, amounts=amounts, note=note, source=self.text)


def draft_activity(project: Project, text: str, typed: ActivityInput, today: date) -> ActivityDraft:
    """Draft the activity that a text describes; typed values replace those of the text.

    A typed amount of 0 says that the activity has no amount in this unit.

    Raises:
        Refused: the text is too long, or a typed item is not in the contract.
    """
    source, text = text, _SPREAD.sub(r"\1", text)
    reading = read_sentence(project, text, today)
    item = reading.item if typed.item is None else find_item(project, typed.item)
    words, questions = _day_words(reading, typed)
    if item is None:
        found = "、".join(match.words for match in reading.items if match.words)
        questions.append(OpenQuestion(ITEM, found, Doubt.SEVERAL if found else Doubt.MISSING))
        values = typed.over(_read_values(reading, reading.title), ())
        candidates = tuple(match.item for match in reading.items)
        return ActivityDraft(source, values, None, candidates, words, tuple(questions))
    if typed.item is None:
        words[ITEM] = reading.items[0].words
    read_amounts, asked = select_amounts(project, item, text)
    words |= {unit: read.words for unit, read in read_amounts.items()}
    units = units_of(project, item.code, typed.also or ())
    read_values = _read_values(reading, find_series_title(text) if item.series else reading.title)
    amounts = (AmountInput(read.amount, unit, read.words) for unit, read in read_amounts.items())
    values = replace(
        typed.over(replace(read_values, amounts=tuple(amounts)), units), item=item.code
    )
    quantities = find_quantities(text)
    amount_questions, implied = _open_amounts(item, text, quantities, values, units, asked)
    questions += amount_questions
    if item.series and not values.title:
        questions.append(OpenQuestion(TITLE))
    used = [span for read in read_amounts.values() for span in read.spans]
    declined = {unit_of(a, units) for a in typed.amounts or () if not a.amount}
    used += [span for q in asked if q.unit not in declined for span in q.spans]
    if item.series and (session := find_session_words(text)):
        number = read_series_title(session[0].strip()).session
        if number and read_series_title(values.title or "").session in (None, number):
            values = replace(values, session=typed.session or number)
            used.append(session.span())
    if values.participants is None:
        values = replace(values, participants=_names_for(item, text, values) or None)
    if item.series and values.closes is None and (closing := find_closing_words(text)):
        values = replace(values, closes=True)
        words[CLOSES] = closing
    unused = find_unused(text, quantities, used, reading, values.title or "")
    return ActivityDraft(source, values, item, (), words, tuple(questions), implied, unused)


def _day_words(
    reading: SentenceReading, typed: ActivityInput
) -> tuple[dict[str, str], list[OpenQuestion]]:
    """Return the words that name the day under the key ``DAY``, or a question about vague words."""
    if typed.day is not None or reading.day is None:
        return {}, []
    if reading.day.day is None:
        return {}, [OpenQuestion(DAY, reading.day.words, Doubt.INEXACT)]
    return {DAY: reading.day.words}, []


def _read_values(reading: SentenceReading, title: str) -> ActivityInput:
    """Return the values of the text without item and amounts; an unclear day is None."""
    day: str | None = "今天"
    if reading.day is not None:
        day = reading.day.day.isoformat() if reading.day.day is not None else None
    return ActivityInput(day=day, title=title, place=reading.place.words if reading.place else None)


def _open_amounts(
    item: Item,
    text: str,
    quantities: list[Quantity],
    values: ActivityInput,
    units: tuple[str, ...],
    asked: Iterable[AmountQuestion],
) -> tuple[list[OpenQuestion], dict[str, Decimal]]:
    """Return the questions about amounts, and the implied amounts.

    ``asked`` are the questions that the text raises; those about typed amounts are left out.
    """
    stated = values.amount_units(units)
    questions = [
        OpenQuestion(q.unit, q.words, q.doubt, q.near) for q in asked if q.unit not in stated
    ]
    known = {*stated, *(question.asked for question in questions)}
    named = {} if known or quantities else _named_people(item, text)
    known |= named.keys() | _implied(item, values, units, known).keys()
    questions += [OpenQuestion(unit) for unit in _missing_units(item, units, known)]
    answered = (*named, *(question.asked for question in questions))
    implied = _implied(item, values, units, answered) | named
    # An amount per day or person, such as 每天一场, does not say how many events there were.
    each = [q for q in quantities if q.each and matching_unit(q.unit, tuple(implied))]
    doubtful = {matching_unit(q.unit, tuple(implied)) for q in each} - {*stated, *named}
    several = "、".join(q.words for q in each)
    questions += [OpenQuestion(unit, several, Doubt.EACH) for unit in implied if unit in doubtful]
    return questions, {unit: amount for unit, amount in implied.items() if unit not in doubtful}


def _names_for(item: Item, text: str, values: ActivityInput) -> tuple[str, ...]:
    """Return the names of people in a text, or none.

    Names are returned if the item counts different people, and if every stated number of people
    equals the number of names.
    """
    counting = [unit for unit in item.own_units if unit in HEADCOUNT and item.once(unit)]
    if not (counting or item.per_person):
        return ()
    names = find_names(text)
    stated = {a.amount for a in values.amounts or () if a.unit in counting}
    return names if stated <= {Decimal(len(names))} else ()


def _named_people(item: Item, text: str) -> dict[str, Decimal]:
    """Return the number of people whom a text names, in the unit of an item that counts people."""
    units = [u for u in item.own_units if u in ("人次", *HEADCOUNT) and u not in item.records]
    if len(units) != 1 or len(item.own_units) != 1:
        return {}
    count = len(find_names(text)) or count_named_people(text)
    return {units[0]: Decimal(count)} if count else {}


def _implied(
    item: Item, values: ActivityInput, units: tuple[str, ...], asked: Iterable[str | None]
) -> dict[str, Decimal]:
    """Return the amounts that :func:`settle` would add, such as 1场.

    ``asked`` are the units of open questions, because an answer may imply another amount.
    """
    stated = list(values.amounts or ())
    stated += [AmountInput(Decimal(1), unit, unit) for unit in asked if unit is not None]
    names = len(values.participants or ())
    try:
        amounts, implied = settle(stated, units=units, item=item.name, names=names)
    except Refused:  # Recording the activity refuses it with the same message.
        return {}
    return {unit: amounts[unit] for unit in implied}


def _missing_units(item: Item, units: tuple[str, ...], known: set[str | None]) -> Iterator[str]:
    """Yield the units whose amounts must be asked because the text does not mention them.

    These are the units of visits, because every event has visitors. If no amount is known at all,
    they are all units with a target.
    """
    for unit in (u for u in item.own_units or units if u not in item.records):
        visits = UNITS[unit].measure is Measure.VISITS
        if unit not in known and (visits or not known):
            yield unit
