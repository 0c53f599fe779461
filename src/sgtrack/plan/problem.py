"""A planning problem: the months left, the forms of activity, the open groups and the demands.

A demand is what an indicator still needs, and by when.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from sgtrack.model.contract import Indicator, Item, Kind, Period, Project
from sgtrack.plan.activity_types import Form
from sgtrack.progress.indicator_progress import PeriodProgress, Progress, ProjectProgress, State
from sgtrack.progress.kinds import kind_of
from sgtrack.progress.kinds.indicator_kind import counts_series
from sgtrack.progress.periods import windows
from sgtrack.progress.tally import ONE, ZERO, Tallies


@dataclass(frozen=True, slots=True)
class Demand:
    """What an indicator still needs within some days.

    ``rest`` is in the indicator's unit: the missing amount of a total or a month; the missing hours
    of the person with the least; the number of missing types; 1 for a milestone. ``target`` is the
    whole amount, ``weight`` the share of the indicator (a month of twelve: 1/12). An activity
    counts on ``days``; ``timed`` says that they end before the project does, ``late`` that the
    deadline has passed. ``on_screen`` names the month, quarter or year, if there is one;
    ``for_month`` is set if only the brief of that month counts.
    """

    item: Item
    indicator: Indicator
    rest: Decimal
    target: Decimal
    weight: Decimal
    days: Period
    timed: bool = False
    late: bool = False
    on_screen: str = ""
    for_month: str = ""
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Missed:
    """What is too late to make up, in the indicator's unit, with its month or quarter."""

    item: Item
    indicator: Indicator
    missing: Decimal
    on_screen: str = ""


@dataclass(frozen=True)
class RemainingWork:
    """What a contract still needs at a day, and what is too late."""

    demands: tuple[Demand, ...]
    missed: tuple[Missed, ...]


def compute_demands(progress: ProjectProgress, tallies: Tallies, first_day: date) -> RemainingWork:
    """Compute what a contract still needs.

    Args:
        progress: the progress of the contract.
        tallies: the tallies it was computed from.
        first_day: the first day on which activities can still take place.
    """
    open_days = Period(max(first_day, progress.project.period.start), progress.project.period.end)
    owing = _DemandBuilder(progress, tallies, open_days)
    parts = [part for one in progress.indicators for part in owing.of(one)]
    return RemainingWork(
        tuple(part for part in parts if isinstance(part, Demand)),
        tuple(part for part in parts if isinstance(part, Missed)),
    )


@dataclass(frozen=True)
class _DemandBuilder:
    progress: ProjectProgress
    tallies: Tallies
    open_days: Period

    def of(self, one: Progress) -> Iterator[Demand | Missed]:
        if one.state in (State.DONE, State.ENDED):
            return
        if kind_of(one.indicator).owes_periods:
            for period in one.periods:
                if not period.met:
                    yield self._period(one, period)
            return
        target = one.indicator.target or ONE
        rest = Decimal(len(one.missing)) if one.missing else target - one.actual
        if self.open_days.days < 1:
            yield Missed(one.item, one.indicator, rest)
            return
        due = one.indicator.due
        late = due is not None and due < self.open_days.start
        days = self.open_days if due is None or late else Period(self.open_days.start, due)
        yield Demand(
            one.item,
            one.indicator,
            rest,
            target,
            ONE,
            days,
            timed=due is not None and not late,
            late=late,
            types=one.missing,
        )

    def _period(self, one: Progress, period: PeriodProgress) -> Demand | Missed:
        rest = period.target - period.actual
        owed = period.owed
        for_month = owed.label if one.item.is_brief and self._can_hand_in(owed.label) else ""
        start = max(self.open_days.start, owed.period.start)
        deadline, end = owed.deadline, owed.period.end
        if for_month:
            start = max(self.open_days.start, self._briefs[for_month].start)
            deadline = min(self._briefs[for_month].end, self.open_days.end)
            end = self.open_days.end
        late = deadline < start
        last = end if late else deadline
        if last < start:
            return Missed(one.item, one.indicator, rest, owed.on_screen)
        return Demand(
            one.item,
            one.indicator,
            rest,
            period.target,
            ONE / len(one.periods),
            Period(start, last),
            timed=not late and last < self.open_days.end,
            late=late,
            on_screen=owed.on_screen,
            for_month=for_month,
        )

    @property
    def _briefs(self) -> Mapping[str, Period]:
        """By reporting month, the days from its first until its brief is due."""
        return {w.label: Period(w.period.start, w.due) for w in windows(self.progress.project)}

    def _can_hand_in(self, month: str) -> bool:
        """Whether the month's brief can be issued: briefs are issued in order."""
        item = self.progress.project.brief_item
        last = self.tallies.last_month_of(item.code, self.progress.as_of) if item else None
        return month in self._briefs and (last is None or f"{last:%Y-%m}" < month)


def counts_groups(item: Item, indicator: Indicator) -> bool:
    """Whether the indicator counts the groups or cases of an item that runs over sessions."""
    return counts_series(item, kind_of(indicator), indicator.unit)


