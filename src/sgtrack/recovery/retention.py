"""Which of the daily backups are kept: the newest days, then one a week, then one a month."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from datetime import date

DAYS, WEEKS, MONTHS = 7, 5, 12
"""Of how many days, weeks and months, counting those that have a backup, the newest is kept."""


def kept(days: Iterable[date]) -> set[date]:
    """The days whose backups are kept.

    Periods without a backup are not counted, so that a long holiday costs nothing. Of a period the
    newest day is kept; thinning day by day and thinning once at the end leave the same.
    """
    newest_first = sorted(set(days), reverse=True)
    return {
        *_newest_of(newest_first, date.toordinal, DAYS),
        *_newest_of(newest_first, lambda day: day.isocalendar()[:2], WEEKS),
        *_newest_of(newest_first, lambda day: (day.year, day.month), MONTHS),
    }


def _newest_of(
    newest_first: list[date], period: Callable[[date], Hashable], most: int
) -> list[date]:
    found: dict[Hashable, date] = {}
    for day in newest_first:
        found.setdefault(period(day), day)
    return list(found.values())[:most]
