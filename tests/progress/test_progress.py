"""Tallies, pace and states, for every kind of indicator."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sgtrack.model.contract import Item, Kind, Project
from sgtrack.model.entries import Activity, Entry, Person
from sgtrack.progress.contract_status import compute_progress
from sgtrack.progress.explanation import explain
from sgtrack.progress.indicator_progress import Progress, State
from sgtrack.progress.periods import spans
from sgtrack.progress.tally import tally

from ..support.contracts import with_items
from ..support.examples import examples
from .figures import ORIGIN, figures_of
from .histories import END, PROJECT, START, History, build_activities, did, histories


def at(
    project: Project,
    day: str,
    item: str,
    kind: Kind,
    *activities: Activity,
    roster: tuple[str, ...] = (),
) -> Progress:
    """The first indicator of that kind of an item, at a day."""
    people = tuple(Person("", "", n, "社区工作者", START) for n in roster)
    found = compute_progress(
        project, tally(project, figures_of(activities, people)), date.fromisoformat(day)
    )
    return next(p for p in found.indicators if p.item.code == item and p.indicator.kind is kind)


@pytest.mark.parametrize(
    ("day", "amount", "state"),
    [
        ("2026-01-02", 0, State.ON_TRACK),  # 0.27 expected: no whole visit is missing
        ("2026-06-30", 19, State.BEHIND),  # 24.79 expected, of which 80 % are 19.83
        ("2026-06-30", 20, State.ON_TRACK),
        ("2026-06-30", 50, State.DONE),
        ("2026-12-20", 49, State.ON_TRACK),
        ("2026-12-25", 49, State.BEHIND),  # within seven days of the end
        ("2027-01-01", 49, State.OVERDUE),
        ("2027-01-01", 60, State.DONE),
    ],
)
def test_states_of_a_total(project: Project, day: str, amount: int, state: State) -> None:
    done = [did("5.1", "2026-01-01", amounts={"人次": amount})] if amount else []
    assert at(project, day, "5.1", Kind.TOTAL, *done).state is state


@pytest.mark.parametrize(
    ("item", "day", "state"),
    [
        ("7.3.1", "2026-01-05", State.ON_TRACK),
        ("7.3.1", "2026-01-30", State.ON_TRACK),  # 24.7 of 300 expected, and a twelfth is 30.4 days
        ("7.3.1", "2026-01-31", State.BEHIND),
        ("6.1.1", "2026-01-20", State.ON_TRACK),
        ("6.1.1", "2026-03-31", State.BEHIND),
    ],
)
def test_nothing_is_behind_in_the_first_twelfth(
    project: Project, item: str, day: str, state: State
) -> None:
    found = compute_progress(project, tally(project, figures_of(())), date.fromisoformat(day))
    states = {
        p.state
        for p in found.indicators
        if p.item.code == item and p.indicator.kind is Kind.TOTAL and (p.indicator.target or 0) > 20
    }
    assert states == {state}


def test_no_indicator_is_behind_in_the_first_weeks(project: Project) -> None:
    for day in ("2026-01-01", "2026-01-15", "2026-01-24", "2026-01-30"):
        found = compute_progress(project, tally(project, figures_of(())), date.fromisoformat(day))
        behind = [p.item.code for p in found.indicators if p.state is State.BEHIND]
        assert behind == [], day


def test_the_thresholds_come_from_the_target_file(project: Project) -> None:
    done = did("5.1", "2026-01-01", amounts={"人次": 20})
    strict = replace(project, pace=replace(project.pace, on_track=Decimal("0.9")))
    assert at(project, "2026-06-30", "5.1", Kind.TOTAL, done).state is State.ON_TRACK
    assert at(strict, "2026-06-30", "5.1", Kind.TOTAL, done).state is State.BEHIND


@pytest.mark.parametrize(
    ("day", "days", "state"),
    [
        ("2026-01-17", (), State.ON_TRACK),
        ("2026-01-25", (), State.ON_TRACK),  # no month is over yet
        ("2026-02-18", ("2026-01-24",), State.BEHIND),  # the 25th is within seven days
        ("2026-02-17", ("2026-01-24",), State.ON_TRACK),
        ("2026-02-25", ("2026-01-24",), State.BEHIND),
        ("2026-01-26", (), State.OVERDUE),
        ("2026-01-26", ("2026-01-24",), State.ON_TRACK),
        ("2026-02-28", ("2026-01-24", "2026-01-25"), State.OVERDUE),  # two in January
        ("2026-02-28", ("2026-01-24", "2026-02-27"), State.ON_TRACK),  # late, but there
    ],
)
def test_states_of_a_rhythm(
    project: Project, day: str, days: tuple[str, ...], state: State
) -> None:
    briefs = [did("10.3.1", d, amounts={"期": 1}) for d in days]
    assert at(project, day, "10.3.1", Kind.PERIODIC, *briefs).state is state


def test_one_month_cannot_make_up_for_another(project: Project) -> None:
    many = did("10.1", "2026-01-05", amounts={"次": 12})
    found = at(project, "2026-06-30", "10.1", Kind.PERIODIC, many)
    assert (found.actual, found.percent) == (12, Decimal("8.3"))


def test_every_person_must_reach_the_target(project: Project) -> None:
    lesson = did("9.1.2", "2026-02-01", amounts={"学时": "20"}, participants=("甲", "外人"))
    found = at(project, "2026-06-30", "9.1.2", Kind.PER_PERSON, lesson, roster=("甲", "乙"))
    assert (found.actual, found.percent, found.people, found.people_met) == (0, 50, 2, 1)
    assert found.state is State.BEHIND
    both = did("9.1.2", "2026-03-01", amounts={"学时": "20"}, participants=("乙",))
    done = at(project, "2026-06-30", "9.1.2", Kind.PER_PERSON, lesson, both, roster=("甲", "乙"))
    assert (done.state, done.percent) == (State.DONE, 100)


def test_three_people_with_a_third_each_are_one_of_four(project: Project) -> None:
    def ask_30_hours(item: Item) -> Item:
        hours = Decimal(30)
        asked = tuple(replace(one, target=hours) for one in item.indicators)
        return replace(item, indicators=asked) if item.code == "9.1.2" else item

    lesson = did("9.1.2", "2026-02-01", amounts={"学时": "10"}, participants=("甲", "乙", "丙"))
    strict, roster = with_items(project, ask_30_hours), ("甲", "乙", "丙", "丁")
    found = at(strict, "2026-06-30", "9.1.2", Kind.PER_PERSON, lesson, roster=roster)
    assert found.percent == 25


def test_without_a_roster_all_named_participants_count(project: Project) -> None:
    lesson = did("9.1.2", "2026-02-01", amounts={"学时": "5"}, participants=("甲", "乙"))
    found = at(project, "2026-06-30", "9.1.2", Kind.PER_PERSON, lesson)
    assert (found.actual, found.percent, found.people) == (5, 25, 2)
    assert at(project, "2026-06-30", "9.1.2", Kind.PER_PERSON).percent == 0


def test_coverage_names_what_is_missing(project: Project) -> None:
    one = did(
        "7.1", "2026-02-01", amounts={"支": 1}, participants=("队",), activity_type="文体活动类"
    )
    found = at(project, "2026-06-30", "7.1", Kind.COVERAGE, one)
    assert (found.actual, found.percent) == (1, 25)
    assert found.missing == ("生活服务类", "社区事务类", "公益慈善类")


def test_a_milestone_is_owed_by_its_day(project: Project) -> None:
    assert at(project, "2026-06-30", "1.1", Kind.MILESTONE).state is State.ON_TRACK
    assert at(project, "2026-12-26", "1.1", Kind.MILESTONE).state is State.BEHIND
    assert at(project, "2027-01-01", "1.1", Kind.MILESTONE).state is State.OVERDUE
    done = at(project, "2026-06-30", "1.1", Kind.MILESTONE, did("1.1", "2026-02-01"))
    assert (done.state, done.percent) == (State.DONE, 100)


def test_parts_count_toward_their_parent_once(project: Project) -> None:
    both = did("7.3.1", "2026-02-01", amounts={"场": 1, "人次": 80}, also=("7.3.3",))
    assert at(project, "2026-06-30", "7.3", Kind.TOTAL, both).actual == 1
    assert at(project, "2026-06-30", "7.3.3", Kind.TOTAL, both).actual == 1


def test_a_name_that_returns_is_counted_once(project: Project) -> None:
    first = did("7.2.2", "2026-02-01", amounts={"人": 3}, participants=("甲", "乙"))
    second = did("7.2.2", "2026-03-01", amounts={"人": 2}, participants=("乙", "丙"))
    assert at(project, "2026-06-30", "7.2.2", Kind.TOTAL, first, second).actual == 4


def test_a_series_counts_once_under_its_name(project: Project) -> None:
    sessions = [
        did("6.8.2", f"2026-0{n}-01", title=title, amounts={"个": 1, "人次": 8})
        for n, title in ((1, "夕阳红"), (2, "夕阳红"), (3, "向日葵"))
    ]
    assert at(project, "2026-06-30", "6.8.2", Kind.TOTAL, *sessions).actual == 2


def test_an_overfull_indicator_buys_nothing(project: Project) -> None:
    def overall(amount: int) -> Decimal:
        figures = figures_of([did("5.1", "2026-02-01", amounts={"人次": amount})])
        return compute_progress(project, tally(project, figures), END).percent

    assert overall(50) == overall(5000) == Decimal("1.4")  # 100 / 69, rounded down


@examples(quick=60, thorough=600)
@given(histories(), st.integers(0, 364))
def test_explained_lines_add_up_to_the_figure(history: History, until: int) -> None:
    project = PROJECT
    activities = build_activities(project, history)
    as_of = START + timedelta(days=until)
    tallies = tally(project, figures_of(activities))
    found = compute_progress(project, tallies, as_of)
    entries = [Entry(str(n), a, ORIGIN) for n, a in enumerate(activities) if a.day <= as_of]
    explained = {
        e.indicator.key: e.total
        for item in project.items.values()
        for e in explain(project, item, entries)
    }
    for one in found.indicators:
        assert 0 <= one.percent <= 100
        assert (one.percent == 100) == (one.state is State.DONE)
        if one.indicator.kind is not Kind.PER_PERSON:
            assert explained[one.indicator.key] == one.actual, one.indicator
    assert 0 <= found.percent <= 100


def test_missed_periods_are_named_as_ranges_up_to_a_limit() -> None:
    every = [f"{month}月" for month in range(1, 13)]
    missed = [*every[0:4], every[6], *every[8:10], every[11]]
    assert spans(missed, every) == "1月至4月、7月、9月、10月、12月"
    assert spans(missed, every, 4) == spans(missed, every)
    assert spans(missed, every, 2) == "1月至4月、7月等"
    assert spans([], every, 2) == ""
