"""The workflow runs what ``make test`` runs, on what pyproject.toml says is supported."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[1]


def job() -> dict[str, Any]:
    workflow = YAML(typ="safe").load((ROOT / ".github/workflows/test.yml").read_text("utf-8"))
    found: dict[str, Any] = workflow["jobs"]["test"]
    return found


def test_it_installs_and_tests_as_make_does() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    steps = "\n".join(step.get("run", "") for step in job()["steps"])
    commands = [line for line in steps.splitlines() if line]
    assert len(commands) == 3
    for command in commands:
        assert command.replace("python -m ", "$(BIN)/python -m ") in makefile.replace(" -q ", " ")


def test_it_takes_every_system_and_python() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = re.findall(r"Python :: (3\.\d+)", "\n".join(project["classifiers"]))
    matrix = job()["strategy"]["matrix"]
    assert matrix["python"] == named
    assert project["requires-python"] == f">={named[0]}"
    assert [system.split("-")[0] for system in matrix["os"]] == ["ubuntu", "windows", "macos"]


def test_a_checkout_on_windows_keeps_the_line_ends() -> None:
    attributes = (ROOT / ".gitattributes").read_text("utf-8").splitlines()
    assert "* text=auto eol=lf" in attributes
