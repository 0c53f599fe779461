"""Reduces the names of items to the words that distinguish them."""

from __future__ import annotations

import re
from functools import cache

from sgtrack.model.contract import Item
from sgtrack.model.text import any_of, longest_first
from sgtrack.model.units import UNITS
from sgtrack.sentence.phrases import pairs_of
from sgtrack.sentence.vocabulary import vocabulary


def names_of(item: Item) -> tuple[str, ...]:
    """Return the name of an item and its further words."""
    return (item.name, *item.words)


@cache
def core_of(name: str) -> frozenset[str]:
    """Return the character pairs of a name without groups of people and generic words.

    If no pair remains, return the pairs that are not inside one of these words.
    """
    if core := pairs_of(bare_name(name)):
        return frozenset(core)
    little = {pair for word in _generic_words() if word in name for pair in pairs_of(word)}
    return frozenset(pairs_of(name) - little)


@cache
def bare_name(name: str) -> str:
    """Replace groups of people and generic words in a name by separators."""
    return re.sub("|".join(_generic_words()), "｜", name)


@cache
def without_groups(name: str) -> str:
    """Replace groups of people in a name by separators."""
    words = {word for group in vocabulary().whom.values() for word in group}
    return re.sub(any_of(words), "｜", name)


@cache
def _generic_words() -> tuple[str, ...]:
    words = vocabulary()
    whom = {word for group in words.whom.values() for word in group}
    units = {unit for unit in UNITS if len(unit) > 1}
    return longest_first(units.union(words.everywhere, whom))
