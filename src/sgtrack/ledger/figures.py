"""Reads what the ledger says of a community, as finely as it is wanted and no finer."""

from __future__ import annotations

import calendar
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

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

    The activities of ``one_by_one`` come one at a time. All others come as sums: a month each for
    the items of ``monthly``, for others a stretch each between ``cuts``, the last days of stretches
    that are told apart. A month that a cut divides into two with activities in both comes by day.
    Besides amounts, the items of ``typed`` come with the types of their activities and the first
    day of each, those of ``titled`` with their titles, always by month, and those of ``named`` with
    the names of people. With ``only``, nothing but amounts of these items is read; the other
    choices are then among them.
    """

    only: frozenset[str] | None = None
    one_by_one: frozenset[str] = frozenset()
    monthly: frozenset[str] = frozenset()
    typed: frozenset[str] = frozenset()
    titled: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    cuts: frozenset[date] = frozenset()


def read_figures(path: Path, community: str, detail: Detail) -> Figures:
    """Everything that counts for a community."""
    with reading(path) as db:
        return figures(db, community, detail)


def figures(db: sqlite3.Connection, community: str, detail: Detail) -> Figures:
    """As :func:`read_figures`, over an open connection."""
    single = detail.one_by_one
    chosen = entries(db, Wanted((community,), items=tuple(sorted(single)))) if single else ()
    singles = figures_of(chosen)
    months = _Calendar.of(db, community, detail.cuts)
    amounts = _amounts(db, community, months, detail.only, detail.monthly)
    names = _names(db, community, months, detail.named, detail.monthly)
    titled = detail.titled
    kinds = (r for r in _kinds(db, community, months, detail.typed) if titled.isdisjoint(r.items))
    labels = [*kinds, *_titles(db, community, months, titled)]
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
    def of(cls, db: sqlite3.Connection, community: str, cuts: frozenset[date]) -> _Calendar:
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


def _any(db: sqlite3.Connection, community: str, first: date, last: date) -> bool:
    found = db.execute(
        "SELECT 1 FROM activity WHERE community = ? AND day BETWEEN ? AND ? LIMIT 1",
        (community, first.isoformat(), last.isoformat()),
    )
    return found.fetchone() is not None


def _amounts(
    db: sqlite3.Connection,
    community: str,
    months: _Calendar,
    only: frozenset[str] | None,
    monthly: frozenset[str],
) -> Iterator[AmountRow]:
    wanted = _serving(db, "amount_by_month", community, only)
    singly = [codes for codes in wanted if not monthly.isdisjoint(codes.split())]
    together = [codes for codes in wanted if codes not in singly]
    for stretch in months.stretches:
        span = (community, stretch.first, stretch.last)
        for items, unit, hundredths, names, for_month, evidence in db.execute(
            "SELECT items, unit, sum(hundredths), sum(names), for_month, evidence "  # noqa: S608
            "FROM amount_by_month WHERE community = ? AND month BETWEEN ? AND ? "
            f"AND items IN ({_marks(together)}) GROUP BY items, unit, for_month, evidence",
            (*span, *together),
        ):
            yield _amount(items, stretch.day, unit, hundredths, names, for_month, evidence)
        for items, month, unit, hundredths, names, for_month, evidence in db.execute(
            "SELECT items, month, unit, hundredths, names, for_month, evidence "  # noqa: S608
            "FROM amount_by_month WHERE community = ? AND month BETWEEN ? AND ? "
            f"AND items IN ({_marks(singly)})",
            (*span, *singly),
        ):
            day = months.day_in(month)
            yield _amount(items, day, unit, hundredths, names, for_month, evidence)
    for month in months.divided:
        for items, on, unit, hundredths, names, for_month, evidence in db.execute(
            "SELECT items, day, unit, hundredths, names, for_month, evidence FROM amount_by_day "  # noqa: S608
            f"WHERE community = ? AND day BETWEEN ? AND ? AND items IN ({_marks(wanted)})",
            (community, f"{month}-01", f"{month}-31", *wanted),
        ):
            day = date.fromisoformat(on)
            yield _amount(items, day, unit, hundredths, names, for_month, evidence)


def _kinds(
    db: sqlite3.Connection, community: str, months: _Calendar, items: frozenset[str]
) -> Iterator[LabelRow]:
    """When something of a type was done first in each stretch; on each day of a divided month."""
    wanted = _serving(db, "kind_by_month", community, items)
    marks = _marks(wanted)
    for stretch in months.stretches:
        for codes, day, kind, activities, evidence in db.execute(
            "SELECT items, min(first_day), kind, sum(activities), evidence FROM kind_by_month "  # noqa: S608
            f"WHERE community = ? AND month BETWEEN ? AND ? AND items IN ({marks}) "
            "GROUP BY items, kind, evidence",
            (community, stretch.first, stretch.last, *wanted),
        ):
            yield _label(codes, day, "", kind, activities, 0, evidence)
    for month in months.divided:
        for codes, day, kind, activities, evidence in db.execute(
            "SELECT items, day, kind, sum(activities), evidence FROM label_by_day "  # noqa: S608
            f"WHERE community = ? AND day BETWEEN ? AND ? AND items IN ({marks}) "
            "GROUP BY items, day, kind, evidence",
            (community, f"{month}-01", f"{month}-31", *wanted),
        ):
            yield _label(codes, day, "", kind, activities, 0, evidence)


def _titles(
    db: sqlite3.Connection, community: str, months: _Calendar, items: frozenset[str]
) -> Iterator[LabelRow]:
    """The activities of some items with their titles, a month together where no cut divides it."""
    codes = tuple(sorted(items))
    marks, divided = _marks(codes), _marks(months.divided)
    for served, first, last, title, kind, activities, closes, evidence in db.execute(
        "SELECT a.items, min(a.day), max(a.day), a.title, a.kind, count(*), max(a.closes), "  # noqa: S608
        "a.evidence FROM current_activity AS a WHERE a.id IN "
        f"(SELECT id FROM activity WHERE community = ? AND item IN ({marks}) UNION "
        "SELECT o.activity_id FROM also AS o JOIN activity AS b ON b.id = o.activity_id "
        f"WHERE b.community = ? AND o.item IN ({marks})) "
        "GROUP BY a.items, a.title, a.kind, a.evidence, substr(a.day, 1, 7), "
        f"CASE WHEN substr(a.day, 1, 7) IN ({divided}) THEN a.day END",
        (community, *codes, community, *codes, *months.divided),
    ):
        row = _label(served, first, title, kind, activities, closes, evidence)
        yield replace(row, last=date.fromisoformat(last))


def _names(
    db: sqlite3.Connection,
    community: str,
    months: _Calendar,
    items: frozenset[str],
    monthly: frozenset[str],
) -> Iterator[NameRow]:
    """What everyone named has, in the same stretches, months and days as amounts."""
    wanted = _serving(db, "name_by_month", community, items)
    singly = [codes for codes in wanted if not monthly.isdisjoint(codes.split())]
    together = [codes for codes in wanted if codes not in singly]
    for stretch in months.stretches:
        span = (community, stretch.first, stretch.last)
        for codes, name, unit, hundredths, evidence in db.execute(
            "SELECT items, name, unit, sum(hundredths), evidence FROM name_by_month "  # noqa: S608
            f"WHERE community = ? AND month BETWEEN ? AND ? AND items IN ({_marks(together)}) "
            "GROUP BY items, name, unit, evidence",
            (*span, *together),
        ):
            yield _name(codes, stretch.day, name, unit, hundredths, evidence)
        for codes, month, name, unit, hundredths, evidence in db.execute(
            "SELECT items, month, name, unit, hundredths, evidence FROM name_by_month "  # noqa: S608
            f"WHERE community = ? AND month BETWEEN ? AND ? AND items IN ({_marks(singly)})",
            (*span, *singly),
        ):
            yield _name(codes, months.day_in(month), name, unit, hundredths, evidence)
    for month in months.divided:
        for codes, day, name, unit, hundredths, evidence in db.execute(
            "SELECT items, day, name, unit, hundredths, evidence FROM name_by_day "  # noqa: S608
            f"WHERE community = ? AND day BETWEEN ? AND ? AND items IN ({_marks(wanted)})",
            (community, f"{month}-01", f"{month}-31", *wanted),
        ):
            yield _name(codes, date.fromisoformat(day), name, unit, hundredths, evidence)


def _serving(
    db: sqlite3.Connection, table: str, community: str, items: frozenset[str] | None
) -> list[str]:
    """The choices of items that a roll-up has for a community, those that serve some items."""
    known = db.execute(
        f"SELECT DISTINCT items FROM {table} WHERE community = ?",  # noqa: S608
        (community,),
    )
    return [codes for (codes,) in known if items is None or not items.isdisjoint(codes.split())]


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" for _ in values)


def _name(items: str, day: date, name: str, unit: str, hundredths: int, evidence: str) -> NameRow:
    return NameRow(
        tuple(items.split()),
        day,
        name,
        unit,
        from_hundredths(hundredths),
        frozenset(evidence.split()),
    )


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
