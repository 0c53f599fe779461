"""An activity that misses a condition of its item does not count, in any figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sgtrack.model.contract import Item, Kind, Project
from sgtrack.model.entries import Activity, Entry
from sgtrack.progress.conditions import condition_words, rejection_reason, shortfalls
from sgtrack.progress.contract_status import compute_progress
from sgtrack.progress.explanation import explain
from sgtrack.progress.tally import Tallies, tally
from sgtrack.report.training_record import compose_training_records

from ..support.contracts import with_items
from .figures import ORIGIN, figures_of
from .histories import END, PROJECT, START, History, build_activities, did, histories


def having(project: Project, **changed: Mapping[str, Any]) -> Project:
    """The project with other fields in some items; ``_`` in a code stands for its dots."""
    fields = {code[1:].replace("_", "."): dict(values) for code, values in changed.items()}
    return with_items(project, lambda item: replace(item, **fields.get(item.code, {})))


def each(**least: int) -> dict[str, Any]:
    return {"each": tuple((unit, Decimal(amount)) for unit, amount in least.items())}


def tallied(project: Project, *activities: Activity) -> Tallies:
    return tally(project, figures_of(activities))


def amount(project: Project, item: str, unit: str, *activities: Activity) -> Decimal:
    return tallied(project, *activities).amount(item, unit, project.period, END)


@pytest.mark.parametrize(
    ("asked", "amounts", "names", "said"),
    [
        ({"人": 30}, {"场": 1, "人次": 30}, 0, ""),
        ({"人": 30}, {"场": 1, "人次": 29}, 0, "只有29人（每场不少于30人），不计"),
        ({"人": 30}, {"场": 1}, 0, "没有写人数（每场不少于30人），不计"),
        ({"人": 3}, {"场": 1}, 3, ""),  # three names are three people
        ({"人次": 30}, {"场": 1, "人": 30}, 0, ""),
        ({"人": 30}, {"场": 2, "人次": 60}, 0, ""),
        ({"人": 30}, {"场": 2, "人次": 59}, 0, "平均每场只有29.5人（每场不少于30人），不计"),
        ({"小时": 1}, {"场": 1, "小时": "0.5"}, 0, "只有0.5小时（每场不少于1小时），不计"),
        ({"人": 5, "小时": 1}, {"人次": 9}, 0, "没有写小时（每场不少于1小时），不计"),
        ({"户": 5}, {"户次": 5}, 0, ""),
    ],
)
def test_the_reason_is_in_the_contracts_words(
    project: Project,
    asked: dict[str, int],
    amounts: dict[str, int | str],
    names: int,
    said: str,
) -> None:
    item: Item = having(project, i7_3=each(**asked)).items["7.3"]
    counted = {unit: Decimal(str(amount)) for unit, amount in amounts.items()}
    people = tuple(f"居民{n}" for n in range(names))
    activity = Activity("xianheguan", "7.3", START, amounts=counted, participants=people)
    assert rejection_reason(item, activity) == said


def test_all_missed_conditions_are_named_together(project: Project) -> None:
    asked = each(人=5) | {"sessions": 4, "once_per_person": True}
    item = having(project, i6_8_2=asked).items["6.8.2"]
    assert condition_words(item) == "每次不少于5人，每个不少于4次，每人只计一次"


def test_a_unit_that_is_asked_for_can_be_logged(project: Project) -> None:
    found = having(project, i6_8_1=each(人=5, 小时=1), i7_3=each(人=30), i7_4=each(户=2))
    assert found.items["6.8.1"].own_units[-2:] == ("人次", "小时")
    assert found.items["7.3"].own_units == project.items["7.3"].own_units
    assert found.items["7.4"].own_units[-1] == "户"
    assert {"7.3", "7.3.1", "6.8.1"} <= found.one_by_one
    assert "7.2.1" not in found.one_by_one
    assert project.one_by_one == frozenset()


def test_each_item_judges_for_itself(project: Project) -> None:
    small = did("7.3.1", "2026-03-01", amounts={"场": 1, "人次": 20}, also=("7.4",))
    strict = having(project, i7_3=each(人=30))
    assert amount(strict, "7.3", "场", small) == 0
    assert amount(strict, "7.3.1", "场", small) == 1
    assert amount(having(project, i7_3_1=each(人=30)), "7.3", "场", small) == 1
    assert shortfalls(strict, small) == {"7.3": "只有20人（每场不少于30人），不计"}
    assert shortfalls(having(project, i7_4=each(人=21)), small).keys() == {"7.4"}


def test_a_session_that_misses_its_condition_is_none(project: Project) -> None:
    strict = having(project, i6_8_2={"sessions": 2, **each(人=5)})

    def meeting(day: str, people: int, **more: object) -> Activity:
        there = {"个": 1, "人次": people}
        return did("6.8.2", day, title="夕阳红", amounts=there, **more)

    full, small = meeting("2026-03-01", 8), meeting("2026-03-08", 3)
    assert amount(strict, "6.8.2", "个", full, small) == 0
    assert amount(strict, "6.8.2", "人次", full, small) == 8
    assert amount(strict, "6.8.2", "个", full, small, meeting("2026-03-15", 5)) == 1
    closing = meeting("2026-03-15", 2, closes=True)
    (series,) = tallied(strict, full, small, closing).series("6.8.2", END)
    assert (series.sessions, series.closed, series.last) == (1, True, closing.day)
    (empty,) = tallied(strict, small, closing).series("6.8.2", END)
    assert (empty.closed, empty.counted) == (True, None)


def test_each_person_counts_once_in_visits_too(project: Project) -> None:
    first = did("5.1", "2026-02-01", amounts={"人次": 5}, participants=("甲", "乙"))
    second = did("5.1", "2026-03-01", amounts={"人次": 3}, participants=("乙", "丙"))
    once = having(project, i5_1={"once_per_person": True})
    assert amount(project, "5.1", "人次", first, second) == 8
    assert amount(once, "5.1", "人次", first, second) == 7  # 三 and 一 without a name, 甲 乙 丙


def test_more_names_than_visits_add_no_more_than_the_visits(project: Project) -> None:
    once = having(project, i5_1={"once_per_person": True})
    odd = did("5.1", "2026-02-01", amounts={"人次": 1}, participants=("甲", "乙"))
    assert amount(once, "5.1", "人次", odd) == 1


def test_types_and_milestones_need_an_activity_that_counts(project: Project) -> None:
    strict = having(project, i7_1=each(小时=1), i1_1=each(小时=1))
    team = did(
        "7.1", "2026-02-01", amounts={"支": 1}, participants=("队",), activity_type="文体活动类"
    )
    wall = did("1.1", "2026-02-01")
    found = tallied(strict, team, wall)
    types = strict.items["7.1"].types
    assert list(found.type_credits("7.1", types, strict.period)) == []
    assert list(found.first_credits("1.1", strict.period)) == []


def test_a_short_lesson_is_no_hours_but_its_people_are_known(project: Project) -> None:
    strict = having(project, i9_1_2=each(学时=2))
    long = did("9.1.2", "2026-02-01", amounts={"学时": 4}, participants=("甲",))
    short = did("9.1.2", "2026-03-01", amounts={"学时": 1}, participants=("甲", "乙"))
    found = compute_progress(strict, tallied(strict, long, short), END)
    (hours,) = (p for p in found.indicators if p.indicator.kind is Kind.PER_PERSON)
    assert (hours.people, hours.actual) == (2, 0)
    entries = (Entry("1", long, ORIGIN), Entry("2", short, ORIGIN))
    (record,) = compose_training_records(
        strict, figures_of([long, short]), entries, END, with_names=True
    )
    assert [(p.name, p.total) for p in record.people] == [("甲", "4学时"), ("乙", "0学时")]


STRICT = having(
    PROJECT,
    i6_8_1={"sessions": 2, **each(人=6)},
    i6_3=each(人=5) | {"once_per_person": True},
    i7_1=each(人=2),
    i7_2_4=each(小时=5),
    i7_3=each(人=6, 份=4) | {"once_per_person": True},
    i7_3_3=each(人=8),
    i8_2=each(人=5) | {"once_per_person": True},
    i10_1=each(次=1),
)


@given(histories(), st.integers(0, 364))
def test_conditions_never_raise_a_figure_and_lines_still_add_up(
    history: History, until: int
) -> None:
    activities = build_activities(STRICT, history)
    as_of = START + timedelta(days=until)
    figures = figures_of(activities)
    free = compute_progress(PROJECT, tally(PROJECT, figures), as_of)
    strict = compute_progress(STRICT, tally(STRICT, figures), as_of)
    assert strict.percent <= free.percent
    entries = [Entry(str(n), a, ORIGIN) for n, a in enumerate(activities) if a.day <= as_of]
    explained = {
        e.indicator.key: e.total
        for item in STRICT.items.values()
        for e in explain(STRICT, item, entries)
    }
    for one, before in zip(strict.indicators, free.indicators, strict=True):
        assert one.actual <= before.actual
        assert one.percent <= before.percent
        if one.indicator.kind is not Kind.PER_PERSON:
            assert explained[one.indicator.key] == one.actual, one.indicator


def test_without_conditions_no_activity_is_looked_at(project: Project) -> None:
    free = Activity("xianheguan", "7.3", date(2026, 2, 1), amounts={"场": Decimal(1)})
    assert shortfalls(project, free) == {}
