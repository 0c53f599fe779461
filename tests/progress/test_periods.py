"""The periods of a rhythm, and the reporting windows of the briefs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sgtrack.model.contract import BriefPolicy, Pace, Per, Period, Project
from sgtrack.progress.periods import add_months, due_next, owed_periods, windows

DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))
PROJECTS = st.builds(
    lambda start, days: Period(start, start + timedelta(days=days)), DAYS, st.integers(0, 1500)
)


@given(PROJECTS, st.sampled_from(list(Per)), st.none() | st.integers(1, 31))
def test_periods_fill_the_project_without_gap_or_overlap(
    project: Period, per: Per, due_day: int | None
) -> None:
    periods = [owed.period for owed in owed_periods(project, per, due_day)]
    assert periods[0].start == project.start
    assert periods[-1].end == project.end
    for one, following in pairwise(periods):
        assert following.start == one.end + timedelta(days=1)
    for owed in owed_periods(project, per, due_day):
        assert owed.deadline in owed.period


@pytest.mark.parametrize(
    ("start", "end", "per", "count"),
    [
        ("2026-01-01", "2026-12-31", Per.MONTH, 12),
        ("2026-01-01", "2026-12-31", Per.QUARTER, 4),
        ("2026-01-01", "2026-12-31", Per.YEAR, 1),
        ("2026-03-15", "2027-03-14", Per.MONTH, 12),
        ("2026-03-15", "2027-03-14", Per.QUARTER, 4),
        ("2026-07-01", "2027-06-30", Per.YEAR, 1),
        ("2026-07-01", "2029-06-30", Per.YEAR, 3),
        ("2026-03-03", "2026-03-05", Per.QUARTER, 1),
        ("2026-06-16", "2027-06-15", Per.MONTH, 12),
        ("2026-08-16", "2027-08-15", Per.QUARTER, 4),
        ("2026-06-16", "2028-06-15", Per.MONTH, 24),
        ("2026-06-10", "2027-06-20", Per.MONTH, 13),
    ],
)
def test_how_often_a_rhythm_is_owed(start: str, end: str, per: Per, count: int) -> None:
    project = Period(date.fromisoformat(start), date.fromisoformat(end))
    assert len(owed_periods(project, per)) == count


@given(DAYS, st.integers(1, 3))
def test_whole_years_owe_whole_numbers_of_months_and_quarters(start: date, years: int) -> None:
    end = add_months(start, 12 * years)
    if end.day != start.day:  # 29 February
        end += timedelta(days=1)
    project = Period(start, end - timedelta(days=1))
    assert len(owed_periods(project, Per.MONTH)) == 12 * years
    assert len(owed_periods(project, Per.QUARTER)) == 4 * years


def test_periods_carry_their_year_where_there_are_several() -> None:
    one, two = (
        Period(date(2026, 1, 1), date(2026, 12, 31)),
        Period(date(2026, 7, 1), date(2027, 6, 30)),
    )
    assert owed_periods(one, Per.QUARTER)[2].on_screen == "三季度"
    assert owed_periods(two, Per.MONTH)[-1].on_screen == "2027年6月"
    assert owed_periods(two, Per.YEAR)[0].on_screen == "2026年"


def test_the_25th_is_the_deadline() -> None:
    year = Period(date(2026, 1, 1), date(2026, 12, 31))
    february = owed_periods(year, Per.MONTH, 25)[1]
    assert (february.label, february.deadline) == ("2026-02", date(2026, 2, 25))
    assert owed_periods(year, Per.MONTH, 31)[1].deadline == date(2026, 2, 28)


@given(PROJECTS, st.integers(1, 28))
def test_windows_leave_no_day_out(project: Period, window_starts: int) -> None:
    found = [window.period for window in windows(made(project, window_starts))]
    assert found[0].start == project.start
    assert found[-1].end == project.end
    for one, following in pairwise(found):
        assert following.start == one.end + timedelta(days=1)


def test_the_default_window_runs_from_the_26th_to_the_25th(project: Project) -> None:
    march = windows(project)[2]
    assert march.period == Period(date(2026, 2, 26), date(2026, 3, 25))
    assert (march.number, march.due) == (3, date(2026, 3, 25))
    assert windows(project)[-1].period.end == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("today", "starts", "label"),
    [
        ("2026-03-25", 26, "2026-03"),
        ("2026-03-26", 26, "2026-04"),
        ("2026-03-25", 1, "2026-02"),
        ("2026-03-26", 1, "2026-03"),
        ("2027-05-01", 26, "2026-12"),
    ],
)
def test_the_brief_due_next(project: Project, today: str, starts: int, label: str) -> None:
    policy = BriefPolicy("简报", starts)
    assert due_next(replace(project, brief=policy), date.fromisoformat(today)).label == label


def made(period: Period, window_starts: int) -> Project:
    """A project of that period, with no indicators."""
    return Project(
        *("x",) * 6,
        period,
        True,
        *("",) * 3,
        BriefPolicy("简报", window_starts),
        Pace(Decimal("0.8"), 7),
        (),
    )
