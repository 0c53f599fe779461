"""The words of ``words.yaml``: what workers of a station write, and what it means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The lists of the file.

    ``meanings`` are the phrases by the contract's word they stand for, ``with_whom`` those that do
    only where a sentence speaks of the people an item is for, ``hints`` such as only suggest it.
    ``things`` name a thing by a word of the contract and say nothing of what was done, ``forms``
    are the contract's words for what may be about anything. ``whom`` are the words for the people
    something is for, ``speaks_of`` those that speak of them without naming them, ``ages`` the
    groups that differ in age; ``everywhere`` is what any sentence has, ``actors`` who does the
    work. ``place_ends`` surely end the name of a place, ``place_ends_weak`` do where a word of
    ``after_place`` or a mark follows.
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


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary, read once."""
    from ruamel.yaml import YAML  # noqa: PLC0415 - only where a sentence is read

    text = (files("sgtrack.sentence") / "words.yaml").read_text(encoding="utf-8")
    read = YAML(typ="safe").load(text)
    return Vocabulary(
        meanings=_lists(read["meanings"]),
        with_whom=_lists(read["with_whom"]),
        hints=_lists(read["hints"]),
        things=tuple(read["things"]),
        forms=tuple(read["forms"]),
        whom=_lists(read["whom"]),
        speaks_of=_lists(read["speaks_of"]),
        ages=frozenset(read["ages"]),
        everywhere=tuple(read["everywhere"]),
        actors=tuple(read["actors"]),
        place_ends=tuple(read["place_ends"]),
        place_ends_weak=tuple(read["place_ends_weak"]),
        after_place=tuple(read["after_place"]),
    )


def _lists(read: Mapping[str, Iterable[str]]) -> Mapping[str, tuple[str, ...]]:
    """The lists by their word; several words before one list stand for the same."""
    return {word: tuple(phrases) for words, phrases in read.items() for word in words.split("、")}
