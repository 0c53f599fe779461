"""Classifies the rows of a sheet as new, already in the ledger, doubtful, or invalid.

A sheet may have 100,000 rows. New activities are stored in compressed chunks until every row has
been checked.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from enum import Enum
from operator import attrgetter
from types import MappingProxyType

from sgtrack.model.entries import Activity, duplicate_key, key_without_session
from sgtrack.model.units import plain
from sgtrack.sheets.cell_parsing import BadCell
from sgtrack.sheets.row_parsing import Read, SkippedRow

CHUNK_SIZE = 400
"""Number of activities per compressed chunk."""
_ROWS_SHOWN = 5
_values_of = attrgetter(*(field.name for field in fields(Activity)))
"""Getter of an activity's field values as a tuple, which pickles faster than the dataclass."""


class Choice(Enum):
    """The ways to treat a row that may be an entry of the ledger."""

    CORRECT = "更正台账里的那一条"
    NEW = "是另一次活动，照样写入"
    SKIP = "不写这一行"


Choices = Mapping[tuple[str, int], Choice]
"""The officer's choices by sheet and row number."""


EarlierRows = Mapping[str, Sequence[tuple[str, bytes]]]
"""The ids and duplicate keys of entries that count, by the row from which they were imported."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A new row that may be an entry of the ledger.

    ``entry_id`` is the id of this entry. If ``is_moved`` is true, the entry was imported from the
    same row and has another day. Otherwise the row equals the entry as it was before it was
    corrected or voided.
    """

    row: Read
    entry_id: str
    is_moved: bool


@dataclass(slots=True)
class ClassifiedRows:
    """The result of :func:`classify_rows`.

    Fields that need an explanation:
        existing: the number of rows that are already in the ledger.
        moved: rows whose entry in the ledger is to be corrected, with the id of this entry.
        doubts: rows for which the officer has to choose.
        names: the names of all participants in the sheet.
        implied: the number of new rows with implied amounts, and the places of some of these rows,
            by item and implied units.
        items: all combinations of items of the new activities, each with one such activity.
        state: a text that identifies the state of the ledger that the rows were compared with.
    """

    new: CompactActivities
    existing: int = 0
    bad: list[BadCell] = field(default_factory=list)
    moved: list[tuple[Read, str]] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    skipped: list[SkippedRow] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    implied: dict[tuple[str, tuple[str, ...]], tuple[int, list[str]]] = field(default_factory=dict)
    items: dict[tuple[str, ...], Activity] = field(default_factory=dict)
    state: str = ""

    def add_new(self, row: Read) -> None:
        """Add a row that will be recorded."""
        self.new.add(row.activity)
        self.items.setdefault(row.activity.items, row.activity)
        if row.implied:
            count, first = self.implied.get((row.activity.item, row.implied), (0, []))
            if count < _ROWS_SHOWN:
                first.append(f"{row.sheet}!第{row.row}行")
            self.implied[row.activity.item, row.implied] = (count + 1, first)


def classify_rows(
    rows: Iterable[Read | BadCell | SkippedRow],
    amounts_by_key: Mapping[bytes, Mapping[str, Decimal]],
    replaced: Mapping[bytes, str] = MappingProxyType({}),
    read_earlier_rows: Callable[[], EarlierRows] = dict,
    choices: Choices = MappingProxyType({}),
) -> ClassifiedRows:
    """Classify the rows of a sheet as new, existing, doubtful or invalid.

    A row is invalid if an earlier row has the same key, or if the ledger has other amounts for this
    key.

    Args:
        rows: the rows of all sheets.
        amounts_by_key: the amounts of each activity in the ledger by its :func:`duplicate_key`.
        replaced: the ids of corrected and voided entries by their :func:`duplicate_key`.
        read_earlier_rows: returns the entries that were imported from the same file, by their
            source; it is called at the first new row.
        choices: what the officer chose for doubtful rows.
    """
    classifier = _Classifier(amounts_by_key, replaced, read_earlier_rows, choices)
    for row in rows:
        if isinstance(row, Read):
            classifier.add(row)
        elif isinstance(row, SkippedRow):
            classifier.classified.skipped.append(row)
        else:
            classifier.classified.bad.append(row)
    return classifier.finish()


