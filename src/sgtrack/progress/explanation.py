"""The entries behind a figure, and the rule by which they count, for an evaluator."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache

from sgtrack.model.contract import Indicator, Item, Project
from sgtrack.model.entries import Entry, Person
from sgtrack.model.figures import figures_of
from sgtrack.progress.conditions import each_words
from sgtrack.progress.kinds import kind_of
from sgtrack.progress.kinds.indicator_kind import Evaluation
from sgtrack.progress.tally import ZERO, Credit, served, tally


@dataclass(frozen=True, slots=True)
class ExplainedEntry:
    """One entry behind a figure: what it adds, and why that is not its whole amount."""

    entry: Entry
    counted: Decimal
    remark: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The entries behind an indicator's figure, and the rule by which they count.

    ``lines`` may be limited to the latest entries; ``earlier`` is then the number of entries before
    them, ``carried`` their sum.
    """

    indicator: Indicator
    rule: str
    lines: tuple[ExplainedEntry, ...]
    earlier: int = 0
    carried: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """The sum over all entries."""
        return sum((line.counted for line in self.lines), self.carried)

    def latest(self, most: int) -> Explanation:
        """Limit the lines to the latest ones."""
        before = self.lines[: max(len(self.lines) - most, 0)]
        return replace(
            self,
            lines=self.lines[len(before) :],
            earlier=self.earlier + len(before),
            carried=sum((line.counted for line in before), self.carried),
        )


def explain(
    project: Project, item: Item, entries: Iterable[Entry], roster: Iterable[Person] = ()
) -> tuple[Explanation, ...]:
    """Explain every indicator of an item.

    Args:
        project: the contract.
        item: one of its items.
        entries: the entries that count, of this item and others, in order of their date.
        roster: the people that per-person indicators run over.
    """
    serves = cache(lambda items: item.code in served(project, items))
    serving = [entry for entry in entries if serves(entry.activity.items)]
    tallies = tally(project, figures_of(serving, tuple(roster)), only=item.code)
    return tuple(
        Explanation(
            indicator,
            _rule(project, item, indicator),
            tuple(_lines(Evaluation(project, item, indicator, tallies, date.max), serving)),
        )
        for indicator in item.indicators
    )


def _lines(evaluation: Evaluation, entries: list[Entry]) -> Iterator[ExplainedEntry]:
    """What each entry adds, in the order of the entries, and those that do not count, with why."""
    item, indicator = evaluation.item, evaluation.indicator
    kind = kind_of(indicator)
    credits: dict[str, list[Credit]] = defaultdict(list)
    for credit in kind.credits(evaluation):
        if credit.row.source is not None:
            credits[credit.row.source.id].append(credit)
    for entry in entries:
        activity = entry.activity
        if entry.id in credits:
            counted = sum((credit.counted for credit in credits[entry.id]), ZERO)
            remark = _remark(credits[entry.id])
        else:
            counted, remark = ZERO, evaluation.tallies.rejection(item.code, entry.id)
            if not remark or not kind.concerns(indicator, activity):
                continue
        if activity.for_month:
            remark = f"{activity.for_month} 的"
        if activity.item != item.code:
            via = "兼计" if item.code in activity.also else "其中"
            remark = "，".join(part for part in (f"{via}（{activity.item}）", remark) if part)
        yield ExplainedEntry(entry, counted, remark)


def _remark(credits: list[Credit]) -> str:
    repeated = sum(credit.repeated for credit in credits)
    remarks = [credit.remark for credit in credits if credit.remark]
    return "，".join(remarks) or (f"{repeated}个名称已经计过" if repeated else "")


def _rule(project: Project, item: Item, indicator: Indicator) -> str:
    asked = each_words(item)
    words = kind_of(indicator).rule_words(project, item, indicator)
    return words + (f"；{asked}，不够的不计" if asked else "")
