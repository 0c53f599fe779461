"""The charts and photos of a brief, and how Word and a page show them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from sgtrack.evidence.evidence_store import Condition, condition, path_in
from sgtrack.model.errors import Refused
from sgtrack.pictures.charts import Chart, Share, draw
from sgtrack.pictures.fonts import TO_INSTALL
from sgtrack.pictures.photos import Photo, shrink
from sgtrack.progress.contract_status import MonthEnd

if TYPE_CHECKING:
    from docxtpl import DocxTemplate

_CHART_WIDTH = 154
_PHOTO_WIDTH, _PHOTO_HEIGHT = 72, 60
"""How large a picture may be in Word, in millimetres."""
_MOST_TOLD = 3
"""How many photos that are left out for the same reason are named."""


@dataclass(frozen=True, slots=True)
class PlacedPhoto:
    """An activity's photos with the words below them."""

    caption: str
    photos: tuple[Photo, ...]


@dataclass(frozen=True, slots=True)
class Pictures:
    """What a document shows; ``remarks`` tell the officer what could not be shown, and why."""

    charts: tuple[Chart, ...]
    drawings: tuple[Chart, ...]
    photos: tuple[PlacedPhoto, ...]
    remarks: tuple[str, ...] = ()


def illustrate(
    context: Mapping[str, Any], store: Path, *, paper: bool = True, page: bool = False
) -> Pictures:
    """Draw the charts of a brief and make its photos fit.

    Args:
        context: the brief, as templates refer to it.
        store: the folder of evidence.
        paper: whether Word needs the charts, as PNG.
        page: whether a page needs them, as SVG.
    """
    shares = [
        Share(f"{one['code']} {one['name']}", float(one["percent"].rstrip("%")))
        for one in context["sections"]
    ]
    months = [MonthEnd(one["label"], one["planned"], one["actual"]) for one in context["pace"]]
    charts = draw(shares, months, "png") if paper else ()
    remarks = []
    if paper and not charts:
        remarks.append(f"没有找到中文字体，Word 里不画图表：{TO_INSTALL}")
    photos = []
    left_out: dict[str, list[str]] = {}
    for one in context["pictured"]:
        fit = []
        for digest, name in zip(one["sha256"], one["names"], strict=True):
            try:
                fit.append(_photo(store, digest))
            except Refused as refused:
                why = f"{refused.message}；{refused.hint}"
                left_out.setdefault(why, []).append(name)
        if fit:
            photos.append(PlacedPhoto(one["caption"], tuple(fit)))
    remarks += [f"照片{_told(names)}没有放进简报：{why}" for why, names in left_out.items()]
    drawings = draw(shares, months, "svg") if page else ()
    return Pictures(charts, drawings, tuple(photos), tuple(remarks))


def _told(names: list[str]) -> str:
    """The names of files, of many only the first."""
    known = list(dict.fromkeys(names))
    told = "、".join(f"“{name}”" for name in known[:_MOST_TOLD])
    return told if len(names) <= _MOST_TOLD else f"{told}等 {len(names)} 张"


def _photo(store: Path, digest: str) -> Photo:
    if condition(store, digest) is not Condition.INTACT:
        raise Refused("文件不见了或被改过", "用 sgtrack evidence verify 检查")
    return shrink(path_in(store, digest))


def for_word(pictures: Pictures, document: DocxTemplate) -> dict[str, Any]:
    """``charts`` and ``photos`` as a Word template refers to them."""
    from docx.shared import Mm  # noqa: PLC0415 - Word only
    from docxtpl import InlineImage  # noqa: PLC0415

    def photo(one: Photo) -> InlineImage:
        wide = one.width * _PHOTO_HEIGHT > one.height * _PHOTO_WIDTH
        size = {"width": Mm(_PHOTO_WIDTH)} if wide else {"height": Mm(_PHOTO_HEIGHT)}
        return InlineImage(document, BytesIO(one.content), **size)

    return {
        "charts": [
            {
                "caption": chart.caption,
                "picture": InlineImage(document, BytesIO(chart.content), width=Mm(_CHART_WIDTH)),
            }
            for chart in pictures.charts
        ],
        "photos": [
            {
                "caption": one.caption,
                "left": photo(one.photos[0]),
                "right": photo(one.photos[1]) if len(one.photos) > 1 else "",
            }
            for one in pictures.photos
        ],
    }


def for_page(pictures: Pictures) -> dict[str, Any]:
    """``charts`` and ``photos`` as the template of a page refers to them."""
    return {
        "charts": [
            {"caption": chart.caption, "picture": inline(chart)} for chart in pictures.drawings
        ],
        "photos": [
            {"caption": one.caption, "sources": [_source(photo) for photo in one.photos]}
            for one in pictures.photos
        ],
    }


def inline(chart: Chart) -> Markup:
    """The drawing as part of a page."""
    return Markup(chart.content.decode("utf-8"))  # noqa: S704 - our own, its words are escaped


def _source(photo: Photo) -> str:
    return f"data:image/jpeg;base64,{b64encode(photo.content).decode('ascii')}"
