"""Golden files: complete outputs that were reviewed once."""

from __future__ import annotations

import os
import re
from difflib import unified_diff
from pathlib import Path

GOLDEN = Path(__file__).parents[1] / "golden"


def check_golden(name: str, text: str) -> None:
    """Compare a complete output with its golden file.

    ``SGTRACK_GOLDEN=write`` overwrites the file instead; review the difference before you commit
    it.
    """
    golden = GOLDEN / name
    if os.environ.get("SGTRACK_GOLDEN") == "write":
        golden.write_text(text, encoding="utf-8")
    reviewed = golden.read_text(encoding="utf-8")
    changes = unified_diff(reviewed.splitlines(), text.splitlines(), lineterm="", n=1)
    assert text == reviewed, "\n".join(changes)


def check_section(page: Path, name: str, text: str) -> None:
    """Compare a section of a document with its golden text, like :func:`check_golden`.

    The section stands between two comments with its name.
    """
    marks = f"<!-- {name}: written by a test -->\n", f"\n<!-- end of {name} -->\n"
    pattern = re.escape(marks[0]) + "(.*?)" + re.escape(marks[1])
    content = page.read_text(encoding="utf-8")
    if os.environ.get("SGTRACK_GOLDEN") == "write":
        content = re.sub(pattern, lambda _: text.join(marks), content, flags=re.DOTALL)
        page.write_text(content, encoding="utf-8")
    section = re.search(pattern, content, re.DOTALL)
    assert section is not None
    assert text == section[1]
