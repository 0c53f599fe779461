"""Ids that sort by the time of entry, never clash between laptops and show short on screen."""

from __future__ import annotations

from datetime import datetime
from secrets import token_bytes

SHORT = 6
"""How many characters of an id a screen shows: its last ones, which are random."""
WHOLE = 26
"""How many characters an id has."""

_TIME, _RANDOM = 6, 10
"""Of how many bytes the two parts of a ULID are."""
_LOOK_ALIKES = str.maketrans("ILO", "110")


def new_id(at: datetime, after: str | None) -> str:
    """A new ULID, later than ``after``."""
    (one,) = new_ids(at, after, 1)
    return one


def new_ids(at: datetime, after: str | None, count: int) -> list[str]:
    """So many new ULIDs, each later than the one before it and than ``after``.

    Where the clock went back, an id takes the millisecond after the newest one, with a random part
    of its own: counting on from the newest would give two copies of a ledger the same ids.
    """
    from ulid import ULID  # noqa: PLC0415 - only writing needs it

    first = int(at.timestamp() * 1000)
    if after is not None:
        first = max(first, ULID.from_str(after).milliseconds + 1)
    return [
        str(ULID((first + n).to_bytes(_TIME, "big") + token_bytes(_RANDOM))) for n in range(count)
    ]


def short(entry_id: str) -> str:
    """An id as screens show it."""
    return entry_id[-SHORT:]


def normalized(typed: str) -> str:
    """A typed id as the ledger writes it; letters that look like digits are read as digits."""
    return typed.strip().upper().translate(_LOOK_ALIKES)
