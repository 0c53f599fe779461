"""The charts and photos of a brief, and their conversion for web pages."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from sgtrack.evidence.evidence_store import Condition, check_condition, path_in
from sgtrack.model.errors import Refused
from sgtrack.pictures.charts import TO_INSTALL, Chart, Share, draw
from sgtrack.progress.contract_status import MonthEnd

if TYPE_CHECKING:
    from sgtrack.pictures.photos import Photo

_MOST_NAMED = 3
"""Maximum number of file names in a message about photos that cannot be shown."""


@dataclass(frozen=True, slots=True)
class PlacedPhoto:
    """The photos of an activity with their caption; ``place`` is their index in ``pictured``."""

    place: int
    caption: str
    photos: tuple[Photo, ...]


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pictures of a document.

    ``charts`` are PNG images for Word. ``drawings`` are the same charts as SVG for web pages.
    ``remarks`` are messages about pictures that cannot be shown.
    """

    charts: tuple[Chart, ...]
    drawings: tuple[Chart, ...]
    photos: tuple[PlacedPhoto, ...]
    remarks: tuple[str, ...] = ()


def illustrate(
    context: Mapping[str, Any], store: Path, *, paper: bool = True, page: bool = False
) -> Pictures:
    """Draw the charts of a brief, and shrink its photos.

    ``context`` contains the values of the brief. ``store`` is the folder of evidence files. Charts
    are drawn as PNG for Word if ``paper`` is true, and as SVG for web pages if ``page`` is true.
    """
    shares = [
        Share(f"{section['code']} {section['name']}", float(section["percent"].rstrip("%")))
        for section in context["sections"]
    ]
    months = [
        MonthEnd(month["label"], month["planned"], month["actual"]) for month in context["pace"]
    ]
    charts = draw(shares, months, "png") if paper else ()
    remarks = []
    if paper and not charts:
        remarks.append(f"没有找到中文字体，Word 里不画图表：{TO_INSTALL}")
    placed = []
    left_out: dict[str, list[str]] = {}
    for place, pictured in enumerate(context["pictured"]):
        photos = []
        for digest, name in zip(pictured["sha256"], pictured["names"], strict=True):
            try:
                if check_condition(store, digest) is not Condition.INTACT:
                    raise Refused("文件缺失或内容被改动", "用 sgtrack evidence verify 检查")
                from sgtrack.pictures.photos import shrink  # noqa: PLC0415 - loads Pillow

                photos.append(shrink(path_in(store, digest)))
            except Refused as refused:
                reason = f"{refused.message}；{refused.hint}"
                left_out.setdefault(reason, []).append(name)
        if photos:
            placed.append(PlacedPhoto(place, pictured["caption"], tuple(photos)))
    remarks += [
        f"照片{_list_names(names)}没有放进简报：{reason}" for reason, names in left_out.items()
    ]
    if context.get("photos_left_out"):
        remarks.append(f"另有{context['photos_left_out']}个活动的照片没有放进简报，以免过长")
    drawings = draw(shares, months, "svg") if page else ()
    return Pictures(charts, drawings, tuple(placed), tuple(remarks))


def _list_names(names: list[str]) -> str:
    """List at most ``_MOST_NAMED`` file names; add the number of files if there are more."""
    listed = "、".join(f"“{name}”" for name in list(dict.fromkeys(names))[:_MOST_NAMED])
    return listed if len(names) <= _MOST_NAMED else f"{listed}等 {len(names)} 张"


def for_page(pictures: Pictures) -> dict[str, Any]:
    """Return the values ``charts`` and ``photos`` for the template of a web page."""
    jpeg = "data:image/jpeg;base64,"
    return {
        "charts": [
            {"caption": chart.caption, "picture": inline(chart)} for chart in pictures.drawings
        ],
        "photos": [
            {
                "place": placed.place,
                "caption": placed.caption,
                "sources": [jpeg + b64encode(p.content).decode("ascii") for p in placed.photos],
            }
            for placed in pictures.photos
        ],
    }


def inline(chart: Chart) -> Markup:
    """Return the SVG code of a chart as markup that templates insert unescaped."""
    return Markup(chart.content.decode("utf-8"))  # noqa: S704 - sgtrack drew it with escaped texts
