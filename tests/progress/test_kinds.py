"""A kind of indicator is one class: a new one needs its class and its entry in the table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from sgtrack.model.contract import Indicator, Item, Kind, Project
from sgtrack.model.entries import Activity, Entry
from sgtrack.progress.contract_status import (
    compute_due,
    compute_progress,
    compute_status,
    figure_query_of,
)
from sgtrack.progress.county_progress import county_of
from sgtrack.progress.explanation import explain
from sgtrack.progress.indicator_progress import Progress, State, share
from sgtrack.progress.kinds import KINDS
from sgtrack.progress.kinds.indicator_kind import Evaluation, IndicatorKind
from sgtrack.progress.progress_wording import actual_words, lack_words, target_words
from sgtrack.progress.tally import Credit, tally
from sgtrack.screen.movement_view import movement_table
from sgtrack.screen.status_view import status_json

from ..support.contracts import with_items
from .figures import ORIGIN, figures_of

DAY = date(2026, 6, 30)


def _named(value: str) -> Kind:
    """Make a member of ``Kind`` that the model does not define."""
    kind = str.__new__(Kind, value)
    kind._name_, kind._value_ = value.upper(), value
    return kind


LARGEST = _named("largest")


class LargestKind(IndicatorKind):
    """The largest activity reaches the target (至少一次50人次以上)."""

    kind = LARGEST

    def progress(self, evaluation: Evaluation) -> Progress:
        actual = sum((credit.counted for credit in self.credits(evaluation)), Decimal(0))
        done = actual >= evaluation.target
        return Progress(
            evaluation.item,
            evaluation.indicator,
            actual,
            Decimal(0),
            share(min(actual, evaluation.target), evaluation.target),
            State.DONE if done else State.BEHIND,
            evaluation.project.period.end,
        )

    def credits(self, evaluation: Evaluation) -> Iterable[Credit]:
        largest = Decimal(0)
        for credit in evaluation.credits_in(evaluation.period):
            yield Credit(credit.row, max(credit.counted - largest, Decimal(0)), "只看最大的一次")
            largest = max(largest, credit.counted)

    def rule_words(self, project: Project, item: Item, indicator: Indicator) -> str:
        return "看人次最多的一次"

    def target_words(self, indicator: Indicator, amount: str) -> str:
        return f"一次{amount}"

    def gap_words(self, progress: Progress, most: int | None = None) -> str:
        return "还没有一次够大"


@pytest.fixture
def contract(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The contract with an indicator of the made-up kind in 5.1."""
    monkeypatch.setitem(KINDS, LARGEST, LargestKind())
    indicator = Indicator("5.1", LARGEST, "人次", Decimal(50))

    def change(item: Item) -> Item:
        if item.code != "5.1":
            return item
        return replace(item, indicators=(*item.indicators, indicator))

    return with_items(project, change)


def test_a_new_kind_is_computed_explained_and_worded(contract: Project) -> None:
    days = ((2, 20), (3, 45), (4, 30))
    activities = [
        Activity("xianheguan", "5.1", date(2026, month, 1), amounts={"人次": Decimal(amount)})
        for month, amount in days
    ]
    status = compute_status(contract, figures_of(activities), DAY)
    (found,) = (one for one in status.claimed.indicators if one.indicator.kind is LARGEST)
    assert (found.actual, found.percent, found.state) == (45, 90, State.BEHIND)
    entries = [Entry(str(n), one, ORIGIN) for n, one in enumerate(activities)]
    explained = explain(contract, contract.items["5.1"], entries)[-1]
    assert (explained.rule, explained.total) == ("看人次最多的一次", 45)
    assert [line.counted for line in explained.lines] == [20, 25, 0]
    assert explained.lines[0].remark == "只看最大的一次"
    assert target_words(found.indicator) == "一次50人次"
    assert (actual_words(found), lack_words(found, DAY)) == (
        "45人次",
        "还没有一次够大（12月31日截止）",
    )
    assert found in status.claimed.attention
    assert found in [due.progress for due in compute_due(status.claimed, 400)]


def test_a_new_kind_reaches_the_screen_and_the_county(contract: Project) -> None:
    activity = Activity("xianheguan", "5.1", DAY, amounts={"人次": Decimal(60)})
    before = compute_status(contract, figures_of([]), DAY)
    after = compute_status(contract, figures_of([activity]), DAY)
    (row,) = (one for one in status_json(after)["indicators"] if one["kind"] == "largest")
    assert (row["actual"], row["target"], row["state"]) == (60, 50, "done")
    assert movement_table(before.claimed.indicators, after.claimed.indicators) is not None
    county = county_of([after], DAY)
    totals = [total for category in county.categories for total in category.indicators]
    (total,) = (one for one in totals if one.indicator.kind is LARGEST)
    assert (total.target, total.actual) == (50, 60)
    assert figure_query_of(contract, [DAY]).boundaries


def test_every_kind_of_the_model_is_registered() -> None:
    assert set(KINDS) == set(Kind)
    assert all(KINDS[kind].kind is kind for kind in Kind)


def test_status_is_the_sum_of_the_credits(project: Project) -> None:
    visit = Activity("xianheguan", "5.1", date(2026, 2, 1), amounts={"人次": Decimal(3)})
    tallies = tally(project, figures_of([visit]))
    for progress in compute_progress(project, tallies, DAY).indicators:
        if progress.indicator.kind is not Kind.PER_PERSON:
            evaluation = Evaluation(project, progress.item, progress.indicator, tallies, DAY)
            credits = KINDS[progress.indicator.kind].credits(evaluation)
            assert sum(credit.counted for credit in credits) == progress.actual
