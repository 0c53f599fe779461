"""Hidden rows, error values and uncalculated formulas, which the reader of cell values omits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

NOT_CALCULATED = "是没有算出结果的公式，在 Excel 里打开、保存一次，或直接写上内容"


@dataclass(frozen=True, slots=True)
class SheetMarks:
    """The hidden rows of a sheet, and its cells with an error or an uncalculated formula.

    Rows and columns are counted from 0. ``faults`` maps the position of each such cell to a
    description. ``percentages`` holds the positions of cells that show their number as a
    percentage; they are known only for .xlsx files.
    """

    hidden: frozenset[int] = frozenset()
    faults: Mapping[tuple[int, int], str] = field(default_factory=dict)
    percentages: frozenset[tuple[int, int]] = frozenset()


def error_reason(value: str) -> str:
    """Return a description of an error value in a cell, such as #N/A."""
    return f"算出来是 {value}，改正公式，或直接写上内容" if value else "是算错的单元格，改正公式"