@dataclass(frozen=True, slots=True)
class PlanMonth:
    """A reporting month, with those of its days that are not over."""

    year: int
    month: int
    days: Period

    @property
    def label(self) -> str:
        """As briefs are named: 2026-07."""
        return f"{self.year}-{self.month:02}"


@dataclass(frozen=True, slots=True)
class TimeSlot:
    """Days of a month within which no demand on a form begins or ends."""

    month: int
    days: Period


@dataclass(frozen=True, slots=True)
class Pool:
    """The sessions of an item's groups or cases.

    ``form`` is the item's plain form, ``forms`` are the forms whose activities are sessions, groups
    are counted at the end of ``slots``, and ``lacking`` is how many sessions each open group needs.
    """

    form: Form
    forms: tuple[int, ...]
    slots: tuple[TimeSlot, ...]
    lacking: tuple[int, ...]


@dataclass(frozen=True)
class PlanningProblem:
    """What to plan; ``most`` limits the activities of a month.

    Forms are identified by their index in ``forms``.
    """

    months: tuple[PlanMonth, ...]
    forms: tuple[Form, ...]
    demands: tuple[Demand, ...]
    lacking: Mapping[str, tuple[int, ...]]
    most: int | None = None

    @cached_property
    def slots(self) -> tuple[tuple[TimeSlot, ...], ...]:
        """The slots of each form."""
        return tuple(self._slots_of(form) for form in self.forms)

    @cached_property
    def pools(self) -> tuple[Pool, ...]:
        """The pools of the groups and cases that a demand counts."""
        wanted = [d.item for d in self.demands if counts_groups(d.item, d.indicator)]
        return tuple(
            Pool(
                form,
                tuple(k for k, one in enumerate(self.forms) if is_session(one, form.item)),
                self.slots[n],
                self.lacking.get(form.item.code, ()),
            )
            for n, form in enumerate(self.forms)
            if form.item.series and form.is_plain and any(groups_count(form, i) for i in wanted)
        )

    def _slots_of(self, form: Form) -> tuple[TimeSlot, ...]:
        cuts = set[date]()
        for demand in self.demands:
            if demand.item.code in form.serves:
                cuts |= {demand.days.start - timedelta(days=1), demand.days.end}
        found = []
        for n, month in enumerate(self.months):
            start = month.days.start
            inside = sorted(c for c in cuts if month.days.start <= c < month.days.end)
            for end in (*inside, month.days.end):
                found.append(TimeSlot(n, Period(start, end)))
                start = end + timedelta(days=1)
        return tuple(found)


def open_months(project: Project, first_day: date) -> tuple[PlanMonth, ...]:
    """List the reporting months that are not over on a day."""
    return tuple(
        PlanMonth(w.year, w.month, Period(max(w.period.start, first_day), w.period.end))
        for w in windows(project)
        if w.period.end >= first_day
    )


def missing_sessions(project: Project, tallies: Tallies, as_of: date) -> dict[str, tuple[int, ...]]:
    """By item, the sessions that each open group or case needs until it counts."""
    found = {}
    for item in project.items.values():
        if not item.series:
            continue
        parts = [other for other in project.items.values() if other.series and other is not item]
        below = {
            one.title
            for part in parts
            if item.code in project.with_ancestors(part.code)
            for one in tallies.series(part.code, as_of)
        }
        found[item.code] = tuple(
            item.sessions - one.sessions
            for one in tallies.series(item.code, as_of)
            if one.counted is None and one.title not in below
        )
    return found


def with_brief_forms(forms: tuple[Form, ...], demands: tuple[Demand, ...]) -> tuple[Form, ...]:
    """Add a form for the submission of each brief that is owed."""
    found = []
    for form in forms:
        found.append(form)
        if form.item.is_brief and form.is_plain:
            owed = [d.for_month for d in demands if d.item == form.item and d.for_month]
            found += [replace(form, for_month=month) for month in owed]
    return tuple(found)


def counted(form: Form, demand: Demand) -> Decimal:
    """Compute how much of a demand one activity of a form brings, on a day that counts."""
    indicator = demand.indicator
    if demand.item.code not in form.serves or counts_groups(demand.item, indicator):
        return ZERO
    if indicator.kind is Kind.PERIODIC and form.for_month != demand.for_month:
        return ZERO
    if indicator.kind is Kind.MILESTONE:
        return ONE
    if indicator.kind is Kind.COVERAGE:
        return ONE if _can_be_of_type(form, demand.item) else ZERO
    usual = form.brings.get(indicator.unit or "")
    return usual.amount if usual else ZERO


def groups_count(form: Form, wanted: Item) -> bool:
    """Whether a complete group of the form's item counts as one of another item's groups."""
    item = form.item
    return item == wanted or (wanted.code in form.serves and item.sessions >= wanted.sessions)


def is_session(form: Form, item: Item) -> bool:
    """Whether an activity of the form is a session of one of the item's groups or cases."""
    return item.code in form.serves and (form.item == item or not form.item.series)


def _can_be_of_type(form: Form, item: Item) -> bool:
    """Whether the activity can have a type of the item; it has only one type."""
    if form.item.types:
        return form.item == item
    return item.code in form.also
