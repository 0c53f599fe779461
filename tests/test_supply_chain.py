"""Dependencies are pinned by hash, have allowed licences, no known fault, and a stated reason."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest

import check_supply

ROOT = Path(__file__).parents[1]
KNOWN = json.loads(check_supply.ADVISORIES.read_text(encoding="utf-8"))


def test_nothing_is_wrong_now() -> None:
    found = check_supply.licence_faults(check_supply.installed(), check_supply.allowed())
    assert list(found) == []
    assert list(check_supply.advisory_faults(check_supply.pinned(), KNOWN)) == []


@pytest.mark.parametrize(
    ("licence", "fits"),
    [
        ("MIT", True),
        ("MIT OR GPL-3.0-only", True),
        ("MIT AND (BSD-3-Clause OR GPL-3.0-only)", True),
        ("MIT AND GPL-3.0-only", False),
        ("GPL-3.0-only", False),
        ("LGPL-2.1-only", False),
        ("", False),
    ],
)
def test_a_licence_must_be_on_the_list(licence: str, fits: bool) -> None:
    found = list(check_supply.licence_faults({"some": licence}, check_supply.allowed()))
    assert bool(found) is not fits


def test_an_exception_is_for_one_package_alone() -> None:
    found = {"docxtpl": "LGPL-2.1-only", "other": "LGPL-2.1-only"}
    (fault,) = check_supply.licence_faults(found, check_supply.allowed())
    assert fault.startswith("other")


@pytest.mark.parametrize(
    ("name", "version", "bad"),
    [
        ("jinja2", "2.11.2", True),
        ("jinja2", "3.1.4", True),
        ("jinja2", "3.1.6", False),
        ("pillow", "11.2.1", True),
        ("pillow", "9.0.0", True),
        ("unknown", "1.0", False),
    ],
)
def test_a_version_with_a_known_fault_is_found(name: str, version: str, bad: bool) -> None:
    assert bool(list(check_supply.advisory_faults({name: version}, KNOWN))) is bad


def test_an_old_extract_is_warned_of() -> None:
    day = date.fromisoformat(KNOWN["day"])
    fresh = day + timedelta(days=check_supply.STALE_DAYS)
    assert list(check_supply.warnings(KNOWN, fresh)) == []
    (warning,) = check_supply.warnings(KNOWN, fresh + timedelta(days=1))
    assert "days old" in warning


@pytest.mark.parametrize("file", ["app.txt", "dev.txt"])
def test_every_pinned_package_has_hashes(file: str) -> None:
    text = (ROOT / "requirements" / file).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if re.match(r"[a-zA-Z]", line)]
    assert len(lines) > 20
    assert [line[:40] for line in lines if "--hash=sha256:" not in line] == []
    assert [line[:40] for line in lines if "==" not in line.split()[0]] == []


def test_every_dependency_has_a_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["postgres"],
        *project["dependency-groups"]["dev"],
    ]
    names = {check_supply.normal(re.split(r"[<>=~! \[]", one)[0]) for one in wanted}
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([\w.-]+)(?:\[\w+\])? \| (.+) \|$", page, re.MULTILINE)
    told = {check_supply.normal(name) for name, reason in rows if len(reason) > 4}
    assert names - told == set()
    assert told - names - {"package"} == set(), "these are no dependencies any more"
