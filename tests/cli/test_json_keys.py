"""docs/json.md names the keys that each command prints with ``--json``, and no others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ..support.command_line import Run

PAGE = Path(__file__).parents[2] / "docs" / "json.md"
BY_NAME = {"amounts", "each", "brings", "known_from", "records"}
"""Keys whose values have names of the contract as keys, such as units."""
SENTENCE = "6月3日开展惠民殡葬政策宣讲，服务80人次，送米3袋"


@pytest.fixture
def filled(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A ledger with something for every command to print, and a bundle of it beside."""
    monkeypatch.chdir(tmp_path)
    paper = tmp_path / "签到表.jpg"
    paper.write_bytes(b"paper")
    for words in (
        ("people", "add", "甲", "--since", "1-1"),
        ("log", "9.1.2", "2学时", "--who", "甲", "-d", "6-2", "-t", "实务"),
        ("log", "5.1", "3人次", "-d", "6-3", "-e", str(paper)),
        ("brief", "--month", "5", "--issue", "--yes"),
        ("log", "5.1", "3人次", "-d", "5-3"),
        ("backup",),
        ("bundle", "-o", "bundle.zip"),
    ):
        ran = run(*words, *(["-c", "sanli"] if words[0] not in ("backup", "bundle") else []))
        assert ran.code == 0, ran.err
    return run


def documented() -> dict[str, set[str]]:
    """The keys of each command on the page."""
    sections = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return {
        command: set(re.findall(r"^\| `([^`]+)` \|", section, flags=re.MULTILINE))
        for section in sections
        for command in re.findall(r"`sgtrack ([^`]+) --json`", section.splitlines()[0])
    }


def keys_of(value: Any, before: str = "") -> Iterator[str]:
    """Every key in a JSON value; those inside another are written as ``outer.inner``."""
    if isinstance(value, list):
        for one in value:
            yield from keys_of(one, before)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield f"{before}{key}"
            if key not in BY_NAME:
                yield from keys_of(inner, f"{before}{key}.")


def empty_keys(value: Any, before: str = "") -> Iterator[str]:
    """The keys of empty lists, whose inner keys a small ledger does not show."""
    if isinstance(value, list):
        for one in value:
            yield from empty_keys(one, before)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if inner == []:
                yield f"{before}{key}"
            yield from empty_keys(inner, f"{before}{key}.")


WORDS = {
    "log TEXT --dry-run": ("log", SENTENCE, "--dry-run", "-c", "sanli"),
    "brief": ("brief", "--month", "6", "-c", "sanli"),
    "merge FILE": ("merge", "bundle.zip"),
    "show": ("show", "ID"),
    "explain": ("explain", "5.1"),
}
"""The arguments of commands that are not run as they are named."""


@pytest.mark.about_the_file("its backups")
@pytest.mark.parametrize("command", sorted(documented()))
def test_the_page_has_the_keys(filled: Run, command: str) -> None:
    words = list(WORDS.get(command, tuple(command.split())))
    if "ID" in words:
        first, *_ = json.loads(filled("list", "--json").out)
        words[words.index("ID")] = first["id"]
    ran = filled(*words, "--json")
    assert ran.err == ""
    printed = json.loads(ran.out)
    assert set(keys_of(printed)) <= documented()[command]
    empty = tuple(f"{key}." for key in empty_keys(printed))
    missing = set(documented()[command] - set(keys_of(printed)))
    assert {key for key in missing if not key.startswith(empty)} == set()


def test_every_command_with_json_is_on_the_page() -> None:
    commands = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
    with_json = {
        match[1]
        for match in re.finditer(r"^## `sgtrack ([^`]+)`$(.*?)(?=^## |\Z)", commands, re.M | re.S)
        if "--json" in match[2]
    }
    assert "list" in with_json
    known = {
        command.removesuffix(" TEXT --dry-run").removesuffix(" FILE") for command in documented()
    }
    page = PAGE.read_text(encoding="utf-8")
    assert [command for command in with_json - known if f"`{command}`" not in page] == []
