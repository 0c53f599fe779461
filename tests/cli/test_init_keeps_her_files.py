"""``init`` in a folder that has things keeps every file that is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from sgtrack.workspace import packaged

from ..support.command_line import run_command
from ..support.files import needs_links, read_tree

MINE = b"written by hand"


@pytest.mark.parametrize("words", [("init",), ("init", "-c", "sanli")], ids=" ".join)
def test_every_name_that_init_uses_may_be_taken(tmp_path: Path, words: tuple[str, ...]) -> None:
    root = tmp_path / "d"
    (root / "templates").mkdir(parents=True)
    for path in packaged("templates").iterdir():
        (root / "templates" / path.name).write_bytes(MINE)
    for name in ("ledger.db", "forget.key", "outputs.sha256", "notes.txt"):
        (root / name).write_bytes(MINE)
    before = read_tree(root)
    assert run_command(None, *words, str(root)).code == 0
    now = read_tree(root)
    assert {name: now[name] for name in before} == before
    assert (root / "targets" / "sanli.yaml").is_file()


def test_missing_templates_are_added_to_hers(tmp_path: Path) -> None:
    root = tmp_path / "d"
    (root / "templates").mkdir(parents=True)
    (root / "templates" / "brief.md").write_bytes(MINE)
    assert run_command(None, "init", str(root)).code == 0
    assert (root / "templates" / "brief.md").read_bytes() == MINE
    names = {path.name for path in packaged("templates").iterdir()}
    assert {path.name for path in (root / "templates").iterdir()} == names


def test_her_settings_stay(tmp_path: Path) -> None:
    root = tmp_path / "d"
    root.mkdir()
    (root / "sgtrack.toml").write_text('community = "xianheguan"\n', encoding="utf-8")
    before = read_tree(root)
    ran = run_command(None, "init", str(root), "-c", "sanli")
    assert (ran.code, read_tree(root)) == (1, before)
    assert "已经有设置文件" in ran.err
    assert run_command(None, "init", str(root), "-c", "xianheguan").code == 0
    assert read_tree(root)["sgtrack.toml"] == before["sgtrack.toml"]


@needs_links
@pytest.mark.parametrize("name", ["templates", "targets", "sgtrack.toml"])
def test_nothing_is_written_through_a_link(tmp_path: Path, name: str) -> None:
    root, outside = tmp_path / "d", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (outside / "brief.md").write_bytes(MINE)
    target = outside / "new.toml" if name == "sgtrack.toml" else outside
    (root / name).symlink_to(target)
    before = read_tree(outside)
    run_command(None, "init", str(root), "-c", "sanli")
    assert read_tree(outside) == before
