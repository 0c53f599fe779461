"""A brief is not issued beside an edited draft; altered files of issued briefs are named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sgtrack.workspace import Workspace

from ..support.command_line import Run, list_entries

HERE = ("-c", "sanli")
ISSUE = ("brief", "--month", "3", "--issue", "--yes", *HERE)
EDITED = b"written by hand"


@pytest.fixture
def folder(run: Run, workspace: Workspace) -> Path:
    """The folder of briefs, with a draft in two formats."""
    assert run("log", "5.1", "3人次", "-d", "3-10", *HERE).code == 0
    assert run("brief", "--month", "3", *HERE).code == 0
    return workspace.briefs


@pytest.mark.parametrize(
    "name", ["sanli-2026-03.docx", "sanli-2026-03.md", "sanli-2026-03-新2.docx"]
)
@pytest.mark.parametrize("formats", [(), ("--format", "md")])
def test_a_brief_is_not_issued_beside_an_edited_draft(
    run: Run, folder: Path, name: str, formats: tuple[str, ...]
) -> None:
    (folder / name).write_bytes(EDITED)
    before = list_entries(run)
    ran = run(*ISSUE, *formats)
    assert (ran.code, name in ran.err, list_entries(run)) == (1, True, before)
    assert (folder / name).read_bytes() == EDITED
    (folder / name).rename(folder / "我改的.docx")
    assert run(*ISSUE, *formats).code == 0


def test_edits_of_another_month_do_not_matter(run: Run, folder: Path) -> None:
    (folder / "sanli-2026-04.docx").write_bytes(EDITED)
    assert run(*ISSUE).code == 0


def test_the_list_names_issued_files_that_were_altered(run: Run, folder: Path) -> None:
    assert run(*ISSUE).code == 0
    path = folder / "sanli-2026-03.docx"
    assert "注意" not in run("brief", "list", *HERE).out
    issued = path.read_bytes()
    path.write_bytes(EDITED)
    assert f"注意：{path} 和发出的不一样" in run("brief", "list", *HERE).out
    ran = run("brief", "list", "--json", *HERE)
    assert (len(json.loads(ran.out)), str(path) in ran.err) == (1, True)
    path.write_bytes(issued)
    assert "注意" not in run("brief", "list", *HERE).out
    path.unlink()
    assert "注意" not in run("brief", "list", *HERE).out
