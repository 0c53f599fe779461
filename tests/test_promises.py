"""Each promise of docs/security.md names an existing test that was seen failing."""

from __future__ import annotations

import re
from pathlib import Path

from break_promises import BREAKS

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([^|]+) \| (`tests/[^|]+) \|$", PAGE, re.MULTILINE)


def named(cell: str) -> list[str]:
    """The tests that a cell names; ``::test`` alone refers to the file before it."""
    found: list[str] = []
    for one in re.findall(r"`([^`]+)`", cell):
        if one.startswith("::"):
            found.append(found[-1].partition("::")[0] + one)
        elif one.startswith("tests/"):
            found.append(one)
    return found


def test_every_promise_names_a_test_that_there_is() -> None:
    assert len(ROWS) > 15
    for promise, cell in ROWS:
        for one in named(cell):
            file, _, test = one.partition("::")
            text = (ROOT / file).read_text(encoding="utf-8")
            assert f"def {test}(" in text if test else "def test_" in text, (promise, one)


def test_every_named_test_has_a_break_that_it_must_notice() -> None:
    broken = {one.test for one in BREAKS}
    for promise, cell in ROWS:
        for one in named(cell):
            assert any(test.startswith(one) for test in broken), (promise, one)


def test_every_break_still_fits_the_code() -> None:
    for one in BREAKS:
        text = (ROOT / one.file).read_text(encoding="utf-8")
        assert text.count(one.before) == 1, (one.file, one.before)
