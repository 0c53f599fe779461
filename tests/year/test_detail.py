"""Figures read as sums give the same status as figures read one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from sgtrack.ledger.entry_reads import read_entries
from sgtrack.ledger.figure_reads import read_figures
from sgtrack.ledger.known_people import read_roster
from sgtrack.model.contract import Kind, Project
from sgtrack.model.entries import EntryFilter
from sgtrack.model.figures import FigureQuery
from sgtrack.progress.contract_status import compute_status, figure_query_of
from sgtrack.progress.explanation import Explanation, explain
from sgtrack.targets.loading import load_folder

from ..support.ledgers import read
from .conftest import COMMUNITIES, Year


@pytest.fixture(params=COMMUNITIES)
def community(year: Year, request: pytest.FixtureRequest) -> Project:
    """A community of the year."""
    loaded = load_folder(year.workspace.targets).projects
    return next(one for one in loaded if one.slug == request.param)


def test_any_day_of_the_year(year: Year, community: Project) -> None:
    ledger, slug = year.workspace.ledger, community.slug
    singly = read(read_figures, ledger, slug, FigureQuery(one_by_one=frozenset(community.items)))
    assert all(row.source for row in singly.amounts)
    day = date(2025, 12, 31)
    while day <= date(2027, 1, 5):
        sums = read(read_figures, ledger, slug, figure_query_of(community, [day]))
        assert compute_status(community, sums, day) == compute_status(community, singly, day), day
        day += timedelta(days=3)


def test_some_items_singly(year: Year, community: Project) -> None:
    ledger, slug = year.workspace.ledger, community.slug
    day = date(2026, 7, 16)
    detail = figure_query_of(community, [day])
    some = replace(detail, one_by_one=frozenset({"7.3.1", "6.8.2"}))
    mixed = read(read_figures, ledger, slug, some)
    assert 0 < sum(1 for row in mixed.amounts if row.source) < len(mixed.amounts)
    sums = read(read_figures, ledger, slug, detail)
    assert compute_status(community, mixed, day) == compute_status(community, sums, day)


@pytest.mark.parametrize("day", [date(2026, 3, 31), date(2026, 8, 16), date(2026, 12, 31)])
def test_explanations_add_up_to_every_indicator(year: Year, community: Project, day: date) -> None:
    ledger, slug = year.workspace.ledger, community.slug
    entries = read(read_entries, ledger, EntryFilter((slug,), end=day))
    roster = read(read_roster, ledger, slug)
    figures = read(read_figures, ledger, slug, figure_query_of(community, [day]))
    explained = {
        one.indicator.key: one
        for item in community.items.values()
        for one in explain(community, item, entries, roster)
    }
    indicators = compute_status(community, figures, day).claimed.indicators
    assert len(indicators) == len(explained) == 69
    for progress in indicators:
        explanation = explained[progress.indicator.key]
        if progress.indicator.kind is Kind.PER_PERSON:
            names = {one.name for one in roster if one.role == progress.indicator.role}
            assert progress.people == len(names) == 3
            assert least_of_a_person(explanation, names) == progress.actual
        else:
            assert explanation.total == progress.actual, progress.indicator


def least_of_a_person(explanation: Explanation, names: set[str]) -> Decimal:
    """The smallest sum of any person, from the lines of all activities."""
    return min(
        sum(
            (one.counted for one in explanation.lines if name in one.entry.activity.participants),
            Decimal(0),
        )
        for name in names
    )
