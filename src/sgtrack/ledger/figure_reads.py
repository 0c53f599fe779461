"""Reads the figures of a community at the granularity of a query."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import chain
from typing import Any

from sgtrack.ledger.date_ranges import DateRanges
from sgtrack.ledger.known_people import read_roster
from sgtrack.model.entries import EntryFilter
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

_FEW = 12
"""Above this many date ranges, read all months in one query."""


def read_figures(db: Connection, community: str, detail: FigureQuery) -> Figures:
    """Read everything that counts for a community."""
    singles = _singles(db, community, detail.one_by_one)
    choices = {what: _choices(db, community, what) for what in _ROLL_UPS}
    months = DateRanges.of(db, community, detail.boundaries)
    parts = [_FigureSums(db, community, detail, False, months, choices)]
    if detail.yearly:
        years = DateRanges.of(db, community, detail.boundaries | detail.years)
        parts.append(_FigureSums(db, community, detail, True, years, choices))
    return Figures(
        amounts=(*(row for part in parts for row in part.amounts()), *singles.amounts),
        participants=(*(row for part in parts for row in part.names()), *singles.participants),
        activities=(
            *(row for part in parts for row in (*part.types(), *part.titles())),
            *singles.activities,
        ),
        roster=read_roster(db, community),
    )


_ROLL_UPS = ("amount", "name", "kind", "title")
"""The monthly roll-ups: the names of the tables before ``_by_month``."""


def _choices(db: Connection, community: str, what: str) -> list[str]:
    """Read the different sets of items that activities in a roll-up serve."""
    found = db.execute(
        # One seek for each set, instead of one row for each month.
        "WITH RECURSIVE known(items) AS ("  # noqa: S608
        f"SELECT min(items) FROM {what}_by_month WHERE community = ? UNION ALL "
        f"SELECT (SELECT min(m.items) FROM {what}_by_month AS m "
        "WHERE m.community = ? AND m.items > known.items) "
        "FROM known WHERE known.items IS NOT NULL) "
        "SELECT items FROM known WHERE items IS NOT NULL",
        (community, community),
    )
    return [codes for (codes,) in found]


def _singles(db: Connection, community: str, items: frozenset[str]) -> Figures:
    """Read the activities of some items one by one."""
    if not items:
        return Figures()
    from sgtrack.ledger.entry_reads import read_entries  # noqa: PLC0415 - few contracts ask for it

    return figures_of(read_entries(db, EntryFilter((community,), items=tuple(sorted(items)))))


@dataclass(frozen=True, slots=True)
class _FigureSums:
    """The sums of the items of ``yearly``, or of all other items."""

    db: Connection
    community: str
    detail: FigureQuery
    yearly: bool
    months: DateRanges
    choices: Mapping[str, Sequence[str]]
    """For each roll-up the choices of items that its activities serve."""

    def amounts(self) -> Iterator[AmountFigure]:
        """Read the amounts in each unit."""
        wanted, key = self._wanted("amount"), "unit, for_month, evidence"
        sums = "sum(hundredths), sum(names)"
        for items, day, unit, for_month, evidence, hundredths, names in chain(
            self._of_whole_months("amount", key, sums, wanted, self.detail.monthly),
            self._amounts_of_parts(key, sums, wanted),
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
        """Read the amounts of each named participant."""
        wanted = self._wanted("name", self.detail.named)
        for items, day, name, unit, evidence, hundredths in self._rows(
            "name", "name, unit, evidence", "sum(hundredths)", wanted, self.detail.monthly
        ):
            yield ParticipantFigure(
                _codes(items), day, name, unit, from_hundredths(hundredths), _kinds(evidence)
            )

    def types(self) -> Iterator[ActivityFigure]:
        """Read the first day of each activity type."""
        wanted = self._wanted("kind", self.detail.typed)
        for items, _, kind, evidence, first, activities in self._rows(
            "kind", "kind, evidence", "min({first}), sum(activities)", wanted, frozenset()
        ):
            day = date.fromisoformat(first)
            yield ActivityFigure(_codes(items), day, "", kind, activities, False, _kinds(evidence))

    def titles(self) -> Iterator[ActivityFigure]:
        """Read the activities under each title."""
        wanted = self._wanted("title", self.detail.titled)
        counted = "min({first}), max({last}), sum(activities), max(closes)"
        for items, _, title, evidence, first, last, activities, closes in self._rows(
            "title", "title, evidence", counted, wanted, self.detail.monthly
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

    def _wanted(self, what: str, items: frozenset[str] | None = None) -> list[str]:
        """The choices of items that activities serve, of those a roll-up has.

        Args:
            what: the name of the roll-up before ``_by_month``.
            items: one of which they serve, where not all are wanted.
        """
        detail = self.detail
        return [
            codes
            for codes in self.choices[what]
            if (detail.only is None or _any(codes, detail.only))
            and _any(codes, detail.yearly) is self.yearly
            and (items is None or _any(codes, items))
            and not _any(codes, detail.one_by_one)
        ]

    def _rows(
        self, what: str, key: str, sums: str, wanted: list[str], monthly: frozenset[str]
    ) -> Iterator[tuple[Any, ...]]:
        """Sums of some choices of items: the items, a day that stands for all days, and the rest.

        Args:
            what: the name of a roll-up before ``_by_month``, and of a view before ``_by_day``.
            key: the columns that are told apart.
            sums: the columns that are added up.
            wanted: the choices of items.
            monthly: the items of which each month comes by itself.
        """
        yield from self._of_whole_months(what, key, sums, wanted, monthly)
        for parts in self.months.divided.values():
            for part in parts:
                yield from self._of_part(what, key, sums, wanted, part)

    def _of_whole_months(
        self, what: str, key: str, sums: str, wanted: list[str], monthly: frozenset[str]
    ) -> Iterator[tuple[Any, ...]]:
        """As :meth:`_rows`, without what is in months that are divided."""
        many = len(self.months.ranges) > _FEW
        singly = [codes for codes in wanted if many or _any(codes, monthly)]
        together = [codes for codes in wanted if codes not in singly]
        sums = sums.format(first="first_day", last="last_day")
        # Skip empty queries, because each is a round trip to a server.
        for part in self.months.ranges if together else ():
            for items, *row in self.db.execute(
                f"SELECT items, {key}, {sums} FROM {what}_by_month "  # noqa: S608
                f"WHERE community = ? AND items IN ({marks(together)}) "
                f"AND month BETWEEN ? AND ? GROUP BY items, {key}",
                (self.community, *together, part.first, part.last),
            ):
                yield items, part.day, *row
        days: dict[str, date] = {}
        months: Iterable[Any] = ()
        if singly:
            months = self.db.execute(
                f"SELECT items, month, {key}, {sums} FROM {what}_by_month "  # noqa: S608
                f"WHERE community = ? AND items IN ({marks(singly)}) GROUP BY items, {key}, month",
                (self.community, *singly),
            )
        for items, month, *row in months:
            if month not in self.months.divided:
                if month not in days:
                    days[month] = self.months.day_in(month)
                yield items, days[month], *row

    def _of_part(
        self, what: str, key: str, sums: str, wanted: list[str], part: tuple[date, date]
    ) -> Iterator[tuple[Any, ...]]:
        """As :meth:`_rows`, of the first to the last day of a part of a month."""
        if not wanted:
            return
        sums = sums.format(first="day", last="day")
        logged_under = sorted({_codes(codes)[0] for codes in wanted})
        first, last = part
        for items, *row in self.db.execute(
            f"SELECT items, {key}, {sums} FROM {what}_by_day "  # noqa: S608
            f"WHERE community = ? AND item IN ({marks(logged_under)}) "
            f"AND day BETWEEN ? AND ? AND items IN ({marks(wanted)}) "
            f"GROUP BY items, {key}",
            (self.community, *logged_under, first.isoformat(), last.isoformat(), *wanted),
        ):
            yield items, first, *row

    def _amounts_of_parts(
        self, key: str, sums: str, wanted: list[str]
    ) -> Iterator[tuple[Any, ...]]:
        """Amounts of divided months, of which the longest part is what the others leave.

        The sum of a month is kept; that of a part has to be added up entry by entry.
        """
        divided = self.months.divided
        if not wanted or not divided:
            return
        left: dict[tuple[Any, ...], tuple[int, int]] = {
            tuple(found): (hundredths, names)
            for *found, hundredths, names in self.db.execute(
                f"SELECT month, items, {key}, {sums} FROM amount_by_month "  # noqa: S608
                f"WHERE community = ? AND items IN ({marks(wanted)}) "
                f"AND month IN ({marks(divided)}) GROUP BY month, items, {key}",
                (self.community, *wanted, *divided),
            )
        }
        longest = {
            month: max(parts, key=lambda part: part[1] - part[0])
            for month, parts in divided.items()
        }
        for month, parts in divided.items():
            for part in parts:
                if part == longest[month]:
                    continue
                for row in self._of_part("amount", key, sums, wanted, part):
                    items, _, *others, hundredths, names = row
                    known = (month, items, *others)
                    whole = left.get(known, (0, 0))
                    left[known] = (whole[0] - hundredths, whole[1] - names)
                    yield row
        for (month, items, *others), (hundredths, names) in left.items():
            if hundredths:  # every activity that has a unit has some of it
                yield items, longest[month][0], *others, hundredths, names


def _any(codes: str, items: frozenset[str]) -> bool:
    return not items.isdisjoint(_codes(codes))


# The same few strings repeat many times.
@cache
def _codes(items: str) -> tuple[str, ...]:
    return tuple(items.split())


@cache
def _kinds(evidence: str) -> frozenset[str]:
    return frozenset(evidence.split())
