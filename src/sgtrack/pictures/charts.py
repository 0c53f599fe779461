"""The two charts of a brief: completion by category, and the months against the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal
from warnings import catch_warnings

from sgtrack.pictures.fonts import chinese_font

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_INK, _LIGHT, _PLAN = "#1f4e79", "#d9e2ec", "#6b7280"
_WIDTH = 6.2
"""The width of a chart in inches: that of the text of an upright page."""


@dataclass(frozen=True, slots=True)
class Share:
    """How far a category is, in per cent."""

    name: str
    percent: float


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """How far the contract should be and is at the end of a month, in per cent.

    ``actual`` is None where the month has not been reached.
    """

    label: str
    planned: float
    actual: float | None


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as a picture, with what stands below it."""

    caption: str
    content: bytes


def draw(
    shares: Sequence[Share], months: Sequence[MonthEnd], kind: Literal["png", "svg"]
) -> tuple[Chart, ...]:
    """Both charts.

    Args:
        shares: the categories in contract order.
        months: the months of the project.
        kind: a PNG is drawn with a font of this computer; an SVG carries its words as text, which
            the reader's own fonts show.

    Returns:
        The charts; none where a PNG is asked for and no font has Chinese characters.
    """
    if kind == "png" and chinese_font() is None:
        return ()
    made = []
    if shares:
        made.append(Chart("各类服务完成率", _saved(_by_category, shares, kind)))
    if months:
        made.append(Chart("各月累计完成率与计划", _saved(_by_month, months, kind)))
    return tuple(made)


def _saved(plot: Any, values: Sequence[Any], kind: str) -> bytes:
    import matplotlib as mpl  # noqa: PLC0415 - takes long to import
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415
    from matplotlib.font_manager import FontProperties, fontManager  # noqa: PLC0415

    families = ["sans-serif"]
    font = chinese_font()
    if font is not None:
        fontManager.addfont(font)
        families.insert(0, FontProperties(fname=font).get_name())
    rules: Any = {
        "font.family": families,
        "font.size": 9,
        "text.parse_math": False,
        "svg.fonttype": "none",
        "svg.hashsalt": "sgtrack",
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
    # A drawing is only measured with the font here; the reader's own has the characters.
    with mpl.rc_context(rules), catch_warnings(action="ignore"):
        figure = Figure(layout="constrained")
        FigureCanvasAgg(figure)
        plot(figure, values)
        saved = BytesIO()
        metadata = {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
        figure.savefig(saved, format=kind, dpi=200, metadata=metadata)
    return saved.getvalue()


def _by_category(figure: Figure, shares: Sequence[Share]) -> None:
    figure.set_size_inches(_WIDTH, 0.7 + 0.26 * len(shares))
    axes = figure.subplots()
    names = [share.name for share in shares]
    percents = [share.percent for share in shares]
    places = range(len(shares))
    axes.barh(places, [100] * len(shares), color=_LIGHT, height=0.6)
    axes.barh(places, percents, color=_INK, height=0.6)
    axes.set_yticks(places, names)
    for place, percent in enumerate(percents):
        axes.text(101.5, place, f"{percent:g}%", va="center")
    axes.invert_yaxis()
    axes.set_xlim(0, 113)
    axes.set_xticks([0, 25, 50, 75, 100], ["0", "25%", "50%", "75%", "100%"])
    axes.tick_params(left=False)
    axes.spines["left"].set_visible(False)


def _by_month(figure: Figure, months: Sequence[MonthEnd]) -> None:
    figure.set_size_inches(_WIDTH, 2.5)
    axes = figure.subplots()
    labels = [month.label for month in months]
    places = list(range(len(months)))
    planned = [month.planned for month in months]
    axes.plot(places, planned, "--", color=_PLAN, marker=".", label="计划")
    reached = [(n, month.actual) for n, month in enumerate(months) if month.actual is not None]
    axes.plot(
        [n for n, _ in reached], [actual for _, actual in reached],
        color=_INK, linewidth=2, marker="o", markersize=4, label="完成",
    )  # fmt: skip
    if reached:
        last, percent = reached[-1]
        axes.annotate(f"{percent:g}%", (last, percent), xytext=(7, -12), textcoords="offset points")
    axes.set_xticks(places, labels)
    axes.set_ylim(0, 108)
    axes.set_yticks([0, 25, 50, 75, 100], ["0", "25%", "50%", "75%", "100%"])
    axes.grid(axis="y", color=_LIGHT)
    axes.legend(loc="upper left", frameon=False)
