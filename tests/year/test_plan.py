"""Plans the second half of the year from the first."""

from __future__ import annotations

import pytest

from ..plan.rhythms import check_rhythms
from .conftest import COMMUNITIES, Year


@pytest.mark.parametrize("community", COMMUNITIES)
def test_the_year_is_planned_from_its_middle(year: Year, community: str) -> None:
    (plan,) = year.json("plan", "--from", "2026-06-30", "-c", community)["communities"]
    assert plan["optimal"]
    assert plan["even"]
    check_rhythms(plan)
    assert plan["short"] == []  # no rhythm was missed in its first half