class _Classifier:
    """A classifier of rows in their order; its arguments are those of :func:`classify_rows`."""

    def __init__(
        self,
        amounts_by_key: Mapping[bytes, Mapping[str, Decimal]],
        replaced: Mapping[bytes, str],
        read_earlier_rows: Callable[[], EarlierRows],
        choices: Choices,
    ) -> None:
        self.classified = ClassifiedRows(CompactActivities())
        self._amounts_by_key = amounts_by_key
        self._replaced = replaced
        self._read_earlier_rows = read_earlier_rows
        self._choices = choices
        self._earlier_rows: EarlierRows | None = None
        self._seen: dict[bytes, int] = {}
        numbered = (key for key in amounts_by_key if key != key_without_session(key))
        self._numbered = {key_without_session(key): key for key in numbered}
        self._similar: list[tuple[Read, str, bytes]] = []
        self._duplicates: list[BadCell] = []

    def add(self, row: Read) -> None:
        """Classify a row by its duplicate key."""
        activity, classified = row.activity, self.classified
        classified.names.update(activity.participants)
        key = duplicate_key(activity)
        if key in self._seen:
            self._add_duplicate(
                row,
                f"和第 {self._seen[key]} 行是同一天、同一项、同一标题；确实是两场就写不同的标题",
            )
            return
        self._seen[key] = row.row
        if key not in self._amounts_by_key:
            # If only one of two sessions on the same day has a number, they may be the same
            # session.
            plain_key = key_without_session(key)
            other = plain_key if key != plain_key else self._numbered.get(key, key)
            key = other if other in self._amounts_by_key else key
        if key not in self._amounts_by_key:
            self._add_unknown(row, key)
        elif self._amounts_by_key[key] == activity.amounts:
            classified.existing += 1
        else:
            amounts = self._amounts_by_key[key]
            recorded = "、".join(f"{plain(amount)}{unit}" for unit, amount in amounts.items())
            self._add_duplicate(row, f"台账里已有这次活动，数量是 {recorded}；要改用 sgtrack amend")

    def _add_unknown(self, row: Read, key: bytes) -> None:
        """Classify a row whose duplicate key belongs to no entry that counts."""
        if key in self._replaced:
            self._choose(Doubt(row, self._replaced[key], is_moved=False))
            return
        if self._earlier_rows is None:
            self._earlier_rows = self._read_earlier_rows()
        for entry_id, other in self._earlier_rows.get(row.activity.source, ()):
            amounts = self._amounts_by_key.get(other)
            if amounts == row.activity.amounts and _is_close(key, other):
                self._similar.append((row, entry_id, other))
                return
        self.classified.add_new(row)

    def finish(self) -> ClassifiedRows:
        """Return the result after the last row."""
        for row, entry_id, other in self._similar:
            if other in self._seen:  # The sheet has another row with the key of this entry.
                self.classified.add_new(row)
            else:
                self._choose(Doubt(row, entry_id, is_moved=True))
        self.classified.bad += self._duplicates
        return self.classified

    def _add_duplicate(self, row: Read, reason: str) -> None:
        self._duplicates.append(BadCell(row.sheet, f"第{row.row}行", row.activity.title, reason))

    def _choose(self, doubt: Doubt) -> None:
        """Treat a doubtful row as the officer chose; without a choice, add it to the doubts."""
        choice = self._choices.get((doubt.row.sheet, doubt.row.row))
        if choice is None:
            self.classified.doubts.append(doubt)
        elif choice is Choice.NEW:
            self.classified.add_new(doubt.row)
        elif choice is Choice.CORRECT:
            self.classified.moved.append((doubt.row, doubt.entry_id))


def _is_close(key: bytes, other: bytes) -> bool:
    """Return whether two duplicate keys differ only in the day.

    A row with another title is a different activity, because the next list often has the same days
    and row numbers.
    """
    item, day, title = key_without_session(key).split(b"\0")
    other_item, other_day, other_title = key_without_session(other).split(b"\0")
    return (item, title) == (other_item, other_title) and day != other_day


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
