"""Stores the result of each row in ``build/reliability``, with the commit on which it ran."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from .table import Row

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "build" / "reliability"


@dataclass(frozen=True)
class Result:
    """A row that ran, the commit on which it ran, and the minutes that it took."""

    row: Row
    commit: str
    minutes: float


def current_commit() -> str:
    """Return the short id of the current commit; a ``+`` is added if files were changed since."""
    head = _git("rev-parse", "--short=8", "HEAD")
    return f"{head}+" if _git("status", "--porcelain", "--untracked-files=no") else head


def save_result(name: str, result: Result, folder: Path = RESULTS) -> None:
    """Store the result of a row; it replaces the previous result."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(asdict(result), ensure_ascii=False, indent=1)
    (folder / f"{name}.json").write_text(text, encoding="utf-8")


def load_result(name: str, folder: Path = RESULTS) -> Result | None:
    """Return the last result of a row; None if it never ran."""
    try:
        saved = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    row = Row(**(saved["row"] | {"faults": tuple(saved["row"]["faults"])}))
    return Result(row, saved["commit"], saved["minutes"])


def result_lines(
    names: Iterable[str], commit: str, folder: Path = RESULTS
) -> Iterator[tuple[str, ...]]:
    """Return the cells of each row, with a remark if it ran on another commit or never."""
    for name in names:
        result = load_result(name, folder)
        if result is None:
            yield name, "", "", "", "not run"
        else:
            marked = "" if result.commit == commit else ", another commit"
            yield *result.row.line, f"{result.commit}{marked}"


def _git(*words: str) -> str:
    done = subprocess.run(
        ["git", *words], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    return done.stdout.strip() or ("unknown" if done.returncode else "")
