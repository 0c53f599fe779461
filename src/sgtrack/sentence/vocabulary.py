"""Loads ``words.yaml``: the words that station workers write, and their meanings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_SETS = ("ages", "campaign_places")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The lists of ``words.yaml``.

    ``meanings`` maps each contract word to the phrases that stand for it. Phrases of ``with_whom``
    do so only if the sentence mentions the group that an item is for. Phrases of ``hints`` only
    suggest the contract word.

    ``things`` are names that contain a contract word but mean no activity (个案室). ``forms`` are
    contract words for a form of work with any topic (小组).

    ``whom`` maps each group of people to the words that name it, and ``speaks_of`` to the words
    that imply it. ``ages`` are the groups that differ in age. ``everywhere`` are generic words.
    ``actors`` are words for the people who do the work.

    ``place_ends`` are words that always end a place name. ``place_ends_weak`` end a place name only
    before punctuation or a word of ``after_place``. ``campaign_places`` name a kind of campaign
    after 进 (进小区). ``feasts`` maps each named day to its month and day.
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
    """Load the vocabulary on the first call, and return it."""
    from ruamel.yaml import YAML  # noqa: PLC0415 - only needed to read sentences

    text = (files("sgtrack.sentence") / "words.yaml").read_text(encoding="utf-8")
    lists: dict[str, Any] = YAML(typ="safe").load(text)
    for name, words in lists.items():
        if isinstance(words, dict):  # The key 甲、乙 holds the list of both 甲 and 乙.
            lists[name] = {
                word: tuple(phrases) for key, phrases in words.items() for word in key.split("、")
            }
        else:
            lists[name] = frozenset(words) if name in _SETS else tuple(words)
    return Vocabulary(**lists)
