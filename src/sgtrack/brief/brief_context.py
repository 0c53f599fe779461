"""Everything a brief says, in words, so that no two formats can disagree."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
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
    """An activity; ``reason`` says why it is told late, where it is."""

    date: str
    item: str
    title: str
    place: str
    amounts: str
    note: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Corrected:
    """What an earlier brief said of an activity, what is right, and why; ``after`` may be 作废."""

    date: str
    item: str
    title: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class Pictured:
    """An activity with the photos that show it, by SHA-256, and the files' own names."""

    caption: str
    sha256: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BriefContext:
    """What the templates see. All figures are words already; nothing is left to compute.

    ``pace`` and ``pictured`` are what the charts and photos are made from.
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
    late: tuple[Done, ...] = ()
    corrections: tuple[Corrected, ...] = ()
    code: str = ""
    recipients: tuple[str, ...] = ()
    pace: tuple[MonthEnd, ...] = ()
    pictured: tuple[Pictured, ...] = ()

    def for_template(self) -> dict[str, Any]:
        """The context by name, as templates refer to it."""
        return thawed(self.frozen())

    def frozen(self) -> str:
        """The context as JSON, for the ledger."""
        return json.dumps(self, default=_parts, ensure_ascii=False, sort_keys=True)


def _parts(value: Any) -> dict[str, Any]:
    return {one.name: getattr(value, one.name) for one in fields(value)}


def thawed(frozen: str) -> dict[str, Any]:
    """A frozen context as templates refer to it; what it did not know yet is empty."""
    empty = {"late": (), "corrections": (), "code": "", "pace": (), "pictured": ()}
    found: dict[str, Any] = json.loads(frozen)
    found.setdefault("recipients", [f"报：{found['copies_to']}"])
    for section in found["sections"]:
        for row in section["rows"]:
            row.setdefault("bar", bar(Decimal(row["percent"].rstrip("%"))))
    return empty | found


def bar(percent: Decimal) -> str:
    """A percentage as ten squares, of which a full one is 10 %; any printer prints them."""
    full = int(percent // 10)
    return "■" * full + "□" * (10 - full)
