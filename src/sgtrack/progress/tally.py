"""Computes credits: the amounts that the rows of the figures add to an indicator.

``status`` shows sums of credits, and ``explain`` lists the same credits. An activity counts once
for each of its items and for each of their parents (其中). It does not count for an item or parent
whose conditions it misses.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from operator import attrgetter

from sgtrack.model.contract import Period, Project
from sgtrack.model.entries import Person
from sgtrack.model.figures import ActivityFigure, AmountFigure, Figure, Figures, ParticipantFigure
from sgtrack.model.units import HEADCOUNT, is_distinct
from sgtrack.progress.conditions import rejection_reason, too_early

ZERO = Decimal(0)
ONE = Decimal(1)


# A frozen dataclass takes four times as long to create, and there is one credit per row.
@dataclass(slots=True)
class Credit:
    """The amount ``counted`` that one row adds to a figure.

    ``remark`` explains this amount, and ``repeated`` is the number of names in the row that were
    counted before.
    """

    row: Figure
    counted: Decimal
    remark: str = ""
    repeated: int = 0

    def joined(self, other: Credit) -> Credit:
        """Return the sum of this credit and another one of the same activity."""
        remark = "，".join(part for part in (self.remark, other.remark) if part)
        counted, repeated = self.counted + other.counted, self.repeated + other.repeated
        return Credit(self.row, counted, remark, repeated)


@dataclass(frozen=True, slots=True)
class Series:
    """A group or case with its sessions so far.

    ``counted`` is the day from which the group counts, or None if it does not count yet. If
    sessions of several days are read as one sum, it is the first day of the sum that completes the
    group.
    """

    title: str
    sessions: int
    first: date
    last: date
    counted: date | None = None
    closed: bool = False

    def joined_by(self, row: ActivityFigure, needed: int) -> Series:
        """Return the group with the sessions of one more row.

        The group counts after ``needed`` sessions, or when it is closed after at least one. A row
        of sessions that miss a condition adds no sessions but can close the group.
        """
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
    """The figures of one community, grouped by item."""

    _project: Project
    _amounts: dict[tuple[str, str], list[AmountFigure]]
    """Rows by item and unit, sorted by the day to which they are credited."""
    _credit_days: dict[tuple[str, str], list[date]]
    """The days to which the rows in ``_amounts`` are credited, in the same order."""
    _names: dict[str, list[ParticipantFigure]]
    """Rows by item. A row that misses a condition of the item has an empty unit, so that its
    person is still listed."""
    _labels: dict[str, list[ActivityFigure]]
    """Rows by item, sorted by day."""
    _roster: dict[str, tuple[Person, ...]]
    """The people by role."""
    _rejected: dict[tuple[str, str], str] = field(default_factory=dict)
    """The results of ``rejection_reason``, by item and entry id."""
    _series: dict[tuple[str, date], tuple[tuple[Series, ...], tuple[Credit, ...]]] = field(
        default_factory=dict
    )
    """Cache of :meth:`_fold_series`, which a periodic indicator calls for each of its periods."""

    def amount(self, item: str, unit: str, period: Period, as_of: date) -> Decimal:
        """Return the sum of the credits that :meth:`credits` returns."""
        rules = self._project.items[item]
        if rules.counts_groups(unit) or rules.once(unit):
            return sum([credit.counted for credit in self.credits(item, unit, period, as_of)], ZERO)
        # A brief needs thousands of these sums, and a credit per row would double the time.
        return sum([row.amount for row in self._rows(item, unit, period, as_of)], ZERO)

    def credits(self, item: str, unit: str, period: Period, as_of: date) -> Iterable[Credit]:
        """Return the credits of an item in a unit and a period, at the end of the day ``as_of``.

        In a unit of different people, groups or households (:func:`is_distinct`), each name counts
        once and amounts without names count in full. The same rule applies to 人次 if the item
        counts each person once. A group or case counts once, on the day of the session that
        completes it (:class:`Series`). All other amounts count in full. A submitted brief counts in
        its reporting month, even if it is late.
        """
        rules = self._project.items[item]
        if rules.counts_groups(unit):
            sessions = self._fold_series(item, as_of)[1]
            return [credit for credit in sessions if credit.row.day in period]
        rows = self._rows(item, unit, period, as_of)
        if rules.once_per_person and unit in HEADCOUNT:
            return _fold_once_per_person(rows)
        if is_distinct(unit):
            until_now = Period(period.start, min(period.end, as_of))
            return _fold_distinct(rows, self.person_rows(item, unit, until_now))
        return [Credit(row, row.amount) for row in rows]

    def _rows(self, item: str, unit: str, period: Period, as_of: date) -> list[AmountFigure]:
        """Return the amounts credited to a period, from activities up to the day ``as_of``."""
        days = self._credit_days.get((item, unit), [])
        rows = self._amounts.get((item, unit), [])
        within = rows[bisect_left(days, period.start) : bisect_right(days, period.end)]
        return [row for row in within if row.day <= as_of]

    def type_credits(self, item: str, types: Iterable[str], period: Period) -> Iterator[Credit]:
        """Yield a credit for each activity of these types in a period; a type counts only once."""
        wanted = set(types)
        seen = set[str]()
        for row in self._activities_in(item, period):
            activity_type = row.activity_type
            if activity_type in seen:
                yield Credit(row, ZERO, "1个类型已经计过")
            elif activity_type in wanted:
                seen.add(activity_type)
                yield Credit(row, ONE, activity_type)

    def first_credits(self, item: str, period: Period) -> Iterator[Credit]:
        """Yield a credit for each activity of an item in a period; only the first one counts."""
        for n, row in enumerate(self._activities_in(item, period)):
            yield Credit(row, ZERO if n else ONE)

    def person_rows(self, item: str, unit: str, period: Period) -> Iterator[ParticipantFigure]:
        """Yield the rows with amounts of named people, for an item, a unit and a period."""
        start, end = period.start, period.end
        for row in self._names.get(item, ()):
            if row.unit == unit and start <= row.day <= end:
                yield row

    def amounts_by_person(self, item: str, unit: str, period: Period) -> dict[str, Decimal]:
        """Return the sum of :meth:`person_rows` for each name."""
        amounts: dict[str, Decimal] = {}
        for row in self.person_rows(item, unit, period):
            amounts[row.name] = amounts.get(row.name, ZERO) + row.amount
        return amounts

    def rejection(self, item: str, entry_id: str) -> str:
        """Return in Chinese which condition of an item an entry misses; empty if it misses none."""
        return self._rejected.get((item, entry_id), "")

    def _activities_in(self, item: str, period: Period) -> Iterator[ActivityFigure]:
        """Return the activities that count in a period, in the order of their days."""
        return (row for row in self._labels.get(item, ()) if row.activities and row.day in period)

    def last_month_of(self, item: str, as_of: date) -> date | None:
        """Return the first day of the latest month for which a brief was submitted, or None."""
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
        """Return the groups or cases of an item up to a day, sorted by first day and title."""
        return self._fold_series(item, as_of)[0]

    def _fold_series(self, item: str, as_of: date) -> tuple[tuple[Series, ...], tuple[Credit, ...]]:
        """Combine sessions with the same title; return the groups and one credit per session."""
        if (item, as_of) in self._series:
            return self._series[item, as_of]
        needed = self._project.items[item].sessions
        groups: dict[str, Series] = {}
        credits: list[Credit] = []
        for row in self._labels.get(item, ()):
            if row.day > as_of:
                continue
            if not row.title:
                credits.append(Credit(row, ZERO, "没有名称，不计"))
                continue
            before = groups.get(row.title) or Series(row.title, 0, row.day, row.day)
            after = groups[row.title] = before.joined_by(row, needed)
            rejected = self.rejection(item, row.source.id) if row.source else ""
            credits.append(_session_credit(row, before, after, needed, rejected))
        ordered = sorted(groups.values(), key=lambda series: (series.first, series.title))
        result = self._series[item, as_of] = tuple(ordered), tuple(credits)
        return result

    def people(self, role: str, item: str, period: Period, day: date) -> tuple[str, ...]:
        """Return the names of the people of a per-person indicator in a period.

        They are the people who join the roster of the role by the end of the period, and whose last
        day is not before ``day``. If the roster is empty, they are all people named in activities
        of the item in the period.
        """
        roster = self._roster.get(role)
        if roster:
            day = min(day, period.end)
            names = (
                person.name
                for person in roster
                if person.since <= period.end and not person.has_left(day)
            )
            return tuple(dict.fromkeys(names))
        return tuple(
            dict.fromkeys(row.name for row in self._names.get(item, ()) if row.day in period)
        )


def tally(project: Project, figures: Figures) -> Tallies:
    """Group the figures of a community by the items for which they count."""

    def credited(row: AmountFigure) -> date:
        """Return the day to which a row is credited.

        For a submitted brief, it is the first day of its month, moved into the project period.
        """
        if row.for_month is None:
            return row.day
        return min(max(row.for_month, project.period.start), project.period.end)

    judged = {code for code, item in project.items.items() if item.each or item.added}
    amounts: dict[tuple[str, str], list[AmountFigure]] = defaultdict(list)
    names: dict[str, list[ParticipantFigure]] = defaultdict(list)
    labels: dict[str, list[ActivityFigure]] = defaultdict(list)
    rejected: dict[tuple[str, str], str] = {}
    counts_for = _ServedItems(project)
    for row in sorted(figures.amounts, key=credited):
        for item in counts_for[row.items]:
            if item not in judged or not _reject(project, item, row, rejected):
                amounts[item, row.unit].append(row)
    for name in figures.participants:
        for item in counts_for[name.items]:
            misses = item in judged and _reject(project, item, name, rejected)
            names[item].append(replace(name, unit="") if misses else name)
    for label in figures.activities:
        for item in counts_for[label.items]:
            # A rejected session still belongs to its group and can close it.
            misses = item in judged and _reject(project, item, label, rejected)
            labels[item].append(replace(label, activities=0) if misses else label)
    roster: dict[str, list[Person]] = defaultdict(list)
    for person in figures.roster:
        roster[person.role].append(person)
    return Tallies(
        project,
        dict(amounts),
        {key: [credited(row) for row in rows] for key, rows in amounts.items()},
        dict(names),
        {code: sorted(rows, key=attrgetter("day")) for code, rows in labels.items()},
        {role: tuple(people) for role, people in roster.items()},
        rejected,
    )


class _ServedItems(dict[tuple[str, ...], tuple[str, ...]]):
    """Cache of :func:`served`, because many rows are logged under the same items."""

    def __init__(self, project: Project) -> None:
        super().__init__()
        self._project = project

    def __missing__(self, items: tuple[str, ...]) -> tuple[str, ...]:
        self[items] = served(self._project, items)
        return self[items]


def _reject(project: Project, code: str, row: Figure, rejected: dict[tuple[str, str], str]) -> bool:
    """Check whether a row does not count for an item, and store the reason in ``rejected``.

    For a sum of several activities only the day is checked, because items with conditions are never
    read as sums (``Project.one_by_one``).
    """
    item, source = project.items[code], row.source
    if source is None:
        return too_early(item, row.day)
    if (code, source.id) not in rejected:
        rejected[code, source.id] = rejection_reason(item, source.activity)
    return bool(rejected[code, source.id])


def _fold_once_per_person(rows: Iterable[AmountFigure]) -> Iterator[Credit]:
    """Yield a credit for each row; a name counts only in the first row that contains it.

    People without names count in full.
    """
    seen = set[str]()
    for row in rows:
        names = set(row.source.activity.participants) if row.source else set()
        unnamed = max(row.amount - len(names), ZERO)
        counted = min(row.amount, unnamed + len(names - seen))
        yield Credit(row, counted, repeated=len(names & seen))
        seen |= names


def _fold_distinct(
    rows: Iterable[AmountFigure], names: Iterable[ParticipantFigure]
) -> Iterator[Credit]:
    """Yield a credit for the unnamed people of each row, then a credit for each name.

    A name counts only the first time.
    """
    for row in rows:
        yield Credit(row, row.amount - row.participants)
    seen = set[str]()
    for name in names:
        if name.name in seen:
            yield Credit(name, ZERO, repeated=1)
        else:
            seen.add(name.name)
            yield Credit(name, ONE)


def _session_credit(
    row: ActivityFigure, before: Series, after: Series, needed: int, rejected: str
) -> Credit:
    """Return the credit of a session: 1 if its group counts from this session on, otherwise 0."""
    count = after.sessions
    nth = f"第{count}次"
    if before.counted is not None:
        return Credit(row, ZERO, rejected or f"{nth}，已经计过")
    if after.counted is None:
        return Credit(row, ZERO, rejected or f"{nth}，满{needed}次才计")
    if rejected:
        return Credit(row, ONE, f"这次{rejected}；前面做了{count}次，到此结束")
    how = "结束" if row.closes else "已满"
    return Credit(row, ONE, f"{nth}，{how}" if count > 1 else "")


def served(project: Project, items: Iterable[str]) -> tuple[str, ...]:
    """Return the codes of ``items`` and of all their parents, without duplicates."""
    return tuple(dict.fromkeys(code for item in items for code in project.with_ancestors(item)))
