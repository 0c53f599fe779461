"""What of a sheet is new, what the ledger has already, and what is wrong with the rest.

A sheet may have a hundred thousand rows. What was read of each is put away in little room until all
of it is known to be right.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sgtrack.ledger.duplicates import twin_key
from sgtrack.model.entries import Activity
from sgtrack.sheets.row_parsing import BadCell, Read
from sgtrack.store.batching import BATCH_SIZE


@dataclass(slots=True)
class Sorted:
    """What became of the rows of a sheet.

    ``already`` counts what the ledger has; ``names`` are all that were read.
    """

    new: Packed
    already: int = 0
    bad: list[BadCell] = field(default_factory=list)
    names: set[str] = field(default_factory=set)


def sorted_out(
    found: Iterable[Read | BadCell], known: Mapping[bytes, Mapping[str, Decimal]]
) -> Sorted:
    """Sort what was read.

    Args:
        found: the rows of a sheet as they are read.
        known: the amounts of the activities that the ledger has, by their :func:`twin_key`.
    """
    done = Sorted(Packed())
    twins: list[BadCell] = []
    seen: dict[bytes, int] = {}
    for one in found:
        if isinstance(one, BadCell):
            done.bad.append(one)
            continue
        done.names.update(one.activity.participants)
        key = twin_key(one.activity)
        wrong = ""
        if key in seen:
            wrong = f"和第 {seen[key]} 行是同一天、同一项、同一标题；确实是两场就写不同的标题"
        elif key not in known:
            done.new.add(one.activity)
        elif known[key] == one.activity.amounts:
            done.already += 1
        else:
            had = "、".join(f"{a.normalize():f}{u}" for u, a in known[key].items())
            wrong = f"台账里已有这次活动，数量是 {had}；要改用 sgtrack amend"
        if wrong:
            twins.append(BadCell(one.sheet, f"第{one.row}行", one.activity.title, wrong))
        seen.setdefault(key, one.row)
    done.bad += twins
    return done


class Packed:
    """Activities in little room, in their order."""

    def __init__(self) -> None:
        self._lots: list[bytes] = []
        self._open: list[Activity] = []

    def __len__(self) -> int:
        return len(self._lots) * BATCH_SIZE + len(self._open)

    def add(self, activity: Activity) -> None:
        """Put an activity away."""
        self._open.append(activity)
        if len(self._open) == BATCH_SIZE:
            self._lots.append(zlib.compress(pickle.dumps([_plain(one) for one in self._open]), 1))
            self._open.clear()

    def __iter__(self) -> Iterator[Activity]:
        for lot in self._lots:
            yield from map(_activity, pickle.loads(zlib.decompress(lot)))  # noqa: S301 - own memory
        yield from self._open


def _plain(one: Activity) -> tuple[Any, ...]:
    """An activity as a tuple, which is put away much quicker."""
    amounts = {unit: str(amount) for unit, amount in one.amounts.items()}
    return (
        *(
            one.community,
            one.item,
            one.day.isoformat(),
            one.title,
            one.place,
            one.activity_type,
            one.note,
        ),
        *(amounts, one.participants, one.also, one.closes, one.for_month),
    )


def _activity(plain: tuple[Any, ...]) -> Activity:
    community, item, day, title, place, kind, note, amounts, *rest = plain
    return Activity(
        *(community, item, date.fromisoformat(day), title, place, kind, note),
        {unit: Decimal(amount) for unit, amount in amounts.items()},
        *rest,
    )
