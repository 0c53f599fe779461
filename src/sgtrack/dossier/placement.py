"""Where in the dossier every activity and file lies: category / clause / item / activity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sgtrack.dossier.portable_names import safe, safe_file, unique
from sgtrack.model.contract import Project
from sgtrack.model.entries import Entry, Evidence, short_id

OUTSIDE = "99 合同外的记录"
LIST = "清单.html"


@dataclass(frozen=True, slots=True)
class PlacedFile:
    """A file and its path within the dossier."""

    evidence: Evidence
    path: str


@dataclass(frozen=True, slots=True)
class PlacedEntry:
    """An activity with its files."""

    entry: Entry
    files: tuple[PlacedFile, ...]


@dataclass(frozen=True, slots=True)
class Placement:
    """The folders of the items by code, and the activities by id."""

    folders: Mapping[str, str]
    entries: Mapping[str, PlacedEntry]


def place(project: Project, entries: tuple[Entry, ...]) -> Placement:
    """Give every activity a folder under the item it is logged under, in contract order.

    A file lies once in the dossier, also where its activity counts for several items. No path is
    longer than 200 characters; Windows allows 260 with the folder the dossier is unpacked to.
    """
    folders = {
        item.code: "/".join(
            (
                f"{category.code:0>2} {safe(category.name, 20)}",
                safe(f"条款 {clause.code}", 20),
                f"{item.code} {safe(item.name, 30)}",
            )
        )
        for category in project.categories
        for clause in category.clauses
        for item in clause.items
    }
    taken: dict[str, set[str]] = defaultdict(set)
    placed = {}
    for entry in entries:
        activity = entry.activity
        parent = folders.get(activity.item, f"{OUTSIDE}/{safe(activity.item, 20)}")
        title = safe(activity.title, 30) if activity.title else ""
        name = " ".join(part for part in (str(activity.day), title, short_id(entry.id)) if part)
        folder = f"{parent}/{unique(name, taken[parent])}"
        names: set[str] = set()
        files = tuple(
            PlacedFile(one, f"{folder}/{unique(_file_name(one), names)}") for one in entry.evidence
        )
        placed[entry.id] = PlacedEntry(entry, files)
    return Placement(folders, placed)


def _file_name(evidence: Evidence) -> str:
    told = evidence.kind in evidence.name
    return safe_file(evidence.name if told else f"{evidence.kind} {evidence.name}", 60)
