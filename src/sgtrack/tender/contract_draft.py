"""Types for a draft: the clauses of a package with their codes and proposed items."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sgtrack.tender.clause_proposals import ClauseReading, NumberReading
from sgtrack.tender.tender_document import ContractFacts, TenderCategory, TenderClause

MAYBE_TARGET = "看一看是不是指标"
"""The last words of the meaning of an amount outside all clauses; a person must check it."""
LONGEST_QUOTE = 24


def shorten_line(line: str) -> str:
    """Return the beginning of a line, to quote it in a message."""
    line = " ".join(line.split())
    return line if len(line) <= LONGEST_QUOTE else f"{line[:LONGEST_QUOTE]}…"


@dataclass(frozen=True)
class DraftClause:
    """A clause with its code, its proposed items, and the codes of the items."""

    code: str
    clause: TenderClause
    reading: ClauseReading
    codes: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class DraftCategory:
    """A category with its code and its clauses."""

    code: str
    category: TenderCategory
    clauses: tuple[DraftClause, ...]


@dataclass(frozen=True)
class ContractDraft:
    """A proposed target file for one package.

    ``outside`` lists the numbers outside all clauses, each with the line that contains it.
    ``set_aside`` lists the clauses without indicators, each with the reasons.
    """

    source: str
    facts: ContractFacts
    start: date
    end: date
    categories: tuple[DraftCategory, ...]
    outside: tuple[tuple[str, NumberReading], ...]
    notes: tuple[str, ...] = ()
    set_aside: tuple[tuple[str, str], ...] = ()
    period_checked: bool = False

    @property
    def clauses(self) -> tuple[DraftClause, ...]:
        """Return the clauses of all categories, in order."""
        return tuple(clause for category in self.categories for clause in category.clauses)

    @property
    def head_notes(self) -> tuple[str, ...]:
        """Return the notes about the contract as a whole, except the period."""
        if not self.facts.name:
            return (*self.notes, "文件里没有写社区名称")
        return (*self.notes, *(note for key, note in self.facts.notes.items() if key == "name"))

    @property
    def period_note(self) -> str:
        """Return what to check about the period, or "" if the document states both days."""
        missing = "文件里没有写起止日期，先按今年写" if self.facts.start is None else ""
        return self.facts.notes.get("period", missing)

    @property
    def to_check(self) -> int:
        """Return the number of notes for a person to check."""
        return (
            len(self.head_notes)
            + bool(self.period_note)
            + sum(
                len(clause.notes) + sum(len(item.notes) for item in clause.reading.items)
                for clause in self.clauses
            )
        )

    @property
    def outside_words(self) -> str:
        """Return how many numbers stand outside the clauses, in Chinese; "" if there are none."""
        maybe = sum(reading.meaning.endswith(MAYBE_TARGET) for _, reading in self.outside)
        if not self.outside:
            return ""
        like = f"，其中 {maybe} 个有单位，像是数量" if maybe else ""
        return f"条款以外还有 {len(self.outside)} 个数字没有写进来{like}"

    @property
    def title(self) -> str:
        """Return the package, place, and numbers of clauses, items and notes, in Chinese."""
        facts = self.facts
        place = facts.county + facts.street + facts.name
        named = " ".join(word for word in (facts.package, place) if word) or self.source
        items = sum(len(clause.codes) for clause in self.clauses)
        return f"{named}：{len(self.clauses)} 条条款，{items} 个服务项，{self.to_check} 处待核对"
