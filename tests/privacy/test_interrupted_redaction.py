"""An interrupted ``forget`` says what is done, and every later command that it is not finished."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from sgtrack.ledger import redaction
from sgtrack.privacy import redact_workspace
from sgtrack.scratch import exclusive_lock
from sgtrack.workspace import Workspace

from ..support.command_line import Run
from ..support.ledgers import contents, copied_to_file, environment

HERE = ("-c", "xianheguan")
NAME = "欧阳钻石"
FORGET = ("forget", NAME, "-r", "本人要求", "--yes")
REMINDER = "上次隐去姓名没有做完"


@pytest.fixture
def named(run: Run, workspace: Workspace) -> Workspace:
    """A workspace with a name in the ledger and in two backups."""
    ran = run("log", "7.2.2", "2人", "--who", f"{NAME}、何某某", "-d", "3-4", *HERE)
    assert ran.code == 0, ran.err
    workspace.backups.mkdir(exist_ok=True)
    for file in ("a.db", "b.db"):
        copied_to_file(workspace.ledger, workspace.backups / file)
    return workspace


def holders(workspace: Workspace) -> set[str]:
    """The ledgers that contain the name: the name of the backup, or ``ledger``."""
    backups = {path.name: path.read_bytes() for path in workspace.backups.iterdir()}
    ledgers = {"ledger": contents(workspace.ledger)} | backups
    return {file for file, content in ledgers.items() if NAME.encode() in content}


@pytest.mark.parametrize("finished", range(3))
@pytest.mark.parametrize("when", ["before", "after"])
def test_an_interrupt_says_what_is_done_and_the_next_command_what_is_not(
    run: Run, named: Workspace, monkeypatch: pytest.MonkeyPatch, finished: int, when: str
) -> None:
    redact, calls = redaction.redact_name, 0
    everywhere = holders(named)

    def interrupted(*words: object, **options: object) -> object:
        nonlocal calls
        calls += 1
        if calls <= finished or when == "after":
            counts = redact(*words, **options)  # type: ignore[arg-type]
        if calls > finished:
            raise KeyboardInterrupt
        return counts

    with monkeypatch.context() as patched:
        patched.setattr(redact_workspace, "redact_name", interrupted)
        ran = run(*FORGET)
    changed = bool(finished or when == "after")
    assert ran.code == 130
    assert ("没有改动" in ran.err, "再运行一次同样的命令" in ran.err) == (not changed, changed)
    assert (holders(named) == everywhere) == (not changed)
    assert NAME not in ran.out + ran.err
    for line in ("status", "list", "check", "verify"):
        ran = run(*line.split())
        assert (REMINDER in ran.err, REMINDER in ran.out) == (changed, False), line
        assert NAME not in ran.out + ran.err
    assert run(*FORGET).code == 0
    assert holders(named) == set()
    assert run("status").err == ""
    assert not (named.root / "forget.unfinished").exists()


KILLED = """
import os, sys
from sgtrack.ledger import redaction
from sgtrack.privacy import redact_workspace
from sgtrack.cli.main import main
function, finished = getattr(redact_workspace, sys.argv[1]), int(sys.argv[2])
calls = 0
def killed(*words, **options):
    global calls
    calls += 1
    if calls > finished:
        os._exit(9)
    return function(*words, **options)
setattr(redact_workspace, sys.argv[1], killed)
del sys.argv[1:3]
main()
"""


@pytest.mark.parametrize(
    ("function", "finished"),
    [("redact_name", 0), ("redact_name", 1), ("redact_name", 2), ("mentions", 0)],
)
def test_after_a_kill_the_same_command_finishes(
    run: Run, named: Workspace, function: str, finished: int
) -> None:
    (named.root / "notes.txt").write_text("x", encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-c", KILLED, function, str(finished), "--home", named.root, *FORGET],
        env=os.environ | {"SGTRACK_DB": environment(named).get("SGTRACK_DB") or ""},
        check=False,
    )
    assert ran.returncode == 9
    assert NAME.encode() not in (named.root / "forget.unfinished").read_bytes()
    for _ in range(2):
        assert REMINDER in run("status").err
    assert run(*FORGET).code == 0
    assert holders(named) == set()
    assert run("status").err == ""


def test_a_backup_that_cannot_be_rewritten_is_not_finished(run: Run, named: Workspace) -> None:
    bad = named.backups / "b.db"
    bad.write_bytes(bad.read_bytes()[:4096] + b"x" * 4096)
    assert run(*FORGET).code == 1
    assert REMINDER in run("status").err
    bad.unlink()
    assert run(*FORGET).code == 0
    assert run("status").err == ""


@pytest.mark.parametrize("function", ["_evidence_of", "make_pseudonym", "read_secret"])
def test_an_interrupt_before_the_beginning_changed_nothing(
    run: Run, named: Workspace, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(redact_workspace, function, interrupt)
    ran = run(*FORGET)
    assert (ran.code, "没有改动" in ran.err) == (130, True)
    assert run("status").err == ""


@pytest.mark.parametrize("line", [("--dry-run",), ("--yes", "-c", "sanli")])
def test_what_changes_nothing_is_not_remembered(
    run: Run, named: Workspace, line: tuple[str, ...]
) -> None:
    run(*FORGET[:4], *line)
    assert not (named.root / "forget.unfinished").exists()


def test_no_reminder_while_a_redaction_is_running(run: Run, named: Workspace) -> None:
    (named.root / "forget.unfinished").write_text("居民A7F3\n", encoding="utf-8")
    with exclusive_lock(named.root, "forget"):
        assert run("status").err == ""
    assert "居民A7F3" in run("status").err


@pytest.mark.about_the_file("is backed up")
def test_the_backup_for_recover_is_made_by_the_command_that_finishes(
    run: Run, named: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("sgtrack.recovery.backups.make_backup", interrupt)
        assert run(*FORGET).code == 130
    before = set(named.backups.glob("*-manual*.db"))
    assert run(*FORGET).code == 0
    (made,) = set(named.backups.glob("*-manual*.db")) - before
    with closing(sqlite3.connect(made)) as db:
        assert db.execute("SELECT count(*) FROM forgetting").fetchone() == (1,)
