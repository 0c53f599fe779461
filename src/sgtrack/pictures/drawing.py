"""The shapes of a chart, drawn as SVG or painted as PNG.

All lengths are in points, from the upper left corner.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from io import BytesIO
from itertools import pairwise
from math import ceil, dist, floor
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias
from unicodedata import east_asian_width

from sgtrack.pictures.fonts import face_of

if TYPE_CHECKING:
    from PIL.Image import Image

SIZE = 9.0
"""The font size of all text."""
_BASELINE = 0.36 * SIZE
"""The distance of the baseline below the middle of Chinese characters."""
_DASH, _GAP = 4.5, 2.5
_DOTS_PER_INCH = 200
_SCALE = _DOTS_PER_INCH / 72
"""The pixels of a point."""
_OVERSAMPLING = 4
"""Strokes are painted this many times larger and reduced, so that slanting edges are smooth."""
_ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}

Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle."""

    left: float
    top: float
    width: float
    height: float
    color: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points."""

    points: tuple[Point, ...]
    color: str
    width: float
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    """A filled circle."""

    center: Point
    radius: float
    color: str


@dataclass(frozen=True, slots=True)
class Label:
    """A line of black text; ``anchor`` is the part of it that stands at the point."""

    at: Point
    text: str
    anchor: Literal["start", "middle", "end"] = "start"


Shape: TypeAlias = Box | Line | Dot | Label


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes on white, the later ones over the earlier ones; colours are written as in #1f4e79."""

    width: float
    height: float
    shapes: tuple[Shape, ...]


def width_of(text: str) -> float:
    """Estimate the width of a text in any font; a Chinese character is as wide as it is high."""
    return SIZE * sum(1 if east_asian_width(character) in "WF" else 0.6 for character in text)


def as_svg(drawing: Drawing, caption: str) -> str:
    """Draw an SVG element for a page; its labels are text in the fonts of the reader."""
    width, height = f"{drawing.width:g}", f"{drawing.height:g}"
    shapes = "\n".join(_element(shape) for shape in drawing.shapes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(caption)}" '
        f'width="{width}pt" height="{height}pt" viewBox="0 0 {width} {height}" '
        f'font-size="{SIZE:g}">\n<rect width="{width}" height="{height}" fill="#ffffff"/>\n'
        f"{shapes}\n</svg>\n"
    )


def _element(shape: Shape) -> str:
    match shape:
        case Box(left, top, width, height, color):
            return (
                f'<rect x="{left:.5g}" y="{top:.5g}" width="{width:.5g}" height="{height:.5g}" '
                f'fill="{color}"/>'
            )
        case Line(points, color, width, dashed):
            places = " ".join(f"{x:.5g},{y:.5g}" for x, y in points)
            dashes = f' stroke-dasharray="{_DASH:g} {_GAP:g}"' if dashed else ""
            return (
                f'<polyline points="{places}" fill="none" stroke="{color}" '
                f'stroke-width="{width:g}"{dashes}/>'
            )
        case Dot((x, y), radius, color):
            return f'<circle cx="{x:.5g}" cy="{y:.5g}" r="{radius:g}" fill="{color}"/>'
        case Label((x, y), text, anchor):
            return (
                f'<text x="{x:.5g}" y="{y + _BASELINE:.5g}" text-anchor="{anchor}">'
                f"{escape(text)}</text>"
            )


def as_png(drawing: Drawing, font: Path) -> bytes:
    """Paint a PNG, with its labels in the font of a file."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - Word only

    size = (round(drawing.width * _SCALE), round(drawing.height * _SCALE))
    picture = Image.new("RGB", size, "white")
    pen, face = ImageDraw.Draw(picture), face_of(font, SIZE * _SCALE)
    for shape in drawing.shapes:
        match shape:
            case Label((x, y), text, anchor):
                place = (x * _SCALE, (y + _BASELINE) * _SCALE)
                pen.text(place, text, "black", face, anchor=_ANCHORS[anchor])
            case Box(left, top, width, height, color):
                upper_left = (round(left * _SCALE), round(top * _SCALE))
                lower_right = (round((left + width) * _SCALE), round((top + height) * _SCALE))
                picture.paste(color, (*upper_left, *lower_right))
            case Line(points, color, width, dashed):
                for start, end in _dashes(points) if dashed else pairwise(points):
                    _paint_stroke(picture, start, end, width, color)
            case Dot(center, radius, color):
                _paint_stroke(picture, center, center, 2 * radius, color)
    png = BytesIO()
    picture.save(png, "PNG", dpi=(_DOTS_PER_INCH, _DOTS_PER_INCH))
    return png.getvalue()


def _paint_stroke(picture: Image, start: Point, end: Point, width: float, color: str) -> None:
    """Paint a straight line with smooth edges, or a dot if it starts and ends at one point."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - Word only

    radius = width / 2
    left, top = (floor((min(pair) - radius) * _SCALE) for pair in zip(start, end, strict=True))
    right, bottom = (ceil((max(pair) + radius) * _SCALE) for pair in zip(start, end, strict=True))
    large = Image.new("L", ((right - left) * _OVERSAMPLING, (bottom - top) * _OVERSAMPLING))
    pen = ImageDraw.Draw(large)

    def enlarge(x: float, y: float) -> Point:
        return (x * _SCALE - left) * _OVERSAMPLING, (y * _SCALE - top) * _OVERSAMPLING

    if start == end:
        (x, y) = start
        pen.ellipse((*enlarge(x - radius, y - radius), *enlarge(x + radius, y + radius)), 255)
    else:
        line_width = round(width * _SCALE * _OVERSAMPLING)
        pen.line((*enlarge(*start), *enlarge(*end)), 255, line_width)
    picture.paste(color, (left, top, right, bottom), large.reduce(_OVERSAMPLING))


def _dashes(points: tuple[Point, ...]) -> Iterator[tuple[Point, Point]]:
    """Divide a line into dashes; a new dash begins at each of its points."""
    for (x, y), (to_x, to_y) in pairwise(points):
        length = dist((x, y), (to_x, to_y))
        begin = 0.0
        while begin < length:
            part, until = begin / length, min(begin + _DASH, length) / length
            yield (
                (x + (to_x - x) * part, y + (to_y - y) * part),
                (x + (to_x - x) * until, y + (to_y - y) * until),
            )
            begin += _DASH + _GAP
