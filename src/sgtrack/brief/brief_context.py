"""The texts of a brief, which are the same in every format."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from sgtrack.progress.contract_status import MonthEnd


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the completion table, for one indicator."""

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
    """A part of the completion table, for one category."""

    code: str
    name: str
    percent: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """An activity; ``reason`` is the reason for a late entry or a correction."""

    date: str
    item: str
    title: str
    place: str
    amounts: str
    note: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction of a reported activity; ``after`` is 作废 if the activity was voided."""

    date: str
    item: str
    title: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class Pictured:
    """An activity with the SHA-256 digests and the file names of its photos."""

    caption: str
    sha256: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BriefContext:
    """The values for the templates of a brief; most figures are formatted texts.

    Charts are drawn from ``sections`` and ``pace``. Photos are read from ``pictured``.
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
        """Return the values by name, converted to JSON types."""
        values: dict[str, Any] = json.loads(self.frozen())
        return values

    def frozen(self) -> str:
        """Return the values as JSON text, to be stored in the ledger."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)


def bar(percent: Decimal) -> str:
    """Draw a percentage as ten squares; every full 10 percent fills one square."""
    full = int(percent // 10)
    return "■" * full + "□" * (10 - full)
