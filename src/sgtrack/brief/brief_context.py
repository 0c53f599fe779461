"""The texts of a brief, which are the same in every format."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from decimal import Decimal
from typing import Any

from sgtrack.progress.contract_status import MonthEnd

ANNEXES = ("full", "changed", "none")
"""The annexes of a brief: all indicators and activities, only changed indicators, or none."""
_DIGITS = ("", *"一二三四五六七八九")
ORDINALS = tuple(
    f"{'' if tens == '一' else tens}{'十' if tens else ''}{ones}"
    for tens in _DIGITS
    for ones in _DIGITS
)[1:]
"""The Chinese numerals of headings, from 一 to 九十九."""


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
    """A row of photos with a caption, their SHA-256 digests and their file names."""

    caption: str
    sha256: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WorkSection:
    """A paragraph on the work in a category; ``pictures`` are indexes of ``pictured``."""

    heading: str
    text: str
    pictures: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class BriefContext:
    """The values for the templates of a brief; most figures are formatted texts.

    Charts are drawn from ``sections`` and ``pace``. Photos are read from ``pictured``.

    Fields that need an explanation:
        work: the work of the month, by category.
        moved: the rows of items that changed or need attention; ``moved_left_out`` is the number of
            items that need attention but are not shown.
        highlights, causes, closing: the officer's own texts of the month.
        annex: which annexes are printed: full, changed or none.
        photos_left_out: the number of further activities with photos.
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
    work: tuple[WorkSection, ...] = ()
    moved: tuple[Row, ...] = ()
    moved_left_out: int = 0
    highlights: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    annex: str = "full"
    photos_left_out: int = 0

    def for_template(self) -> dict[str, Any]:
        """Return the values by name, converted to JSON types."""
        return read_frozen(self.frozen())

    def frozen(self) -> str:
        """Return the values as JSON text, to be stored in the ledger."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)


def read_frozen(context: str) -> dict[str, Any]:
    """Read frozen values for the templates.

    A brief that an earlier release froze has no narrative; its tables are printed in full.
    """
    later = {f.name: f.default for f in fields(BriefContext) if f.default is not MISSING}
    values: dict[str, Any] = later | json.loads(context)
    values["headings"] = _number_headings(values)
    values["ordinals"] = ORDINALS
    shown = {place for section in values["work"] for place in section["pictures"]}
    values["other_pictures"] = [n for n, _ in enumerate(values["pictured"]) if n not in shown]
    return values


def _number_headings(values: Mapping[str, Any]) -> dict[str, str]:
    """Number the headings of the parts that the brief has."""
    names = {
        "overview": "工作概况",
        "work": "重点工作" if values["work"] else "",
        "highlights": "特色亮点" if values["highlights"] else "",
        "problems": "存在的问题及原因",
        "plans": "下月计划",
        "closing": "感谢及其他" if values["closing"] else "",
    }
    printed = [key for key, name in names.items() if name]
    return {key: f"{ORDINALS[n]}、{names[key]}" for n, key in enumerate(printed)}


def bar(percent: Decimal) -> str:
    """Draw a percentage as ten squares; every full 10 percent fills one square."""
    full = int(percent // 10)
    return "■" * full + "□" * (10 - full)
