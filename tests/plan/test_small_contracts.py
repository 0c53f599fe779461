"""Plans of contracts so small that the best one can be found by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from sgtrack.model.contract import Change, Item, Per
from sgtrack.model.entries import Activity
from sgtrack.plan import integer_program, planner
from sgtrack.plan.activity_types import AmountSource

from .small import (
    END,
    START,
    contract,
    counts,
    did,
    each,
    hours,
    item,
    milestone,
    planned,
    progress,
    short,
    total,
    types,
)

Y = Decimal


@pytest.mark.parametrize(
    ("items", "logged", "expected"),
    [
        pytest.param((item("1", *total(场=3)),), (), {"1": 3}, id="occasions"),
        pytest.param((item("1", *total(场=3, 人次=90)),), (), {"1": 3}, id="target by occasions"),
        pytest.param((item("1", *total(人次=50)),), (), {"1": 6}, id="a share of each month"),
        pytest.param(
            (item("1", *total(人次=50), usually={"人次": Y(25)}),),
            (),
            {"1": 2},
            id="as the file says",
        ),
        pytest.param(
            (item("1", *total(场=3, 人次=90)),),
            (did("1", START, amounts={"场": 1, "人次": 12}),),
            {"1": 7},  # 78 are left, 12 each
            id="as the ledger says",
        ),
        pytest.param(
            (item("1", *total(场=3, 人次=90), each=(("人", Y(30)),)),),
            (did("1", START, amounts={"场": 1, "人次": 12}),),
            {"1": 3},  # 12 people are too few to count, and so would be another 12
            id="as many as each must have",
        ),
        pytest.param(
            (
                item("1", *(replace(i, ended=Change(START, "补充协议")) for i in total(次=2))),
                item("2", *total(次=1)),
            ),
            (),
            {"2": 1},
            id="nothing of what has ended",
        ),
        pytest.param(
            (item("1", *total(次=2), each(Per.QUARTER, "次", 1)),), (), {"1": 2}, id="two in one"
        ),
        pytest.param(
            (item("1", *total(次=3), each(Per.QUARTER, "次", 1)),), (), {"1": 3}, id="and one more"
        ),
        pytest.param(
            (item("1", *total(场=5)), item("2", *total(场=3), part_of="1")),
            (),
            {"1": 2, "2": 3},
            id="parts count for their parent",
        ),
        pytest.param(
            (
                item("1", *total(场=10)),
                item("2", *total(场=4), part_of="1"),
                item("3", *total(场=4), part_of="1"),
                item("4", *total(场=4), part_of="1"),
            ),
            (),
            {"2": 4, "3": 4, "4": 4},
            id="parts that are more than their parent",
        ),
        pytest.param(
            (item("1", *total(场=4)), item("2", *total(场=4))), (), {"1": 4, "2": 4}, id="apart"
        ),
        pytest.param(
            (item("1", *total(场=4), serves=("2",)), item("2", *total(次=6))),
            (),
            {"1+2": 4, "2": 2},
            id="together where the file says so",
        ),
        pytest.param(
            (item("1", *total(场=4)), item("2", *total(次=2))),
            (did("1", START, also=("2",), amounts={"场": 1, "次": 1}),),
            {"1+2": 1, "1": 2},  # no more together than is needed
            id="together where the ledger shows it",
        ),
        pytest.param((item("1", hours(20), usually={"学时": Y(6)}),), (), {"1": 4}, id="hours"),
        pytest.param(
            (item("1", hours(20), usually={"学时": Y(6)}),),
            (did("1", START, amounts={"学时": 15}, participants=("工甲",)),),
            {"1": 2},  # 工乙 has none yet, and a lesson brings 15
            id="the hours of whoever has least",
        ),
        pytest.param(
            (item("1", *total(支=2), types("甲类", "乙类", "丙类"), usually={"支": Y(2)}),),
            (),
            {"1": 3},
            id="one of each type",
        ),
        pytest.param(
            (item("1", milestone()), item("2", milestone())), (), {"1": 1, "2": 1}, id="milestones"
        ),
        pytest.param(
            (item("1", *total(个=2), series=True, sessions=3),), (), {"1": 6}, id="sessions"
        ),
        pytest.param(
            (item("1", *total(个=2), series=True, sessions=3),),
            (did("1", START, title="甲组", amounts={"个": 1}),),
            {"1": 5},
            id="a group that has begun",
        ),
        pytest.param(
            (item("1", *total(个=1), series=True, sessions=3),),
            (
                did("1", START, title="甲组", amounts={"个": 1}),
                did("1", START, title="乙组", amounts={"个": 1}),
                did("1", START, title="乙组", amounts={"个": 1}),
            ),
            {"1": 1},
            id="the group that lacks least",
        ),
    ],
)
def test_the_fewest(
    items: Sequence[Item], logged: Sequence[Activity], expected: dict[str, int]
) -> None:
    plan = planned(contract(*items), logged)
    assert counts(plan) == expected
    assert plan.fewest
    assert not plan.short


def test_nothing_left_needs_no_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "highspy", None)
    project = contract(item("1", *total(场=1)))
    plan = planned(project, [did("1", START, amounts={"场": 1})])
    assert (plan.count, plan.short, plan.fewest) == (0, (), True)
    with pytest.raises(integer_program.NotSolved):
        planned(project)


def test_a_rhythm_is_kept_in_every_period_until_its_day() -> None:
    project = contract(item("1", each(Per.MONTH, "次", 2, due_day=10)))
    plan = planned(project, as_of=date(2026, 1, 5))
    assert [(one.count, one.days.start.day, one.days.end.day) for one in plan.planned] == [
        (2, 5 if month == 1 else 1, 10) for month in range(1, 7)
    ]
    assert all(one.deadline for one in plan.planned)


def test_reporting_months_that_cut_the_calendar() -> None:
    """A window from the 26th to the 25th still has the rhythm of a calendar month."""
    project = contract(item("1", each(Per.MONTH, "次", 1)), window_starts=26)
    plan = planned(project)
    assert [month.month.period.end.day for month in plan.months] == [25, 25, 25, 25, 25, 30]
    assert sorted(one.days.start.month for one in plan.planned) == [1, 2, 3, 4, 5, 6]
    assert all(one.days.start.month == one.days.end.month for one in plan.planned)


def test_what_was_missed_is_short_and_the_rest_is_planned() -> None:
    project = contract(
        item("1", each(Per.MONTH, "次", 2), *total(次=12)),
        item("2", milestone(due=date(2026, 2, 1))),
    )
    logged = [did("1", date(2026, 1, 9), amounts={"次": 1})]
    plan = planned(project, logged, as_of=date(2026, 3, 10))
    assert short(plan) == {("1", "次"): Decimal(3)}  # one of January's, two of February's
    (missed,) = plan.short
    assert missed.periods == ("1月", "2月")
    assert missed.gone
    assert counts(plan) == {"1": 11, "2": 1}  # 12 in all, although only 8 are owed by months
    assert [one.late for one in plan.planned if one.form.item.code == "2"] == [True]
    assert plan.months[0].activities[-1].form.item.code == "2"  # at once


def test_after_the_end_everything_is_short() -> None:
    project = contract(item("1", *total(人次=50)), item("2", milestone()), item("3", hours(20)))
    plan = planned(project, [did("1", START, amounts={"人次": 8})], as_of=date(2026, 7, 1))
    assert plan.count == 0
    assert short(plan) == {("1", "人次"): 42, ("2", None): 1, ("3", "学时"): 20}


def test_a_limit_per_month_costs_as_little_as_possible() -> None:
    """Six talks fill the months; of what does not fit, the smallest share of an indicator goes."""
    project = contract(item("1", *total(场=4)), item("2", *total(人次=80), usually={"人次": Y(10)}))
    plan = planned(project, most=1)
    assert [month.count for month in plan.months] == [1] * 6
    assert counts(plan) == {"1": 4, "2": 2}  # a talk is a quarter of its target, a visit an eighth
    assert short(plan) == {("2", "人次"): 60}
    assert not plan.short[0].gone
    assert plan.fewest


def test_a_limit_that_is_wide_enough_changes_nothing() -> None:
    project = contract(item("1", *total(场=12)))
    assert counts(planned(project, most=2)) == {"1": 12}
    assert planned(project, most=2).short == ()


def test_activities_are_spread_evenly_over_the_days_left() -> None:
    project = contract(item("1", *total(场=9)), item("2", *total(次=9)))
    plan = planned(project)
    assert [month.count for month in plan.months] == [3] * 6
    by_item = {
        code: [sum(a.count for a in m.activities if a.form.item.code == code) for m in plan.months]
        for code in ("1", "2")
    }
    assert all(1 <= count <= 2 for counted in by_item.values() for count in counted)
    late = planned(project, as_of=date(2026, 4, 30))
    assert [month.count for month in late.months] == [0, 9, 9]  # one day is left of April


def test_what_is_held_once_comes_in_the_order_of_the_contract() -> None:
    project = contract(*(item(str(n), milestone()) for n in range(1, 7)))
    plan = planned(project)
    assert [one.form.item.code for one in plan.planned] == list("123456")
    assert [month.count for month in plan.months] == [1] * 6


def test_a_milestone_is_planned_before_its_day() -> None:
    plan = planned(contract(item("1", milestone(due=date(2026, 2, 15)))))
    (one,) = plan.planned
    assert one.days.end <= date(2026, 2, 15)


def test_briefs_are_handed_in_in_order_and_also_late() -> None:
    brief = item("1", each(Per.MONTH, "期", 1, due_day=25), is_brief=True)
    project = contract(brief, window_starts=26)
    logged = [did("1", date(2026, 2, 24), amounts={"期": 1}, for_month="2026-02")]
    plan = planned(project, logged, as_of=date(2026, 4, 28))
    assert [one.form.for_month for one in plan.planned] == [
        "2026-03",
        "2026-04",
        "2026-05",
        "2026-06",
    ]
    assert [one.late for one in plan.planned] == [True, True, False, False]
    assert plan.count == 0  # a brief is no activity to be held
    assert short(plan) == {("1", "期"): 1}  # January's: February's is out
    assert plan.short[0].periods == ("1月",)


def test_missing_types_are_reported_once() -> None:
    project = contract(item("1", *total(支=4), types("甲类", "乙类")))
    logged = [did("1", START, amounts={"支": 1}, activity_type="甲类")]
    plan = planned(project, logged)
    assert counts(plan) == {"1": 3}
    assert [kind for one in plan.planned for kind in one.types] == ["乙类"]


def test_groups_that_a_month_cannot_have() -> None:
    """Two months with two sessions each are one group of three."""
    project = contract(item("1", *total(个=2), series=True, sessions=3))
    plan = planned(project, as_of=date(2026, 5, 1), most=2)
    assert short(plan) == {("1", "个"): 1}
    assert counts(plan) == {"1": 3}
    assert sum(one.groups for one in plan.planned) == 1


def test_each_year_of_a_worker_has_its_own_hours() -> None:
    project = contract(item("1", hours(10), usually={"学时": Y(5)}), end=date(2027, 12, 31))
    plan = planned(project, as_of=date(2026, 7, 1))
    years = [one.days.end.year for one in plan.planned for _ in range(one.count)]
    assert years == [2026, 2026, 2027, 2027]
    late = planned(project, as_of=date(2027, 3, 1))
    assert counts(late) == {"1": 2}
    assert short(late) == {("1", "学时"): 10}
    assert late.short[0].periods == ("2026年",)


def test_sessions_serve_a_group_of_what_they_are_part_of() -> None:
    """A complete case of a part is one of its parent's, whose other cases need sessions too."""
    project = contract(
        item("1", *total(个=3), series=True, sessions=2),
        item("2", *total(个=1), series=True, sessions=2, part_of="1"),
    )
    assert sum(counts(planned(project)).values()) == 6
    assert counts(planned(project))["2"] == 2


