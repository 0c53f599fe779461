"""The words of ``words.yaml``, with the patterns made of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Lexicon:
    """The lists of ``words.yaml``, each as it is explained there."""

    lists: Mapping[str, Any]
    unit_of: Mapping[str, str]
    """Every way to write a unit of the format, and the unit."""
    reason_of: Mapping[str, str]
    """What stands after a number that is no target, and why it is none."""

    def words(self, key: str) -> tuple[str, ...]:
        """A list, longest word first, so that the longest one is found."""
        return longest_first(self.lists[key])

    def table(self, key: str) -> Mapping[str, Any]:
        """A list that gives each word a meaning."""
        table: Mapping[str, Any] = self.lists[key]
        return table

    def has(self, key: str, text: str) -> bool:
        """Whether any word of a list is in the text."""
        return any(word in text for word in self.lists[key])


def longest_first(words: Iterable[str]) -> tuple[str, ...]:
    """The words, longer ones before those they begin with."""
    return tuple(sorted(words, key=len, reverse=True))


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first; spaces may stand between characters."""
    return "|".join(r"\s?".join(map(re.escape, word)) for word in longest_first(words))


@cache
def lexicon() -> Lexicon:
    """The words, read once."""
    from ruamel.yaml import YAML  # noqa: PLC0415 - only where a document is read

    text = (files("sgtrack.tender") / "words.yaml").read_text(encoding="utf-8")
    lists = YAML(typ="safe").load(text)
    return Lexicon(
        lists,
        {written: unit for unit, ways in lists["units"].items() for written in ways},
        {unit: reason for reason, units in lists["no_target_units"].items() for unit in units},
    )
