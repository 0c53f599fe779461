"""Runs parts of the test suite at length, as rows of the table."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from .table import Row

_ROOT = Path(__file__).parents[2]


def bombs(folder: Path) -> Row:
    """Run every test with a decompression or expansion bomb in tests/fuzz."""
    return _run("bombs, links, escapes and odd signs", folder, "tests/fuzz/test_bombs.py")


def properties(folder: Path, *, thorough: bool) -> Row:
    """Run every property test, with many more examples than ``make test`` uses."""
    profile = "thorough" if thorough else "quick"
    words = ("-m", "hypothesis", f"--hypothesis-profile={profile}", "-n", "auto", "tests")
    return _run("property tests", folder, *words)


def _run(what: str, folder: Path, *words: str) -> Row:
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *words, f"--basetemp={folder}/b"],
        cwd=_ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    passed = re.search(r"(\d+) passed", ran.stdout)
    failed = tuple(re.findall(r"^FAILED (.*)$", ran.stdout, re.MULTILINE))
    if ran.returncode and not failed:
        failed = (ran.stdout[-2000:] + ran.stderr[-2000:],)
    return Row(what, int(passed[1]) if passed else 0, failed)
