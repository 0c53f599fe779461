"""Chooses the paths of files in the dossier: category/clause/item/activity/file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sgtrack.model.contract import Project
from sgtrack.model.entries import Entry, Evidence, short_id
from sgtrack.model.file_names import safe_file_name, safe_name, unique_name

OUTSIDE = "99 合同外的记录"
LIST = "清单.html"


@dataclass(frozen=True, slots=True)
class PlacedFile:
    """A file and its path within the dossier."""

    evidence: Evidence
    path: str


@dataclass(frozen=True, slots=True)
class Placement:
    """The folder of each item by item code, and the files of each entry by entry id."""

    folders: Mapping[str, str]
    files: Mapping[str, tuple[PlacedFile, ...]]


def place(project: Project, entries: tuple[Entry, ...]) -> Placement:
    """Choose a folder for each entry, inside the folder of its item, and a path for each file.

    A file has one path, even if its activity counts for several items. A path has at most 200
    characters, because Windows allows 260 for the whole path after unpacking.
    """
    folders = {
        item.code: "/".join(
            (
                f"{category.code:0>2} {safe_name(category.name, 20)}",
                safe_name(f"条款 {clause.code}", 20),
                f"{item.code} {safe_name(item.name, 30)}",
            )
        )
        for category in project.categories
        for clause in category.clauses
        for item in clause.items
    }
    taken: dict[str, set[str]] = defaultdict(set)
    placed_files = {}
    for entry in entries:
        activity = entry.activity
        parent = folders.get(activity.item, f"{OUTSIDE}/{safe_name(activity.item, 20)}")
        title = safe_name(activity.title, 30) if activity.title else ""
        name = " ".join(part for part in (str(activity.day), title, short_id(entry.id)) if part)
        folder = f"{parent}/{unique_name(name, taken[parent])}"
        names: set[str] = set()
        placed = []
        for evidence in entry.evidence:
            has_kind = evidence.kind in evidence.name
            full_name = evidence.name if has_kind else f"{evidence.kind} {evidence.name}"
            file_name = unique_name(safe_file_name(full_name, 60), names)
            placed.append(PlacedFile(evidence, f"{folder}/{file_name}"))
        placed_files[entry.id] = tuple(placed)
    return Placement(folders, placed_files)
