"""Masks the names of residents in a text, or replaces one name by its pseudonym. No I/O."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from operator import add
from typing import Any, TypeVar

from sgtrack.model.contract import Project

STAND_IN = "某"
"""What is shown in the place of a name."""
SHORTEST = 2
"""A name of one character is part of too many words to be recognised as a name."""
Value = TypeVar("Value")


class NameMasker:
    """Knows names, and shows texts without them."""

    def __init__(
        self,
        names: Iterable[str],
        projects: Iterable[Project] = (),
        stand_in: Callable[[str], str] = lambda name: STAND_IN,
    ) -> None:
        """Take the names to hide; a word that the contract itself uses is nobody's name.

        Args:
            names: the names.
            projects: the contracts.
            stand_in: what is shown in the place of a name.
        """
        self._stand_in = stand_in
        contract = "\n".join(word for project in projects for word in _words_of(project))
        self._starting: dict[str, list[str]] = defaultdict(list)
        for name in sorted(set(names), key=len, reverse=True):
            if len(name) >= SHORTEST and name not in contract:
                self._starting[name[:SHORTEST]].append(name)

    def text(self, text: str) -> str:
        """The text with every name replaced, the longest first where several begin alike."""
        starting = self._starting
        # Names are found by their first two signs; few texts have any two of these.
        if starting.keys().isdisjoint(map(add, text, text[1:])):
            return text
        shown: list[str] = []
        place = 0
        while place < len(text):
            for name in starting.get(text[place : place + SHORTEST], ()):
                if text.startswith(name, place) and not _within_word(text, place, name):
                    shown.append(self._stand_in(name))
                    place += len(name)
                    break
            else:
                shown.append(text[place])
                place += 1
        return "".join(shown)

    def within(self, value: Value) -> Value:
        """The same value with every text in it shown without names, however deep it lies."""
        return _changed(value, self.text) if self._starting else value


def texts_in(value: Any) -> list[str]:
    """Every text in a value that :meth:`NameMasker.within` would look into."""
    found: list[str] = []

    def kept(text: str) -> str:
        found.append(text)
        return text

    _changed(value, kept)
    return found


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    """The same value with every text in it changed, however deep it lies."""
    if type(value) is str:
        return change(value)
    if isinstance(value, tuple | list | frozenset):
        shown = [_changed(one, change) for one in value]
        same = all(new is old for new, old in zip(shown, value, strict=True))
        return value if same else type(value)(shown)
    if isinstance(value, Mapping):
        by_key = {_changed(key, change): _changed(one, change) for key, one in value.items()}
        return value if by_key == value else by_key
    if isinstance(value, Project) or not is_dataclass(value) or isinstance(value, type):
        return value
    parts = ((one.name, getattr(value, one.name)) for one in fields(value) if one.init)
    changed = {name: new for name, old in parts if (new := _changed(old, change)) is not old}
    return replace(value, **changed) if changed else value


def _within_word(text: str, place: int, name: str) -> bool:
    """Whether a name in Latin letters is only part of a longer word, such as a digest."""
    end = place + len(name)
    before = place > 0 and _latin(text[place - 1]) and _latin(name[0])
    return before or (end < len(text) and _latin(text[end]) and _latin(name[-1]))


def _latin(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()


def _words_of(project: Project) -> Iterable[str]:
    yield from (project.full_name, project.agency or "", project.buyer or "", project.station or "")
    yield from (project.brief.title, *project.brief.copies_to)
    for category in project.categories:
        yield from (category.name, category.content)
        yield from (clause.text for clause in category.clauses)
    for item in project.items.values():
        yield item.name
        yield from item.types
        yield from item.evidence
    yield from (one.role or "" for _, _, _, one in project.indicators())


@dataclass(frozen=True, slots=True)
class Pseudonym:
    """What takes the place of a name; ``tag`` tells, with the secret, whose it is."""

    words: str
    tag: str


class NameReplacer:
    """Puts a pseudonym in the place of a name, wherever the name is not part of a longer one."""

    def __init__(self, name: str, words: str, known: Iterable[str]) -> None:
        """Take the name, what replaces it, and every other name the ledger knows."""
        self.words = words
        self.longer = sorted((one for one in set(known) if name in one and one != name), key=len)
        spellings = [*reversed(self.longer), name]
        self._pattern = re.compile("|".join(f"({_loosely(one)})" for one in spellings))
        self._last = len(spellings)

    def text(self, text: str) -> str:
        """The text with the name replaced; a text without it comes back as it was."""
        composed = unicodedata.normalize("NFC", text)
        changed = self._pattern.sub(
            lambda found: self.words if found.lastindex == self._last else found[0], composed
        )
        return text if changed == composed else changed

    def json(self, text: str) -> str:
        """JSON with the name replaced in every text in it, as the ledger writes JSON."""
        value = json.loads(text)
        changed = self._within(value)
        return text if changed == value else json.dumps(changed, ensure_ascii=False, sort_keys=True)

    def _within(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self._within(one) for one in value]
        if isinstance(value, dict):
            return {self._within(key): self._within(one) for key, one in value.items()}
        return value


def _loosely(name: str) -> str:
    """A pattern for a name as a command line may have it: any spaces, quotes as in a shell."""
    parts = (re.escape(part).replace("'", "(?:'|'\"'\"')") for part in name.split())
    return r"\s+".join(parts)
