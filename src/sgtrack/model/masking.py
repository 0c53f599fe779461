"""Masks the names of residents in texts, or replaces one name with its pseudonym."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar

from sgtrack.model.contract import Project
from sgtrack.model.name_forms import NameFinder, Occurrence, fold_text

STAND_IN = "某"
"""The default word that replaces a masked name."""
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
        contract = fold_text("\n".join(word for project in projects for word in _words_of(project)))
        self._names = [name for name in names if fold_text(name) not in contract]
        self._finder = NameFinder(self._names, _is_letter_or_digit)

    def text(self, text: str) -> str:
        """Replace every name in a text, in whatever form it is written."""
        return _replace_names(text, self._finder.find(text), self._stand_in)

    def within(self, value: Value) -> Value:
        """Replace the names in every text inside a value, such as a list or a dataclass.

        The texts of a :class:`Project` are not changed.
        """
        return _change_texts(value, self.text) if self._names else value


def texts_in(value: Any) -> list[str]:
    """List all texts inside a value in which :meth:`NameMasker.within` looks for names."""
    texts: list[str] = []

    def collect(text: str) -> str:
        texts.append(text)
        return text

    _change_texts(value, collect)
    return texts


def _change_texts(value: Any, change: Callable[[str], str]) -> Any:
    """Apply a function to every text inside a value, such as a list or a dataclass.

    The texts of a :class:`Project` are not changed.
    """
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


def _replace_names(
    text: str, occurrences: Iterable[Occurrence], stand_in: Callable[[str], str]
) -> str:
    """Replace names in a text; return the same text if there is none."""
    shown: list[str] = []
    place = 0
    for start, end, name in occurrences:
        shown += (text[place:start], stand_in(name))
        place = end
    return "".join((*shown, text[place:])) if shown else text


def _is_letter(sign: str) -> bool:
    """Return whether a character is a letter of an alphabet, such as Latin or Cyrillic."""
    return sign < "\u2e80" and sign.isalpha()


def _is_letter_or_digit(sign: str) -> bool:
    # If digits did not count, a short Latin name could be found within an id.
    return _is_letter(sign) or (sign.isascii() and sign.isdigit())


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
        form = fold_text(name)
        self.longer = sorted(
            other for other in set(known) if form in (folded := fold_text(other)) and folded != form
        )
        self._words = words
        self._finder = NameFinder((name, *self.longer), _is_letter)

    def text(self, text: str) -> str:
        """Replace the name in a text; a text without the name is returned unchanged."""
        own = [found for found in self._finder.find(text) if found.name not in self.longer]
        return _replace_names(text, own, lambda name: self._words)

    def json(self, text: str) -> str:
        """Replace the name in every string of a JSON document, in the ledger's JSON format."""
        import json  # noqa: PLC0415 - only merging and redaction rewrite JSON

        value = json.loads(text)
        changed = _change_texts(value, self.text)
        return text if changed == value else json.dumps(changed, ensure_ascii=False, sort_keys=True)
