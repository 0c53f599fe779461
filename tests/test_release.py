"""What a release is refused for, and that the project has what a release needs."""

from __future__ import annotations

import io
import re
import tarfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import release
from sgtrack import __version__

ROOT = Path(__file__).parents[1]
READY = release.ProjectState(
    version="1.2.0",
    changelog="# Changelog\n\n## [1.2.0] - 2026-03-24\n\n- x\n\n## [1.1.0] - 2026-01-02\n",
    repository="https://code.example/some/one",
    uncommitted=(),
    is_tagged_elsewhere=False,
)


def test_a_project_that_is_ready() -> None:
    assert list(release.problems_of(READY)) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"uncommitted": (" M src/x.py", "?? y")}, "2 files are not committed: M src/x.py"),
        ({"changelog": "## [Unreleased]\n"}, "CHANGELOG.md begins with “## [Unreleased]”"),
        ({"changelog": "## [1.2.0] - not yet released\n"}, "the day of the release"),
        ({"version": "1.3.0"}, "the version is 1.3.0"),
        ({"repository": ""}, "does not say where the repository is"),
        ({"repository": "https://code.example/some/one/"}, "without / at the end"),
        ({"is_tagged_elsewhere": True}, "v1.2.0 is the tag of another commit"),
    ],
)
def test_what_is_missing_is_named(changes: dict[str, Any], said: str) -> None:
    (problem,) = release.problems_of(replace(READY, **changes))
    assert said in problem


def test_the_files_of_a_source_archive(tmp_path: Path) -> None:
    path = tmp_path / "x.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name in ("one-1.0/PKG-INFO", "one-1.0/docs/zh/用语.md"):
            archive.addfile(tarfile.TarInfo(name), io.BytesIO())
    assert release.archived_files(path) == {"PKG-INFO", "docs/zh/用语.md"}


def test_the_newest_section_of_the_changelog_is_of_this_version_or_open() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## \[(.+?)\]", text, re.MULTILINE)
    assert versions[0] in {"Unreleased", __version__}
    assert __version__ in versions


def test_the_issue_forms_warn_of_names() -> None:
    forms = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("[!c]*.yml"))
    assert len(forms) == 2
    for path in forms:
        form = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        warning = form["body"][0]["attributes"]["value"]
        for words in ("不要附上台账", "真实姓名", "Attach no ledger", "no real names"):
            assert words in warning
        assert all(part["attributes"].get("label") for part in form["body"][1:])
