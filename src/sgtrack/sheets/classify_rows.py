"""Divides the rows of a sheet into new ones, ones that the ledger has already, and wrong ones.

A sheet may have a hundred thousand rows. Compressed chunks hold the new activities until every row
has been checked.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from operator import attrgetter

from sgtrack.model.entries import Activity, duplicate_key
from sgtrack.sheets.row_parsing import BadCell, Read

CHUNK_SIZE = 400
"""Activities per compressed chunk."""
_values_of = attrgetter(*(field.name for field in fields(Activity)))
"""Return the fields of an activity as a tuple, which pickles faster than the dataclass."""


@dataclass(slots=True)
class ClassifiedRows:
    """The new activities, the count of rows in the ledger already, the bad cells, and all names."""

    new: CompactActivities
    existing: int = 0
    bad: list[BadCell] = field(default_factory=list)
    names: set[str] = field(default_factory=set)


def classify_rows(
    rows: Iterable[Read | BadCell], amounts_by_key: Mapping[bytes, Mapping[str, Decimal]]
) -> ClassifiedRows:
    """Classify the rows of a sheet.

    ``amounts_by_key`` holds the amounts of the ledger's activities by :func:`duplicate_key`.
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
            recorded = "、".join(f"{a.normalize():f}{u}" for u, a in amounts_by_key[key].items())
            wrong = f"台账里已有这次活动，数量是 {recorded}；要改用 sgtrack amend"
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
            values = [*map(_values_of, self._open_chunk)]
            self._chunks.append(zlib.compress(pickle.dumps(values), 1))
            self._open_chunk.clear()

    def __iter__(self) -> Iterator[Activity]:
        for chunk in self._chunks:
            for values in pickle.loads(zlib.decompress(chunk)):  # noqa: S301 - own memory
                yield Activity(*values)
        yield from self._open_chunk
