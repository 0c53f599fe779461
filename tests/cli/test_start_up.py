"""Commands load only the libraries that they need: start-up takes most of their time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ..support.loaded_modules import HEAVY, loaded_modules, loaded_packages

SOLVER = {"highspy", "numpy"}


def test_the_overview_loads_no_command(tmp_path: Path) -> None:
    modules = loaded_modules(tmp_path, "--help")
    assert not {module for module in modules if module.endswith(("_command", "_commands"))}
    assert "sgtrack.cli.status_commands" in loaded_modules(tmp_path, "status")


@pytest.mark.parametrize(
    "words",
    [
        ("--help",),
        ("log", "--help"),
        ("status",),
        ("status", "--json"),
        ("due",),
        ("plan",),
        ("plan", "--help"),
        ("list",),
        ("check",),
        ("verify",),
        ("evidence", "list"),
        ("brief", "list"),
        ("people", "list"),
        ("explain", "7.3"),
        ("targets",),
        ("backup", "list"),
    ],
    ids=" ".join,
)
def test_reading_loads_no_writer_and_only_a_plan_the_solver(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    packages = loaded_packages(tmp_path, *words)
    assert packages & HEAVY == set()
    assert packages & SOLVER == (SOLVER if words == ("plan",) else set())


def test_reading_a_ledger_loads_no_writer(tmp_path: Path) -> None:
    logging = loaded_packages(tmp_path, "log", "5.1", "3", "-c", "sanli", "-d", "6-1")
    assert ("sqlmodel" in logging, "psycopg" in logging) == (True, False)
    assert loaded_packages(tmp_path, "status", "-c", "sanli") & HEAVY == set()
    assert loaded_packages(tmp_path, "explain", "5.1", "-c", "sanli") & HEAVY == set()


@pytest.mark.usefixtures("empty_cache")
def test_target_files_are_read_once(tmp_path: Path) -> None:
    assert "ruamel" not in loaded_packages(tmp_path, "--help")
    first = loaded_packages(tmp_path, "status")
    assert "ruamel" in first
    assert first & HEAVY == set()
    assert "ruamel" not in loaded_packages(tmp_path, "status")
    assert "ruamel" not in loaded_packages(tmp_path, "explain", "5.1")


@pytest.mark.usefixtures("empty_cache")
def test_completion_loads_no_writer_and_offers_items(tmp_path: Path) -> None:
    words = {
        "_SGTRACK_COMPLETE": "complete_bash",
        "COMP_WORDS": "sgtrack log 7.3",
        "COMP_CWORD": "2",
    }
    assert loaded_packages(tmp_path, **words) & HEAVY == set()
    ran = subprocess.run(
        [sys.executable, "-c", "from sgtrack.cli.main import main; main()"],
        env=os.environ | {"SGTRACK_HOME": str(tmp_path / "w"), "PYTHONUTF8": "1"} | words,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert [line.split()[0] for line in ran.stdout.splitlines()] == [
        "7.3",
        "7.3.1",
        "7.3.2",
        "7.3.3",
    ]


def test_only_words_load_the_reader_of_words_and_only_a_server_its_dialect(tmp_path: Path) -> None:
    def reads_words(*words: str, **env: str) -> bool:
        modules = loaded_modules(tmp_path, *words, **env)
        assert "sqlalchemy.dialects.postgresql" not in modules
        return any(module.startswith("sgtrack.sentence") for module in modules)

    typed = {
        "_SGTRACK_COMPLETE": "complete_bash",
        "COMP_WORDS": "sgtrack log 7.3",
        "COMP_CWORD": "2",
    }
    assert not reads_words(**typed)
    assert not reads_words("log", "5.1", "3", "-c", "sanli", "-d", "6-1")
    assert reads_words("log", "6月1日入户走访5人次", "-c", "sanli", "--dry-run")
