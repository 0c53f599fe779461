"""What a document holds before its clauses are read: packages, categories, clauses as written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sgtrack.tender.clause_numbers import normalize
from sgtrack.tender.contract_facts import ContractFacts
from sgtrack.tender.cues import is_amount, tokenize_clause


@dataclass
class TenderClause:
    """A clause of the contract.

    ``mark`` is its printed number, ``about`` the topic by its row or heading, ``notes`` the reasons
    for a person to check it, ``part`` whether it stands under the clause before it.
    """

    text: str
    mark: str = ""
    about: str = ""
    notes: list[str] = field(default_factory=list)
    part: bool = False


@dataclass
class TenderCategory:
    """A table row or a section with clauses."""

    name: str
    content: str = ""
    clauses: list[TenderClause] = field(default_factory=list)


@dataclass
class TenderPackage:
    """The contract package of a community."""

    heading: str
    categories: list[TenderCategory] = field(default_factory=list)
    facts: ContractFacts = field(default_factory=ContractFacts)
    outside: list[str] = field(default_factory=list)
    """The lines of the document that are no clauses."""
    notes: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Return the heading and the lines outside the clauses."""
        return [line for line in (self.heading, *self.outside) if line]

    def clauses(self) -> list[TenderClause]:
        """Return every clause, in order."""
        return [clause for category in self.categories for clause in category.clauses]


def has_target(text: str) -> bool:
    """Return whether a text contains an amount."""
    return any(is_amount(token) for token in tokenize_clause(normalize(text)))


def goes_on(text: str) -> bool:
    """Return whether the sentence of a line probably continues in the next line."""
    return text[-1:] in "，、" or (len(text) >= 12 and text[-1:] not in "。；;：:！？)）")


def one_line(text: str) -> str:
    """Remove the line ends of a text."""
    return re.sub(r"\s*\n\s*", "", text).strip()
