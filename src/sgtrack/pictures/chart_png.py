"""A drawing as a PNG, painted by Pillow with a font of this computer.

The picture has a palette: shades between white and each colour of the drawing. That makes it
small and quick to write. Only lines and dots, whose edges slant, are painted finer than they are
kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    """The drawing as a picture, its words in the font of a file.

    What has one colour is one layer; the layers lie in the order in which their colours first come,
    with the words on top.
    """
    from PIL import Image, ImageDraw  # noqa: PLC0415 - Word only

    size = (round(drawing.width * _PIXELS), round(drawing.height * _PIXELS))
    written = Image.new("L", size)
    pen, face = ImageDraw.Draw(written), face_of(font, SIZE * _PIXELS)
    layers: dict[str, Image.Image] = {}
    for shape in drawing.shapes:
        if isinstance(shape, Words):
            place = (shape.at[0] * _PIXELS, (shape.at[1] + BELOW_MIDDLE) * _PIXELS)
            pen.text(place, shape.text, _FULL, face, anchor=_ANCHORS[shape.anchor])
            continue
        if shape.color not in layers:
            layers[shape.color] = Image.new("L", size)
        for pixels, cover in _covers(shape):
            layers[shape.color].paste(_FULL, pixels, cover)
    saved = BytesIO()
    picture = _colored([*layers.items(), (_BLACK, written)], size)
    picture.save(saved, "PNG", dpi=(_DOTS_PER_INCH, _DOTS_PER_INCH))
    return saved.getvalue()


def _colored(layers: Sequence[tuple[str, Image]], size: tuple[int, int]) -> Image:
    """A picture of layers, each of which says how much of a pixel its colour covers."""
    from PIL import Image, ImageChops  # noqa: PLC0415 - Word only

    picture, palette = Image.new("L", size), [_FULL] * 3
    for color, layer in layers:
        white, first = 0, len(palette) // 3 - 1
        parts = [int(color[n : n + 2], 16) for n in (1, 3, 5)]
        for n in range(1, _SHADES + 1):
            palette += [round(_FULL + (part - _FULL) * n / _SHADES) for part in parts]
        shades = [round(cover * _SHADES / _FULL) for cover in range(_FULL + 1)]
        places = [first + shade if shade else white for shade in shades]
        # The later a layer comes, the higher are its places in the palette.
        picture = ImageChops.lighter(picture, layer.point(places))
    picture.putpalette(palette)
    return picture


def _covers(shape: Box | Line | Dot) -> Iterator[tuple[tuple[int, int, int, int], Image | None]]:
    """The pixels of a shape and, where it does not cover them wholly, how much of them."""
    match shape:
        case Box(left, top, width, height):
            begin = (round(left * _PIXELS), round(top * _PIXELS))
            end = (round((left + width) * _PIXELS), round((top + height) * _PIXELS))
            yield (*begin, *end), None
        case Line(points, _, width, dashed):
            for dash in _dashes(points) if dashed else pairwise(points):
                yield _stroke(dash, width)
        case Dot(center, radius):
            yield _stroke((center, center), 2 * radius)


def _stroke(ends: tuple[Point, Point], width: float) -> tuple[tuple[int, int, int, int], Image]:
    """The pixels that a pen passes on its way, and how much of each it covers.

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
    return (left, top, right, bottom), fine.reduce(_FINER)


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
