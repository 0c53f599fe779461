"""Golden files: whole outputs that were reviewed once."""

from __future__ import annotations

import os
from pathlib import Path

GOLDEN = Path(__file__).parents[1] / "golden"


def check_golden(name: str, text: str) -> None:
    """Compare a whole output with its golden file.

    ``SGTRACK_GOLDEN=write`` writes the file anew; review the difference before you commit it.
    """
    golden = GOLDEN / name
    if os.environ.get("SGTRACK_GOLDEN") == "write":
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")
