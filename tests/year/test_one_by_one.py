"""Activities read one at a time say the same as their sums by day."""

from __future__ import annotations

from datetime import date

import pytest

from sgtrack.ledger.reading import read_figures
from sgtrack.progress.standing import standing_of
from sgtrack.targets.loading import load_folder

from .conftest import COMMUNITIES, Year


@pytest.mark.parametrize("community", COMMUNITIES)
def test_a_year_read_singly_stands_where_its_sums_stand(year: Year, community: str) -> None:
    loaded = load_folder(year.workspace.targets).projects
    (project,) = (one for one in loaded if one.slug == community)
    by_day = read_figures(year.workspace.ledger, community, frozenset())
    some = read_figures(year.workspace.ledger, community, frozenset({"7.3.1", "6.8.2"}))
    singly = read_figures(year.workspace.ledger, community, frozenset(project.items))
    assert not any(row.single for row in by_day.amounts)
    for rows in (singly.amounts, singly.names, singly.labels):
        assert rows
        assert all(row.single for row in rows)
    assert 0 < sum(1 for row in some.amounts if row.single) < len(some.amounts)
    for month in range(1, 13):
        day = date(2026, month, 25)
        expected = standing_of(project, by_day, day)
        assert standing_of(project, some, day) == expected
        assert standing_of(project, singly, day) == expected
