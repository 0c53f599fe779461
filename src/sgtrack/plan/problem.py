"""Defines planning problems: the open months, the forms of activity, the open groups, the demands.

A form of activity is an item, alone or with further items that the activity is logged for. A demand
is the amount that an indicator still needs, and the days on which activities count for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from sgtrack.model.contract import Indicator, Item, Kind, Period, Project
from sgtrack.plan.activity_types import Form
from sgtrack.progress.indicator_progress import PeriodProgress, Progress, ProjectProgress, State
from sgtrack.progress.kinds import kind_of
from sgtrack.progress.periods import Window, windows
from sgtrack.progress.tally import ONE, ZERO, Tallies


@dataclass(frozen=True, slots=True)
class Demand:
    """The amount that an indicator still needs, and the days on which activities count for it.

    ``rest`` is the missing amount in the unit of the indicator. For a target per person, it is the
    amount that the person with the lowest amount still needs. For a coverage, it is the number of
    missing types. For a milestone, it is 1. ``target`` is the whole amount. ``weight`` is the
    demand's share of the indicator, such as 1/12 for one month of twelve.

    ``days`` is the period in which activities count. ``late`` is true if the deadline has passed.
    ``timed`` is true if the deadline has not passed, and belongs to a milestone with ``due`` or is
    earlier than the end of the project. ``gone`` is true if no days are left.

    ``on_screen`` names the month, quarter or year of a periodic or per-person indicator.
    ``for_month`` is set if only the brief of that month counts. ``types`` are the missing types of
    a coverage.
    """

    item: Item
    indicator: Indicator
    rest: Decimal
    target: Decimal
    weight: Decimal
    days: Period
    timed: bool = False
    late: bool = False
    gone: bool = False
    on_screen: str = ""
    for_month: str = ""
    types: tuple[str, ...] = ()

    @property
    def counts_groups(self) -> bool:
        """Return whether the demand counts groups or cases, which run over several sessions."""
        unit = self.indicator.unit
        return kind_of(self.indicator).adds_amounts and self.item.counts_groups(unit)


def compute_demands(
    progress: ProjectProgress, tallies: Tallies, first_day: date
) -> tuple[Demand, ...]:
    """Compute the demands of a contract for activities on ``first_day`` or later.

    ``progress`` was computed from ``tallies``.
    """
    open_days = Period(max(first_day, progress.project.period.start), progress.project.period.end)
    briefs = _open_briefs(progress, tallies)
    demands: list[Demand] = []
    for indicator in progress.indicators:
        if indicator.state in (State.DONE, State.ENDED):
            continue
        if kind_of(indicator.indicator).owes_periods:
            unmet = (period for period in indicator.periods if not period.met)
            demands += [_period_demand(indicator, period, open_days, briefs) for period in unmet]
        else:
            demands.append(_whole_demand(indicator, open_days))
    return tuple(demands)


def _open_briefs(progress: ProjectProgress, tallies: Tallies) -> dict[str, Period]:
    """Map each month without a submitted brief to the days from its start to the brief's due day.

    Briefs are submitted in order, so the months after the last submitted one are open.
    """
    item = progress.project.brief_item
    last = tallies.last_month_of(item.code, progress.as_of) if item else None
    return {
        window.label: Period(window.period.start, window.due)
        for window in windows(progress.project)
        if last is None or f"{last:%Y-%m}" < window.label
    }


def _whole_demand(progress: Progress, open_days: Period) -> Demand:
    """Return the demand of a total, a coverage or a milestone, which have no periods."""
    target = progress.indicator.target or ONE
    due = None if kind_of(progress.indicator).lasts_to_end(progress) else progress.deadline
    late = due is not None and due < open_days.start
    return Demand(
        progress.item,
        progress.indicator,
        Decimal(len(progress.missing)) if progress.missing else target - progress.actual,
        target,
        ONE,
        open_days if due is None or late else Period(open_days.start, due),
        timed=due is not None and not late,
        late=late,
        gone=open_days.days < 1,
        types=progress.missing,
    )


def _period_demand(
    progress: Progress, period: PeriodProgress, open_days: Period, briefs: Mapping[str, Period]
) -> Demand:
    """Return the demand of one month, quarter or year.

    After the deadline, activities count until the end of the period. A late brief counts until the
    end of the project.
    """
    owed = period.owed
    days = Period(owed.period.start, owed.deadline)
    end = owed.period.end
    for_month = ""
    if progress.item.is_brief and owed.label in briefs:
        for_month, end = owed.label, open_days.end
        days = Period(briefs[for_month].start, min(briefs[for_month].end, end))
    start = max(open_days.start, days.start)
    late = days.end < start
    last = end if late else days.end
    return Demand(
        progress.item,
        progress.indicator,
        period.target - period.actual,
        period.target,
        ONE / len(progress.periods),
        Period(start, last),
        timed=not late and last < open_days.end,
        late=late,
        gone=last < start,
        on_screen=owed.on_screen,
        for_month=for_month,
    )


@dataclass(frozen=True, slots=True)
class TimeSlot:
    """A range of days in a month on which an activity of a form counts for the same demands.

    The month is divided into slots where a demand that the form serves begins or ends. ``month`` is
    the index of the month in the planning problem.
    """

    month: int
    days: Period


@dataclass(frozen=True, slots=True)
class Pool:
    """The sessions of all groups or cases of an item.

    ``form`` is the form of the item alone. ``forms`` are the indices of the forms whose activities
    are sessions. The completed groups are counted at the end of each time slot in ``slots``.
    ``lacking`` is the number of sessions that each open group still needs.
    """

    form: Form
    forms: tuple[int, ...]
    slots: tuple[TimeSlot, ...]
    lacking: tuple[int, ...]


@dataclass(frozen=True)
class PlanningProblem:
    """The input of a plan.

    A form is identified by its index in ``forms``. ``lacking`` maps each item code to the number of
    sessions that each open group still needs. ``most`` is the maximum number of activities in a
    month, or None.
    """

    months: tuple[Window, ...]
    forms: tuple[Form, ...]
    demands: tuple[Demand, ...]
    lacking: Mapping[str, tuple[int, ...]]
    most: int | None = None

    @cached_property
    def slots(self) -> tuple[tuple[TimeSlot, ...], ...]:
        """Return the time slots of each form."""
        return tuple(self._slots_of(form) for form in self.forms)

    @cached_property
    def pools(self) -> tuple[Pool, ...]:
        """Return a pool for each item whose completed groups or cases count for a demand."""
        wanted = [d.item for d in self.demands if d.counts_groups]
        return tuple(
            Pool(
                form,
                tuple(k for k, other in enumerate(self.forms) if is_session(other, form.item)),
                self.slots[n],
                self.lacking.get(form.item.code, ()),
            )
            for n, form in enumerate(self.forms)
            if form.item.series and form.is_plain and any(groups_count(form, i) for i in wanted)
        )

    def _slots_of(self, form: Form) -> tuple[TimeSlot, ...]:
        boundaries = set[date]()
        for demand in self.demands:
            if demand.item.code in form.serves:
                boundaries |= {demand.days.start - timedelta(days=1), demand.days.end}
        slots = []
        for n, month in enumerate(self.months):
            start, last = month.period.start, month.period.end
            inside = sorted(day for day in boundaries if start <= day < last)
            for end in (*inside, last):
                slots.append(TimeSlot(n, Period(start, end)))
                start = end + timedelta(days=1)
        return tuple(slots)


def open_months(project: Project, first_day: date) -> tuple[Window, ...]:
    """List the reporting months that end on ``first_day`` or later, without the days before it."""
    return tuple(
        replace(w, period=Period(max(w.period.start, first_day), w.period.end))
        for w in windows(project)
        if w.period.end >= first_day
    )


def missing_sessions(project: Project, tallies: Tallies, as_of: date) -> dict[str, tuple[int, ...]]:
    """Map each item code to the missing sessions of the groups or cases that do not count yet.

    A group with the title of a group of a part (其中) is left out, because it is the same group.
    """
    missing = {}
    items = [item for item in project.items.values() if item.series]
    for item in items:
        titles_of_parts = {
            series.title
            for part in items
            if part is not item and item.code in project.with_ancestors(part.code)
            for series in tallies.series(part.code, as_of)
        }
        missing[item.code] = tuple(
            item.sessions - series.sessions
            for series in tallies.series(item.code, as_of)
            if series.counted is None and series.title not in titles_of_parts
        )
    return missing


def with_brief_forms(forms: tuple[Form, ...], demands: tuple[Demand, ...]) -> tuple[Form, ...]:
    """Add a form for each brief that is still owed."""
    result = []
    for form in forms:
        result.append(form)
        if form.item.is_brief and form.is_plain:
            months = [d.for_month for d in demands if d.item == form.item and d.for_month]
            result += [replace(form, for_month=month) for month in months]
    return tuple(result)


def counted(form: Form, demand: Demand) -> Decimal:
    """Return the amount that one activity of a form brings to a demand.

    The amount is 0 if the demand counts groups, because only completed groups count for it.
    """
    indicator = demand.indicator
    if demand.item.code not in form.serves or demand.counts_groups:
        return ZERO
    if indicator.kind is Kind.PERIODIC and form.for_month != demand.for_month:
        return ZERO
    if indicator.kind is Kind.MILESTONE:
        return ONE
    if indicator.kind is Kind.COVERAGE:
        # An activity has only one type. If its own item lists types, it has one of them, and so
        # it cannot cover a type of a further item.
        item = demand.item
        return ONE if (form.item == item if form.item.types else item.code in form.also) else ZERO
    usual = form.brings.get(indicator.unit or "")
    return usual.amount if usual else ZERO


def groups_count(form: Form, wanted: Item) -> bool:
    """Return whether a completed group of the form's item counts as a group of ``wanted``.

    A group of another item counts if its activities count for ``wanted``, and if it has at least as
    many sessions as ``wanted`` requires.
    """
    item = form.item
    return item == wanted or (wanted.code in form.serves and item.sessions >= wanted.sessions)


def is_session(form: Form, item: Item) -> bool:
    """Return whether an activity of the form is a session of a group or case of the item."""
    return item.code in form.serves and (form.item == item or not form.item.series)
