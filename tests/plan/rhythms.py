"""Checks the rhythms of a plan as ``plan --json`` prints it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

LAST = date(2026, 12, 31)


def planned_lines(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [line for month in plan["months"] for line in month["activities"]]


def in_period(plan: dict[str, Any], item: str, start: date, end: date) -> int:
    """How many activities of an item are sure to lie in these days."""
    return sum(
        line["count"]
        for line in planned_lines(plan)
        if line["item"] == item
        and start <= date.fromisoformat(line["from"])
        and date.fromisoformat(line["until"]) <= end
    )


def check_rhythms(plan: dict[str, Any]) -> None:
    """From July on: one report a month, one a quarter, two trainings a quarter, briefs in time."""
    months = [(date(2026, m, 1), date(2026, m + 1, 1) - timedelta(days=1)) for m in range(7, 12)]
    for start, end in [*months, (date(2026, 12, 1), LAST)]:
        assert in_period(plan, "10.1", start, end) >= 1
    for start, end in ((date(2026, 7, 1), date(2026, 9, 30)), (date(2026, 10, 1), LAST)):
        for item in ("2.1", "2.2", "10.2"):
            assert in_period(plan, item, start, end) >= 1
    briefs = {one["for_month"]: one for one in planned_lines(plan) if one["item"] == "10.3.1"}
    for month in range(7, 13):
        brief = briefs[f"2026-{month:02}"]
        assert (brief["count"], brief["deadline"]) == (1, True)
        assert brief["until"] == f"2026-{month:02}-25"
