"""Loads ``words.yaml``: the words that station workers write, and what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_SETS = ("ages", "campaign_places")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The lists of the file.

    ``meanings`` holds the phrases for each contract word, ``with_whom`` those that count only if
    the sentence mentions the group an item is for, ``hints`` those that only suggest the word.
    ``things`` are names that contain a contract word but are no activity; ``forms`` are contract
    words for what can have any topic. ``whom`` holds the words that name a group of people,
    ``speaks_of`` those that imply one, ``ages`` the groups that differ in age. ``everywhere`` holds
    generic words, ``actors`` the people who do the work. ``place_ends`` always end a place name,
    ``place_ends_weak`` only before a word of ``after_place`` or punctuation. ``campaign_places``
    name a kind of campaign after 进. ``feasts`` are the named days with their month and day.
    """

    meanings: Mapping[str, tuple[str, ...]]
    with_whom: Mapping[str, tuple[str, ...]]
    hints: Mapping[str, tuple[str, ...]]
    things: tuple[str, ...]
    forms: tuple[str, ...]
    whom: Mapping[str, tuple[str, ...]]
    speaks_of: Mapping[str, tuple[str, ...]]
    ages: frozenset[str]
    everywhere: tuple[str, ...]
    actors: tuple[str, ...]
    place_ends: tuple[str, ...]
    place_ends_weak: tuple[str, ...]
    after_place: tuple[str, ...]
    campaign_places: frozenset[str]
    feasts: Mapping[str, tuple[int, int]]


@cache
def vocabulary() -> Vocabulary:
    """Load the vocabulary once."""
    from ruamel.yaml import YAML  # noqa: PLC0415 - only where a sentence is read

    text = (files("sgtrack.sentence") / "words.yaml").read_text(encoding="utf-8")
    lists: dict[str, Any] = YAML(typ="safe").load(text)
    for name, words in lists.items():
        if isinstance(words, dict):  # a key such as 甲、乙 gives both words the same list
            lists[name] = {
                word: tuple(phrases) for key, phrases in words.items() for word in key.split("、")
            }
        else:
            lists[name] = frozenset(words) if name in _SETS else tuple(words)
    return Vocabulary(**lists)
