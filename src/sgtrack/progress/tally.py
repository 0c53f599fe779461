"""What the ledger says for an item, a unit and a stretch of time.

An activity counts once for every item it serves and for all that these are part of (其中), unless
it misses what the item asks of every single activity.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from sgtrack.model.contract import Period, Project
from sgtrack.model.figures import AmountRow, Figures, LabelRow, NameRow
from sgtrack.model.units import HEADCOUNT, UNITS, Measure, is_distinct
from sgtrack.progress.conditions import too_early, why_not

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Series:
    """A group or case: its sessions so far, and the day from which it counts, if it does yet.

    Where its sessions come as sums, that is a day of the stretch in which it came to count.
    """

    title: str
    sessions: int
    first: date
    last: date
    counted: date | None = None
    closed: bool = False

    def joined_by(self, row: LabelRow, needed: int) -> Series:
        """With the sessions of a day more; one that misses its conditions can only close it."""
        sessions = self.sessions + row.activities
        complete = sessions >= needed or (row.closes and sessions > 0)
        return Series(
            self.title,
            sessions,
            self.first,
            max(self.last, row.last or row.day),
            self.counted or (row.day if complete else None),
            self.closed or row.closes,
        )


@dataclass(frozen=True)
class Tallies:
    """The figures of one community by item, ready to be asked."""

    _amounts: dict[tuple[str, str], list[AmountRow]]
    """In the order of the days they are credited to, which are in ``_days``."""
    _days: dict[tuple[str, str], list[date]]
    _names: dict[str, list[NameRow]]
    _labels: dict[str, list[LabelRow]]
    """In the order of their days."""
    _sessions: dict[str, int]
    _once_per_person: frozenset[str]
    _roster: dict[str, tuple[tuple[str, date], ...]]
    _series: dict[tuple[str, date], tuple[Series, ...]] = field(default_factory=dict)
    """What :meth:`series` has found; a rhythm asks again for each of its periods."""
    _named: dict[str, dict[tuple[str, str], list[NameRow]]] = field(default_factory=dict)
    """What :meth:`_by_name` has found."""

    def amount(self, item: str, unit: str, period: Period, as_of: date) -> Decimal:
        """How much of a unit an item has in a period, as it stood at the end of a day.

        人, 名 and 支 count different names, to which comes what was counted without a name, and so
        does 人次 where the item counts each person once; groups and cases (series) count once, on
        the day they have their sessions or are closed; everything else is a sum. A submission
        belongs to the month it is for, however late it comes.
        """
        if item in self._sessions and UNITS[unit].measure is Measure.WORKS:
            counted = [one.counted for one in self.series(item, as_of)]
            return Decimal(sum(1 for day in counted if day is not None and day in period))
        rows = [row for row in self._credited_in(item, unit, period) if row.day <= as_of]
        if item in self._once_per_person and unit in HEADCOUNT:
            return _each_name_once(rows)
        total = sum((row.amount for row in rows), ZERO)
        if not is_distinct(unit):
            return total
        unnamed = total - sum(row.names for row in rows)
        until = min(period.end, as_of)
        names = sum(
            1
            for (_, counted), rows_of_name in self._by_name(item).items()
            if counted == unit and any(period.start <= row.day <= until for row in rows_of_name)
        )
        return unnamed + names

    def _credited_in(self, item: str, unit: str, period: Period) -> list[AmountRow]:
        rows = self._amounts.get((item, unit), [])
        days = self._days.get((item, unit), [])
        return rows[bisect_left(days, period.start) : bisect_right(days, period.end)]

    def _by_name(self, item: str) -> dict[tuple[str, str], list[NameRow]]:
        """What an item has of everyone who was named, by the name and the unit."""
        if item not in self._named:
            found: dict[tuple[str, str], list[NameRow]] = defaultdict(list)
            for row in self._names.get(item, ()):
                found[row.name, row.unit].append(row)
            self._named[item] = found
        return self._named[item]

    def last_month_of(self, item: str, as_of: date) -> date | None:
        """The first day of the last month that a submission of the item was for."""
        return max(
            (
                row.for_month
                for (code, _), rows in self._amounts.items()
                if code == item
                for row in rows
                if row.for_month is not None and row.day <= as_of
            ),
            default=None,
        )

    def series(self, item: str, as_of: date) -> tuple[Series, ...]:
        """The groups or cases of an item until a day, in the order they began, then by title."""
        if (item, as_of) not in self._series:
            self._series[item, as_of] = self._series_until(item, as_of)
        return self._series[item, as_of]

    def _series_until(self, item: str, as_of: date) -> tuple[Series, ...]:
        found: dict[str, Series] = {}
        for row in self._labels.get(item, ()):
            if row.title and row.day <= as_of:
                known = found.get(row.title) or Series(row.title, 0, row.day, row.day)
                found[row.title] = known.joined_by(row, self._sessions.get(item, 1))
        return tuple(sorted(found.values(), key=lambda one: (one.first, one.title)))

    def people(self, role: str, item: str, period: Period) -> tuple[str, ...]:
        """Who a per-person indicator runs over: the roster, or without one whoever was named."""
        roster = self._roster.get(role)
        if roster:
            return tuple(name for name, since in roster if since <= period.end)
        named = (
            name
            for (name, _), rows in self._by_name(item).items()
            if any(row.day in period for row in rows)
        )
        return tuple(dict.fromkeys(named))

    def amount_of(self, name: str, item: str, unit: str, period: Period) -> Decimal:
        """How much of a unit one person has of an item in a period."""
        rows = self._by_name(item).get((name, unit), ())
        return sum((row.amount for row in rows if row.day in period), ZERO)

    def types(self, item: str, period: Period) -> frozenset[str]:
        """The types that activities of the item were of."""
        return frozenset(
            r.kind
            for r in self._labels.get(item, ())
            if r.kind and r.activities and r.day in period
        )

    def first_day(self, item: str, period: Period) -> date | None:
        """The day of the first activity of an item."""
        days = (r.day for r in self._labels.get(item, ()) if r.activities and r.day in period)
        return min(days, default=None)


def tally(project: Project, figures: Figures) -> Tallies:
    """Sort the figures of a community by the items they count for."""
    credited = _credited_within(project.period)
    judged = {code for code, item in project.items.items() if item.each or item.added}
    amounts: dict[tuple[str, str], list[AmountRow]] = defaultdict(list)
    names: dict[str, list[NameRow]] = defaultdict(list)
    labels: dict[str, list[LabelRow]] = defaultdict(list)
    serving = _Serving(project)
    for row in sorted(figures.amounts, key=credited):
        for item in serving[row.items]:
            if item not in judged or counts(project, item, row):
                amounts[item, row.unit].append(row)
    for name in figures.names:
        for item in serving[name.items]:
            # Whoever was there stays known, so that a person without any hours is not forgotten.
            whole = item not in judged or counts(project, item, name)
            names[item].append(name if whole else replace(name, unit=""))
    for label in figures.labels:
        for item in serving[label.items]:
            # A session that does not count still belongs to its group, and may close it.
            whole = item not in judged or counts(project, item, label)
            labels[item].append(label if whole else replace(label, activities=0))
    roster: dict[str, list[tuple[str, date]]] = defaultdict(list)
    for person in figures.roster:
        roster[person.role].append((person.name, person.since))
    sessions = {code: item.sessions for code, item in project.items.items() if item.series}
    return Tallies(
        dict(amounts),
        {key: [credited(row) for row in rows] for key, rows in amounts.items()},
        dict(names),
        {code: sorted(labels.get(code, ()), key=lambda row: row.day) for code in project.items},
        sessions,
        frozenset(code for code, item in project.items.items() if item.once_per_person),
        {role: tuple(people) for role, people in roster.items()},
    )


class _Serving(dict[tuple[str, ...], tuple[str, ...]]):
    """What activities logged under some items count for, worked out once for each choice."""

    def __init__(self, project: Project) -> None:
        super().__init__()
        self._project = project

    def __missing__(self, items: tuple[str, ...]) -> tuple[str, ...]:
        found = self[items] = served(self._project, items)
        return found


def _credited_within(period: Period) -> Callable[[AmountRow], date]:
    """The day an amount is credited to: its own, or of a submission one of the month it is for."""

    def credited(row: AmountRow) -> date:
        if row.for_month is None:
            return row.day
        return min(max(row.for_month, period.start), period.end)

    return credited


def counts(project: Project, code: str, row: AmountRow | NameRow | LabelRow) -> bool:
    """Whether a row counts for an item: whether its activity has what is asked of every one.

    Sums of several activities only come of items that ask nothing (``Project.one_by_one``).
    """
    item = project.items[code]
    if row.single is None or not item.each:
        return not too_early(item, row.day)
    return not why_not(item, row.day, row.single.amounts, len(row.single.names))


def newly(amount: Decimal, names: Iterable[str], seen: set[str]) -> Decimal:
    """What an amount of people adds where names that were seen before do not count again."""
    named = tuple(names)
    new = len(set(named) - seen)
    seen.update(named)
    return min(amount, max(amount - len(named), ZERO) + new)


def _each_name_once(rows: list[AmountRow]) -> Decimal:
    seen: set[str] = set()
    return sum((newly(r.amount, r.single.names if r.single else (), seen) for r in rows), ZERO)


def served(project: Project, items: Iterable[str]) -> tuple[str, ...]:
    """Every item that an activity logged under ``items`` counts for, each once."""
    return tuple(dict.fromkeys(code for item in items for code in project.with_ancestors(item)))
