"""A drawing as a PNG, painted by Pillow with a font of this computer.

The picture has a palette: shades between white and each colour of the drawing. That makes it
small and quick to write. Only lines and dots, whose edges slant, are painted finer than they are
kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from math import ceil, dist, floor
from pathlib import Path
from typing import TYPE_CHECKING

from sgtrack.pictures.drawing import (
    BELOW_MIDDLE,
    DASH,
    GAP,
    SIZE,
    Box,
    Dot,
    Drawing,
    Line,
    Point,
    Words,
)
from sgtrack.pictures.fonts import face_of

if TYPE_CHECKING:
    from PIL.Image import Image

_DOTS_PER_INCH = 200
_PIXELS = _DOTS_PER_INCH / 72
"""How many pixels a point has."""
_FINER = 4
"""How many times finer lines and dots are painted than they are kept."""
_FULL = 255
"""A pixel that is covered wholly; also the most a colour can have of red, green or blue."""
_SHADES = 15
_ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}
_BLACK = "#000000"


def as_png(drawing: Drawing, font: Path) -> bytes:
    """The drawing as a picture, its words in the font of a file and over everything else."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - Word only

    size = (round(drawing.width * _PIXELS), round(drawing.height * _PIXELS))
    picture, written = Image.new("L", size), Image.new("L", size)
    pen, face = ImageDraw.Draw(written), face_of(font, SIZE * _PIXELS)
    palette = _Palette()
    for shape in drawing.shapes:
        match shape:
            case Box(left, top, width, height, color):
                begin = (round(left * _PIXELS), round(top * _PIXELS))
                end = (round((left + width) * _PIXELS), round((top + height) * _PIXELS))
                picture.paste(palette.shades_of(color)[-1], (*begin, *end))
            case Line(points, color, width, dashed):
                for dash in _dashes(points) if dashed else pairwise(points):
                    _lay(picture, *_stroke(dash, width), palette.shades_of(color))
            case Dot(center, radius, color):
                _lay(picture, *_stroke((center, center), 2 * radius), palette.shades_of(color))
            case Words((x, y), text, anchor):
                place = (x * _PIXELS, (y + BELOW_MIDDLE) * _PIXELS)
                pen.text(place, text, _FULL, face, anchor=_ANCHORS[anchor])
    _lay(picture, written, (0, 0), palette.shades_of(_BLACK))
    picture.putpalette(palette.colors)
    saved = BytesIO()
    picture.save(saved, "PNG", dpi=(_DOTS_PER_INCH, _DOTS_PER_INCH))
    return saved.getvalue()


class _Palette:
    """The colours of a picture: white, and every colour that is asked for in shades from white."""

    def __init__(self) -> None:
        self.colors = [_FULL] * 3
        self._shades: dict[str, list[int]] = {}

    def shades_of(self, color: str) -> list[int]:
        """The places of a colour's shades, by how much of a pixel it covers, from 0 to 255."""
        if color not in self._shades:
            white, first = 0, len(self.colors) // 3 - 1
            parts = [int(color[n : n + 2], 16) for n in (1, 3, 5)]
            for n in range(1, _SHADES + 1):
                self.colors += [round(_FULL + (part - _FULL) * n / _SHADES) for part in parts]
            shades = [round(cover * _SHADES / _FULL) for cover in range(_FULL + 1)]
            self._shades[color] = [first + shade if shade else white for shade in shades]
        return self._shades[color]


def _lay(picture: Image, cover: Image, place: tuple[int, int], shades: list[int]) -> None:
    """Put a colour on the pixels that a cover has some of."""
    some = [_FULL if shade else 0 for shade in shades]
    picture.paste(cover.point(shades), place, cover.point(some))


def _stroke(ends: tuple[Point, Point], width: float) -> tuple[Image, tuple[int, int]]:
    """How much of each pixel a pen covers on its way, and where these pixels are.

    A pen that stays where it is makes a dot.
    """
    from PIL import Image, ImageDraw  # noqa: PLC0415 - Word only

    (x, y), (to_x, to_y) = ends
    radius = width / 2
    left, top = (floor((min(pair) - radius) * _PIXELS) for pair in ((x, to_x), (y, to_y)))
    right, bottom = (ceil((max(pair) + radius) * _PIXELS) for pair in ((x, to_x), (y, to_y)))
    fine = Image.new("L", ((right - left) * _FINER, (bottom - top) * _FINER))
    pen = ImageDraw.Draw(fine)

    def finer(x: float, y: float) -> Point:
        return (x * _PIXELS - left) * _FINER, (y * _PIXELS - top) * _FINER

    if ends[0] == ends[1]:
        pen.ellipse((*finer(x - radius, y - radius), *finer(x + radius, y + radius)), _FULL)
    else:
        pen.line((*finer(x, y), *finer(to_x, to_y)), _FULL, round(width * _PIXELS * _FINER))
    return fine.reduce(_FINER), (left, top)


def _dashes(points: tuple[Point, ...]) -> Iterator[tuple[Point, Point]]:
    """The dashes of a line, which begin anew at each of its points."""
    for (x, y), (to_x, to_y) in pairwise(points):
        length = dist((x, y), (to_x, to_y))
        begin = 0.0
        while begin < length:
            part, until = begin / length, min(begin + DASH, length) / length
            yield (
                (x + (to_x - x) * part, y + (to_y - y) * part),
                (x + (to_x - x) * until, y + (to_y - y) * until),
            )
            begin += DASH + GAP
