"""A tally held against its indicator at a date: how much, how much by now, and in what state.

The percentage of an indicator never passes 100, and within it no month, quarter, year or person can
make up for another. The overall percentage is the plain mean over all indicators, so that one
overfull indicator buys nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum

from sgtrack.model.contract import Category, Indicator, Item, Kind, Pace, Per, Period, Project
from sgtrack.progress.pace import days_of, expected, stages_of_project, stages_of_year
from sgtrack.progress.periods import Owed, owed_periods, year_of
from sgtrack.progress.tally import ZERO, Tallies

HUNDRED = Decimal(100)


class State(StrEnum):
    """Where an indicator stands."""

    DONE = "done"
    ON_TRACK = "on_track"
    BEHIND = "behind"
    OVERDUE = "overdue"
    ENDED = "ended"
    """Taken out of the contract by a change; it is shown, but owed no longer."""


@dataclass(frozen=True, slots=True)
class PeriodProgress:
    """One month, quarter or year of a rhythm; ``closed`` once its deadline has passed."""

    owed: Owed
    actual: Decimal
    target: Decimal
    closed: bool

    @property
    def met(self) -> bool:
        """Whether the period has what it asks for, in time or late."""
        return self.actual >= self.target


@dataclass(frozen=True, slots=True)
class Progress:
    """Where one indicator stands at a date.

    ``actual`` and ``expected`` are in the indicator's unit: for a rhythm the sum over all periods
    and what the closed ones ask for; for a per-person indicator what the person with the least has
    in the current year; for a coverage the number of types; for a milestone 1 or 0. ``deadline`` is
    the next day something is owed, or the first one that was missed. ``missing`` names the types
    not yet covered; ``people`` and ``people_met`` count the roster of a per-person indicator;
    ``near`` says that the deadline is so close that the contract's pace asks for a reminder.
    """

    item: Item
    indicator: Indicator
    actual: Decimal
    expected: Decimal
    percent: Decimal
    state: State
    deadline: date
    periods: tuple[PeriodProgress, ...] = ()
    missing: tuple[str, ...] = ()
    people: int = 0
    people_met: int = 0
    near: bool = False

    @property
    def urgency(self) -> tuple[int, bool, Decimal, date]:
        """Sorts what needs attention: missed, due within days, then what lacks most."""
        worst = [State.OVERDUE, State.BEHIND, State.ON_TRACK, State.DONE, State.ENDED]
        order = worst.index(self.state)
        share = self.actual / self.expected if self.expected else Decimal(1)
        return (order, not self.near, share, self.deadline)


@dataclass(frozen=True, slots=True)
class CategoryProgress:
    """A category with its indicators and their mean percentage."""

    category: Category
    percent: Decimal
    indicators: tuple[Progress, ...]


@dataclass(frozen=True, slots=True)
class ProjectProgress:
    """A whole contract at a date."""

    project: Project
    as_of: date
    percent: Decimal
    categories: tuple[CategoryProgress, ...]

    @property
    def indicators(self) -> tuple[Progress, ...]:
        """Every indicator in contract order."""
        return tuple(one for category in self.categories for one in category.indicators)

    @property
    def attention(self) -> tuple[Progress, ...]:
        """What is overdue or behind, the worst first."""
        urgent = [p for p in self.indicators if p.state in (State.OVERDUE, State.BEHIND)]
        return tuple(sorted(urgent, key=lambda p: p.urgency))


def progress_of(project: Project, tallies: Tallies, as_of: date) -> ProjectProgress:
    """Every indicator of the contract in force on a day, at the end of that day."""
    project = project.at(as_of)
    categories = []
    for category in project.categories:
        found = tuple(
            indicator_progress(project, item, indicator, tallies, as_of)
            for item in category.items
            for indicator in item.indicators
        )
        categories.append(CategoryProgress(category, mean_percent(found), found))
    everything = [one for category in categories for one in category.indicators]
    return ProjectProgress(project, as_of, mean_percent(everything), tuple(categories))


def progress_of_items(
    project: Project, codes: Collection[str], tallies: Tallies, as_of: date
) -> tuple[Progress, ...]:
    """Every indicator of some items that the contract in force on a day has, in its order."""
    project = project.at(as_of)
    return tuple(
        indicator_progress(project, item, indicator, tallies, as_of)
        for _, _, item, indicator in project.indicators()
        if item.code in codes
    )


def mean_percent(found: Iterable[Progress]) -> Decimal:
    """The mean of the percentages, each capped at 100; below 100 unless all are.

    What a change has ended is left out.
    """
    percents = [one.percent for one in found if one.state is not State.ENDED]
    return _tenths(sum(percents, ZERO) / len(percents)) if percents else HUNDRED


def indicator_progress(
    project: Project, item: Item, indicator: Indicator, tallies: Tallies, as_of: date
) -> Progress:
    """One indicator of the contract in force on a day, at the end of that day."""
    holder = _Holder(project, item, indicator, tallies, as_of)
    found = _held(holder, indicator.kind)
    return replace(found, state=State.ENDED, near=False) if indicator.ended else found


def _held(holder: _Holder, kind: Kind) -> Progress:
    match kind:
        case Kind.TOTAL:
            return holder.total()
        case Kind.PERIODIC:
            return holder.periodic()
        case Kind.PER_PERSON:
            return holder.per_person()
        case Kind.COVERAGE:
            return holder.coverage()
        case Kind.MILESTONE:
            return holder.milestone()


@dataclass(frozen=True, slots=True)
class _Holder:
    """What every kind needs to hold a tally against an indicator."""

    project: Project
    item: Item
    indicator: Indicator
    tallies: Tallies
    as_of: date

    @property
    def target(self) -> Decimal:
        return self.indicator.target or Decimal(1)

    @property
    def unit(self) -> str:
        return self.indicator.unit or ""

    @property
    def period(self) -> Period:
        return days_of(self.project, self.indicator)

    def target_in(self, owed: Owed) -> Decimal:
        """What a month or quarter asks for: what was agreed when it began.

        A year asks for what was agreed last in it, or a change within a contract of one year would
        never come into force.
        """
        decides = owed.period.end if self.indicator.per is Per.YEAR else owed.period.start
        return self.indicator.target_on(decides) or Decimal(1)

    def until_now(self, period: Period) -> Period:
        return Period(period.start, min(period.end, self.as_of))

    def total(self) -> Progress:
        actual = self.tallies.amount(self.item.code, self.unit, self.period, self.as_of)
        return self._steady(actual)

    def coverage(self) -> Progress:
        seen = self.tallies.types(self.item.code, self.until_now(self.period))
        missing = tuple(kind for kind in self.indicator.types if kind not in seen)
        return self._steady(self.target - len(missing), missing)

    def _steady(self, actual: Decimal, missing: tuple[str, ...] = ()) -> Progress:
        """What grows evenly over the project period."""
        end = self.project.period.end
        should = expected(stages_of_project(self.project, self.indicator), self.as_of)
        if actual >= self.target:
            state = State.DONE
        elif self.as_of > end:
            state = State.OVERDUE
        else:
            state = self._pace(actual, should, end)
        percent = share(min(actual, self.target), self.target)
        return Progress(
            self.item,
            self.indicator,
            actual,
            should,
            percent,
            state,
            end,
            missing=missing,
            near=self._is_near(end),
        )

    def periodic(self) -> Progress:
        per = self.indicator.per or Per.MONTH
        periods = tuple(
            self._period(owed) for owed in owed_periods(self.period, per, self.indicator.due_day)
        )
        closed = [p for p in periods if p.closed]
        missed = [p for p in closed if not p.met]
        following = [p for p in periods if not p.closed and not p.met]
        if missed:
            state = State.OVERDUE
        elif not following:
            state = State.DONE
        elif self._is_near(following[0].owed.deadline):
            state = State.BEHIND
        else:
            state = State.ON_TRACK
        owing = [*missed, *following, *periods[-1:]]
        return Progress(
            self.item,
            self.indicator,
            actual=sum((p.actual for p in periods), ZERO),
            expected=sum((p.target for p in closed), ZERO),
            percent=share(
                sum((min(p.actual, p.target) for p in periods), ZERO),
                sum((p.target for p in periods), ZERO),
            ),
            state=state,
            deadline=owing[0].owed.deadline,
            periods=periods,
            near=self._is_near(owing[0].owed.deadline),
        )

    def _period(self, owed: Owed) -> PeriodProgress:
        actual = self.tallies.amount(self.item.code, self.unit, owed.period, self.as_of)
        return PeriodProgress(owed, actual, self.target_in(owed), closed=self.as_of > owed.deadline)

    def per_person(self) -> Progress:
        years = owed_periods(self.period, Per.YEAR)
        shares: list[Decimal] = []
        periods: list[PeriodProgress] = []
        now = year_of(self.period, self.as_of)
        people_now: tuple[Decimal, ...] = ()
        for year in years:
            period = self.until_now(year.period)
            people = self.tallies.people(self.indicator.role or "", self.item.code, year.period)
            amounts = tuple(
                self.tallies.amount_of(name, self.item.code, self.unit, period) for name in people
            )
            least = min(amounts, default=ZERO)
            target = self.target_in(year)
            periods.append(PeriodProgress(year, least, target, closed=self.as_of > year.deadline))
            shares += [min(a, target) / target for a in amounts] or [ZERO]
            if year == now:
                people_now = amounts
        least_now = min(people_now, default=ZERO)
        target_now = self.target_in(now)
        should = expected(stages_of_year(self.project, self.indicator, now.period), self.as_of)
        if all(p.met for p in periods):
            state = State.DONE
        elif any(p.closed and not p.met for p in periods):
            state = State.OVERDUE
        elif least_now >= target_now:
            state = State.ON_TRACK
        else:
            state = self._pace(least_now, should, now.deadline)
        deadline = next((p.owed.deadline for p in periods if not p.met), years[-1].deadline)
        return Progress(
            self.item,
            self.indicator,
            actual=least_now,
            expected=should,
            percent=share(sum(shares, ZERO), Decimal(len(shares))),
            state=state,
            deadline=deadline,
            near=self._is_near(deadline),
            periods=tuple(periods),
            people=len(people_now),
            people_met=sum(1 for amount in people_now if amount >= target_now),
        )

    def milestone(self) -> Progress:
        due = self.indicator.due or self.project.period.end
        done = self.tallies.first_day(self.item.code, self.until_now(self.period))
        if done is not None:
            state = State.DONE
        elif self.as_of > due:
            state = State.OVERDUE
        else:
            state = State.BEHIND if self._is_near(due) else State.ON_TRACK
        actual = ZERO if done is None else Decimal(1)
        return Progress(
            self.item,
            self.indicator,
            actual,
            Decimal(1) if self.as_of > due else ZERO,
            share(actual, Decimal(1)),
            state,
            due,
            near=self._is_near(due),
        )

    def _pace(self, actual: Decimal, expected: Decimal, deadline: date) -> State:
        """Behind is who lacks a whole unit and a fair share of what should be there, or is late.

        Without the whole unit a target of 1 would be behind from its second day on.
        """
        pace: Pace = self.project.pace
        lacks = expected - actual >= 1 and actual < expected * pace.on_track
        return State.BEHIND if lacks or self._is_near(deadline) else State.ON_TRACK

    def _is_near(self, deadline: date) -> bool:
        return (deadline - self.as_of).days <= self.project.pace.remind_days


def share(actual: Decimal, target: Decimal) -> Decimal:
    """A percentage to one decimal, rounded down so that 100 means complete."""
    return _tenths(actual * 100 / target)


def _tenths(percent: Decimal) -> Decimal:
    return percent.quantize(Decimal("0.1"), ROUND_DOWN)
