"""Progress against a contract with changes: pace, rhythms, added, ended and extended items."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sgtrack.model.contract import Project
from sgtrack.model.entries import Activity, Entry, Person
from sgtrack.progress.contract_status import compute_due, compute_progress
from sgtrack.progress.explanation import explain
from sgtrack.progress.indicator_progress import Progress, ProjectProgress, State
from sgtrack.progress.kinds.per_person_kind import compute_person_progress
from sgtrack.progress.pace import Stage, compute_expected
from sgtrack.progress.tally import tally

from ..targets.changing import changing
from .figures import ORIGIN, figures_of

START = date(2026, 1, 1)
DAYS = st.integers(0, 800)
TARGET = st.decimals(1, 1000, places=0)


@pytest.fixture
def contract(tmp_path: Path) -> Project:
    return changing(tmp_path)


def did(item: str, day: str, unit: str = "", amount: int = 1, **more: object) -> Activity:
    amounts = {unit: Decimal(amount)} if unit else {}
    return Activity("small", item, date.fromisoformat(day), amounts=amounts, **more)  # type: ignore[arg-type]


def at(contract: Project, day: str, *activities: Activity) -> ProjectProgress:
    return compute_progress(
        contract, tally(contract, figures_of(activities)), date.fromisoformat(day)
    )


def one(found: ProjectProgress, item: str) -> Progress:
    return next(p for p in found.indicators if p.item.code == item)


@st.composite
def stages(draw: st.DrawFn, *, growing: bool = False) -> list[Stage]:
    """A target and an end with changes, each within the period agreed before."""
    day, end = START, START + timedelta(days=draw(st.integers(30, 400)))
    target = draw(TARGET)
    found = [Stage(day, target, end)]
    for _ in range(draw(st.integers(0, 4))):
        if day >= end:
            break
        day += timedelta(days=draw(st.integers(1, (end - day).days)))
        more = draw(TARGET)
        target = target + more if growing else more
        end = day + timedelta(days=draw(st.integers(0, 400)))
        found.append(Stage(day, target, end))
    return found


@given(stages(), DAYS)
def test_the_line_leads_from_nothing_to_the_newest_target(line: list[Stage], days: int) -> None:
    day = START + timedelta(days=days)
    assert compute_expected(line, START - timedelta(days=1)) == 0
    assert compute_expected(line, line[-1].end) == line[-1].target
    assert compute_expected(line, line[-1].end + timedelta(days=days)) == line[-1].target
    in_force = [stage for stage in line if stage.start <= day][-1]
    assert 0 <= compute_expected(line, day) <= in_force.target


@given(stages(growing=True), DAYS, DAYS)
def test_a_line_to_growing_targets_never_falls(line: list[Stage], one: int, other: int) -> None:
    earlier, later = sorted((START + timedelta(days=one), START + timedelta(days=other)))
    assert compute_expected(line, earlier) <= compute_expected(line, later)


@given(stages(), DAYS)
def test_what_was_expected_before_a_change_stays(line: list[Stage], days: int) -> None:
    day = START + timedelta(days=days)
    until = [stage for stage in line if stage.start <= day]
    assert compute_expected(line, day) == compute_expected(until, day)


@given(TARGET, DAYS)
def test_without_changes_it_is_a_straight_line(target: Decimal, days: int) -> None:
    end = date(2026, 12, 31)
    straight = target * min(days + 1, 365) / 365
    found = compute_expected([Stage(START, target, end)], START + timedelta(days=days))
    assert abs(found - straight) <= Decimal("0.005")


def test_a_target_that_falls_below_what_was_expected_is_all_that_is() -> None:
    line = [
        Stage(START, Decimal(100), date(2026, 12, 31)),
        Stage(date(2026, 7, 1), Decimal(20), date(2026, 12, 31)),
    ]
    assert compute_expected(line, date(2026, 6, 30)) == Decimal("49.59")
    assert (
        compute_expected(line, date(2026, 7, 1)) == compute_expected(line, date(2026, 12, 31)) == 20
    )


def test_the_pace_of_a_total_bends_where_it_was_changed(contract: Project) -> None:
    def should(day: str) -> Decimal:
        return one(at(contract, day), "1.1").expected

    assert should("2026-06-30") == Decimal("24.79")  # 50 × 181 / 365
    assert should("2026-07-01") == Decimal("24.99")  # 24.79 + 35.21 × 1 / 184
    assert should("2026-09-30") == Decimal("42.40")  # 24.79 + 35.21 × 92 / 184
    assert should("2026-10-01") == Decimal("42.66")  # 42.40 + 47.60 × 1 / 182
    assert should("2026-12-31") == Decimal("66.46")
    assert should("2027-03-31") == 90


def test_the_day_of_a_change_makes_nobody_late(contract: Project) -> None:
    kept = did("1.1", "2026-06-01", "人次", 25)
    before, after = at(contract, "2026-06-30", kept), at(contract, "2026-07-01", kept)
    assert one(before, "1.1").state is one(after, "1.1").state is State.ON_TRACK
    assert (one(before, "1.1").percent, one(after, "1.1").percent) == (50, Decimal("41.6"))


def test_what_was_done_is_open_again_where_the_target_grew(contract: Project) -> None:
    done = did("1.1", "2026-06-01", "人次", 50)
    assert one(at(contract, "2026-06-30", done), "1.1").state is State.DONE
    assert one(at(contract, "2026-07-01", done), "1.1").state is State.ON_TRACK


def test_a_rhythm_changes_with_the_period_that_begins_then(contract: Project) -> None:
    found = one(at(contract, "2026-08-15"), "1.2")
    asked = {p.owed.label: p.target for p in found.periods}
    assert [asked[f"2026-{n:02}"] for n in (1, 6, 7, 12)] == [1, 1, 2, 2]
    assert found.expected == 6 + 2
    assert one(at(contract, "2026-06-30"), "1.2").periods[6].target == 1
    longer = one(at(contract, "2027-01-01"), "1.2")
    assert (longer.periods[-1].owed.label, len(longer.periods)) == ("2027-03", 15)


def test_a_change_within_a_month_begins_with_the_next_one(tmp_path: Path) -> None:
    from ..targets.changing import CHANGES, CONTRACT

    late = changing(tmp_path, CONTRACT + CHANGES.replace("2026-07-01", "2026-07-02"))
    asked = {p.owed.label: p.target for p in one(at(late, "2026-08-15"), "1.2").periods}
    assert (asked["2026-07"], asked["2026-08"]) == (1, 2)


def test_a_change_of_the_year_holds_for_the_year_it_falls_in(contract: Project) -> None:
    roster = (Person("", "", "甲", "社区工作者", START),)
    lesson = did("1.4", "2026-02-01", "学时", 20, participants=("甲",))

    def hours(day: str) -> Progress:
        figures = figures_of([lesson], roster)
        return one(
            compute_progress(contract, tally(contract, figures), date.fromisoformat(day)), "1.4"
        )

    assert (hours("2026-06-30").state, hours("2026-06-30").percent) == (State.DONE, 100)
    assert (hours("2026-07-01").state, hours("2026-07-01").people_met) == (State.ON_TRACK, 0)
    assert hours("2026-09-30").expected == Decimal("16.96")  # 9.92 + 14.08 × 92 / 184
    assert hours("2026-12-31").expected == Decimal("20.52")  # the year now runs until March
    assert hours("2027-03-31").expected == 24
    figures = figures_of([lesson], roster)
    for day, target in ((date(2026, 6, 30), 20), (date(2026, 7, 1), 24)):
        (person,) = compute_person_progress(contract, tally(contract, figures), day)
        assert person.target == target


def test_what_is_added_begins_on_its_day(contract: Project) -> None:
    early = did("1.6", "2026-06-30", "场", 3)
    assert all(p.item.code != "1.6" for p in at(contract, "2026-06-30", early).indicators)
    begun = one(at(contract, "2026-07-01", early, did("1.6", "2026-07-01", "场")), "1.6")
    assert (begun.actual, begun.expected) == (1, Decimal("0.02"))  # 4 × 1 / 184
    entries = [Entry(str(n), a, ORIGIN) for n, a in enumerate((early,))]
    (told,) = explain(contract, contract.items["1.6"], entries)
    assert [(x.counted, x.remark) for x in told.lines] == [
        (0, "自 2026-07-01 起列入合同，此前的不计")
    ]
    rhythm = one(at(contract, "2026-08-31"), "1.2.2")
    assert [p.owed.label for p in rhythm.periods][:2] == ["2026-07", "2026-08"]


def test_what_is_ended_is_shown_and_owed_no_longer(contract: Project) -> None:
    some = did("1.3", "2026-03-01", "人次", 5)
    before, after = at(contract, "2026-06-30", some), at(contract, "2026-07-01", some)
    assert one(before, "1.3").state is State.BEHIND
    ended = one(after, "1.3")
    assert (ended.state, ended.actual, ended.near) == (State.ENDED, 5, False)
    assert "1.3" not in {p.item.code for p in after.attention}
    assert "1.3" not in {d.progress.item.code for d in compute_due(after, 600)}
    counted = [p.percent for p in after.indicators if p.item.code != "1.3"]
    mean = sum(counted, Decimal(0)) / len(counted)
    assert after.percent == mean.quantize(Decimal("0.1"), ROUND_DOWN)


def test_an_extension_moves_the_deadline(contract: Project) -> None:
    assert one(at(contract, "2026-09-30"), "1.5").deadline == date(2026, 12, 31)
    assert one(at(contract, "2026-10-01"), "1.5").deadline == date(2027, 3, 31)
    assert one(at(contract, "2027-01-15"), "1.1").state is State.BEHIND
    assert one(at(contract, "2027-04-01"), "1.1").state is State.OVERDUE


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["1.1", "1.2", "1.2.2", "1.3", "1.5", "1.6"]),
            st.integers(0, 454),
            st.integers(1, 30),
        ),
        max_size=20,
    ),
    st.integers(0, 480),
)
def test_lines_add_up_on_every_day(entries: list[tuple[str, int, int]], until: int) -> None:
    made = sorted(
        (
            Activity(
                "small",
                item,
                START + timedelta(days=day),
                amounts={u: Decimal(amount) for u in CONTRACT_NOW.units_of(item)},
            )
            for item, day, amount in entries
        ),
        key=lambda a: a.day,
    )
    as_of = START + timedelta(days=until)
    found = compute_progress(CONTRACT_NOW, tally(CONTRACT_NOW, figures_of(made)), as_of)
    in_force = CONTRACT_NOW.at(as_of)
    logged = [Entry(str(n), a, ORIGIN) for n, a in enumerate(made) if a.day <= as_of]
    told = {
        e.indicator.key: sum(
            (x.counted for x in e.lines if x.entry.activity.day in in_force.period), Decimal(0)
        )
        for item in in_force.items.values()
        for e in explain(in_force, item, logged)
    }
    for progress in found.indicators:
        assert 0 <= progress.percent <= 100
        if progress.item.code != "1.4":
            assert told[progress.indicator.key] == progress.actual


def _contract() -> Project:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        return changing(Path(folder))


CONTRACT_NOW = _contract()
"""No fixture, because hypothesis prints the arguments of a failure."""
