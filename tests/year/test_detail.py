"""Figures read as finely as is wanted stand where every single activity stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from sgtrack.ledger.figure_reads import read_figures
from sgtrack.model.contract import Project
from sgtrack.model.queries import FigureQuery
from sgtrack.progress.contract_status import standing_of
from sgtrack.progress.figure_query import figure_query_of
from sgtrack.targets.loading import load_folder

from .conftest import COMMUNITIES, Year


@pytest.fixture(params=COMMUNITIES)
def community(year: Year, request: pytest.FixtureRequest) -> Project:
    """A community of the year."""
    loaded = load_folder(year.workspace.targets).projects
    return next(one for one in loaded if one.slug == request.param)


def test_any_day_of_the_year(year: Year, community: Project) -> None:
    ledger, slug = year.workspace.ledger, community.slug
    singly = read_figures(ledger, slug, FigureQuery(one_by_one=frozenset(community.items)))
    assert all(row.single for row in singly.amounts)
    day = date(2025, 12, 31)
    while day <= date(2027, 1, 5):
        sums = read_figures(ledger, slug, figure_query_of(community, [day]))
        assert standing_of(community, sums, day) == standing_of(community, singly, day), day
        day += timedelta(days=3)


def test_some_items_singly(year: Year, community: Project) -> None:
    ledger, slug = year.workspace.ledger, community.slug
    day = date(2026, 7, 16)
    detail = figure_query_of(community, [day])
    some = replace(detail, one_by_one=frozenset({"7.3.1", "6.8.2"}))
    mixed = read_figures(ledger, slug, some)
    assert 0 < sum(1 for row in mixed.amounts if row.single) < len(mixed.amounts)
    sums = read_figures(ledger, slug, detail)
    assert standing_of(community, mixed, day) == standing_of(community, sums, day)
