"""Only the owner can read ledger, evidence and backups, whatever the umask."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sgtrack.files import OTHERS
from sgtrack.workspace import Workspace, make_workspace, warn_of_readers

from ..support.command_line import Run

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="Windows tells rights in another way"),
    pytest.mark.about_the_file("who may open it"),
]


@pytest.fixture(params=[0o000, 0o022, 0o077])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """A umask that removes no rights, the usual ones, or all."""
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    """A file of evidence that all users can read."""
    file = tmp_path / "签到表.pdf"
    file.write_text("signed")
    file.chmod(0o666)
    return file


def test_nothing_is_made_that_others_can_read(
    umask: int, run: Run, workspace: Workspace, signed: Path
) -> None:
    assert run("log", "5.1", "3人次", "-d", "3-1", "-e", str(signed), "-c", "sanli").code == 0
    assert run("backup").code == 0
    assert run("forget", "某某某", "-r", "要求", "--yes").code == 0
    private = [workspace.ledger_file, workspace.root / "forget.key"]
    for folder in (workspace.evidence, workspace.backups):
        private += [folder, *folder.rglob("*")]
    assert len(private) >= 8
    assert [path for path in private if path.stat().st_mode & OTHERS] == []


def test_the_journal_is_as_private_as_the_ledger(umask: int, workspace: Workspace) -> None:
    from sgtrack.store.sqlite import bring_up_to_date
    from sgtrack.store.sqlite_files import connect

    bring_up_to_date(workspace.ledger_file)
    db = connect(workspace.ledger_file)
    db.execute("BEGIN IMMEDIATE")
    db.execute("CREATE TABLE more (x)")
    journal = workspace.ledger_file.with_name("ledger.db-journal")
    assert not journal.stat().st_mode & OTHERS
    db.execute("ROLLBACK")
    db.close()


def test_what_an_older_version_left_open_is_closed(
    run: Run, workspace: Workspace, signed: Path
) -> None:
    run("log", "5.1", "3人次", "-d", "3-1", "-e", str(signed), "-c", "sanli")
    open_ones = [workspace.ledger_file, workspace.evidence, workspace.backups]
    for path in open_ones:
        path.chmod(0o777 if path.is_dir() else 0o666)
    assert run("list", "-c", "sanli").code == 0
    assert [path for path in open_ones if path.stat().st_mode & OTHERS] == []


def test_a_workspace_in_a_private_folder_is_not_remarked_on(
    run: Run, workspace: Workspace, tmp_path: Path
) -> None:
    assert stat.S_IMODE(workspace.root.stat().st_mode) == 0o700
    assert "其他用户" not in run("check").err
    assert run("init", str(tmp_path / "新")).err == ""


def test_a_workspace_that_others_can_list_is_reported(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.root.chmod(0o755)
    monkeypatch.setattr("sgtrack.workspace._is_open_to_others", lambda root: True)
    assert "chmod 700" in warn_of_readers(workspace)


def test_a_private_folder_further_up_is_enough(tmp_path: Path) -> None:
    inside = make_workspace(tmp_path / "private" / "workspace")
    inside.root.chmod(0o755)
    (tmp_path / "private").chmod(0o700)
    assert warn_of_readers(inside) == ""


def test_a_folder_that_everybody_reaches_is_open() -> None:
    script = (
        "import tempfile, pathlib; from sgtrack.workspace import _is_open_to_others as o\n"
        "root = pathlib.Path(tempfile.mkdtemp(dir='/tmp')); root.chmod(0o755)\n"
        "print(o(root)); root.chmod(0o711); print(o(root)); root.rmdir()"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True
    )
    assert ran.stdout.split() == ["True", "False"]


def test_a_disk_without_access_rights_is_reported(
    run: Run, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("log", "5.1", "3人次", "-d", "3-1", "-c", "sanli")
    monkeypatch.setattr("sgtrack.files.Path.chmod", lambda self, mode: None)
    monkeypatch.setattr("sgtrack.workspace._mode_of", lambda path: 0o100777)
    assert "不分用户" in run("check").err
