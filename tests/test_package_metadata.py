"""What a package index shows: links of the README, and the addresses of the project."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from package_metadata import PackageMetadata, project_urls, readme_for_index

ROOT = Path(__file__).parents[1]
REPOSITORY = "https://code.example/some/one"


@pytest.mark.parametrize(
    ("written", "shown", "without_address"),
    [
        ("[a](b/c.md)", f"[a]({REPOSITORY}/blob/v1.2/b/c.md)", "a (b/c.md)"),
        ("[B.md](B.md).", f"[B.md]({REPOSITORY}/blob/v1.2/B.md).", "B.md."),
        ("![a chart](b.png)", f"![a chart]({REPOSITORY}/raw/v1.2/b.png)", ""),
        ("[a](https://x.example/)", "[a](https://x.example/)", "[a](https://x.example/)"),
        ("[a](#part)", "[a](#part)", "[a](#part)"),
        ("[a] (b)", "[a] (b)", "[a] (b)"),
    ],
)
def test_relative_links_become_absolute(written: str, shown: str, without_address: str) -> None:
    assert readme_for_index(written, REPOSITORY, "v1.2") == shown
    assert readme_for_index(written, "", "v1.2") == without_address


def test_each_link_of_the_readme_leads_to_a_file() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = readme_for_index(text, REPOSITORY, "v1.2")
    targets = re.findall(r"\]\(([^)]+)\)", shown)
    assert len(targets) > 20
    for target in targets:
        found = re.fullmatch(rf"{re.escape(REPOSITORY)}/(?:blob|raw)/v1\.2/(.+)", target)
        assert found, target
        assert (ROOT / found[1]).is_file()
    assert "](" not in readme_for_index(text, "", "v1.2")


def test_the_addresses_belong_to_the_release() -> None:
    urls = project_urls(REPOSITORY, "v1.2")
    assert {"Repository", "Documentation", "Changelog", "Issues"} <= set(urls)
    assert all(url.startswith(REPOSITORY) for url in urls.values())
    assert project_urls("", "v1.2") == {}


def test_the_build_completes_the_metadata() -> None:
    tables = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project, hook = tables["project"], tables["tool"]["hatch"]["metadata"]["hooks"]["custom"]
    assert ROOT / hook["path"] == ROOT / "scripts" / "package_metadata.py"
    metadata = {"version": "1.2"}
    PackageMetadata(str(ROOT), hook | {"repository": REPOSITORY}).update(metadata)
    assert set(project["dynamic"]) == set(metadata)
    assert metadata["urls"] == project_urls(REPOSITORY, "v1.2")
