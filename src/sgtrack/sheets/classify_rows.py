"""Classifies the rows of a sheet as new, already in the ledger, or invalid.

A sheet may have 100,000 rows. New activities are stored in compressed chunks until every row has
been checked.
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
"""Number of activities per compressed chunk."""
_values_of = attrgetter(*(field.name for field in fields(Activity)))
"""Getter of an activity's field values as a tuple, which pickles faster than the dataclass."""


@dataclass(slots=True)
class ClassifiedRows:
    """The result of :func:`classify_rows`.

    ``existing`` is the number of rows that are already in the ledger. ``names`` holds the names of
    all participants in the sheet. ``state`` identifies the state of the ledger that the rows were
    compared with.
    """

    new: CompactActivities
    existing: int = 0
    bad: list[BadCell] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    state: str = ""


def classify_rows(
    rows: Iterable[Read | BadCell], amounts_by_key: Mapping[bytes, Mapping[str, Decimal]]
) -> ClassifiedRows:
    """Classify the rows of a sheet as new, existing or invalid.

    ``amounts_by_key`` maps the :func:`duplicate_key` of each activity in the ledger to its amounts.
    A row is invalid if an earlier row has the same key, or if the ledger has other amounts for this
    key.
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
    """A sequence of activities that is compressed in chunks to save memory."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []
        self._open_chunk: list[Activity] = []

    def __len__(self) -> int:
        return len(self._chunks) * CHUNK_SIZE + len(self._open_chunk)

    def add(self, activity: Activity) -> None:
        """Append an activity; compress the last chunk when it is full."""
        self._open_chunk.append(activity)
        if len(self._open_chunk) == CHUNK_SIZE:
            values = [*map(_values_of, self._open_chunk)]
            self._chunks.append(zlib.compress(pickle.dumps(values), 1))
            self._open_chunk.clear()

    def __iter__(self) -> Iterator[Activity]:
        for chunk in self._chunks:
            for values in pickle.loads(zlib.decompress(chunk)):  # noqa: S301 - pickled by add()
                yield Activity(*values)
        yield from self._open_chunk
