"""Explains the figure of an indicator: the entries behind it and the counting rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache

from sgtrack.model.contract import Indicator, Item, Project
from sgtrack.model.entries import Entry, Person
from sgtrack.model.figures import figures_of
from sgtrack.model.wording import ALSO
from sgtrack.progress.conditions import each_words
from sgtrack.progress.kinds import kind_of
from sgtrack.progress.kinds.indicator_kind import Evaluation
from sgtrack.progress.tally import ZERO, Credit, served, tally


@dataclass(frozen=True, slots=True)
class ExplainedEntry:
    """An entry behind a figure, the amount that it adds, and a remark about this amount."""

    entry: Entry
    counted: Decimal
    remark: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The entries behind the figure of an indicator, and the counting rule in words.

    If ``lines`` has only the latest entries, ``earlier`` is the number of the omitted entries and
    ``carried`` is the sum of their amounts.
    """

    indicator: Indicator
    rule: str
    lines: tuple[ExplainedEntry, ...]
    earlier: int = 0
    carried: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """The sum of the amounts of all entries."""
        return sum((line.counted for line in self.lines), self.carried)

    def latest(self, most: int) -> Explanation:
        """Return a copy with only the latest lines, at most ``most``; sum up the earlier lines."""
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
    """Explain every indicator of one item; see :func:`explain_items`."""
    return explain_items(project, (item,), entries, roster)[item.code]


def explain_items(
    project: Project,
    items: Iterable[Item],
    entries: Iterable[Entry],
    roster: Iterable[Person] = (),
) -> dict[str, tuple[Explanation, ...]]:
    """Explain every indicator of some items; return the explanations by item code.

    ``entries`` must be entries that count, sorted by day; entries of other items are ignored.
    ``roster`` lists the people of per-person indicators.
    """
    chosen = {item.code: item for item in items}
    entries_of: dict[str, list[Entry]] = {code: [] for code in chosen}
    chosen_of = cache(lambda codes: [code for code in served(project, codes) if code in chosen])
    relevant = []
    for entry in entries:
        if codes := chosen_of(entry.activity.items):
            relevant.append(entry)
        for code in codes:
            entries_of[code].append(entry)
    tallies = tally(project, figures_of(relevant, tuple(roster)))
    return {
        code: tuple(
            Explanation(
                indicator,
                kind_of(indicator).rule_words(project, item, indicator)
                + (f"；{each_words(item)}，不足的不计" if item.each else ""),
                tuple(
                    _lines(
                        Evaluation(project, item, indicator, tallies, date.max), entries_of[code]
                    )
                ),
            )
            for indicator in item.indicators
        )
        for code, item in chosen.items()
    }


def _lines(evaluation: Evaluation, entries: list[Entry]) -> Iterator[ExplainedEntry]:
    """Yield the entries of the indicator, each with its amount, which may be zero."""
    code, indicator = evaluation.item.code, evaluation.indicator
    kind = kind_of(indicator)
    credits: dict[str, Credit] = {}
    for credit in kind.credits(evaluation):
        if (source := credit.row.source) is not None:
            before = credits.get(source.id)
            credits[source.id] = before.joined(credit) if before else credit
    for entry in entries:
        activity = entry.activity
        if entry.id in credits:
            credit = credits[entry.id]
            counted, remark = credit.counted, credit.remark
            if credit.repeated and not remark:
                remark = f"{credit.repeated}个名称已经计过"
        else:
            counted, remark = ZERO, evaluation.tallies.rejection(code, entry.id)
            if not remark or not kind.concerns(indicator, activity):
                continue
        if activity.for_month:
            remark = f"{activity.for_month} 的"
        if activity.item != code:
            via = ALSO if code in activity.also else "其中"
            remark = "，".join(part for part in (f"{via}（{activity.item}）", remark) if part)
        yield ExplainedEntry(entry, counted, remark)
