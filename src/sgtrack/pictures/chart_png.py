"""Renders a drawing as PNG, with an installed font that has Chinese characters."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from io import BytesIO
from itertools import count, pairwise
from math import ceil, dist, floor
from pathlib import Path

from PIL import Image, ImageColor, ImageDraw, ImageFont

from sgtrack.pictures.drawing import (
    BASELINE,
    DASH,
    GAP,
    SIZE,
    Box,
    Dot,
    Drawing,
    Label,
    Line,
    Point,
)

_DOTS_PER_INCH = 200
_SCALE = _DOTS_PER_INCH / 72
"""Pixels per point."""
_OVERSAMPLING = 4
"""Strokes are painted enlarged by this factor and then reduced, to smooth slanting edges."""
_ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}
# How the file names of Chinese fonts begin, in order of preference.
_FONTS = (
    "notosanscjk",
    "notosanssc",
    "sourcehansans",
    "msyh",
    "simhei",
    "pingfang",
    "hiragino sans gb",
    "stheiti",
    "wqy-microhei",
    "wqy-zenhei",
    "simsun",
    "songti",
    "notoserifcjk",
    "arial unicode",
)
_SUFFIXES = (".ttf", ".ttc", ".otf", ".otc")


def as_png(drawing: Drawing, font: Path) -> bytes:
    """Render a drawing as a PNG; ``font`` is the file of the font for its labels."""
    size = (round(drawing.width * _SCALE), round(drawing.height * _SCALE))
    picture = Image.new("RGB", size, "white")
    pen, face = ImageDraw.Draw(picture), load_face(font, SIZE * _SCALE)
    for shape in drawing.shapes:
        match shape:
            case Label((x, y), text, anchor):
                place = (x * _SCALE, (y + BASELINE) * _SCALE)
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
    colors = {shape.color for shape in drawing.shapes if not isinstance(shape, Label)}
    png = BytesIO()
    _reduce_colors(picture, {"white", "black", *colors}).save(
        png, "PNG", dpi=(_DOTS_PER_INCH, _DOTS_PER_INCH)
    )
    return png.getvalue()


def _reduce_colors(picture: Image.Image, exact: set[str]) -> Image.Image:
    """Reduce a picture to 64 colours for a smaller file; do not alter the colours in ``exact``."""
    reduced = picture.quantize(64, Image.Quantize.FASTOCTREE)
    palette = reduced.getpalette() or []
    for color in map(ImageColor.getrgb, exact):
        entries = range(0, len(palette), 3)
        nearest = min(entries, key=lambda start: dist(palette[start : start + 3], color))
        palette[nearest : nearest + 3] = color
    reduced.putpalette(palette)
    return reduced


def _paint_stroke(picture: Image.Image, start: Point, end: Point, width: float, color: str) -> None:
    """Paint a straight line with smooth edges, or a dot if ``start`` equals ``end``."""
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
    """Yield the start and end of each dash of a polyline; the pattern restarts at each point."""
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


@cache
def find_chinese_font() -> Path | None:
    """Return the file of an installed font with Chinese characters; None if there is none."""
    installed = [
        Path(parent, name)
        for folder in list_font_folders(sys.platform, os.environ)
        for parent, _, names in os.walk(folder)
        for name in names
        if name.lower().endswith(_SUFFIXES)
    ]
    installed.sort(key=lambda path: path.name)
    for beginning in _FONTS:
        files = [path for path in installed if path.name.lower().startswith(beginning)]
        regular = [path for path in files if "bold" not in path.stem.lower()]
        plain = [path for path in regular if "regular" in path.stem.lower()]
        for path in (*plain, *regular, *files):
            if is_font(path):
                return path
    return None


def is_font(path: Path) -> bool:
    """Return whether a file can be read as a font, whatever its suffix is."""
    try:
        ImageFont.truetype(path)
    except OSError:
        return False
    return True


def load_face(font: Path, size: float) -> ImageFont.FreeTypeFont:
    """Load a face of a font file at a size in pixels.

    From a font collection, load the first face whose name ends in "SC" (simplified Chinese). If
    there is none, load the first face of the collection.
    """
    first = ImageFont.truetype(font, size)
    face = first
    for index in count(1):
        if (face.getname()[0] or "").endswith(" SC"):
            return face
        try:
            face = ImageFont.truetype(font, size, index)
        except OSError:  # the collection has no more faces
            break
    return first


def list_font_folders(platform: str, env: Mapping[str, str]) -> tuple[Path, ...]:
    """Return the folders for the fonts of the system and for the user's own fonts."""
    home = Path.home()
    if platform == "win32":
        own = env.get("LOCALAPPDATA") or home / "AppData/Local"
        return (
            Path(env.get("WINDIR", "C:/Windows"), "Fonts"),
            Path(own, "Microsoft/Windows/Fonts"),
        )
    if platform == "darwin":
        return (Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts")
    shared = (env.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share").split(":")
    data = env.get("XDG_DATA_HOME") or home / ".local/share"
    return (*(Path(folder, "fonts") for folder in (*shared, data)), home / ".fonts")
