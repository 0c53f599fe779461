"""The parts of a tender document: lines, tables, contract facts, categories and clauses."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from sgtrack.tender.clause_numbers import normalize
from sgtrack.tender.cues import is_amount, tokenize_clause

PACKAGE_HEADING = re.compile(
    r"^\s*[【\[（(]?\s*(?:\[[^\]]*\])?\s*(?P<package>(?:采购包|标包|分包|标段|包件|合同包|包)\s*[一二三四五六七八九十\dA-Z]{1,3}"
    r"|第\s?[一二三四五六七八九十\d]{1,3}\s?(?:包|标段|采购包))(?P<rest>.*)$"
)
LONGEST_HEADING = 60


@dataclass(frozen=True, eq=False, slots=True)
class TableCell:
    """A table cell; all grid positions of a merged cell share one object."""

    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return the lines of the cell as one text."""
        return "\n".join(self.lines)


Row = tuple[TableCell, ...]


@dataclass(frozen=True, slots=True)
class DocumentTable:
    """A table; its rows may have different lengths."""

    rows: tuple[Row, ...]


Block = str | DocumentTable
"""A table, or a line of text with its printed list mark."""


@dataclass(frozen=True, slots=True)
class Document:
    """The name of a document, and its lines and tables in order.

    ``notes`` says which parts of the file were not read.
    """

    name: str
    blocks: tuple[Block, ...]
    notes: tuple[str, ...] = ()


@dataclass
class ContractFacts:
    """The facts of a package, such as place, buyer and period; unknown facts are empty.

    ``notes`` maps the name of a fact to the reason why a person must check it.
    """

    name: str = ""
    county: str = ""
    street: str = ""
    package: str = ""
    contract: str = ""
    buyer: str = ""
    start: date | None = None
    end: date | None = None
    notes: dict[str, str] = field(default_factory=dict)


def is_package_heading(line: str) -> bool:
    """Return whether a line is the heading of a package."""
    match = PACKAGE_HEADING.match(line)
    return match is not None and len(line) <= LONGEST_HEADING and not re.search("[。；;]", line)


@dataclass
class TenderClause:
    """A clause of the contract.

    ``mark`` is its printed number, and ``about`` the topic from its table row or heading. ``notes``
    are reasons why a person must check the clause. ``part`` is true if the clause may be a part of
    the previous one.
    """

    text: str
    mark: str = ""
    about: str = ""
    notes: list[str] = field(default_factory=list)
    part: bool = False


@dataclass
class TenderCategory:
    """A category of clauses, from a table row or a section of text."""

    name: str
    content: str = ""
    clauses: list[TenderClause] = field(default_factory=list)


@dataclass
class TenderPackage:
    """The contract package for one community."""

    heading: str
    categories: list[TenderCategory] = field(default_factory=list)
    facts: ContractFacts = field(default_factory=ContractFacts)
    outside: list[str] = field(default_factory=list)
    """The lines of the package that belong to no clause."""
    notes: list[str] = field(default_factory=list)


def has_target(text: str) -> bool:
    """Return whether a text contains an amount."""
    return any(is_amount(token) for token in tokenize_clause(normalize(text)))


def goes_on(text: str) -> bool:
    """Return whether the sentence at the end of a line probably continues in the next line."""
    return text[-1:] in "，、" or (len(text) >= 12 and text[-1:] not in "。；;：:！？)）")


def one_line(text: str) -> str:
    """Return a text without its line breaks."""
    return re.sub(r"\s*\n\s*", "", text).strip()
