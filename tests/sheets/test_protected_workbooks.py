"""``export --password``, and reading protected Excel files in ``import`` and other commands."""

from __future__ import annotations

import os
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from sgtrack.cli.prompts import PASSPHRASE_VARIABLE
from sgtrack.privacy.office_encryption import is_protected
from sgtrack.workspace import Workspace

from ..support.command_line import Run, list_entries
from ..support.files import read_tree
from ..support.office import edit_in_office
from ..support.tables import PASSWORD, protect_cheaply, rows_workbook

OLD = Path(__file__).parents[1] / "data" / "protected97.xls"
"""A roster of two people, saved by LibreOffice with the password Abc-12."""
HERE = ("-c", "sanli")


def protected(path: Path, content: bytes) -> Path:
    path.write_bytes(protect_cheaply(content))
    return path


ACTIVITIES = rows_workbook(("日期", "服务项", "数量"), ("2026-03-01", "5.1", "7人次"))


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the password into the environment."""
    monkeypatch.setenv(PASSPHRASE_VARIABLE, PASSWORD)


@pytest.mark.usefixtures("told")
def test_a_protected_export_is_imported_again(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("log", "5.1", "3人次", "-d", "3-1", "-t", "欧阳翡翠", *HERE)
    ran = run("export", "台账.xlsx", "--password", *HERE)
    assert (ran.code, "忘了密码" in ran.out, ran.err) == (0, True, "")
    content = Path("台账.xlsx").read_bytes()
    assert is_protected(content)
    assert "欧阳翡翠".encode() not in content
    ran = run("import", "台账.xlsx", "--dry-run", *HERE)
    assert ran.code == 0, ran.err
    assert len(list_entries(run)) == 1
    monkeypatch.delenv(PASSPHRASE_VARIABLE)
    assert run("export", "台账.xlsx", *HERE).code == 0
    assert Path("台账.xlsx").read_bytes().startswith(b"PK")


@pytest.mark.usefixtures("told")
def test_libreoffice_opens_a_protected_export(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "x.xlsx"
    assert run("export", str(file), "--password", *HERE).code == 0
    edit_in_office(file, {}, tmp_path / "saved.xlsx", PASSWORD)
    with zipfile.ZipFile(tmp_path / "saved.xlsx") as book:
        assert "完成情况" in book.read("xl/workbook.xml").decode()


def test_a_password_with_han_characters_is_noted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "九张机织就一寸相思")
    ran = run("export", "台账.xlsx", "--password", *HERE)
    assert (ran.code, "粘贴" in ran.err) == (0, True)
    assert run("import", "台账.xlsx", "--dry-run", *HERE).code == 1  # no activities
    assert "没有活动" in run("import", "台账.xlsx", *HERE).err


@pytest.mark.parametrize("password", [None, "short", "x" * 256])
def test_without_a_good_password_nothing_is_exported(
    run: Run, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, password: str | None
) -> None:
    if password:
        monkeypatch.setenv(PASSPHRASE_VARIABLE, password)
    run("log", "5.1", "3人次", "-d", "3-1", *HERE)
    before = read_tree(workspace.root)
    ran = run("export", "台账.xlsx", "--password", *HERE)
    assert (ran.code, "密码" in ran.err) == (1, True)
    assert (read_tree(workspace.root), Path("台账.xlsx").exists()) == (before, False)


@pytest.mark.usefixtures("told")
def test_protected_files_are_imported(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    protected(Path("活动.xlsx"), ACTIVITIES)
    assert run("import", "活动.xlsx", *HERE).code == 0
    (entry,) = list_entries(run)
    assert entry["amounts"] == {"人次": 7}
    protected(
        Path("标书.xlsx"), rows_workbook(("服务类别", "服务指标"), ("入户", "入户访视50人次"))
    )
    ran = run("targets", "draft", "标书.xlsx")
    assert (ran.code, "50" in ran.out) == (0, True), ran.err
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "Abc-12")  # shorter than a new one may be
    ran = run("people", "import", str(OLD), *HERE)
    assert (ran.code, "2 人" in ran.out) == (0, True), ran.err


COMMANDS = (
    ("import", "x.xlsx", *HERE),
    ("people", "import", "x.xlsx", *HERE),
    ("targets", "draft", "x.xlsx", "-o", "x.yaml"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_protected_file_is_refused_without_its_password(
    run: Run, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    protected(Path("x.xlsx"), ACTIVITIES)
    before = read_tree(workspace.root)
    ran = run(*command)
    assert (ran.code, "x.xlsx 有密码" in ran.err, PASSPHRASE_VARIABLE in ran.err) == (1, True, True)
    monkeypatch.setenv(PASSPHRASE_VARIABLE, PASSWORD + " ")
    ran = run(*command)
    assert (ran.code, "密码不对" in ran.err) == (1, True)
    assert read_tree(workspace.root) == before
    assert [path.name for path in Path().iterdir()] == ["x.xlsx"]


@pytest.mark.usefixtures("told")
def test_a_zip_bomb_within_a_protected_file_is_refused(run: Run) -> None:
    bomb = BytesIO(ACTIVITIES)
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive:
        for number in range(4):
            archive.writestr(f"xl/worksheets/x{number}.xml", bytes(100_000_000))
    protected(Path("x.xlsx"), bomb.getvalue())
    ran = run("import", "x.xlsx", *HERE)
    assert (ran.code, "展开后太大" in ran.err) == (1, True)
    with Path("x.xlsx").open("ab") as file:
        file.truncate(50_000_001)
    ran = run("import", "x.xlsx", *HERE)
    assert (ran.code, "MB，太大" in ran.err) == (1, True)


@pytest.mark.skipif(os.name != "posix", reason="pexpect needs a POSIX terminal")
def test_on_a_terminal_the_password_is_asked_for_without_echo(
    run: Run, workspace: Workspace
) -> None:
    pexpect = pytest.importorskip("pexpect")
    file = protected(Path("活动.xlsx"), ACTIVITIES)
    words = ["-m", "sgtrack", "--home", str(workspace.root), "import", str(file), *HERE]
    env = os.environ | {"PYTHONUTF8": "1"}
    child = pexpect.spawn(sys.executable, words, env=env, encoding="utf-8", timeout=90)
    child.expect_exact("活动.xlsx 的密码（不显示）：")
    child.sendline(PASSWORD)
    child.expect(pexpect.EOF)
    child.close()
    assert (child.exitstatus, PASSWORD in child.before) == (0, False), child.before
    assert len(list_entries(run)) == 1
