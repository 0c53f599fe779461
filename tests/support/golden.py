"""Golden files: whole outputs that were reviewed once."""

from __future__ import annotations

import os
from difflib import unified_diff
from pathlib import Path

GOLDEN = Path(__file__).parents[1] / "golden"


def check_golden(name: str, text: str) -> None:
    """Compare a whole output with its golden file.

    ``SGTRACK_GOLDEN=write`` writes the file anew; review the difference before you commit it.
    """
    golden = GOLDEN / name
    if os.environ.get("SGTRACK_GOLDEN") == "write":
        golden.write_text(text, encoding="utf-8")
    reviewed = golden.read_text(encoding="utf-8")
    changes = unified_diff(reviewed.splitlines(), text.splitlines(), lineterm="", n=1)
    assert text == reviewed, "\n".join(changes)
