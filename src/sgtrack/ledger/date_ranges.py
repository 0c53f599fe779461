"""Date ranges of whole months, and months divided between the days of a query."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from sgtrack.store.connection import Connection


@dataclass(frozen=True, slots=True)
class MonthRange:
    """Whole months, first to last (2026-03), and a day that represents them."""

    first: str
    last: str
    day: date


@dataclass(frozen=True, slots=True)
class DateRanges:
    """The months of a community's ledger, divided after the last day of each range.

    ``ranges`` leaves out months before the first and after the last entry. ``divided`` maps each
    month (2026-03) with entries on both sides of a boundary to its parts: first and last days.
    """

    ranges: tuple[MonthRange, ...]
    divided: dict[str, tuple[tuple[date, date], ...]]

    @classmethod
    def of(cls, db: Connection, community: str, cuts: frozenset[date]) -> DateRanges:
        """Divide the months after these days."""
        ranges: list[MonthRange] = []
        divided: dict[str, tuple[tuple[date, date], ...]] = {}
        first, day = _EARLIEST, date.min
        for cut in sorted(cuts):
            month = f"{cut:%Y-%m}"
            month_end = cut.replace(day=calendar.monthrange(cut.year, cut.month)[1])
            later = cut < month_end and _has_entries(db, community, cut + timedelta(1), month_end)
            last = month if not later else _month_before(cut)
            if first <= last:
                ranges.append(MonthRange(first, last, day))
            first, day = max(first, _month_after(last)), cut + timedelta(1)
            if later and first == month and _has_entries(db, community, cut.replace(day=1), cut):
                divided[month] = _parts(cut, month_end, cuts)
                first = _month_after(month)
        ranges.append(MonthRange(first, _LATEST, day))
        begin, end = _months_with_entries(db, community)
        return cls(
            tuple(part for part in ranges if part.first <= end and part.last >= begin), divided
        )

    def day_in(self, month: str) -> date:
        """A day that represents an undivided month, on the same side of every boundary."""
        found = next(part for part in self.ranges if part.first <= month <= part.last)
        return max(found.day, date.fromisoformat(f"{month}-01"))


_EARLIEST, _LATEST = "0000-00", "9999-99"


def _parts(cut: date, month_end: date, cuts: frozenset[date]) -> tuple[tuple[date, date], ...]:
    """The parts of a month: up to its first boundary, and between the later ones."""
    ends = sorted(one for one in cuts if cut <= one < month_end)
    starts = [cut.replace(day=1), *(one + timedelta(1) for one in ends)]
    return tuple(zip(starts, [*ends, month_end], strict=True))


def _month_before(day: date) -> str:
    return f"{day.replace(day=1) - timedelta(1):%Y-%m}"


def _month_after(month: str) -> str:
    year, number = divmod(int(month[:4]) * 12 + int(month[5:]), 12)
    return f"{year:04}-{number + 1:02}"


def _months_with_entries(db: Connection, community: str) -> tuple[str, str]:
    """The first and last month with entries; the last precedes the first where there are none."""
    # Two queries, because the index answers each with one seek.
    edges = (
        db.execute(
            f"SELECT {edge}(day) FROM activity WHERE community = ?",  # noqa: S608
            (community,),
        ).fetchone()[0]
        for edge in ("min", "max")
    )
    first, last = (day[:7] if day else None for day in edges)
    return first or _LATEST, last or _EARLIEST


def _has_entries(db: Connection, community: str, first: date, last: date) -> bool:
    found = db.execute(
        "SELECT 1 FROM activity WHERE community = ? AND day BETWEEN ? AND ? LIMIT 1",
        (community, first.isoformat(), last.isoformat()),
    )
    return found.fetchone() is not None
