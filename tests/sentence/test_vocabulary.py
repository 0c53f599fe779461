"""The words of ``words.yaml``."""

from __future__ import annotations

from collections import Counter

from sgtrack.sentence.vocabulary import vocabulary


def test_no_phrase_stands_twice_in_a_list() -> None:
    words = vocabulary()
    for lists in (words.meanings, words.with_whom, words.hints):
        for meaning, phrases in lists.items():
            twice = [phrase for phrase, times in Counter(phrases).items() if times > 1]
            assert not twice, (meaning, twice)


def test_a_sure_phrase_is_not_also_a_hint_of_the_same_word() -> None:
    words = vocabulary()
    for meaning, phrases in words.hints.items():
        assert not set(phrases) & set(words.meanings.get(meaning, ())), meaning


def test_groups_that_are_spoken_of_are_groups_that_are_named() -> None:
    words = vocabulary()
    assert set(words.speaks_of) <= set(words.whom)
    assert words.ages <= set(words.whom)
