"""What a document holds before its clauses are read: packages, categories, clauses as written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sgtrack.tender.clause_numbers import levelled
from sgtrack.tender.contract_facts import Facts
from sgtrack.tender.cues import is_amount, tokens


@dataclass
class Clause:
    """A line of what the contract asks for.

    ``mark`` is its number as printed, ``about`` what its row or heading says it is about, ``notes``
    say what a person should look at, ``part`` whether it stands under the clause before it.
    """

    text: str
    mark: str = ""
    about: str = ""
    notes: list[str] = field(default_factory=list)
    part: bool = False


@dataclass
class Category:
    """A row of the contract's table, or a section with clauses."""

    name: str
    content: str = ""
    clauses: list[Clause] = field(default_factory=list)


@dataclass
class Package:
    """What one community contracts for."""

    heading: str
    categories: list[Category] = field(default_factory=list)
    facts: Facts = field(default_factory=Facts)
    outside: list[str] = field(default_factory=list)
    """Lines of the document that are no clauses."""
    notes: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Its heading and everything outside its clauses."""
        return [line for line in (self.heading, *self.outside) if line]

    def clauses(self) -> list[Clause]:
        """Every clause, in order."""
        return [clause for category in self.categories for clause in category.clauses]


def has_target(text: str) -> bool:
    """Whether a text has an amount of something."""
    return any(is_amount(token) for token in tokens(levelled(text)))


def goes_on(text: str) -> bool:
    """Whether a line looks as if its sentence went on in the next."""
    return text[-1:] in "，、" or (len(text) >= 12 and text[-1:] not in "。；;：:！？)）")


def one_line(text: str) -> str:
    """The text without line ends."""
    return re.sub(r"\s*\n\s*", "", text).strip()
