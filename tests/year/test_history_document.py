"""The instructions of docs/history.md for checking a ledger without sgtrack work."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import Year

pytestmark = pytest.mark.about_the_file("docs/history.md reads it with sqlite3")

PAGE = Path(__file__).parents[2] / "docs" / "history.md"


def checked(year: Year) -> list[str]:
    found = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    ran = subprocess.run(
        [sys.executable, "-I", "-c", found[1], str(year.workspace.ledger_file)],
        capture_output=True,
        encoding="utf-8",
        check=True,
        env={"PYTHONUTF8": "1"},
    )
    return ran.stdout.splitlines()


def test_the_script_of_the_document_computes_the_printed_code(year: Year) -> None:
    (head,) = checked(year)
    assert head == year.json("verify")["head"][:16]


def test_the_script_of_the_document_finds_an_altered_record(year: Year) -> None:
    db = sqlite3.connect(year.workspace.ledger_file)
    db.execute("DROP TRIGGER amount_is_not_updated")
    (entry,) = db.execute("SELECT activity_id FROM amount LIMIT 1").fetchone()
    db.execute("UPDATE amount SET hundredths = hundredths + 1 WHERE activity_id = ?", (entry,))
    db.commit()
    db.close()
    altered, _ = checked(year)
    assert altered == f"altered: activity {entry}"
