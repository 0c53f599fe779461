"""Reads what the ledger says of a community, as finely as it is wanted and no finer."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sgtrack.ledger.connection import Connection, Location, marks
from sgtrack.ledger.database import reading
from sgtrack.ledger.reading import Wanted, entries, from_hundredths, roster
from sgtrack.ledger.records import (
    AmountRow,
    Figures,
    LabelRow,
    NameRow,
    figures_of,
    first_of_month,
)


@dataclass(frozen=True, slots=True)
class Detail:
    """How finely the figures of a community are wanted.

    The activities of ``one_by_one`` come one at a time; of the others those of ``titled`` with
    their titles and those of ``named`` with the names of people, a row an activity. All else comes
    as sums: a month each for the items of ``monthly``, for others a stretch each between ``cuts``,
    the last days of stretches that are told apart. A month that a cut divides into two with
    activities in both comes by day.
    """

    one_by_one: frozenset[str] = frozenset()
    monthly: frozenset[str] = frozenset()
    titled: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    cuts: frozenset[date] = frozenset()


def read_figures(path: Location, community: str, detail: Detail) -> Figures:
    """Everything that counts for a community."""
    with reading(path) as db:
        return figures(db, community, detail)


def figures(db: Connection, community: str, detail: Detail) -> Figures:
    """As :func:`read_figures`, over an open connection."""
    single = detail.one_by_one
    chosen = entries(db, Wanted((community,), items=tuple(sorted(single)))) if single else ()
    singles = figures_of(chosen)
    months = _Calendar.of(db, community, detail.cuts)
    amounts = _amounts(db, community, months, detail.monthly)
    names = _names(db, community, detail.named)
    titled = detail.titled
    kinds = (r for r in _kinds(db, community, months) if titled.isdisjoint(r.items))
    labels = [*kinds, *_titles(db, community, titled)]
    return Figures(
        amounts=(*(r for r in amounts if single.isdisjoint(r.items)), *singles.amounts),
        names=(*(r for r in names if single.isdisjoint(r.items)), *singles.names),
        labels=(*(r for r in labels if single.isdisjoint(r.items)), *singles.labels),
        roster=roster(db, community),
    )


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Whole months, first to last (2026-03), and a day that stands for all of them."""

    first: str
    last: str
    day: date


@dataclass(frozen=True, slots=True)
class _Calendar:
    """How the cuts divide the months of a community's ledger."""

    stretches: tuple[_Stretch, ...]
    divided: tuple[str, ...]

    @classmethod
    def of(cls, db: Connection, community: str, cuts: frozenset[date]) -> _Calendar:
        stretches: list[_Stretch] = []
        divided: list[str] = []
        first, day = _EARLIEST, date.min
        for cut in sorted(cuts):
            month = f"{cut:%Y-%m}"
            month_end = cut.replace(day=calendar.monthrange(cut.year, cut.month)[1])
            later = cut < month_end and _any(db, community, cut + timedelta(1), month_end)
            last = month if not later else _month_before(cut)
            if first <= last:
                stretches.append(_Stretch(first, last, day))
            first, day = max(first, _month_after(last)), cut + timedelta(1)
            if later and first == month and _any(db, community, cut.replace(day=1), cut):
                divided.append(month)
                first = _month_after(month)
        stretches.append(_Stretch(first, _LATEST, day))
        return cls(tuple(stretches), tuple(divided))

    def day_in(self, month: str) -> date:
        """A day that stands for one month: in it, and on the side of every cut where all is."""
        stretch = next(one for one in self.stretches if one.first <= month <= one.last)
        return max(stretch.day, date.fromisoformat(f"{month}-01"))


_EARLIEST, _LATEST = "0000-00", "9999-99"


def _month_before(day: date) -> str:
    return f"{day.replace(day=1) - timedelta(1):%Y-%m}"


def _month_after(month: str) -> str:
    year, number = divmod(int(month[:4]) * 12 + int(month[5:]), 12)
    return f"{year:04}-{number + 1:02}"


def _any(db: Connection, community: str, first: date, last: date) -> bool:
    found = db.execute(
        "SELECT 1 FROM activity WHERE community = ? AND day BETWEEN ? AND ? LIMIT 1",
        (community, first.isoformat(), last.isoformat()),
    )
    return found.fetchone() is not None


