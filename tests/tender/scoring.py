"""Scores the reading of a contract text against what a person expects of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sgtrack.model.units import UNITS, Measure, plain
from sgtrack.tender.clause_numbers import normalize
from sgtrack.tender.clause_proposals import ProposedItem
from sgtrack.tender.contract_draft import ContractDraft, DraftClause
from sgtrack.tender.documents import read_content
from sgtrack.tender.draft_builder import build_drafts
from sgtrack.tender.list_marks import read_mark, split_inline
from sgtrack.tender.tender_document import DocumentTable

from . import word_documents

TEXTS = Path(__file__).parent / "texts"
HELD_TEXTS = Path(__file__).parent / "heldout"
TODAY = date(2026, 6, 30)
MADE = {
    "wuli": word_documents.wuli,
    "two-packages": word_documents.two_packages,
    "blind-word": word_documents.blind,
}
SEEN = ("shelter", "station", "spoken", "pasted-table", "wuli", "two-packages")
BLIND = (
    *("blind-prose", "blind-paste", "blind-word", "blind-county", "blind-column"),
    *("blind-elder", "blind-drug", "last-street", "last-table"),
    *("final-port", "final-youth"),
)
EVENT_MEASURES = (Measure.OCCASIONS, Measure.WORKS)
OWN = (
    *("own-notice", "own-matrix", "own-contract", "own-bullets"),
    *("own-list", "own-plan", "own-dash", "own-inline"),
    *("own-hours", "own-scored", "own-village", "own-child", "own-quarters"),
    *("own-volume", "own-yearly", "own-centre", "own-train"),
    *("own-columns", "own-tasks", "own-bold", "own-lines", "own-clean", "own-unit", "own-notes"),
    *("own-poly", "own-chat"),
)
HELD = {path.stem: path for path in sorted(HELD_TEXTS.iterdir()) if path.suffix != ".want"}
CONDITIONS = ("each", "sessions", "once", "due")


@dataclass
class Score:
    """How many indicators and conditions are right, and every difference."""

    right: int = 0
    wanted: int = 0
    extra: int = 0
    conditions_right: int = 0
    conditions_wanted: int = 0
    differences: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """The share of right ones among all that are expected or were read."""
        return self.right / (self.wanted + self.extra)


def content_of(name: str) -> tuple[bytes, str]:
    """A contract text of the tests."""
    if name in HELD:
        return HELD[name].read_bytes(), HELD[name].name
    if name in MADE:
        return MADE[name](), f"{name}.docx"
    return (TEXTS / f"{name}.txt").read_bytes(), f"{name}.txt"


def drafts(name: str) -> list[ContractDraft]:
    """The drafts that are read from a text."""
    content, file = content_of(name)
    return build_drafts(read_content(content, file), TODAY)


def said_of(clause: DraftClause) -> Counter[str]:
    """The indicators and conditions of a clause, one word list each."""
    found: Counter[str] = Counter()
    for item in clause.reading.items:
        for key, amounts in item.amounts.items():
            found.update(f"{key.value} {unit} {plain(value)}" for unit, value in amounts.items())
        found.update(["milestone"] * item.milestone + ["once"] * item.once_per_person)
        found.update([f"types {len(item.types)}"] * bool(item.types))
        found.update([f"sessions {item.sessions}"] if item.sessions else [])
        found.update([f"due {item.due_day}"] if item.due_day else [])
        found.update(f"each {unit} {plain(value)}" for unit, value in item.each.items())
    return found


def strict_amounts(items: Iterable[ProposedItem]) -> Counter[str]:
    """The amounts of items, each with the conditions of its item in brackets.

    The conditions stand beside the amount of events, or else beside the first amount.
    """
    found: Counter[str] = Counter()
    for item in items:
        amounts = [(key, unit, v) for key, us in item.amounts.items() for unit, v in us.items()]
        events = [n for n, (_, u, _) in enumerate(amounts) if UNITS[u].measure in EVENT_MEASURES]
        conditions = [f"each {unit} {plain(value)}" for unit, value in item.each.items()]
        conditions += [f"sessions {item.sessions}"] if item.sessions else []
        conditions += ["once"] * item.once_per_person
        conditions += [f"due {item.due_day}"] if item.due_day else []
        conditions += [f"types {len(item.types)}"] * bool(item.types)
        for n, (key, unit, value) in enumerate(amounts):
            said = conditions if n == (events[0] if events else 0) else []
            said = [*said, "part"] if item.part_of is not None else said
            tail = f" [{'; '.join(sorted(said))}]" if said else ""
            found[f"{key.value} {unit} {plain(value)}{tail}"] += 1
    return found


def strict_of(clause: DraftClause) -> Counter[str]:
    """The indicators of a clause, each with its conditions."""
    found = strict_amounts(clause.reading.items)
    found["milestone"] += sum(item.milestone for item in clause.reading.items)
    return +found


def counted_of(clause: DraftClause) -> Counter[str]:
    """The indicators of a clause with their conditions, without rates such as 满意度90%.

    A rate is proposed as a milestone that a person checks; the labels leave rates out.
    """
    found = strict_of(clause)
    found["milestone"] -= sum(item.measured for item in clause.reading.items)
    return +found


def score(name: str) -> Score:
    """Compare the reading of a text with its expectation.

    In the texts whose names begin with ``own`` or ``held``, an indicator is right only with its
    conditions.
    """
    made = drafts(name)
    said = strict_of if name.startswith("own") else counted_of if name in HELD else said_of
    result = Score()
    wants = [
        [part.strip() for part in line.split("|")]
        for line in ((HELD_TEXTS if name in HELD else TEXTS) / f"{name}.want")
        .read_text(encoding="utf-8")
        .splitlines()
    ]
    for n, draft in enumerate(made, start=1):
        here = [want for want in wants if len(want) == 2 or want[0] == f"包{n}"]
        if len(made) > 1 and len(here[0]) == 2:
            here = []
        _compare_draft(result, draft, here, said)
    return result


def _compare_draft(
    result: Score,
    draft: ContractDraft,
    wants: list[list[str]],
    said: Callable[[DraftClause], Counter[str]],
) -> None:
    """Compare clause by clause; compare clauses that are split differently as a whole."""
    fragment = ""
    found: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    left = [list(want) for want in wants]
    named = [(f.category.name, clause) for f in draft.categories for clause in f.clauses]
    for category, clause in named:
        words = f"{clause.clause.text}\n{clause.clause.about}\n{category}"
        mine = [want for want in left if want[-2] in words]
        if mine:
            _compare(result, fragment, wanted, found)
            fragment, found, wanted = mine[0][-2], Counter(), Counter()
        for want in mine:
            left.remove(want)
            wanted.update(part.strip() for part in want[-1].split(","))
        found += said(clause)
    _compare(result, fragment, wanted, found)
    for want in left:
        _compare(result, want[-2], Counter(p.strip() for p in want[-1].split(",")), Counter())


def _compare(result: Score, fragment: str, wanted: Counter[str], found: Counter[str]) -> None:
    missing, extra = wanted - found, found - wanted
    for kind in (True, False):
        want = sum(n for said, n in wanted.items() if _is_condition(said) is kind)
        lost = sum(n for said, n in missing.items() if _is_condition(said) is kind)
        if kind:
            result.conditions_wanted += want
            result.conditions_right += want - lost
        else:
            result.wanted += want
            result.right += want - lost
    result.extra += sum(n for said, n in extra.items() if not _is_condition(said))
    if missing or extra:
        result.differences.append(f"{fragment}: missing {dict(missing)}, extra {dict(extra)}")


def _is_condition(said: str) -> bool:
    return said.split(maxsplit=1)[0] in CONDITIONS


def lost_numbers(name: str) -> Counter[str]:
    """The numbers of a text that stand neither in a clause of its drafts nor in the report."""
    kept: Counter[str] = Counter()
    for draft in drafts(name):
        said = [clause.clause.text for clause in draft.clauses]
        said += [reading.words for _, reading in draft.outside]
        for words in said:
            kept += numbers_of(words)
    lines: list[str] = []
    for block in read_content(*content_of(name)).blocks:
        if isinstance(block, DocumentTable):
            cells = dict.fromkeys(cell for row in block.rows for cell in row)
            lines += [line for cell in cells for line in cell.lines]
        else:
            lines.append(block)
    written: Counter[str] = Counter()
    for line in dict.fromkeys(lines):
        for piece in split_inline(line):
            written += numbers_of(read_mark(piece)[1])
    return written - kept


def numbers_of(text: str) -> Counter[str]:
    return Counter(re.findall(r"\d+", normalize(text)))


def lost_digits(draft: ContractDraft) -> list[str]:
    """Digits of a draft's clauses that no reading covers."""
    found = []
    for clause in draft.clauses:
        covered: set[int] = set()
        for reading in clause.reading.readings:
            covered.update(range(reading.start, reading.start + len(reading.words)))
        for match in re.finditer(r"\d", normalize(clause.clause.text)):
            if match.start() not in covered:
                found.append(f"{clause.clause.text} @{match.start()}")
    return found


if __name__ == "__main__":
    import sys

    for name in sys.argv[1:] or (*SEEN, *BLIND, *OWN, *HELD):
        result = score(name)
        print(  # noqa: T201
            f"{name}: {result.right}/{result.wanted} indicators, {result.extra} extra, "
            f"{result.conditions_right}/{result.conditions_wanted} conditions"
        )
        for line in result.differences:
            print("    ", line)  # noqa: T201
