"""Reads what the ledger says of a community, as finely as it is wanted and no finer."""

from __future__ import annotations

import calendar
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
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

    The activities of ``one_by_one`` come one at a time; of the others those of ``titled`` with
    their titles and those of ``named`` with the names of people, a row an activity. All else comes
    as sums: by month, or by day in a month that one of ``cuts``, the last days of stretches that
    are told apart, divides into two with activities in both.
    """

    one_by_one: frozenset[str] = frozenset()
    titled: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    cuts: frozenset[date] = frozenset()


def read_figures(path: Path, community: str, detail: Detail) -> Figures:
    """Everything that counts for a community."""
    with reading(path) as db:
        return figures(db, community, detail)


def figures(db: sqlite3.Connection, community: str, detail: Detail) -> Figures:
    """As :func:`read_figures`, over an open connection."""
    months = _Months.of(db, community, detail.cuts)
    single = detail.one_by_one
    chosen = entries(db, Wanted((community,), items=tuple(sorted(single)))) if single else ()
    singles = figures_of(chosen)
    amounts = [*_amounts_by_month(db, community, months), *_amounts_by_day(db, community, months)]
    names = _names(db, community, detail.named)
    labels = [
        *_kinds_by_month(db, community, months),
        *_labels_by_day(db, community, months),
        *_titles(db, community, detail.titled),
    ]
    return Figures(
        amounts=(*(r for r in amounts if single.isdisjoint(r.items)), *singles.amounts),
        names=(*(r for r in names if single.isdisjoint(r.items)), *singles.names),
        labels=(*(r for r in labels if single.isdisjoint(r.items)), *singles.labels),
        roster=roster(db, community),
    )


@dataclass(frozen=True, slots=True)
class _Months:
    """Which months of a community are read by day, and the day that stands for another one."""

    divided: frozenset[str]
    stands: dict[str, date]

    @classmethod
    def of(cls, db: sqlite3.Connection, community: str, cuts: frozenset[date]) -> _Months:
        divided = set()
        stands: dict[str, date] = {}
        for cut in sorted(cuts):
            month = f"{cut:%Y-%m}"
            last = cut.replace(day=calendar.monthrange(cut.year, cut.month)[1])
            before = _any(db, community, cut.replace(day=1), cut)
            if before and cut < last and _any(db, community, cut + timedelta(days=1), last):
                divided.add(month)
            elif not before and cut < last:
                stands[month] = cut + timedelta(days=1)
        return cls(frozenset(divided), stands)

    def day(self, month: str) -> date:
        """A day of the month on the same side of every cut as all its activities."""
        return self.stands.get(month) or date.fromisoformat(f"{month}-01")

    @property
    def marks(self) -> str:
        return ", ".join("?" for _ in self.divided)


def _any(db: sqlite3.Connection, community: str, first: date, last: date) -> bool:
    found = db.execute(
        "SELECT 1 FROM activity WHERE community = ? AND day BETWEEN ? AND ? LIMIT 1",
        (community, first.isoformat(), last.isoformat()),
    )
    return found.fetchone() is not None


def _amounts_by_month(
    db: sqlite3.Connection, community: str, months: _Months
) -> Iterator[AmountRow]:
    for items, month, unit, hundredths, names, for_month, evidence in db.execute(
        "SELECT items, month, unit, hundredths, names, for_month, evidence FROM amount_by_month "  # noqa: S608
        f"WHERE community = ? AND month NOT IN ({months.marks})",
        (community, *months.divided),
    ):
        yield _amount(items, months.day(month), unit, hundredths, names, for_month, evidence)


def _amounts_by_day(db: sqlite3.Connection, community: str, months: _Months) -> Iterator[AmountRow]:
    for month in months.divided:
        for items, day, unit, hundredths, names, for_month, evidence in db.execute(
            "SELECT items, day, unit, hundredths, names, for_month, evidence FROM amount_by_day "
            "WHERE community = ? AND day BETWEEN ? AND ?",
            (community, f"{month}-01", f"{month}-31"),
        ):
            that = date.fromisoformat(day)
            yield _amount(items, that, unit, hundredths, names, for_month, evidence)


def _kinds_by_month(db: sqlite3.Connection, community: str, months: _Months) -> Iterator[LabelRow]:
    for items, day, kind, activities, evidence in db.execute(
        "SELECT items, first_day, kind, activities, evidence FROM kind_by_month "  # noqa: S608
        f"WHERE community = ? AND month NOT IN ({months.marks})",
        (community, *months.divided),
    ):
        yield _label(items, day, "", kind, activities, 0, evidence)


def _labels_by_day(db: sqlite3.Connection, community: str, months: _Months) -> Iterator[LabelRow]:
    for month in months.divided:
        for items, day, kind, activities, evidence in db.execute(
            "SELECT items, day, kind, sum(activities), evidence FROM label_by_day "
            "WHERE community = ? AND day BETWEEN ? AND ? GROUP BY items, day, kind, evidence",
            (community, f"{month}-01", f"{month}-31"),
        ):
            yield _label(items, day, "", kind, activities, 0, evidence)


def _titles(db: sqlite3.Connection, community: str, items: frozenset[str]) -> Iterator[LabelRow]:
    """The activities of some items with their titles; types are told by the sums already."""
    where, values = _of_items(items)
    for codes, day, title, closes, evidence in db.execute(
        "SELECT a.items, a.day, a.title, a.closes, a.evidence FROM current_activity AS a "  # noqa: S608
        f"WHERE a.community = ? AND {where}",
        (community, *values),
    ):
        yield _label(codes, day, title, "", 1, closes, evidence)


def _names(db: sqlite3.Connection, community: str, items: frozenset[str]) -> Iterator[NameRow]:
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
    marks = ", ".join("?" for _ in codes)
    condition = (
        f"(a.item IN ({marks}) OR a.id IN "  # noqa: S608
        f"(SELECT activity_id FROM also WHERE item IN ({marks})))"
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
