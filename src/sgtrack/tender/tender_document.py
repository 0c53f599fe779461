"""The parts of a tender document: lines, tables, contract facts, categories and clauses."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from sgtrack.tender.clause_numbers import normalize
from sgtrack.tender.cues import is_amount, tokenize_clause

_PACKAGE = re.compile(
    r"^\s*[【\[（(]?\s*(?:\[[^\]]*\])?\s*(?P<package>(?:采购包|标包|分包|标段|包件|合同包|包)\s*[一二三四五六七八九十\dA-Z]{1,3}"
    r"|第\s?[一二三四五六七八九十\d]{1,3}\s?(?:包|标段|采购包))(?P<rest>.*)$"
)
_PLACE = re.compile(
    r"(?P<county>[一-龥]{2,6}?(?:自治县|县|市|区))?(?P<street>[一-龥]{2,6}?(?:街道|镇|乡))"
    r"(?P<community>[一-龥]{1,8}?(?:社区|村))?"
)
LONGEST_HEADING = 60
SHORTEST = 27
"""Minimum length of a project period in days; shorter periods are bidding deadlines."""
_COUNTY = re.compile(r"(?:^|[：:])(?P<county>[一-龥]{2,5}?(?:县|区))(?=[一-龥\d])")
_DAY = r"(\d{4})\s?年\s?(\d{1,2})\s?月(?:\s?(\d{1,2})\s?日)?"


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
    match = _PACKAGE.match(line)
    return match is not None and len(line) <= LONGEST_HEADING and not re.search("[。；;]", line)


def read_facts(
    heading: str, outside: list[str], clauses: list[str], everywhere: list[str]
) -> ContractFacts:
    """Read the facts of a package.

    Args:
        heading: the heading of the package, or an empty string.
        outside: the lines of the package that belong to no clause.
        clauses: the texts of the package's clauses, searched for the place if no heading names it.
        everywhere: all lines of the document, searched for buyer, contract number and period.
    """
    facts = ContractFacts()
    match = _PACKAGE.match(heading)
    if match:
        facts.package = re.sub(r"\s", "", match["package"])
    titles = [line for line in (heading, *outside) if line and len(line) <= LONGEST_HEADING]
    place = _place(titles)
    if place is None and (place := _place(clauses)) is not None:
        facts.notes["name"] = "社区名称取自条款原文"
    if place is not None:
        facts.county, facts.street = place["county"] or "", place["street"] or ""
        facts.name = place["community"] or ""
    elif county := next((m for line in titles if (m := _COUNTY.search(line))), None):
        facts.county = county["county"]
    for line in (*outside, *everywhere):
        facts.buyer = facts.buyer or _after(line, "采购人|采购单位|购买方|购买主体|委托方|甲方")
        facts.contract = facts.contract or _after(line, "合同编号")
    _period(facts, [normalize(line) for line in (*outside, *everywhere)])
    return facts


def _place(lines: list[str]) -> re.Match[str] | None:
    """Return the most complete place name, preferably with county and community, or None."""
    places = [match for line in lines for match in _PLACE.finditer(_bare(line))]
    communities = [m for m in places if m["community"]]
    return (
        next((m for m in communities if m["county"]), None)
        or next(iter(communities), None)
        or next((m for m in places if m["county"]), None)
    )


def _bare(line: str) -> str:
    match = _PACKAGE.match(line)
    rest = match["rest"] if match else line
    return re.sub(r"^(?:[.．、：:\s]|建成|打造|为|在|项目名称[：:]?|\d+)+", "", rest)


def _after(line: str, words: str) -> str:
    match = re.search(
        rf"(?:^|[、.\s])(?:{words})(?:（[^）]*）)?\s*[：:]\s*(?P<phrase>[^，。；;\s（]{{2,30}})",
        line,
    )
    return match["phrase"] if match else ""


def _period(facts: ContractFacts, lines: list[str]) -> None:
    for line in lines:
        match = re.search(rf"{_DAY}\s*(?:起)?\s*[至到\-—–~～]+\s*{_DAY}", line)
        if match and re.search("期限|服务期|周期|合同期|服务时间|项目时间|履行", line):
            start = _day(match[1], match[2], match[3] or "1")
            end = _day(match[4], match[5], match[6])
            if start and end and (end - start).days >= SHORTEST and end.year - start.year <= 10:
                facts.start, facts.end = start, end
                return


def _day(year: str, month: str, day: str | None) -> date | None:
    try:
        if day is None:
            following = date(int(year) + int(month) // 12, int(month) % 12 + 1, 1)
            return date.fromordinal(following.toordinal() - 1)
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


@dataclass
class TenderClause:
    """A clause of the contract.

    ``mark`` is its printed number, and ``about`` the topic from its table row or heading. ``notes``
    are reasons why a person must check it. ``part`` is true if it may be a part of the clause
    before it.
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
