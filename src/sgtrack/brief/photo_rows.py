"""Chooses the photos of a brief and arranges them in rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sgtrack.brief.brief_context import Pictured
from sgtrack.brief.brief_material import BriefMaterial, printed_title
from sgtrack.evidence.attach import PHOTO, is_picture
from sgtrack.model.contract import Project
from sgtrack.model.entries import Entry, Evidence
from sgtrack.model.wording import day_words

_IN_ROW = 2
"""Number of photos side by side."""
_MOST = 4
"""Maximum number of photos in a brief, and so of activities with photos."""


@dataclass(frozen=True, slots=True)
class PhotoRows:
    """The rows of photos in a brief.

    Fields that need an explanation:
        places: the indexes of the rows of each category, by its code.
        pictured: the ids of the entries with photos in the brief.
        left_out: the number of activities whose photos are not in the brief.
    """

    rows: tuple[Pictured, ...]
    places: Mapping[str, tuple[int, ...]]
    pictured: Collection[str]
    left_out: int


def arrange_photos(month: BriefMaterial) -> PhotoRows:
    """Choose the photos of a month, and arrange them in rows within each category, by day.

    Activities with an effect come first. The more activities have photos, the fewer photos each
    of them gets.
    """
    with_photos = [entry for entry in month.entries if _photos(entry)]
    chosen = sorted(with_photos, key=lambda entry: not entry.effect)[:_MOST]
    most = min(_IN_ROW, _MOST // max(1, len(chosen)))
    rows: list[Pictured] = []
    places: dict[str, tuple[int, ...]] = {}
    for category in month.project.categories:
        codes = {item.code for item in category.items}
        photos = [
            (entry, photo)
            for entry in sorted(chosen, key=lambda entry: (entry.activity.day, entry.id))
            if entry.activity.item in codes
            for photo in _photos(entry)[:most]
        ]
        first = len(rows)
        for start in range(0, len(photos), _IN_ROW):
            row = photos[start : start + _IN_ROW]
            captions = dict.fromkeys(_caption(month.project, entry) for entry, _ in row)
            rows.append(
                Pictured(
                    "；".join(captions),
                    tuple(photo.sha256 for _, photo in row),
                    tuple(photo.name for _, photo in row),
                )
            )
        places[category.code] = tuple(range(first, len(rows)))
    left_out = len(with_photos) - len(chosen)
    return PhotoRows(tuple(rows), places, frozenset(entry.id for entry in chosen), left_out)


def _photos(entry: Entry) -> list[Evidence]:
    return [e for e in entry.evidence if e.kind == PHOTO and is_picture(e.name)]


def _caption(project: Project, entry: Entry) -> str:
    activity = entry.activity
    return f"{day_words(activity.day)}　{printed_title(project, activity)}"
