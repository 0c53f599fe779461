"""Dependencies are pinned by hash, have allowed licences, no known fault, and a stated reason."""

from __future__ import annotations

import json
import re
import sys
import tomllib
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


def test_the_answer_of_pip_audit_is_reported() -> None:
    flaw = {"id": "PYSEC-1", "fix_versions": ["2"], "aliases": ["CVE-1"], "description": "…"}
    sound = {"name": "rich", "version": "15.0", "vulns": []}
    report = {"dependencies": [sound, {"name": "lxml", "version": "1.0", "vulns": [flaw]}]}
    assert check_supply.audit_faults(json.dumps(report)) == ["lxml 1.0: PYSEC-1 CVE-1"]
    assert check_supply.audit_faults(json.dumps({"dependencies": [sound]})) == []


@pytest.mark.parametrize(
    "report", ["", '{"dependencies": [{"name": "rich", "skip_reason": "not found"}]}']
)
def test_an_incomplete_answer_is_none(report: str) -> None:
    assert check_supply.audit_faults(report) is None


@pytest.mark.parametrize("program", ["no-such-program", sys.executable])
def test_without_an_answer_the_dated_list_is_used_and_named_once(
    program: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["check_supply.py", program])
    monkeypatch.setattr(check_supply, "pinned", lambda: {"jinja2": "2.11.2"})
    assert check_supply.main() == 1
    printed = capsys.readouterr()
    assert printed.out.count(KNOWN["day"]) == 1
    assert "jinja2 2.11.2" in printed.err


@pytest.mark.parametrize("file", ["app.txt", "dev.txt", "tools.txt", "windows.txt"])
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
        *project["dependency-groups"]["tools"],
        *project["dependency-groups"]["windows"],
    ]
    names = {check_supply.normal(re.split(r"[<>=~! \[]", one)[0]) for one in wanted}
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([\w.-]+)(?:\[\w+\])? \| (.+) \|$", page, re.MULTILINE)
    told = {check_supply.normal(name) for name, reason in rows if len(reason) > 4}
    assert names - told == set()
    assert told - names - {"package"} == set(), "these are no dependencies any more"
