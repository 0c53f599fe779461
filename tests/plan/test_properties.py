"""A plan completes what it claims to complete, and no plan with fewer activities does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations_with_replacement, count

from hypothesis import given
from hypothesis import strategies as st

from sgtrack.model.contract import Item, Kind, Per, Project
from sgtrack.model.entries import Activity
from sgtrack.model.units import UNITS, Measure
from sgtrack.plan.activity_types import Form, list_forms
from sgtrack.progress.indicator_progress import State
from sgtrack.progress.tally import tally

from ..progress.figures import figures_of
from ..support.examples import examples
from .small import (
    END,
    ROSTER,
    START,
    Groups,
    activity_of,
    carried_out,
    contract,
    counts,
    day_of,
    each,
    hours,
    item,
    milestone,
    planned,
    progress,
    total,
    types,
)


def _shapes(code: str, draw: st.DrawFn) -> Item:
    """An item of some kind."""
    few, many = st.integers(1, 6), st.integers(1, 80)
    kind = draw(st.sampled_from(("talks", "visits", "rhythm", "hours", "group", "types", "once")))
    if kind == "talks":
        return item(code, *total(场=draw(few), 人次=draw(many)))
    if kind == "visits":
        return item(code, *total(人次=draw(many)), usually={"人次": Decimal(draw(few) * 5)})
    if kind == "rhythm":
        per = draw(st.sampled_from((Per.MONTH, Per.QUARTER)))
        day = draw(st.sampled_from((None, 10, 25))) if per is Per.MONTH else None
        return item(code, each(per, "次", draw(st.integers(1, 2)), day), *total(次=draw(few)))
    if kind == "hours":
        return item(code, hours(draw(st.integers(1, 20))))
    if kind == "group":
        sessions = draw(st.integers(1, 3))
        return item(code, *total(个=draw(st.integers(1, 3))), series=True, sessions=sessions)
    if kind == "types":
        return item(code, *total(支=draw(few)), types("甲类", "乙类", "丙类"))
    due = draw(st.none() | st.integers(0, 180))
    return item(code, milestone(None if due is None else START + timedelta(days=due)))


@st.composite
def contracts(draw: st.DrawFn) -> Project:
    """One to four items; some are parts of the one before, some serve another as well."""
    items: list[Item] = []
    for n in range(draw(st.integers(1, 4))):
        one = _shapes(str(n + 1), draw)
        before = items[-1] if items else None
        if before is not None and _mix(before, one) and draw(st.booleans()):
            link = draw(st.sampled_from(("part", "serves")))
            if link == "part":
                one = replace(one, part_of=before.code)
            else:
                one = replace(one, serves=(before.code,))
        items.append(one)
    return contract(*items, window_starts=draw(st.sampled_from((1, 26))))


def _mix(one: Item, other: Item) -> bool:
    """Whether an activity may serve both items although each counts names in its own way."""
    return not any(
        item.series
        or item.types
        or any(UNITS[u].measure is Measure.DISTINCT for u in item.own_units)
        for item in (one, other)
    )


@st.composite
def histories(draw: st.DrawFn, project: Project, until: date) -> list[Activity]:
    """A few activities of the contract up to a day."""
    forms = list_forms(project, ())
    groups = Groups(project, (), START, "旧组")
    found = []
    for form in draw(st.lists(st.sampled_from(forms), max_size=5)):
        day = START + timedelta(days=draw(st.integers(0, (until - START).days)))
        kind = draw(st.sampled_from(form.item.types)) if form.item.types else ""
        found.append(activity_of(project, form, day, groups, kind))
    return sorted(found, key=lambda one: one.day)


@given(st.data())
@examples(quick=150, thorough=1500)
def test_a_plan_completes_whatever_it_does_not_call_short(data: st.DataObject) -> None:
    project = data.draw(contracts())
    as_of = START + timedelta(days=data.draw(st.integers(0, (END - START).days + 1)))
    logged = data.draw(histories(project, min(as_of, END)))
    most = data.draw(st.none() | st.integers(1, 5))
    plan = planned(project, logged, as_of, most)
    assert plan.fewest
    day = day_of(data.draw(st.integers(0, 40)))
    end = progress(project, [*logged, *carried_out(plan, logged, day)], END)
    named = {one.indicator.key for one in plan.short}
    assert {one.indicator.key for one in end if one.state is not State.DONE} == named
    for one in end:
        missing = sum(s.missing for s in plan.short if s.indicator == one.indicator)
        if one.indicator.kind is Kind.TOTAL:
            assert max((one.indicator.target or Decimal(0)) - one.actual, Decimal(0)) == missing
        elif one.indicator.kind is Kind.PERIODIC:
            assert sum(max(p.target - p.actual, Decimal(0)) for p in one.periods) == missing
    if most is not None:
        assert all(month.count <= most for month in plan.months)


@given(st.data())
@examples(quick=25, thorough=250)
def test_the_same_is_planned_again(data: st.DataObject) -> None:
    project = data.draw(contracts())
    logged = data.draw(histories(project, date(2026, 2, 10)))
    first, again = (planned(project, logged, date(2026, 2, 10)) for _ in range(2))
    assert first == again


@st.composite
def tiny(draw: st.DrawFn) -> Project:
    """Two items over two months that need only a few activities."""
    few = st.integers(1, 3)
    first = item("1", *total(场=draw(few), 人次=draw(st.integers(1, 40))))
    second = draw(
        st.sampled_from(
            (
                item("2", *total(场=2), part_of="1", usually={"人次": Decimal(9)}),
                item("2", *total(次=2), each(Per.MONTH, "次", 1, 20), serves=("1",)),
                item("2", *total(个=1), series=True, sessions=2),
                item("2", *total(支=2), types("甲类", "乙类")),
                item("2", hours(5), usually={"学时": Decimal(3)}, serves=("1",)),
            )
        )
    )
    return contract(first, second, end=date(2026, 2, 28))


@given(tiny())
@examples(quick=40, thorough=400)
def test_no_smaller_set_of_activities_will_do(project: Project) -> None:
    """All sets of activities are tried by size, from the empty one upwards."""
    plan = planned(project)
    assert not plan.short
    assert sum(counts(plan).values()) == _fewest_by_trying(project)


def _fewest_by_trying(project: Project) -> int:
    forms = list_forms(project, ())
    days = (date(2026, 1, 5), date(2026, 2, 5))
    choices = [(form, day, kind) for form in forms for day in days for kind in _kinds(form)]
    for size in count():
        for chosen in combinations_with_replacement(choices, size):
            if _completes(project, chosen):
                return size
    raise AssertionError


def _kinds(form: Form) -> Sequence[str]:
    return form.item.types or ("",)


def _completes(project: Project, chosen: Sequence[tuple[Form, date, str]]) -> bool:
    groups = Groups(project, (), START)
    done = [activity_of(project, form, day, groups, kind) for form, day, kind in chosen]
    return all(one.state is State.DONE for one in progress(project, done, project.period.end))


def test_the_roster_is_what_the_figures_say() -> None:
    """The helper's people are those the contract runs over; otherwise hours would prove nothing."""
    project = contract(item("1", hours(5)))
    tallies = tally(project, figures_of((), ROSTER))
    assert tallies.people("社工", "1", project.period, START) == ("工甲", "工乙")
