"""Finds the cue words that decide how the numbers of a clause are read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from sgtrack.model.text import any_spaced
from sgtrack.tender.clause_numbers import ClauseNumber, NumberKind, find_numbers
from sgtrack.tender.lexicon import lexicon
from sgtrack.tender.rhythms import Rhythm, find_rhythms


class Cue(StrEnum):
    """The meaning of a cue word for the numbers after it."""

    EACH_ACTIVITY = "each_activity"
    EACH_GROUP = "each_group"
    EACH_PLACE = "each_place"
    PER_PERSON = "per_person"
    PARTS = "parts"
    ONCE = "once_per_person"
    BREAK = "break"


@dataclass(frozen=True, slots=True)
class CueMark:
    """A cue word, or punctuation that ends a part of the sentence."""

    cue: Cue
    words: str
    start: int
    end: int


Token = CueMark | Rhythm | ClauseNumber


@cache
def _pattern() -> re.Pattern[str]:
    terms = lexicon()
    spoken = [cue for cue in Cue if cue not in (Cue.BREAK, Cue.ONCE)]
    named = [f"(?P<{cue.value}>{any_spaced(terms.lists[cue.value])})" for cue in spoken]
    return re.compile("|".join([*named, "(?P<break>[，。；！？：（）\n])"]))


@cache
def _once() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{way})" for way in lexicon().lists["once_per_person"]))


def tokenize_clause(text: str) -> list[Token]:
    """Find the numbers, rhythms, cue words and breaks of a normalized text, in order."""
    beats = find_rhythms(text)
    once = [CueMark(Cue.ONCE, m[0], m.start(), m.end()) for m in _once().finditer(text)]
    spoken = [(one.start, one.end) for one in beats] + [(one.start, one.end) for one in once]
    counted = find_numbers(text, spoken)
    read: list[Token] = [*beats, *counted, *once]
    taken = [(one.start, one.end) for one in read]
    marks = [
        mark
        for match in _pattern().finditer(text)
        if (mark := _mark(text, match)) is not None
        and not any(start < mark.end and mark.start < end for start, end in taken)
    ]
    return sorted([*read, *marks], key=lambda one: one.start)


def _mark(text: str, match: re.Match[str]) -> CueMark | None:
    cue = Cue(str(match.lastgroup))
    counted = re.match(r"[一-龥]{0,12}\d", text[match.end() :])
    if cue is Cue.PARTS and match[0] not in ("其中", "当中") and not counted:
        return None  # 含 and 包含 lead to parts only where an amount follows at once
    if cue is Cue.EACH_GROUP and match[0] == "每个":
        place = any(text.startswith(one, match.end()) for one in lexicon().lists["place_nouns"])
        cue = Cue.EACH_PLACE if place else cue
    return CueMark(cue, match[0], match.start(), match.end())


def split_list(words: str) -> list[str]:
    """Split a list such as 甲、乙和丙 or 寒暑假; return nothing for fewer than two members."""
    for pair, both in lexicon().table("pairs").items():
        if words.startswith(pair):
            return [f"{one}{words.removeprefix(pair)}" for one in both]
    members = [
        m.strip(" “”\"'") for m in re.split(r"[、]|以及|(?<=[一-龥])[和及与跟](?=[一-龥])", words)
    ]
    members = [m for m in members if m]
    return members if len(members) > 1 and all(len(m) <= 16 for m in members) else []


def is_amount(token: Token) -> bool:
    """Return whether the token is a number with a unit to count."""
    return isinstance(token, ClauseNumber) and token.kind is NumberKind.AMOUNT
