"""What ``verify`` sees of replaced ledgers and changed briefs, and how lost ledgers are refused."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from sgtrack.workspace import Workspace

from ..support.command_line import Ran, Run
from ..support.files import remove_folder
from ..support.ledgers import raw

CODE = "abcd-0123-4567-89ef"


@pytest.fixture
def log_proven(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Log an activity of a day with an evidence file of its own."""
    monkeypatch.setenv("SGTRACK_COMMUNITY", "sanli")

    def command(day: str) -> Ran:
        Path(f"签到{day}.jpg").write_bytes(day.encode())
        ran = run("log", "5.1", "3人次", "-d", day, "-e", f"签到{day}.jpg")
        assert ran.code == 0, ran.err
        return ran

    return command


def briefs(workspace: Workspace) -> list[Path]:
    """The files of briefs."""
    return sorted(workspace.briefs.iterdir())


@pytest.mark.about_the_file("it is replaced by a copy")
def test_evidence_without_a_record_shows_an_older_ledger(
    run: Run, log_proven: Run, workspace: Workspace
) -> None:
    log_proven("1-5")
    older = workspace.ledger_file.read_bytes()
    log_proven("1-6")
    log_proven("1-7")
    assert run("verify").code == 0
    workspace.ledger_file.write_bytes(older)
    ran = run("verify")
    assert ran.code == 1
    assert "佐证材料库里有 2 个文件没有记录" in ran.out
    log_proven("1-6")
    log_proven("1-7")
    assert run("verify").code == 0


def test_the_file_of_a_killed_command_is_no_sign_of_an_older_ledger(
    run: Run, log_proven: Run, workspace: Workspace
) -> None:
    log_proven("1-5")
    (kept,) = workspace.evidence.glob("*/*")
    other = workspace.evidence / "ab" / ("ab" * 32)
    other.parent.mkdir(exist_ok=True)
    other.write_bytes(b"written, but not yet recorded")
    assert run("verify").code == 0
    assert not kept.stat().st_mode & 0o222


@pytest.mark.about_the_file("it is replaced by a copy")
@pytest.mark.parametrize("kind", ["md", "docx", "html"])
def test_a_brief_that_the_ledger_does_not_know_shows_an_older_one(
    run: Run, log_proven: Run, workspace: Workspace, kind: str
) -> None:
    log_proven("1-5")
    older = workspace.ledger_file.read_bytes()
    assert run("brief", "-m", "1", "--issue", "--yes", "--format", kind).code == 0
    assert run("verify").code == 0
    workspace.ledger_file.write_bytes(older)
    remove_folder(workspace.evidence)
    ran = run("verify")
    assert ran.code == 1
    assert f"sanli-2026-01.{kind}：上面的校验码" in ran.out


@pytest.mark.parametrize("kind", ["md", "docx", "html"])
def test_an_issued_brief_that_was_changed_is_found(
    run: Run, log_proven: Run, workspace: Workspace, kind: str
) -> None:
    log_proven("1-5")
    assert run("brief", "-m", "1", "--issue", "--yes", "--format", kind).code == 0
    (path,) = briefs(workspace)
    own = path.with_name(f"定稿.{kind}")
    own.write_bytes(path.read_bytes() + b" ")
    assert run("verify").code == 0
    path.write_bytes(path.read_bytes() + b" ")
    ran = run("verify")
    assert ran.code == 1
    assert f"{path.name}）：发出以后改过" in ran.out
    path.unlink()
    ran = run("verify")
    assert (ran.code, "注意：sanli 2026-01 的简报发出了，文件不在" in ran.out) == (0, True)
    assert run("brief", "-m", "1", "--format", kind).code == 0
    ran = run("verify")
    assert (ran.code, "注意" in ran.out) == (0, False)


def test_a_draft_that_a_killed_issue_left_is_no_change(
    run: Run, log_proven: Run, workspace: Workspace
) -> None:
    log_proven("1-5")
    assert run("brief", "-m", "1").code == 0
    drafts = {path: path.read_bytes() for path in briefs(workspace)}
    assert run("verify").code == 0
    assert run("brief", "-m", "1", "--issue", "--yes").code == 0
    for path, content in drafts.items():
        path.write_bytes(content)
    ran = run("verify")
    assert (ran.code, "文件不在 briefs 里" in ran.out) == (0, True)


@pytest.mark.about_the_file("its journal")
def test_wal_is_seen_and_left_at_the_next_write(
    run: Run, log_proven: Run, workspace: Workspace
) -> None:
    log_proven("1-5")
    with closing(sqlite3.connect(workspace.ledger_file)) as db:
        assert db.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
        db.execute("SELECT count(*) FROM activity").fetchone()
        ran = run("verify")
        assert (ran.code, "WAL" in ran.out) == (1, True)
        ran = run("log", "5.1", "4人次", "-d", "1-6")
        assert (ran.code, "WAL" in ran.err) == (1, True)
    log_proven("1-6")
    assert run("verify").code == 0
    assert workspace.ledger_file.read_bytes()[18:20] == b"\1\1"
    assert list(workspace.root.glob("ledger.db-*")) == []


@pytest.mark.parametrize("sql", ["DELETE FROM head", "UPDATE head SET seq = seq - 1"])
def test_a_chain_without_its_end_is_not_begun_anew(
    run: Run, log_proven: Run, workspace: Workspace, sql: str
) -> None:
    log_proven("1-5")
    with raw(workspace.ledger) as db:
        db.execute(sql)
    assert "校验链的末尾" in run("verify").out
    ran = run("log", "5.1", "4人次", "-d", "1-6")
    assert (ran.code, "sgtrack recover" in ran.err) == (1, True)
    ran = run("recover", "--yes")
    assert (ran.code, "校验链的末尾" in ran.out) == (0, True)
    assert run("verify").code == 0
    log_proven("1-6")
    assert run("verify").code == 0


@pytest.mark.about_the_file("it is gone")
@pytest.mark.parametrize("is_empty", [False, True])
@pytest.mark.parametrize("left", ["evidence", "briefs"])
def test_a_lost_ledger_is_not_begun_anew(
    run: Run, log_proven: Run, workspace: Workspace, left: str, is_empty: bool
) -> None:
    log_proven("1-5")
    assert run("brief", "-m", "1", "--issue", "--yes").code == 0
    assert run("bundle", "-o", "x.zip", "--with-names").code == 0
    remove_folder(workspace.backups)
    remove_folder(workspace.briefs if left == "evidence" else workspace.evidence)
    if is_empty:
        workspace.ledger_file.write_bytes(b"")
    else:
        workspace.ledger_file.unlink()
    for words in (
        *(("status",), ("list",), ("verify",), ("log", "5.1", "4人次", "-d", "1-6")),
        *(("log", "5.1", "4人次", "-d", "1-6", "--dry-run"), ("brief", "-m", "2")),
        *(("merge", "x.zip"), ("people", "add", "甲")),
    ):
        ran = run(*words)
        assert ran.code == 1, words
        assert left in ran.err, words
        assert "确需从头记录" in ran.err
        assert workspace.ledger_file.exists() == is_empty
    (workspace.root / left).rename(workspace.root / "旧")
    assert run("merge", "x.zip").code == 0
    assert run("status").code == 0


@pytest.mark.about_the_file("it is not there yet")
def test_drafts_do_not_hinder_the_first_entry(run: Run, log_proven: Run) -> None:
    assert run("brief", "-m", "1", "-c", "sanli").code == 0
    log_proven("1-5")
