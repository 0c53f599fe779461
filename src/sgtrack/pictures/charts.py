"""Draws the two charts of a brief: completion by category and completion by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sgtrack.model.text import wrap_lines
from sgtrack.pictures.drawing import (
    Box,
    Dot,
    Drawing,
    Label,
    Line,
    Point,
    Shape,
    as_svg,
    estimate_width,
)
from sgtrack.progress.contract_status import MonthEnd

TO_INSTALL = "装一种中文字体：Windows 和 macOS 自带；Linux 运行 sudo apt install fonts-noto-cjk"
_INK, _LIGHT, _PLAN = "#1f4e79", "#d9e2ec", "#6b7280"
_WIDTH = 446.0
"""The width of a chart in points, equal to the text width of a portrait page."""
_TICKS = (0, 25, 50, 75, 100)
"""The percentages labelled on an axis."""
_BAR, _LINE, _BETWEEN = 11.0, 12.0, 8.0
"""Heights in points: of a bar, of a line of a name, of the gap between two categories."""
_WIDEST_NAME = 0.4 * _WIDTH
_PERCENT = estimate_width("100.0%")


@dataclass(frozen=True, slots=True)
class Share:
    """A category and its completion in per cent."""

    name: str
    percent: float


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as a PNG or SVG file, with its caption."""

    caption: str
    content: bytes


def draw(
    shares: Sequence[Share], months: Sequence[MonthEnd], kind: Literal["png", "svg"]
) -> tuple[Chart, ...]:
    """Draw the chart of the categories and the chart of the months.

    A chart without data is left out. SVG charts contain their labels as text. PNG charts need an
    installed font with Chinese characters; without such a font, the result is empty.
    """
    drawings = []
    if shares:
        drawings.append(("各类服务完成率", _by_category(shares)))
    if months:
        drawings.append(("各月累计完成率与计划", _by_month(months)))
    if kind == "svg":
        return tuple(
            Chart(caption, as_svg(drawing, caption).encode("utf-8"))
            for caption, drawing in drawings
        )
    from sgtrack.pictures.chart_png import as_png, find_chinese_font  # noqa: PLC0415 - loads Pillow

    font = find_chinese_font()
    if font is None:
        return ()
    return tuple(Chart(caption, as_png(drawing, font)) for caption, drawing in drawings)


def _by_category(shares: Sequence[Share]) -> Drawing:
    """Draw a bar for each category, with its name on the left and its percentage on the right."""
    names = [
        wrap_lines(" ".join(share.name.split()), _WIDEST_NAME, estimate_width) for share in shares
    ]
    left = max(estimate_width(line) for lines in names for line in lines) + 8
    full = _WIDTH - left - _PERCENT - 6
    shapes: list[Shape] = []
    top = 4.0
    for share, lines in zip(shares, names, strict=True):
        middle = top + len(lines) * _LINE / 2
        for n, line in enumerate(lines):
            shapes.append(Label((left - 6, top + (n + 0.5) * _LINE), line, "end"))
        reached = full * min(share.percent, 100) / 100
        shapes.append(Box(left, middle - _BAR / 2, full, _BAR, _LIGHT))
        shapes.append(Box(left, middle - _BAR / 2, reached, _BAR, _INK))
        shapes.append(Label((left + full + 5, middle), f"{share.percent:g}%"))
        top += len(lines) * _LINE + _BETWEEN
    shapes.append(_axis((left, top), (left + full, top)))
    for tick in _TICKS:
        x = left + full * tick / 100
        shapes.append(_axis((x, top), (x, top + 3)))
        shapes.append(Label((x, top + 11), _percent(tick), "middle"))
    return Drawing(_WIDTH, top + 19, tuple(shapes))


def _by_month(months: Sequence[MonthEnd]) -> Drawing:
    """Draw the planned and the actual completion over the months, as two lines."""
    left, right, top, bottom = 36.0, _WIDTH - 36, 28.0, 168.0
    first, last = left + 20, right - 10
    step = (last - first) / max(len(months) - 1, 1)

    def place(n: int, percent: float) -> Point:
        return first + n * step, bottom - (bottom - top) * percent / 100

    shapes: list[Shape] = []
    for tick in _TICKS:
        y = place(0, tick)[1]
        if tick:
            shapes.append(Line(((left, y), (right, y)), _LIGHT, 0.8))
        shapes.append(_axis((left - 3, y), (left, y)))
        shapes.append(Label((left - 6, y), _percent(tick), "end"))
    shapes.append(_axis((left, top - 6), (left, bottom)))
    shapes.append(_axis((left, bottom), (right, bottom)))
    label_step = 1 + int(max(estimate_width(month.label) for month in months) / step)
    for n, month in enumerate(months):
        x = place(n, 0)[0]
        shapes.append(_axis((x, bottom), (x, bottom + 3)))
        if n % label_step == 0:
            shapes.append(Label((x, bottom + 11), month.label, "middle"))
    planned = [place(n, month.planned) for n, month in enumerate(months)]
    reached = [(n, month.actual) for n, month in enumerate(months) if month.actual is not None]
    shapes += _planned(planned)
    if reached:
        shapes += _reached([place(n, percent) for n, percent in reached])
        n, percent = reached[-1]
        x, y = place(n, percent)
        if percent >= months[n].planned:  # no line is above the point, so the label fits there
            shapes.append(Label((x, y - 10), f"{percent:g}%", "middle"))
        else:
            shapes.append(Label((x + 6, min(y + 9, bottom - 7)), f"{percent:g}%"))
    shapes += _planned([(left + 8 + n * 11, 9) for n in range(3)])
    shapes.append(Label((left + 36, 9), "计划"))
    shapes += _reached([(left + 76 + n * 11, 9) for n in range(3)])
    shapes.append(Label((left + 104, 9), "完成"))
    return Drawing(_WIDTH, bottom + 20, tuple(shapes))


def _planned(points: Sequence[Point]) -> list[Shape]:
    line = Line(tuple(points), _PLAN, 1.5, dashed=True)
    return [line, *(Dot(point, 2, _PLAN) for point in points)]


def _reached(points: Sequence[Point]) -> list[Shape]:
    line = Line(tuple(points), _INK, 2)
    return [line, *(Dot(point, 2.5, _INK) for point in points)]


def _axis(start: Point, end: Point) -> Line:
    return Line((start, end), "#000000", 0.8)


def _percent(tick: int) -> str:
    return f"{tick}%" if tick else "0"
