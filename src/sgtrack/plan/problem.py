"""A planning problem: the months left, the forms of activity, the open groups and the demands.

A demand is what an indicator still needs, and by when.
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
    """What an indicator still needs within some days.

    ``rest`` is in the indicator's unit: the missing amount of a total or a month; the missing hours
    of the person with the least; the number of missing types; 1 for a milestone. ``target`` is the
    whole amount, ``weight`` the share of the indicator (a month of twelve: 1/12). An activity
    counts on ``days``; ``timed`` says that they end before the project does, ``late`` that the
    deadline has passed, ``gone`` that no days are left. ``on_screen`` names the month, quarter or
    year, if there is one; ``for_month`` is set if only the brief of that month counts.
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
        """Whether it counts the groups or cases of an item that runs over sessions."""
        unit = self.indicator.unit
        return kind_of(self.indicator).adds_amounts and self.item.counts_groups(unit)


def compute_demands(
    progress: ProjectProgress, tallies: Tallies, first_day: date
) -> tuple[Demand, ...]:
    """Compute what a contract still needs, if activities can take place from a day on.

    ``tallies`` are those that ``progress`` was computed from.
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
    """By reporting month, the days on which its brief is due; briefs are issued in order."""
    item = progress.project.brief_item
    last = tallies.last_month_of(item.code, progress.as_of) if item else None
    return {
        window.label: Period(window.period.start, window.due)
        for window in windows(progress.project)
        if last is None or f"{last:%Y-%m}" < window.label
    }


def _whole_demand(progress: Progress, open_days: Period) -> Demand:
    """What an indicator of the whole project still needs."""
    target = progress.indicator.target or ONE
    due = progress.indicator.due
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
    """What a month, quarter or year still needs."""
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

    months: tuple[Window, ...]
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
    """List the reporting months that are not over on a day, each with its days that are left."""
    return tuple(
        replace(w, period=Period(max(w.period.start, first_day), w.period.end))
        for w in windows(project)
        if w.period.end >= first_day
    )


def missing_sessions(project: Project, tallies: Tallies, as_of: date) -> dict[str, tuple[int, ...]]:
    """Count by item the sessions that each open group or case still needs."""
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
    """Add a form for the submission of each brief that is owed."""
    result = []
    for form in forms:
        result.append(form)
        if form.item.is_brief and form.is_plain:
            months = [d.for_month for d in demands if d.item == form.item and d.for_month]
            result += [replace(form, for_month=month) for month in months]
    return tuple(result)


def counted(form: Form, demand: Demand) -> Decimal:
    """Compute the amount of a demand that one activity of a form brings."""
    indicator = demand.indicator
    if demand.item.code not in form.serves or demand.counts_groups:
        return ZERO
    if indicator.kind is Kind.PERIODIC and form.for_month != demand.for_month:
        return ZERO
    if indicator.kind is Kind.MILESTONE:
        return ONE
    if indicator.kind is Kind.COVERAGE:
        # An activity has only one type: of its own item, or else of a further one.
        item = demand.item
        return ONE if (form.item == item if form.item.types else item.code in form.also) else ZERO
    usual = form.brings.get(indicator.unit or "")
    return usual.amount if usual else ZERO


def groups_count(form: Form, wanted: Item) -> bool:
    """Whether a complete group of the form's item counts as one of another item's groups."""
    item = form.item
    return item == wanted or (wanted.code in form.serves and item.sessions >= wanted.sessions)


def is_session(form: Form, item: Item) -> bool:
    """Whether an activity of the form is a session of one of the item's groups or cases."""
    return item.code in form.serves and (form.item == item or not form.item.series)
