"""Runs the generated inputs of tests/fuzz at length, as a row of the table."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from .table import Row

_HERE = Path(__file__).parents[2]


def try_inputs(inputs: int) -> Row:
    """Try generated inputs on all readers, in a process with limited memory."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.running", str(inputs)],
        cwd=_HERE,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    found = re.search(r"^TOTAL (\d+) inputs, (\d+) failures, (.*)$", ran.stdout, re.MULTILINE)
    if found is None:
        return Row("generated inputs", 0, (ran.stderr[-2000:] or "no total",))
    failures = tuple(ran.stdout[: found.start()].splitlines()[-60:]) if int(found[2]) else ()
    readers = ran.stdout.count(" refused\n")
    return Row("generated inputs", int(found[1]), failures, f"{readers} readers, {found[3]}")
