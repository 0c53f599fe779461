"""An integer program as plain values: columns, rows and what is to be kept small."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import gcd

Terms = Mapping[int, int]
"""Whole coefficients by column."""


@dataclass(frozen=True, slots=True)
class Row:
    """``lower`` ≤ the sum of the terms ≤ ``upper``; None is no bound."""

    terms: Terms
    lower: int | None = None
    upper: int | None = None


@dataclass
class Program:
    """Columns from 0 up to a bound (None: none), and rows over them, while they are written down.

    All coefficients are whole numbers. A column that is not ``whole`` takes whole values at an
    optimum all the same, or stands for something that need not.
    """

    uppers: list[int | None] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def column(self, upper: int | None = None, *, whole: bool = True) -> int:
        """A new column; returns its number."""
        self.uppers.append(upper)
        self.whole.append(whole)
        return len(self.uppers) - 1

    def at_least(self, terms: Terms, lower: int) -> None:
        """A row, with the smallest coefficients that say the same."""
        if not terms:
            return
        common = gcd(lower, *terms.values()) or 1
        self.rows.append(Row({c: v // common for c, v in terms.items()}, lower // common))

    def at_most(self, terms: Terms, upper: int) -> None:
        """A row with an upper bound."""
        self.rows.append(Row(terms, upper=upper))

    def exactly(self, terms: Terms, amount: int) -> None:
        """A row that is an equation."""
        self.rows.append(Row(terms, amount, amount))

    def holds(self, values: Sequence[float]) -> bool:
        """Whether an answer fulfils the rows over whole columns, computed in whole numbers."""
        return all(
            _holds(row, [round(values[column]) for column in row.terms])
            for row in self.rows
            if all(self.whole[column] for column in row.terms)
        )


def _holds(row: Row, values: Sequence[int]) -> bool:
    total = sum(c * value for c, value in zip(row.terms.values(), values, strict=True))
    above = row.lower is None or total >= row.lower
    return above and (row.upper is None or total <= row.upper)


def ones(columns: Iterable[int]) -> dict[int, int]:
    """The sum of some columns."""
    return dict.fromkeys(columns, 1)
