"""The words of a brief, the same for every format."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from sgtrack.progress.contract_status import MonthEnd


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator in the table of completion."""

    code: str
    name: str
    target: str
    month: str
    total: str
    percent: str
    bar: str
    state: str


@dataclass(frozen=True, slots=True)
class Section:
    """A category in the table of completion."""

    code: str
    name: str
    percent: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """An activity; ``reason`` says why a late one is late."""

    date: str
    item: str
    title: str
    place: str
    amounts: str
    note: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction of an earlier brief, and its reason; ``after`` is 作废 for a voided activity."""

    date: str
    item: str
    title: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class Pictured:
    """An activity with its photos: their SHA-256 digests and file names."""

    caption: str
    sha256: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BriefContext:
    """The values of the templates; all figures are words already.

    The charts are drawn from ``sections`` and ``pace``, the photos come from ``pictured``.
    """

    title: str
    number: int
    month: str
    window: str
    community: str
    package: str
    agency: str
    date: str
    copies_to: str
    percent: str
    overview: tuple[str, ...]
    sections: tuple[Section, ...]
    activities: tuple[Done, ...]
    problems: tuple[str, ...]
    plans: tuple[str, ...]
    late: tuple[Done, ...]
    corrections: tuple[Corrected, ...] = ()
    code: str = ""
    recipients: tuple[str, ...] = ()
    pace: tuple[MonthEnd, ...] = ()
    pictured: tuple[Pictured, ...] = ()

    def for_template(self) -> dict[str, Any]:
        """Return the values by name, as templates refer to them."""
        values: dict[str, Any] = json.loads(self.frozen())
        return values

    def frozen(self) -> str:
        """Return the values as JSON, for the ledger."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)


def bar(percent: Decimal) -> str:
    """Draw a percentage as ten squares of 10 % each, which every printer prints."""
    full = int(percent // 10)
    return "■" * full + "□" * (10 - full)
