"""A planning problem: the months left, forms of activity, demands and open groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from sgtrack.model.contract import Item, Kind, Period, Project
from sgtrack.plan.activity_types import Form
from sgtrack.plan.demands import Demand, counts_groups
from sgtrack.progress.reporting_window import windows
from sgtrack.progress.tally import ZERO, Tallies

ONE = Decimal(1)


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