def test_an_activity_is_only_combined_as_the_ledger_shows_it() -> None:
    """1 was held once with 2 and once with 3, but never with both."""
    project = contract(item("1", *total(场=9)), item("2", *total(次=3)), item("3", *total(次=3)))
    logged = [
        did("1", START, also=("2",), amounts={"场": 1, "次": 1}),
        did("1", START, also=("3",), amounts={"场": 1, "次": 1}),
    ]
    assert counts(planned(project, logged)) == {"1": 3, "1+2": 2, "1+3": 2}


def test_the_same_plan_twice() -> None:
    project = contract(
        item("1", *total(场=7, 人次=300)),
        item("2", *total(场=3), part_of="1", serves=("3",)),
        item("3", *total(次=5), each(Per.QUARTER, "次", 1)),
    )
    assert planned(project) == planned(project)


def test_a_plan_that_is_cut_short_says_so(monkeypatch: pytest.MonkeyPatch) -> None:

    answers = integer_program.solve
    monkeypatch.setattr(planner, "solve", lambda *a: replace(answers(*a), proven=False))
    assert not planned(contract(item("1", *total(场=2)))).fewest


def test_where_an_amount_is_known_from() -> None:
    project = contract(
        item("1", *total(场=3, 人次=90, 份=60), usually={"份": Y(25)}),
        item("2", *total(场=2), part_of="1"),
    )
    logged = [
        did("1", START, amounts={"场": 2, "人次": 45}),  # two occasions of 22 each
        did("1", START, amounts={"场": 1, "人次": 30}),
        did("2", START, amounts={"场": 1, "份": 40}),
    ]
    forms = {one.form.item.code: one.form.brings for one in planned(project, logged[1:]).planned}
    assert {u: (b.amount, b.source) for u, b in forms["1"].items()} == {
        "场": (1, AmountSource.CONTRACT),
        "人次": (30, AmountSource.LEDGER),
        "份": (25, AmountSource.FILE),
    }
    assert {u: b.amount for u, b in forms["2"].items()} == {"场": 1, "份": 40}
    forms = {one.form.item.code: one.form.brings for one in planned(project, logged).planned}
    assert forms["1"]["人次"].amount == 26  # the median of 22.5 and 30 is 26.25


def test_everything_asked_for_is_there_in_the_end() -> None:
    from .small import carried_out

    project = contract(
        item("1", *total(场=6, 人次=200)),
        item("2", *total(场=2), part_of="1", serves=("4",)),
        item("3", *total(个=2), series=True, sessions=2),
        item("4", hours(10)),
    )
    plan = planned(project)
    done = progress(project, carried_out(plan), END)
    assert [one.state.value for one in done] == ["done"] * len(done)
