"""Loads the word lists of ``words.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from sgtrack.model.text import longest_first


@dataclass(frozen=True)
class Lexicon:
    """The lists of ``words.yaml``, which explains each of them."""

    lists: Mapping[str, Any]
    unit_of: Mapping[str, str]
    """The unit of the target format for each way to write it."""
    reason_of: Mapping[str, str]
    """The words after a number that is no target, with the reason."""

    def words(self, key: str) -> tuple[str, ...]:
        """Return a list with the longest word first."""
        return longest_first(self.lists[key])

    def table(self, key: str) -> Mapping[str, Any]:
        """Return a list that gives each word a meaning."""
        table: Mapping[str, Any] = self.lists[key]
        return table

    def has(self, key: str, text: str) -> bool:
        """Return whether the text contains any word of a list."""
        return any(word in text for word in self.lists[key])


@cache
def lexicon() -> Lexicon:
    """Load the word lists once."""
    from ruamel.yaml import YAML  # noqa: PLC0415 - only where a document is read

    text = (files("sgtrack.tender") / "words.yaml").read_text(encoding="utf-8")
    lists = YAML(typ="safe").load(text)
    return Lexicon(
        lists,
        {written: unit for unit, ways in lists["units"].items() for written in ways},
        {unit: reason for reason, units in lists["no_target_units"].items() for unit in units},
    )
