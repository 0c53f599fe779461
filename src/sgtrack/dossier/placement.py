"""Places every activity and file of the dossier: category / clause / item / activity.

The names of folders and files open on every system, Chinese Windows first.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from sgtrack.model.contract import Project
from sgtrack.model.entries import Entry, Evidence, short_id

OUTSIDE = "99 合同外的记录"
LIST = "清单.html"
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f%#]')
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?$")


@dataclass(frozen=True, slots=True)
class PlacedFile:
    """A file and its path within the dossier."""

    evidence: Evidence
    path: str


@dataclass(frozen=True, slots=True)
class Placement:
    """The folders of the items by code, and the files of the activities by id."""

    folders: Mapping[str, str]
    files: Mapping[str, tuple[PlacedFile, ...]]


def place(project: Project, entries: tuple[Entry, ...]) -> Placement:
    """Give every activity a folder under the item it is logged under, in contract order.

    Each file has one place, even if its activity counts for several items. No path is longer than
    200 characters; Windows allows 260 including the folder where the dossier is unpacked.
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


def safe_name(text: str, longest: int) -> str:
    """Make the name of a folder: no reserved characters or names, no dot or space at its end.

    ``%`` and ``#`` are removed too, because browsers and Excel read them as part of a link.
    """
    name = re.sub(r"\s+", " ", _FORBIDDEN.sub(" ", text)).strip()[:longest].strip(" .")
    return f"_{name}" if _DEVICES.match(name) or not name else name


def safe_file_name(name: str, longest: int) -> str:
    """Make the name of a file like :func:`safe_name`; cut a long one before its extension."""
    path = PurePosixPath(name.replace("/", " "))
    suffix = safe_name(path.suffix, 12) if path.suffix else ""
    suffix = f".{suffix.lstrip('._')}" if suffix else ""
    return safe_name(path.stem, longest - len(suffix)) + suffix


def unique_name(name: str, taken: set[str]) -> str:
    """Add a number to a name that is taken, whether in upper or lower case; then take it."""
    unique, number = name, 1
    stem, dot, suffix = name.rpartition(".") if "." in name else (name, "", "")
    while unique.casefold() in taken:
        number += 1
        unique = f"{stem} ({number}){dot}{suffix}"
    taken.add(unique.casefold())
    return unique
