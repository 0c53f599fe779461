"""Composes the index of the dossier: the indicators, entries, files and missing evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sgtrack.dossier.placement import LIST, Placement
from sgtrack.evidence.evidence_store import CONDITION_ON_SCREEN, Condition
from sgtrack.model.contract import Category, Item, Kind
from sgtrack.model.entries import Entry, Person, short_id
from sgtrack.model.issued import head_code
from sgtrack.model.units import amount_words, plain
from sgtrack.model.wording import full_day
from sgtrack.progress.contract_status import ContractStatus
from sgtrack.progress.explanation import Explanation, explain_items
from sgtrack.progress.indicator_progress import Progress
from sgtrack.progress.kinds import kind_of
from sgtrack.progress.progress_wording import (
    STATE_ON_SCREEN,
    proven_words,
    states_words,
    target_words,
)
from sgtrack.progress.tally import served


@dataclass(frozen=True, slots=True)
class IndexFile:
    """A file of an entry; ``problem`` is empty if the file is intact."""

    kind: str
    name: str
    path: str
    problem: str

    @property
    def is_present(self) -> bool:
        """Whether the dossier contains the file."""
        return self.problem != CONDITION_ON_SCREEN[Condition.MISSING]


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """An activity.

    ``counted`` are the amounts added to indicators. ``missing`` are the required kinds of evidence
    without an intact file.
    """

    day: str
    id: str
    title: str
    place: str
    amounts: str
    counted: str
    files: tuple[IndexFile, ...]
    missing: str


@dataclass(frozen=True, slots=True)
class IndexRow:
    """An indicator.

    ``done`` is true if the target is reached, ``whole`` if all counted amounts have evidence.
    """

    target: str
    claimed: str
    percent: str
    proven: str
    state: str
    done: bool
    whole: bool


@dataclass(frozen=True, slots=True)
class IndexItem:
    """An item with its indicators and entries; ``list`` is the path of its page in the dossier."""

    code: str
    name: str
    list: str
    rows: tuple[IndexRow, ...]
    entries: tuple[IndexEntry, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """The texts of the index.

    ``categories`` are pairs of category and percentage. The keys of ``items`` are item codes.
    ``outside`` are the entries with an item that the contract does not contain.
    """

    title: str
    summary: str
    date: str
    code: str
    categories: tuple[tuple[Category, str], ...]
    items: Mapping[str, IndexItem]
    outside: tuple[IndexEntry, ...]


@dataclass(frozen=True, slots=True)
class IndexMaterial:
    """The input of the index; the keys of ``conditions`` are SHA-256 digests of files."""

    status: ContractStatus
    entries: tuple[Entry, ...]
    roster: tuple[Person, ...]
    placement: Placement
    conditions: Mapping[str, Condition]
    head: str
    today: date


def compose(material: IndexMaterial) -> Index:
    """Compose the texts of the index."""
    status = material.status
    project, now = status.project, status.claimed
    rows: dict[str, list[IndexRow]] = {}
    for claimed, proven in status.pairs():
        rows.setdefault(claimed.item.code, []).append(_row(claimed, proven))
    explanations = explain_items(project, project.items.values(), material.entries, material.roster)
    outside = (entry for entry in material.entries if entry.activity.item not in project.items)
    return Index(
        title=f"{project.full_name}社会工作服务项目评估材料",
        summary=f"截至{full_day(now.as_of)}，{states_words(now)}；"
        f"按佐证齐全的活动计算，完成率{status.proven.percent}%。",
        date=full_day(material.today),
        code=head_code(material.head) if material.head else "",
        categories=tuple(
            (progress.category, f"{progress.percent}%") for progress in now.categories
        ),
        items={
            item.code: IndexItem(
                item.code,
                item.name,
                f"{material.placement.folders[item.code]}/{LIST}",
                tuple(rows[item.code]),
                _entries(material, item, explanations[item.code]),
            )
            for item in project.items.values()
        },
        outside=tuple(_entry(material, entry, "不计入") for entry in outside),
    )


def _row(claimed: Progress, proven: Progress) -> IndexRow:
    words = proven_words(claimed, proven)
    return IndexRow(
        target_words(claimed.indicator),
        kind_of(claimed.indicator).total_words(claimed),
        f"{claimed.percent}%",
        words,
        STATE_ON_SCREEN[claimed.state],
        done=claimed.percent == 100,
        whole=words in ("", "100%"),
    )


def _entries(
    material: IndexMaterial, item: Item, explained: tuple[Explanation, ...]
) -> tuple[IndexEntry, ...]:
    """List the entries of an item and its parts, each with the amounts counted for the item.

    An entry that does not count is listed with 不计入. Amounts for a periodic indicator are left
    out if the item also has a total indicator in the same unit.
    """
    counted: dict[str, list[str]] = {}
    totals = {e.indicator.unit for e in explained if e.indicator.kind is Kind.TOTAL}
    for explanation in explained:
        indicator = explanation.indicator
        if indicator.kind is Kind.PERIODIC and indicator.unit in totals:
            continue
        for line in explanation.lines:
            words = f"{plain(line.counted)}{indicator.unit or '项'}"
            remark = f"（{line.remark}）" if line.remark else ""
            counted.setdefault(line.entry.id, []).append(words + remark)
    project = material.status.project
    return tuple(
        _entry(material, entry, "、".join(counted.get(entry.id, ["不计入"])))
        for entry in material.entries
        if item.code in served(project, entry.activity.items)
    )


def _entry(material: IndexMaterial, entry: Entry, counted: str) -> IndexEntry:
    activity = entry.activity
    files = [
        (file, material.conditions.get(file.evidence.sha256, Condition.MISSING))
        for file in material.placement.files[entry.id]
    ]
    intact = {file.evidence.kind for file, condition in files if condition is Condition.INTACT}
    return IndexEntry(
        day=activity.day.isoformat(),
        id=short_id(entry.id),
        title=activity.title,
        place=activity.place,
        amounts=amount_words(activity.amounts),
        counted=counted,
        files=tuple(
            IndexFile(
                file.evidence.kind,
                file.evidence.name,
                file.path,
                CONDITION_ON_SCREEN.get(condition, ""),
            )
            for file, condition in files
        ),
        missing="、".join(material.status.project.lacking(activity.item, intact)),
    )