def _amounts(
    db: Connection, community: str, months: _Calendar, monthly: frozenset[str]
) -> Iterator[AmountRow]:
    known = [
        row[0]
        for row in db.execute(
            "SELECT DISTINCT items FROM amount_by_month WHERE community = ?", (community,)
        )
    ]
    singly = [items for items in known if not monthly.isdisjoint(items.split())]
    listed = marks(singly)
    for stretch in months.stretches:
        span = (community, stretch.first, stretch.last, *singly)
        for items, unit, hundredths, names, for_month, evidence in db.execute(
            "SELECT items, unit, sum(hundredths), sum(names), for_month, evidence "  # noqa: S608
            "FROM amount_by_month WHERE community = ? AND month BETWEEN ? AND ? "
            f"AND items NOT IN ({listed}) GROUP BY items, unit, for_month, evidence",
            span,
        ):
            yield _amount(items, stretch.day, unit, hundredths, names, for_month, evidence)
        for items, month, unit, hundredths, names, for_month, evidence in db.execute(
            "SELECT items, month, unit, hundredths, names, for_month, evidence "  # noqa: S608
            "FROM amount_by_month WHERE community = ? AND month BETWEEN ? AND ? "
            f"AND items IN ({listed})",
            span,
        ):
            day = months.day_in(month)
            yield _amount(items, day, unit, hundredths, names, for_month, evidence)
    for month in months.divided:
        for items, on, unit, hundredths, names, for_month, evidence in db.execute(
            "SELECT items, day, unit, hundredths, names, for_month, evidence FROM amount_by_day "
            "WHERE community = ? AND day BETWEEN ? AND ?",
            (community, f"{month}-01", f"{month}-31"),
        ):
            day = date.fromisoformat(on)
            yield _amount(items, day, unit, hundredths, names, for_month, evidence)


def _kinds(db: Connection, community: str, months: _Calendar) -> Iterator[LabelRow]:
    """When something of a type was done first in each stretch; on each day of a divided month."""
    for stretch in months.stretches:
        for items, day, kind, activities, evidence in db.execute(
            "SELECT items, min(first_day), kind, sum(activities), evidence FROM kind_by_month "
            "WHERE community = ? AND month BETWEEN ? AND ? GROUP BY items, kind, evidence",
            (community, stretch.first, stretch.last),
        ):
            yield _label(items, day, "", kind, activities, 0, evidence)
    for month in months.divided:
        for items, day, kind, activities, evidence in db.execute(
            "SELECT items, day, kind, sum(activities), evidence FROM label_by_day "
            "WHERE community = ? AND day BETWEEN ? AND ? GROUP BY items, day, kind, evidence",
            (community, f"{month}-01", f"{month}-31"),
        ):
            yield _label(items, day, "", kind, activities, 0, evidence)


def _titles(db: Connection, community: str, items: frozenset[str]) -> Iterator[LabelRow]:
    """The activities of some items with their titles; types are told by the sums already."""
    where, values = _of_items(items)
    for codes, day, title, kind, closes, evidence in db.execute(
        "SELECT a.items, a.day, a.title, a.kind, a.closes, a.evidence FROM current_activity AS a "  # noqa: S608
        f"WHERE a.community = ? AND {where}",
        (community, *values),
    ):
        yield _label(codes, day, title, kind, 1, closes, evidence)


def _names(db: Connection, community: str, items: frozenset[str]) -> Iterator[NameRow]:
    where, values = _of_items(items)
    for codes, day, name, unit, hundredths, evidence in db.execute(
        "SELECT a.items, a.day, p.name, coalesce(m.unit, ''), coalesce(m.hundredths, 0), "  # noqa: S608
        "a.evidence FROM current_activity AS a JOIN participant AS p ON p.activity_id = a.id "
        f"LEFT JOIN amount AS m ON m.activity_id = a.id WHERE a.community = ? AND {where}",
        (community, *values),
    ):
        yield NameRow(
            tuple(codes.split()),
            date.fromisoformat(day),
            name,
            unit,
            from_hundredths(hundredths),
            frozenset(evidence.split()),
        )


def _of_items(items: frozenset[str]) -> tuple[str, tuple[str, ...]]:
    """A condition on the activities ``a`` that are logged under, or also serve, some items."""
    codes = tuple(sorted(items))
    listed = marks(codes)
    condition = (
        f"(a.item IN ({listed}) OR a.id IN "  # noqa: S608
        f"(SELECT activity_id FROM also WHERE item IN ({listed})))"
    )
    return condition, codes * 2


def _amount(
    items: str, day: date, unit: str, hundredths: int, names: int, for_month: str, evidence: str
) -> AmountRow:
    return AmountRow(
        tuple(items.split()),
        day,
        unit,
        from_hundredths(hundredths),
        names,
        first_of_month(for_month),
        frozenset(evidence.split()),
    )


def _label(
    items: str, day: str, title: str, kind: str, activities: int, closes: int, evidence: str
) -> LabelRow:
    return LabelRow(
        tuple(items.split()),
        date.fromisoformat(day),
        title,
        kind,
        activities,
        bool(closes),
        frozenset(evidence.split()),
    )
