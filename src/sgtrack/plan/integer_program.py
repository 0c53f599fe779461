"""Defines integer programs, and solves them with HiGHS."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import gcd
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from highspy import Highs

Terms = Mapping[int, int]
"""A linear expression: an integer coefficient for each column number."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """A linear constraint: ``lower`` ≤ the sum of ``terms`` ≤ ``upper``; None means no bound."""

    terms: Terms
    lower: int | None = None
    upper: int | None = None


@dataclass
class Program:
    """An integer program: variables (columns) and linear constraints (rows).

    Each column has the lower bound 0, and an upper bound in ``uppers`` or None for no bound.
    ``whole`` marks the columns that must take integer values. All coefficients are integers.
    """

    uppers: list[int | None] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[Constraint] = field(default_factory=list)

    def column(self, upper: int | None = None, *, whole: bool = True) -> int:
        """Add a column and return its number."""
        self.uppers.append(upper)
        self.whole.append(whole)
        return len(self.uppers) - 1

    def at_least(self, terms: Terms, lower: int) -> None:
        """Add the constraint that the sum of the terms is at least ``lower``.

        All numbers are divided by their greatest common divisor. Without terms, nothing is added.
        """
        if not terms:
            return
        common = gcd(lower, *terms.values()) or 1
        self.rows.append(Constraint({c: v // common for c, v in terms.items()}, lower // common))

    def at_most(self, terms: Terms, upper: int) -> None:
        """Add the constraint that the sum of the terms is at most ``upper``."""
        self.rows.append(Constraint(terms, upper=upper))

    def exactly(self, terms: Terms, amount: int) -> None:
        """Add the constraint that the sum of the terms equals ``amount``."""
        self.rows.append(Constraint(terms, amount, amount))

    def holds(self, values: Sequence[float]) -> bool:
        """Return whether values, rounded to integers, fulfil the constraints.

        Constraints with a column that need not be an integer are not checked. The check uses exact
        arithmetic.
        """
        for row in self.rows:
            if not all(self.whole[column] for column in row.terms):
                continue
            total = sum(n * round(values[column]) for column, n in row.terms.items())
            if row.lower is not None and total < row.lower:
                return False
            if row.upper is not None and total > row.upper:
                return False
        return True


def ones(columns: Iterable[int]) -> dict[int, int]:
    """Return the terms for the sum of some columns."""
    return dict.fromkeys(columns, 1)


class NotSolved(Exception):
    """Raised if no solver is installed, or if the solver found no valid answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A solution: the value of each column; ``proven`` says whether it is proven to be optimal."""

    values: tuple[float, ...]
    proven: bool

    def whole(self, column: int) -> int:
        """Return the value of an integer column."""
        return round(self.values[column])


def solve(program: Program, smallest: Terms, deadline: float) -> Answer:
    """Minimize the sum ``smallest``, and return the best answer found before ``deadline``.

    ``deadline`` is a time of ``time.monotonic``, in seconds. The minimum is an integer, so a gap
    below 1 proves that an answer is optimal. Every answer is checked with :meth:`Program.holds`.

    Raises:
        NotSolved: no solver is installed, or no valid answer was found.
    """
    highs = _filled(program, smallest)
    highs.setOptionValue("time_limit", max(deadline - time.monotonic(), 0.1))
    highs.run()
    status = highs.modelStatusToString(highs.getModelStatus())
    values = tuple(highs.getSolution().col_value)
    if len(values) != len(program.uppers) or not program.holds(values):
        raise NotSolved(f"HiGHS: {status}")
    return Answer(values, proven=status == "Optimal")


def _filled(program: Program, smallest: Terms) -> Highs:
    try:
        import highspy  # noqa: PLC0415 - only a plan needs a solver
        import numpy as np  # noqa: PLC0415
    except (ImportError, OSError) as error:
        raise NotSolved(str(error)) from error

    class Quiet(highspy.Highs):
        """HiGHS without the banner that it prints when it is created."""

        def enableCallbacks(self) -> None:  # noqa: N802 - the library's name
            self.silent()
            super().enableCallbacks()  # type: ignore[no-untyped-call]

    highs: Highs = Quiet()  # type: ignore[no-untyped-call]
    for option, value in (
        ("threads", 1),
        ("random_seed", 0),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 0.5),
    ):
        highs.setOptionValue(option, value)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.uppers), len(program.rows)
    cost = np.zeros(lp.num_col_)
    for column, value in smallest.items():
        cost[column] = value
    lp.col_cost_ = cost
    lp.col_lower_ = np.zeros(lp.num_col_)
    lp.col_upper_ = np.array([highspy.kHighsInf if u is None else u for u in program.uppers], float)
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[whole] for whole in program.whole]
    lows = [-highspy.kHighsInf if row.lower is None else row.lower for row in program.rows]
    highest = [highspy.kHighsInf if row.upper is None else row.upper for row in program.rows]
    lp.row_lower_, lp.row_upper_ = np.array(lows, float), np.array(highest, float)
    starts = np.cumsum([0, *(len(row.terms) for row in program.rows)])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = starts
    lp.a_matrix_.index_ = np.array([c for row in program.rows for c in row.terms], int)
    lp.a_matrix_.value_ = np.array([v for row in program.rows for v in row.terms.values()], float)
    highs.passModel(lp)
    return highs
