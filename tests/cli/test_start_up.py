"""What a command must not load: start-up is what the officer feels."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sgtrack.workspace import make_workspace

HEAVY = {"sqlmodel", "sqlalchemy", "docxtpl", "docx", "jinja2", "psycopg"}
SOLVER = {"highspy", "numpy"}
REPORT = (
    "import sys, atexit\n"
    "atexit.register(lambda: print('LOADED', *sorted(sys.modules), file=sys.stderr))\n"
    "from sgtrack.cli.main import main\n"
    "main()\n"
)


def loaded_modules(tmp_path: Path, *words: str, **env: str) -> set[str]:
    if not (tmp_path / "w").exists():
        make_workspace(tmp_path / "w")
    ran = subprocess.run(
        [sys.executable, "-c", REPORT, *words],
        env=os.environ | {"SGTRACK_HOME": str(tmp_path / "w"), "PYTHONUTF8": "1"} | env,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "LOADED" in ran.stderr, ran.stderr
    return {*ran.stderr.split("LOADED", 1)[1].split()}


def loaded(tmp_path: Path, *words: str, **env: str) -> set[str]:
    """The packages that a command loads."""
    return {module.split(".")[0] for module in loaded_modules(tmp_path, *words, **env)}


def test_the_overview_loads_no_command(tmp_path: Path) -> None:
    modules = loaded_modules(tmp_path, "--help")
    assert not {module for module in modules if module.endswith(("_command", "_commands"))}
    assert "sgtrack.cli.reading_commands" in loaded_modules(tmp_path, "status")


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
    packages = loaded(tmp_path, *words)
    assert packages & HEAVY == set()
    assert packages & SOLVER == (SOLVER if words == ("plan",) else set())


def test_reading_a_ledger_loads_no_writer(tmp_path: Path) -> None:
    logging = loaded(tmp_path, "log", "5.1", "3", "-c", "sanli", "-d", "6-1")
    assert ("sqlmodel" in logging, "psycopg" in logging) == (True, False)
    assert loaded(tmp_path, "status", "-c", "sanli") & HEAVY == set()
    assert loaded(tmp_path, "explain", "5.1", "-c", "sanli") & HEAVY == set()


@pytest.mark.usefixtures("empty_cache")
def test_target_files_are_read_once(tmp_path: Path) -> None:
    assert "ruamel" not in loaded(tmp_path, "--help")
    first = loaded(tmp_path, "status")
    assert "ruamel" in first
    assert first & HEAVY == set()
    assert "ruamel" not in loaded(tmp_path, "status")
    assert "ruamel" not in loaded(tmp_path, "explain", "5.1")


@pytest.mark.usefixtures("empty_cache")
def test_completion_loads_no_writer_and_offers_items(tmp_path: Path) -> None:
    words = {
        "_SGTRACK_COMPLETE": "complete_bash",
        "COMP_WORDS": "sgtrack log 7.3",
        "COMP_CWORD": "2",
    }
    assert loaded(tmp_path, **words) & HEAVY == set()
    ran = subprocess.run(
        [sys.executable, "-c", "from sgtrack.cli.main import main; main()"],
        env=os.environ | {"SGTRACK_HOME": str(tmp_path / "w")} | words,
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
