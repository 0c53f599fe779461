"""Which rows of a sheet are new, which the ledger has already, and which are wrong.

A sheet may have a hundred thousand rows. The activities are kept in compressed chunks until every
row is known to be right.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sgtrack.model.entries import Activity, duplicate_key
from sgtrack.sheets.row_parsing import BadCell, Read

CHUNK_SIZE = 400
"""Activities per compressed chunk."""


@dataclass(slots=True)
class ClassifiedRows:
    """The rows of a sheet by what becomes of them.

    ``existing`` counts the rows that the ledger has already; ``names`` are the names of all rows.
    """

    new: CompactActivities
    existing: int = 0
    bad: list[BadCell] = field(default_factory=list)
    names: set[str] = field(default_factory=set)


def classify_rows(
    rows: Iterable[Read | BadCell], amounts_by_key: Mapping[bytes, Mapping[str, Decimal]]
) -> ClassifiedRows:
    """Classify the rows of a sheet.

    Args:
        rows: the rows as they are read.
        amounts_by_key: the amounts of the ledger's activities, by their :func:`duplicate_key`.
    """
    classified = ClassifiedRows(CompactActivities())
    duplicates: list[BadCell] = []
    seen: dict[bytes, int] = {}
    for row in rows:
        if isinstance(row, BadCell):
            classified.bad.append(row)
            continue
        activity = row.activity
        classified.names.update(activity.participants)
        key = duplicate_key(activity)
        wrong = ""
        if key in seen:
            wrong = f"和第 {seen[key]} 行是同一天、同一项、同一标题；确实是两场就写不同的标题"
        elif key not in amounts_by_key:
            classified.new.add(activity)
        elif amounts_by_key[key] == activity.amounts:
            classified.existing += 1
        else:
            had = "、".join(f"{a.normalize():f}{u}" for u, a in amounts_by_key[key].items())
            wrong = f"台账里已有这次活动，数量是 {had}；要改用 sgtrack amend"
        if wrong:
            duplicates.append(BadCell(row.sheet, f"第{row.row}行", activity.title, wrong))
        seen.setdefault(key, row.row)
    classified.bad += duplicates
    return classified


class CompactActivities:
    """Activities in compressed chunks, in their order."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []
        self._open_chunk: list[Activity] = []

    def __len__(self) -> int:
        return len(self._chunks) * CHUNK_SIZE + len(self._open_chunk)

    def add(self, activity: Activity) -> None:
        """Add an activity."""
        self._open_chunk.append(activity)
        if len(self._open_chunk) == CHUNK_SIZE:
            values = [_values_of(activity) for activity in self._open_chunk]
            self._chunks.append(zlib.compress(pickle.dumps(values), 1))
            self._open_chunk.clear()

    def __iter__(self) -> Iterator[Activity]:
        for chunk in self._chunks:
            yield from map(_activity_of, pickle.loads(zlib.decompress(chunk)))  # noqa: S301 - own memory
        yield from self._open_chunk


def _values_of(activity: Activity) -> tuple[Any, ...]:
    """The fields of an activity as plain values, which pickle faster than the dataclass."""
    return (
        activity.community,
        activity.item,
        activity.day.isoformat(),
        activity.title,
        activity.place,
        activity.activity_type,
        activity.note,
        {unit: str(amount) for unit, amount in activity.amounts.items()},
        activity.participants,
        activity.also,
        activity.closes,
        activity.for_month,
    )


def _activity_of(values: tuple[Any, ...]) -> Activity:
    community, item, day, title, place, activity_type, note, amounts, *rest = values
    return Activity(
        *(community, item, date.fromisoformat(day), title, place, activity_type, note),
        {unit: Decimal(amount) for unit, amount in amounts.items()},
        *rest,
    )
