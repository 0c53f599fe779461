"""The solver's answers are integers, proven optimal, and checked against the constraints."""

from __future__ import annotations

import time

import pytest

from sgtrack.plan.integer_program import NotSolved, Program, ones, solve


def test_the_smallest_whole_answer() -> None:
    """3x + 5y ≥ 16 takes four at least: the fraction 3.2 will not do."""
    program = Program()
    x, y = program.column(), program.column()
    program.at_least({x: 3, y: 5}, 16)
    answer = solve(program, ones((x, y)), time.monotonic() + 20)
    assert answer.proven
    assert answer.whole(x) + answer.whole(y) == 4
    assert 3 * answer.whole(x) + 5 * answer.whole(y) >= 16


def test_bounds_equations_and_prices() -> None:
    program = Program()
    cheap, dear = program.column(2), program.column()
    program.exactly(ones((cheap, dear)), 5)
    program.at_most({dear: 1}, 4)
    answer = solve(program, {cheap: 1, dear: 10}, time.monotonic() + 20)
    assert (answer.whole(cheap), answer.whole(dear)) == (2, 3)


def test_what_cannot_be_is_no_answer() -> None:
    program = Program()
    x = program.column(1)
    program.at_least({x: 1}, 2)
    with pytest.raises(NotSolved):
        solve(program, {x: 1}, time.monotonic() + 20)


def test_an_answer_is_held_against_the_rows_in_whole_numbers() -> None:
    program = Program()
    x, part = program.column(), program.column(whole=False)
    program.at_least({x: 10**9}, 3 * 10**9)
    program.at_least({x: 1, part: 1}, 50)  # not over whole columns alone
    assert program.rows[0].lower == 3  # the smallest numbers that say the same
    assert program.holds((3.0000001, 0))
    assert not program.holds((2.4999999, 0))


def test_the_solver_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    program = Program()
    program.at_least({program.column(): 1}, 1)
    solve(program, {0: 1}, time.monotonic() + 20)
    assert capfd.readouterr() == ("", "")
