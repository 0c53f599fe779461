"""A ledger, a backup folder or a passphrase that cannot be read is one plain message."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import typer

from sgtrack.cli import prompts
from sgtrack.model.errors import Refused
from sgtrack.recovery import backups
from sgtrack.store import sqlite_files
from sgtrack.workspace import Workspace

from ..support.command_line import Run, list_entries

HERE = ("-c", "sanli")
LOG = ("log", "5.1", "3人次", "-d", "3-1", *HERE)
NO_UTF_8 = (b"\xff\xc3", b"\xe4\xb8", b"\xed\xa0\x80")


@pytest.mark.about_the_file("PostgreSQL takes no text that is no UTF-8")
@pytest.mark.parametrize("column", ["id", "title", "community", "command"])
@pytest.mark.parametrize("content", NO_UTF_8, ids=ascii)
def test_texts_that_are_no_utf_8(
    run: Run, workspace: Workspace, column: str, content: bytes
) -> None:
    assert run(*LOG, "-t", "入户").code == 0
    with closing(sqlite3.connect(workspace.ledger_file)) as db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        triggers = db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            db.execute(f"DROP TRIGGER {name}")
        db.execute(f"UPDATE activity SET {column} = CAST(? AS TEXT)", (content,))
        db.commit()
    for words in (
        ("status",),
        ("list",),
        ("list", "--json"),
        ("explain", "5.1", *HERE),
        ("check",),
        ("verify",),
        ("people", "list"),
        ("due",),
        ("export", "x.xlsx", *HERE),
        ("brief", "--month", "3", *HERE),
        ("log", "5.1", "4人次", "-d", "3-2", *HERE),
    ):
        ran = run(*words)
        assert ran.code in (0, 1), words
        assert "程序出了错" not in ran.err, (words, ran.err)
    assert run("verify").code == 1
    if column == "title":
        assert "读不懂的文字" in run("list").err
        assert "sgtrack recover" in run("list").err


@pytest.fixture
def closed_backups(monkeypatch: pytest.MonkeyPatch) -> None:
    """A backup folder that may not be listed; the tests may run as root, who may do all."""

    def refuse(ledger: Path) -> list[Path]:
        raise PermissionError(13, "Permission denied", str(sqlite_files.backup_folder(ledger)))

    monkeypatch.setattr(sqlite_files, "backup_files", refuse)
    monkeypatch.setattr(backups, "backup_files", refuse)


@pytest.mark.about_the_file("only a file has backups")
@pytest.mark.usefixtures("closed_backups")
def test_a_backup_folder_that_cannot_be_read(run: Run, workspace: Workspace) -> None:
    workspace.ledger_file.touch()  # an existing ledger has no lost one to look for
    with closing(sqlite3.connect(workspace.ledger_file)):
        pass
    for words in (LOG, ("status",), ("backup", "list"), ("restore", "2026"), ("verify",)):
        ran = run(*words)
        assert ran.code in (0, 1), words
        assert "程序出了错" not in ran.err, (words, ran.err)
        assert "Traceback" not in ran.err


@pytest.mark.about_the_file("only a file has backups")
def test_an_entry_is_written_although_the_backups_cannot_be_read(
    run: Run, request: pytest.FixtureRequest
) -> None:
    assert run("log", "5.1", "1人次", "-d", "3-2", *HERE).code == 0
    request.getfixturevalue("closed_backups")
    ran = run(*LOG)
    assert ran.code == 0
    assert "记录已写入，但今天的备份未完成（没有权限" in ran.err
    assert len(list_entries(run)) == 2


@pytest.mark.about_the_file("only a file is damaged")
def test_a_damaged_ledger_beside_backups_that_cannot_be_read(
    run: Run, workspace: Workspace, request: pytest.FixtureRequest
) -> None:
    assert run(*LOG).code == 0
    workspace.ledger_file.write_bytes(b"SQLite format 3\0" + os.urandom(4000))
    request.getfixturevalue("closed_backups")
    ran = run("status")
    assert ran.code == 1
    assert "无法读取（没有权限" in ran.err


def test_control_d_and_unreadable_bytes_at_a_passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)

    def answer(reply: str | Exception) -> str:
        def getpass(*_: object, **__: object) -> str:
            if isinstance(reply, Exception):
                raise reply
            return reply

        monkeypatch.setattr("getpass.getpass", getpass)
        return prompts.read_file_password("x")

    with pytest.raises(typer.Abort):
        answer(EOFError())
    for reply in (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid"), "密码很长很长很长\udcff"):
        with pytest.raises(Refused, match="读不懂的字符"):
            answer(reply)
    monkeypatch.setenv(prompts.PASSPHRASE_VARIABLE, "密码很长很长很长\udcff")
    with pytest.raises(Refused, match="读不懂的字符"):
        prompts.read_file_password("x")
