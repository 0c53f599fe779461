"""Masks the names of residents in texts, or replaces one name with its pseudonym."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from operator import add
from typing import Any, TypeVar

from sgtrack.model.contract import Project

STAND_IN = "某"
"""The default word that replaces a masked name."""
SHORTEST = 2
"""Minimum number of characters of a masked name; single characters occur in too many words."""
Value = TypeVar("Value")


class NameMasker:
    """Replaces certain names in texts."""

    def __init__(
        self,
        names: Iterable[str],
        projects: Iterable[Project] = (),
        stand_in: Callable[[str], str] = lambda name: STAND_IN,
    ) -> None:
        """Set the names to mask, except those that occur in the text of a contract.

        ``stand_in`` returns the word that replaces a name.
        """
        self._stand_in = stand_in
        contract = "\n".join(word for project in projects for word in _words_of(project))
        self._starting: dict[str, list[str]] = defaultdict(list)
        for name in sorted(set(names), key=len, reverse=True):
            if len(name) >= SHORTEST and name not in contract:
                self._starting[name[:SHORTEST]].append(name)

    def text(self, text: str) -> str:
        """Replace every name in a text; where several names match, replace the longest."""
        starting = self._starting
        # This check is fast and skips the search in most texts.
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
        """Replace the names in every text inside a value, such as a list or a dataclass."""
        return _change_texts(value, self.text) if self._starting else value


def texts_in(value: Any) -> list[str]:
    """List all texts inside a value in which :meth:`NameMasker.within` looks for names."""
    texts: list[str] = []

    def collect(text: str) -> str:
        texts.append(text)
        return text

    _change_texts(value, collect)
    return texts


def _change_texts(value: Any, change: Callable[[str], str]) -> Any:
    """Apply a function to every text inside a value, such as a list or a dataclass."""
    if type(value) is str:
        return change(value)
    if isinstance(value, tuple | list | frozenset):
        changed = [_change_texts(part, change) for part in value]
        same = all(new is old for new, old in zip(changed, value, strict=True))
        return value if same else type(value)(changed)
    if isinstance(value, Mapping):
        by_key = {
            _change_texts(key, change): _change_texts(part, change) for key, part in value.items()
        }
        return value if by_key == value else by_key
    if isinstance(value, Project) or not is_dataclass(value) or isinstance(value, type):
        return value
    parts = ((field.name, getattr(value, field.name)) for field in fields(value) if field.init)
    new_parts = {name: new for name, old in parts if (new := _change_texts(old, change)) is not old}
    return replace(value, **new_parts) if new_parts else value


def _within_word(text: str, place: int, name: str) -> bool:
    """Check whether the name at ``place`` is part of a longer word of Latin letters or digits."""
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
    yield from (indicator.role or "" for _, _, _, indicator in project.indicators())


@dataclass(frozen=True, slots=True)
class Pseudonym:
    """The word that replaces a name; ``tag`` is a keyed hash of the name."""

    words: str
    tag: str


class NameReplacer:
    """Replaces a name with a pseudonym, except inside a longer known name."""

    def __init__(self, name: str, words: str, known: Iterable[str]) -> None:
        """Set the name, the ``words`` that replace it, and all ``known`` names."""
        self.words = words
        self.longer = sorted((other for other in {*known} - {name} if name in other), key=len)
        spellings = [*reversed(self.longer), name]
        self._pattern = re.compile("|".join(f"({_pattern_of(name)})" for name in spellings))
        self._last = len(spellings)

    def text(self, text: str) -> str:
        """Replace the name in a text; a text without the name is returned unchanged."""
        composed = unicodedata.normalize("NFC", text)
        changed = self._pattern.sub(
            lambda match: self.words if match.lastindex == self._last else match[0], composed
        )
        return text if changed == composed else changed

    def json(self, text: str) -> str:
        """Replace the name in every string of a JSON document, in the ledger's JSON format."""
        import json  # noqa: PLC0415 - only merging and redaction rewrite JSON

        value = json.loads(text)
        changed = _change_texts(value, self.text)
        return text if changed == value else json.dumps(changed, ensure_ascii=False, sort_keys=True)


def _pattern_of(name: str) -> str:
    """Build a pattern that matches a name with any whitespace and shell-quoted apostrophes."""
    parts = (re.escape(part).replace("'", "(?:'|'\"'\"')") for part in name.split())
    return r"\s+".join(parts)
