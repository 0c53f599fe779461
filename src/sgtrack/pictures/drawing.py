"""Shapes of a chart, and their rendering as SVG.

All lengths are in points. Coordinates start in the upper left corner.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Literal, TypeAlias
from unicodedata import east_asian_width

SIZE = 9.0
"""The font size of all text, in points."""
BASELINE = 0.36 * SIZE
"""The distance in points from the middle of a Chinese character down to the baseline."""
DASH, GAP = 4.5, 2.5
"""The lengths of a dash and of the gap after it, in points."""

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
    """A polyline through the points."""

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
    """A line of black text; its start, middle or end (``anchor``) is at the point ``at``."""

    at: Point
    text: str
    anchor: Literal["start", "middle", "end"] = "start"


Shape: TypeAlias = Box | Line | Dot | Label


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes on a white background, drawn in order; a colour is written like ``#1f4e79``."""

    width: float
    height: float
    shapes: tuple[Shape, ...]


def estimate_width(text: str) -> float:
    """Estimate the width of a text in points; a Chinese character is as wide as the font size."""
    return SIZE * sum(1 if east_asian_width(character) in "WF" else 0.6 for character in text)


def as_svg(drawing: Drawing, caption: str) -> str:
    """Return a drawing as an SVG element, whose labels are text in the reader's own fonts."""
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
            dashes = f' stroke-dasharray="{DASH:g} {GAP:g}"' if dashed else ""
            return (
                f'<polyline points="{places}" fill="none" stroke="{color}" '
                f'stroke-width="{width:g}"{dashes}/>'
            )
        case Dot((x, y), radius, color):
            return f'<circle cx="{x:.5g}" cy="{y:.5g}" r="{radius:g}" fill="{color}"/>'
        case Label((x, y), text, anchor):
            return (
                f'<text x="{x:.5g}" y="{y + BASELINE:.5g}" text-anchor="{anchor}">'
                f"{escape(text)}</text>"
            )
