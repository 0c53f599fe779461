"""Small contracts, plans of them, and plans carried out as activities."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from sgtrack.model.contract import (
    BriefPolicy,
    Category,
    Clause,
    Indicator,
    Item,
    Kind,
    Pace,
    Per,
    Period,
    Project,
)
from sgtrack.model.entries import Activity, Person
from sgtrack.plan.activity_types import Form
from sgtrack.plan.outcome import Plan
from sgtrack.plan.planner import compute_plan
from sgtrack.progress.contract_status import compute_progress
from sgtrack.progress.indicator_progress import Progress
from sgtrack.progress.tally import tally

from ..progress.figures import figures_of

START, END = date(2026, 1, 1), date(2026, 6, 30)
ROSTER = tuple(Person(n, "small", n, "社工", START) for n in ("工甲", "工乙"))


def item(code: str, *indicators: Indicator, **more: object) -> Item:
    given = {"part_of": None, **more}
    own = tuple(replace(one, item=code) for one in indicators)
    return Item(code, f"服务{code}", "1.1", indicators=own, **given)  # type: ignore[arg-type]


def total(**amounts: int) -> tuple[Indicator, ...]:
    return tuple(Indicator("", Kind.TOTAL, u, Decimal(a)) for u, a in amounts.items())


def each(per: Per, unit: str, amount: int, due_day: int | None = None) -> Indicator:
    return Indicator("", Kind.PERIODIC, unit, Decimal(amount), per, due_day)


def hours(amount: int) -> Indicator:
    return Indicator("", Kind.PER_PERSON, "学时", Decimal(amount), Per.YEAR, role="社工")


def types(*names: str) -> Indicator:
    return Indicator("", Kind.COVERAGE, "类", Decimal(len(names)), types=names)


def milestone(due: date | None = None) -> Indicator:
    return Indicator("", Kind.MILESTONE, due=due)


def contract(*items: Item, start: date = START, end: date = END, window_starts: int = 1) -> Project:
    clause = Clause("1.1", "条款", items)
    return Project(
        "small", "小社区", "", "", "", "", Period(start, end), True, "", "", "",
        BriefPolicy("简报", window_starts), Pace(Decimal("0.8"), 7),
        (Category("1", "类别", "", (clause,)),),
    )  # fmt: skip


def did(code: str, day: date, *, also: Sequence[str] = (), **more: object) -> Activity:
    amounts = {u: Decimal(str(a)) for u, a in dict(more.pop("amounts", {})).items()}  # type: ignore[call-overload]
    return Activity("small", code, day, amounts=amounts, also=tuple(also), **more)  # type: ignore[arg-type]


def progress(
    project: Project, logged: Iterable[Activity], as_of: date, roster: tuple[Person, ...] = ROSTER
) -> tuple[Progress, ...]:
    return compute_progress(project, tally(project, figures_of(logged, roster)), as_of).indicators


def planned(
    project: Project,
    logged: Sequence[Activity] = (),
    as_of: date = START,
    most: int | None = None,
    roster: tuple[Person, ...] = ROSTER,
) -> Plan:
    tallies = tally(project, figures_of(logged, roster))
    found = compute_progress(project, tallies, as_of)
    so_far = [one for one in logged if one.day <= as_of]
    return compute_plan(found, tallies, so_far, as_of, most=most)


def counts(plan: Plan) -> dict[str, int]:
    """The number of activities by item, with the other items they serve: 1.1+1.3."""
    found: dict[str, int] = {}
    for one in plan.planned:
        key = "+".join((one.form.item.code, *one.form.also))
        found[key] = found.get(key, 0) + one.count
    return found


def short(plan: Plan) -> dict[tuple[str, str | None], Decimal]:
    found: dict[tuple[str, str | None], Decimal] = {}
    for one in plan.short:
        key = (one.item.code, one.indicator.unit)
        found[key] = found.get(key, Decimal(0)) + one.missing
    return found


class Groups:
    """Gives names to sessions of groups and cases; open ones continue first."""

    def __init__(
        self, project: Project, logged: Iterable[Activity], as_of: date, called: str = "新组"
    ) -> None:
        self._called = called
        tallies = tally(project, figures_of(logged, ROSTER))
        self._open: dict[str, list[tuple[int, str]]] = {}
        for code, one in project.items.items():
            if one.series:
                begun = [s for s in tallies.series(code, as_of) if s.counted is None]
                self._open[code] = sorted((one.sessions - s.sessions, s.title) for s in begun)
        self._made = 0

    def title_for(self, series: Item) -> str:
        if not self._open[series.code]:
            self._made += 1
            title = f"{self._called}{self._made}"
            self._open[series.code].append((series.sessions, title))
        left, title = self._open[series.code].pop(0)
        if left > 1:
            self._open[series.code].insert(0, (left - 1, title))
        return title


def activity_of(
    project: Project, form: Form, day: date, groups: Groups, kind: str = ""
) -> Activity:
    """An activity of the form as the officer would log it."""
    series = [project.items[c] for c in form.serves if project.items[c].series]
    learns = any(project.items[code].per_person for code in form.serves)
    return Activity(
        project.slug,
        form.item.code,
        day,
        title=groups.title_for(series[0]) if series else "",
        activity_type=kind,
        amounts={unit: usual.amount for unit, usual in form.brings.items()},
        participants=tuple(person.name for person in ROSTER) if learns else (),
        also=form.also,
        for_month=form.for_month,
    )


def carried_out(
    plan: Plan,
    logged: Sequence[Activity] = (),
    day_in: Callable[[Period], date] = lambda days: days.start,
) -> list[Activity]:
    """Every activity of a plan, on one of the days it is planned for."""
    groups = Groups(plan.project, logged, plan.as_of)
    found = []
    for one in sorted(plan.planned, key=lambda p: p.days.end):
        kinds = (*one.types, *[""] * one.count)
        found += [
            activity_of(plan.project, one.form, day_in(one.days), groups, kinds[n])
            for n in range(one.count)
        ]
    return found


def day_of(offset: int) -> Callable[[Period], date]:
    """Return a function that picks the n-th day of a period, starting over at its end."""
    return lambda days: days.start + timedelta(days=offset % days.days)
