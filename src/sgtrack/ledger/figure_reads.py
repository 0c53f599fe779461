"""Reads the figures of a community from the monthly roll-ups and the daily views."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import chain
from typing import Any

from sgtrack.ledger.entry_reads import read_entries
from sgtrack.ledger.known_people import read_roster
from sgtrack.model.entries import EntryFilter, Person
from sgtrack.model.figures import (
    ActivityFigure,
    AmountFigure,
    FigureQuery,
    Figures,
    ParticipantFigure,
    figures_of,
    first_of_month,
    from_hundredths,
)
from sgtrack.store.connection import Connection, marks

_ROLL_UPS = ("amount", "name", "kind", "title")
"""The names of the monthly roll-up tables, without the suffix ``_by_month``."""
_ONE_QUERY_ABOVE = 12
"""Maximum number of date ranges to query one by one; above it, one query reads all months."""
_EARLIEST, _LATEST = "0000-00", "9999-99"


def read_figures(
    db: Connection,
    community: str,
    query: FigureQuery,
    roster: tuple[Person, ...] | None = None,
) -> Figures:
    """Read the figures of a community that a query asks for.

    ``roster`` are the people on the rosters of the community, if the caller has read them.
    """
    singles = Figures()
    if query.one_by_one:
        items = tuple(sorted(query.one_by_one))
        singles = figures_of(read_entries(db, EntryFilter((community,), items=items)))
    item_sets = _read_item_sets(db, community)
    months = DateRanges.of(db, community, query.boundaries)
    parts = [_FigureSums(db, community, query, False, months, item_sets)]
    if query.yearly:
        years = DateRanges.of(db, community, query.boundaries | query.years)
        parts.append(_FigureSums(db, community, query, True, years, item_sets))
    return Figures(
        amounts=(*(row for part in parts for row in part.amounts()), *singles.amounts),
        participants=(*(row for part in parts for row in part.names()), *singles.participants),
        activities=(
            *(row for part in parts for row in (*part.types(), *part.titles())),
            *singles.activities,
        ),
        roster=read_roster(db, community) if roster is None else roster,
    )


# The recursion needs one index seek for each set; DISTINCT would read every row.
_ITEM_SETS = "WITH RECURSIVE {} {}".format(
    ", ".join(
        f"{roll_up}_items(items) AS ("  # noqa: S608
        f"SELECT min(items) FROM {roll_up}_by_month WHERE community = :community UNION ALL "
        f"SELECT (SELECT min(m.items) FROM {roll_up}_by_month AS m "
        f"WHERE m.community = :community AND m.items > {roll_up}_items.items) "
        f"FROM {roll_up}_items WHERE {roll_up}_items.items IS NOT NULL)"
        for roll_up in _ROLL_UPS
    ),
    " UNION ALL ".join(
        f"SELECT '{roll_up}', items FROM {roll_up}_items WHERE items IS NOT NULL"  # noqa: S608
        for roll_up in _ROLL_UPS
    ),
)
"""Query for the distinct sets of items in each roll-up."""


def _read_item_sets(db: Connection, community: str) -> dict[str, list[str]]:
    """Read the distinct sets of items in each roll-up, each as item codes separated by spaces."""
    item_sets: dict[str, list[str]] = {roll_up: [] for roll_up in _ROLL_UPS}
    for roll_up, items in db.execute(_ITEM_SETS, {"community": community}):
        item_sets[roll_up].append(items)
    return item_sets


@dataclass(frozen=True, slots=True)
class MonthRange:
    """A range of whole months from ``first`` to ``last``, both written as 2026-03.

    ``day`` is the date assigned to a sum over the range: the day after the previous boundary, or
    ``date.min`` before the first boundary.
    """

    first: str
    last: str
    day: date


@dataclass(frozen=True, slots=True)
class DateRanges:
    """The months of a community's ledger, divided by boundaries.

    A boundary is the last day of a date range. ``ranges`` has the undivided months; a range before
    the first or after the last entry is left out. ``divided`` maps each month (2026-03) with
    entries on both sides of a boundary to its parts, each a first and a last day.
    """

    ranges: tuple[MonthRange, ...]
    divided: dict[str, tuple[tuple[date, date], ...]]

    @classmethod
    def of(cls, db: Connection, community: str, boundaries: frozenset[date]) -> DateRanges:
        """Divide the months of a community's ledger after each boundary."""
        ranges: list[MonthRange] = []
        divided: dict[str, tuple[tuple[date, date], ...]] = {}
        first, day = _EARLIEST, date.min
        for edge in sorted(boundaries):
            month = f"{edge:%Y-%m}"
            month_end = edge.replace(day=calendar.monthrange(edge.year, edge.month)[1])
            later = edge < month_end and _has_entries(db, community, edge + timedelta(1), month_end)
            last = month if not later else f"{edge.replace(day=1) - timedelta(1):%Y-%m}"
            if first <= last:
                ranges.append(MonthRange(first, last, day))
            start, day = max(day, edge.replace(day=1)), edge + timedelta(1)
            first = max(first, _month_after(last))
            if later and first == month and _has_entries(db, community, start, edge):
                divided[month] = _divide(start, edge, month_end, boundaries)
                first = _month_after(month)
        ranges.append(MonthRange(first, _LATEST, day))
        begin, end = _months_with_entries(db, community)
        return cls(
            tuple(months for months in ranges if months.first <= end and months.last >= begin),
            divided,
        )

    def day_in(self, month: str) -> date:
        """Return the date assigned to a sum over an undivided month.

        The date and all entries of the month lie on the same side of every boundary.
        """
        months = next(part for part in self.ranges if part.first <= month <= part.last)
        return max(months.day, date.fromisoformat(f"{month}-01"))


