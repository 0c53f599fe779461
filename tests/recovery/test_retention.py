"""Which daily backups are kept."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sgtrack.recovery.backups import DAYS, MONTHS, WEEKS, days_to_keep

FIRST = date(2026, 1, 1)
DAY_SETS = st.sets(st.dates(FIRST, date(2028, 12, 31)), max_size=400)


@given(DAY_SETS)
def test_the_newest_days_are_kept_and_few_others(days: set[date]) -> None:
    found = days_to_keep(days)
    assert found <= days
    assert set(sorted(days)[-DAYS:]) <= found
    assert len(found) <= DAYS + WEEKS + MONTHS


@given(DAY_SETS)
def test_of_each_recent_week_and_month_the_newest_is_kept(days: set[date]) -> None:
    found = days_to_keep(days)
    for period, most in (
        (lambda d: (d.year, d.month), MONTHS),
        (lambda d: d.isocalendar()[:2], WEEKS),
    ):
        for wanted in sorted({period(day) for day in days})[-most:]:
            newest = max(day for day in days if period(day) == wanted)
            assert newest in found


@given(DAY_SETS)
def test_thinning_twice_is_thinning_once(days: set[date]) -> None:
    assert days_to_keep(days_to_keep(days)) == days_to_keep(days)


@given(DAY_SETS)
def test_thinning_day_by_day_leaves_what_thinning_at_the_end_does(days: set[date]) -> None:
    there: set[date] = set()
    for day in sorted(days):
        there = days_to_keep({*there, day})
    assert there == days_to_keep(days)


def test_a_year_of_work_leaves_a_week_of_days_a_month_of_weeks_and_every_month() -> None:
    days = [FIRST + timedelta(n) for n in range(365)]
    found = sorted(days_to_keep(d for d in days if d.weekday() < 5))
    assert [d.isoformat() for d in found[-8:]] == [
        *("2026-12-18", "2026-12-23", "2026-12-24", "2026-12-25"),
        *("2026-12-28", "2026-12-29", "2026-12-30", "2026-12-31"),
    ]
    assert {d.month for d in found} == set(range(1, 13))
    assert len(found) == 21
