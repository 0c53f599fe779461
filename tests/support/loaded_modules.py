"""Runs commands in separate processes and reports which modules they load."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from sgtrack.workspace import make_workspace

HEAVY = {"sqlmodel", "sqlalchemy", "docxtpl", "docx", "jinja2", "psycopg"}
"""The libraries that a reading command must not load."""
_REPORT = (
    "import sys, atexit\n"
    "atexit.register(lambda: print('LOADED', *sorted(sys.modules), file=sys.stderr))\n"
    "from sgtrack.cli.main import main\n"
    "main()\n"
)


def loaded_modules(tmp_path: Path, *words: str, **env: str) -> set[str]:
    """Return the modules that a command loads in a separate process."""
    if not (tmp_path / "w").exists():
        make_workspace(tmp_path / "w")
    ran = subprocess.run(
        [sys.executable, "-c", _REPORT, *words],
        env=os.environ | {"SGTRACK_HOME": str(tmp_path / "w"), "PYTHONUTF8": "1"} | env,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "LOADED" in ran.stderr, ran.stderr
    return {*ran.stderr.split("LOADED", 1)[1].split()}


def loaded_packages(tmp_path: Path, *words: str, **env: str) -> set[str]:
    """Return the top-level packages that a command loads."""
    return {module.split(".")[0] for module in loaded_modules(tmp_path, *words, **env)}