@dataclass(frozen=True, slots=True)
class _FigureSums:
    """The sums for the query's yearly items if ``yearly`` is true, else for the other items."""

    db: Connection
    community: str
    query: FigureQuery
    yearly: bool
    months: DateRanges
    item_sets: Mapping[str, Sequence[str]]
    """The distinct sets of items in each roll-up."""

    def amounts(self) -> Iterator[AmountFigure]:
        """Yield the sum of the amounts in each unit."""
        item_sets, key = self._chosen_sets("amount"), "unit, for_month, evidence"
        sums = "sum(hundredths), sum(names)"
        for items, day, unit, for_month, evidence, hundredths, names in chain(
            self._whole_months("amount", key, sums, item_sets, self.query.monthly),
            self._amounts_of_divided_months(key, sums, item_sets),
        ):
            yield AmountFigure(
                _codes(items),
                day,
                unit,
                from_hundredths(hundredths),
                names,
                first_of_month(for_month),
                _kinds(evidence),
            )

    def names(self) -> Iterator[ParticipantFigure]:
        """Yield the sum of the amounts in each unit for each participant."""
        for items, day, name, unit, evidence, hundredths in self._rows(
            "name", "name, unit, evidence", "sum(hundredths)", self.query.named, self.query.monthly
        ):
            yield ParticipantFigure(
                _codes(items), day, name, unit, from_hundredths(hundredths), _kinds(evidence)
            )

    def types(self) -> Iterator[ActivityFigure]:
        """Yield the number of activities of each type, and the day of the first one."""
        sums = "min({first}), sum(activities)"
        for items, _, kind, evidence, first, activities in self._rows(
            "kind", "kind, evidence", sums, self.query.typed, frozenset()
        ):
            day = date.fromisoformat(first)
            yield ActivityFigure(_codes(items), day, "", kind, activities, False, _kinds(evidence))

    def titles(self) -> Iterator[ActivityFigure]:
        """Yield the number of activities with each title, and the first and last of their days."""
        sums = "min({first}), max({last}), sum(activities), max(closes)"
        for items, _, title, evidence, first, last, activities, closes in self._rows(
            "title", "title, evidence", sums, self.query.titled, self.query.monthly
        ):
            yield ActivityFigure(
                _codes(items),
                date.fromisoformat(first),
                title,
                "",
                activities,
                bool(closes),
                _kinds(evidence),
                last=date.fromisoformat(last),
            )

    def _chosen_sets(self, roll_up: str, items: frozenset[str] | None = None) -> list[str]:
        """Return the item sets to read from a roll-up; ``items`` restricts them to these items."""
        query = self.query
        return [
            item_set
            for item_set in self.item_sets[roll_up]
            if (query.only is None or _has_any(item_set, query.only))
            and _has_any(item_set, query.yearly) is self.yearly
            and (items is None or _has_any(item_set, items))
            and not _has_any(item_set, query.one_by_one)
        ]

    def _rows(
        self, roll_up: str, key: str, sums: str, items: frozenset[str], monthly: frozenset[str]
    ) -> Iterator[tuple[Any, ...]]:
        """Yield rows of sums: the items, the date of the figure, the key and the sums.

        Args:
            roll_up: the name of the roll-up. With ``_by_month`` it is the monthly table, with
                ``_by_day`` the daily view.
            key: the grouping columns.
            sums: the SQL aggregates; ``{first}`` and ``{last}`` are replaced by the day columns.
            items: only activities of at least one of these items are summed.
            monthly: the items that get a separate sum for each month.
        """
        item_sets = self._chosen_sets(roll_up, items)
        yield from self._whole_months(roll_up, key, sums, item_sets, monthly)
        for parts in self.months.divided.values():
            for part in parts:
                yield from self._part_of_month(roll_up, key, sums, item_sets, part)

    def _whole_months(
        self, roll_up: str, key: str, sums: str, item_sets: list[str], monthly: frozenset[str]
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of :meth:`_rows` for all months that are not divided."""
        by_month = len(self.months.ranges) > _ONE_QUERY_ABOVE
        single = [items for items in item_sets if by_month or _has_any(items, monthly)]
        summed = [items for items in item_sets if items not in single]
        sums = sums.format(first="first_day", last="last_day")
        # A query without items is skipped, because each query costs a round trip to a server.
        for months in self.months.ranges if summed else ():
            for items, *row in self.db.execute(
                f"SELECT items, {key}, {sums} FROM {roll_up}_by_month "  # noqa: S608
                f"WHERE community = ? AND items IN ({marks(summed)}) "
                f"AND month BETWEEN ? AND ? GROUP BY items, {key}",
                (self.community, *summed, months.first, months.last),
            ):
                yield items, months.day, *row
        if not single:
            return
        days: dict[str, date] = {}
        for items, month, *row in self.db.execute(
            f"SELECT items, month, {key}, {sums} FROM {roll_up}_by_month "  # noqa: S608
            f"WHERE community = ? AND items IN ({marks(single)}) GROUP BY items, {key}, month",
            (self.community, *single),
        ):
            if month not in self.months.divided:
                if month not in days:
                    days[month] = self.months.day_in(month)
                yield items, days[month], *row

    def _part_of_month(
        self, roll_up: str, key: str, sums: str, item_sets: list[str], days: tuple[date, date]
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of :meth:`_rows` for a part of a month.

        ``days`` is the first and the last day of the part.
        """
        if not item_sets:
            return
        sums = sums.format(first="day", last="day")
        logged_under = sorted({_codes(item_set)[0] for item_set in item_sets})
        first, last = days
        for items, *row in self.db.execute(
            f"SELECT items, {key}, {sums} FROM {roll_up}_by_day "  # noqa: S608
            f"WHERE community = ? AND item IN ({marks(logged_under)}) "
            f"AND day BETWEEN ? AND ? AND items IN ({marks(item_sets)}) "
            f"GROUP BY items, {key}",
            (self.community, *logged_under, first.isoformat(), last.isoformat(), *item_sets),
        ):
            yield items, first, *row

    def _amounts_of_divided_months(
        self, key: str, sums: str, item_sets: list[str]
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the sums of amounts for each part of the divided months.

        The sums of a month's longest part are computed as the monthly sums minus those of the other
        parts. Only the other parts are summed from entries, which is slower.
        """
        divided = self.months.divided
        if not item_sets or not divided:
            return
        rest: dict[tuple[Any, ...], tuple[int, int]] = {
            tuple(group): (hundredths, names)
            for *group, hundredths, names in self.db.execute(
                f"SELECT month, items, {key}, {sums} FROM amount_by_month "  # noqa: S608
                f"WHERE community = ? AND items IN ({marks(item_sets)}) "
                f"AND month IN ({marks(divided)}) GROUP BY month, items, {key}",
                (self.community, *item_sets, *divided),
            )
        }
        longest: dict[str, tuple[date, date]] = {}
        for month, parts in divided.items():
            longest[month] = max(parts, key=lambda part: part[1] - part[0])
            for part in parts:
                if part == longest[month]:
                    continue
                for row in self._part_of_month("amount", key, sums, item_sets, part):
                    items, _, *others, hundredths, names = row
                    group = (month, items, *others)
                    whole = rest.get(group, (0, 0))
                    rest[group] = (whole[0] - hundredths, whole[1] - names)
                    yield row
        for (month, items, *others), (hundredths, names) in rest.items():
            # Amounts are positive, so zero means that the longest part has no activity.
            if hundredths:
                yield items, longest[month][0], *others, hundredths, names


def _divide(
    start: date, first: date, month_end: date, boundaries: frozenset[date]
) -> tuple[tuple[date, date], ...]:
    """Divide the days from ``start`` to ``month_end`` after each boundary from ``first`` on.

    Return the first and last day of each part.
    """
    ends = sorted(day for day in boundaries if first <= day < month_end)
    starts = [start, *(end + timedelta(1) for end in ends)]
    return tuple(zip(starts, [*ends, month_end], strict=True))


def _month_after(month: str) -> str:
    year, number = divmod(int(month[:4]) * 12 + int(month[5:]), 12)
    return f"{year:04}-{number + 1:02}"


def _months_with_entries(db: Connection, community: str) -> tuple[str, str]:
    """Return the first and last month with entries; without entries, last sorts before first."""
    # There are two subqueries because the index answers each with one seek.
    first, last = db.execute(
        "SELECT (SELECT min(day) FROM activity WHERE community = :community), "
        "(SELECT max(day) FROM activity WHERE community = :community)",
        {"community": community},
    ).fetchone()
    return (first or _LATEST)[:7], (last or _EARLIEST)[:7]


def _has_entries(db: Connection, community: str, first: date, last: date) -> bool:
    sql = "SELECT 1 FROM activity WHERE community = ? AND day BETWEEN ? AND ? LIMIT 1"
    days = (first.isoformat(), last.isoformat())
    return db.execute(sql, (community, *days)).fetchone() is not None


def _has_any(item_set: str, items: frozenset[str]) -> bool:
    return not items.isdisjoint(_codes(item_set))


# The results are cached because the same few texts repeat many times.
@cache
def _codes(item_set: str) -> tuple[str, ...]:
    return tuple(item_set.split())


@cache
def _kinds(evidence: str) -> frozenset[str]:
    return frozenset(evidence.split())
