"""Scores the readings of sentences against what the sentences say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from sgtrack.model.contract import Project
from sgtrack.sentence.amount_selection import select_amounts
from sgtrack.sentence.sentence_reader import SentenceReading, read_sentence

TODAY = date(2026, 6, 30)
DATA = Path(__file__).parents[1] / "data"


@dataclass(frozen=True)
class Field:
    """One field of a sentence: its true value and the value read; None for nothing."""

    text: str
    name: str
    said: object
    read: object

    @property
    def right(self) -> bool:
        return self.said == self.read


@dataclass(frozen=True)
class Score:
    """The fields of many sentences."""

    fields: tuple[Field, ...]

    @property
    def share(self) -> float:
        """The share of right fields, counting those with nothing to read or to ask."""
        return sum(one.right for one in self.fields) / len(self.fields)

    @property
    def precision(self) -> float:
        """The share of the fields read that are right."""
        read = [one for one in self.fields if one.read not in (None, ASKED)]
        return sum(one.right for one in read) / len(read)

    @property
    def recall(self) -> float:
        """The share of the stated fields that were read right."""
        said = [one for one in self.fields if one.said not in (None, ASKED)]
        return sum(one.right for one in said) / len(said)

    @property
    def wrong_amounts(self) -> list[Field]:
        """Wrong amounts that would be written without a question."""
        return [one for one in self.fields if isinstance(one.read, Decimal) and not one.right]


ASKED = "asked"


def sentences(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = YAML(typ="safe").load((DATA / name).read_text(encoding="utf-8"))
    return found


def score(project: Project, cases: list[dict[str, Any]]) -> Score:
    return Score(tuple(field for case in cases for field in _fields(project, case)))


def _fields(project: Project, case: dict[str, Any]) -> Iterator[Field]:
    text, ask = case["text"], case["ask"] or []
    reading = read_sentence(project, text, TODAY)
    yield Field(text, "date", ASKED if "日期" in ask else case["date"], _day(reading))
    item = case["item"] or ASKED
    read_item = reading.item.code if reading.item else ASKED
    yield Field(text, "item", item, read_item)
    place = reading.place.words if reading.place else None
    yield Field(text, "place", case["place"], place)
    if case["item"] is None and reading.item is None:
        return  # the amounts wait for the answer
    told = reading.item or project.items[case["item"]]  # an item that is asked is answered
    amounts, questions = select_amounts(project, told, text)
    asked = {question.unit for question in questions}
    expected = {unit: Decimal(str(amount)) for unit, amount in (case["amounts"] or {}).items()}
    wanted = {unit for unit in ask if unit not in ("日期", "服务项")}
    for unit in dict.fromkeys([*expected, *wanted, *amounts, *asked]):
        said = expected.get(unit, ASKED if unit in wanted else None)
        read = amounts[unit].amount if unit in amounts else ASKED if unit in asked else None
        yield Field(text, unit, said, read)


def _day(reading: SentenceReading) -> object:
    if reading.day is None:
        return None
    return reading.day.day or ASKED
