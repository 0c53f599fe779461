"""``recover`` and ``restore`` lose no entry that another command acknowledges meanwhile."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest

from sgtrack.cli import maintenance_commands
from sgtrack.model.errors import Refused
from sgtrack.recovery import backups, held_ledger
from sgtrack.recovery.backups import Reason, list_backups
from sgtrack.store import sqlite_files
from sgtrack.workspace import Workspace

from ..reliability.damage import leaves, spoil
from ..support.command_line import Run, list_entries
from ..support.turns import run_before_turn

pytestmark = pytest.mark.about_the_file("its locks")
posix = pytest.mark.skipif(
    os.name != "posix", reason="Windows does not replace a file that is open"
)


@pytest.fixture
def ledger(run: Run, workspace: Workspace) -> Path:
    assert log(run, "一") == 0
    return workspace.ledger_file


def log(run: Run, title: str) -> int:
    return run("log", "5.1", "3人次", "-d", "6-1", "-t", title, "-c", "sanli").code


def titles(run: Run) -> list[str]:
    return sorted(entry["title"] for entry in list_entries(run))


def drop_a_trigger(ledger: Path) -> None:
    with closing(sqlite3.connect(ledger)) as db:
        db.execute("DROP TRIGGER amount_is_not_updated")


def spoil_another_table(ledger: Path) -> None:
    """Damage a page that neither ``log`` nor ``recover`` needs."""
    with closing(sqlite3.connect(ledger)) as db:
        db.execute("CREATE TABLE other (words TEXT)")
        db.executemany("INSERT INTO other VALUES (?)", [("长" * 900,) for _ in range(9)])
        db.commit()
    spoil(ledger, leaves(ledger, "other")[1])


@pytest.mark.parametrize("harm", [drop_a_trigger, spoil_another_table])
@pytest.mark.parametrize("answers", [[True, True], [True, False]])
def test_recover_asks_again_if_somebody_wrote_while_it_asked(
    run: Run, ledger: Path, monkeypatch: pytest.MonkeyPatch, harm: object, answers: list[bool]
) -> None:
    assert callable(harm)
    harm(ledger)
    asked: list[str] = []

    def answer(question: str) -> bool:
        if not asked:
            assert log(run, "问的时候记的") == 0
        asked.append(question)
        return answers[len(asked) - 1]

    monkeypatch.setattr(maintenance_commands, "can_ask", lambda: True)
    monkeypatch.setattr(maintenance_commands, "ask_yes", answer)
    ran = run("recover")
    assert (ran.code, len(asked)) == (0, 2), ran.err
    assert ran.out.count("刚才另一个程序写了台账，重新抢救的结果：") == 1
    assert titles(run) == ["一", "问的时候记的"]
    kept = [backup.reason for backup in list_backups(ledger)]
    assert kept.count(Reason.DAMAGED) == (1 if answers[1] else 0)
    assert (run("verify").code == 0) == answers[1]


def test_recover_keeps_an_entry_made_between_the_answer_and_its_turn(
    run: Run, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop_a_trigger(ledger)
    hold, held = held_ledger.hold_ledger, []

    def log_before_the_second(*args: object, **options: object) -> object:
        held.append(args)
        if len(held) == 2:
            assert log(run, "刚好记的") == 0
        return hold(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("sgtrack.app.backup_ledger.hold_ledger", log_before_the_second)
    assert run("recover", "--yes").code == 0
    assert titles(run) == ["一", "刚好记的"]
    assert run("verify").code == 0


@pytest.mark.parametrize("command", ["recover", "restore"])
def test_nobody_writes_from_the_comparison_until_the_new_ledger_is_in_place(
    run: Run, ledger: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    assert run("backup").code == 0
    drop_a_trigger(ledger)
    preserve = backups.make_backup_from if command == "restore" else backups.preserve_damaged
    refused: list[str] = []

    def try_to_write(*args: object) -> object:
        kept = preserve(*args)  # type: ignore[arg-type]
        with closing(sqlite3.connect(ledger, timeout=0)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                refused.append(str(error))
        return kept

    module = "sgtrack.recovery.backups.make_backup_from"
    if command == "recover":
        module = "sgtrack.app.backup_ledger.preserve_damaged"
    monkeypatch.setattr(module, try_to_write)
    words = [] if command == "recover" else [list_backups(ledger)[0].name]
    ran = run(command, *words, "--yes")
    assert (ran.code, refused) == (0, ["database is locked"]), ran.err


def test_who_waits_for_recover_writes_into_the_recovered_ledger(
    run: Run, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop_a_trigger(ledger)
    begun = run_before_turn(monkeypatch, lambda: run("recover", "--yes"))
    assert log(run, "等着的") == 0
    assert begun
    assert titles(run) == ["一", "等着的"]
    assert run("verify").code == 0


def test_restore_waits_for_a_writer_that_commits_meanwhile(
    run: Run, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither keeps what the other one waits for."""
    assert run("backup").code == 0
    monkeypatch.setattr(sqlite_files, "WAIT_SECONDS", 5)
    waiting, connect = Event(), sqlite_files.connect

    def announce(*args: object, **options: object) -> object:
        db = connect(*args, **options)  # type: ignore[arg-type]
        db.set_trace_callback(lambda sql: waiting.set() if "EXCLUSIVE" in sql else None)
        return db

    monkeypatch.setattr(sqlite_files, "connect", announce)
    (backup,) = (one for one in list_backups(ledger) if one.reason is Reason.MANUAL)
    failed: list[BaseException] = []

    def restore() -> None:
        try:
            backups.restore(ledger, backup)
        except Refused as error:
            failed.append(error)

    with closing(sqlite3.connect(ledger, timeout=5, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("CREATE TABLE mine (x)")
        thread = Thread(target=restore)
        thread.start()
        assert waiting.wait(30)
        writer.execute("COMMIT")
        thread.join()
    assert failed == []
    replaced = next(one for one in list_backups(ledger) if one.reason is Reason.REPLACED)
    with closing(sqlite3.connect(replaced.path)) as db:
        assert db.execute("SELECT count(*) FROM mine").fetchone() == (0,)
    assert run("verify").code == 0


def test_restore_of_a_lost_ledger_keeps_one_that_appears_meanwhile(
    run: Run, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("backup").code == 0
    (backup,) = (one for one in list_backups(ledger) if one.reason is Reason.MANUAL)
    copy = ledger.with_name("copy.db")
    assert log(run, "二") == 0
    shutil.copyfile(ledger, copy)
    ledger.unlink()
    run_before_turn(monkeypatch, lambda: shutil.copyfile(copy, ledger))
    assert run("restore", backup.name, "--yes").code == 0
    assert titles(run) == ["一"]
    replaced = next(one for one in list_backups(ledger) if one.reason is Reason.REPLACED)
    assert run("restore", replaced.name, "--yes").code == 0
    assert titles(run) == ["一", "二"]


@posix
@pytest.mark.parametrize(
    "words",
    [
        "log 5.1 3人次 -d 6-2 -t 新 -c sanli",
        "amend {id} 4人次 -r 数错了",
        "void {id} -r 重复",
        "evidence add {id} {file}",
        "people add 甲某 -c sanli",
        "brief --month 6 --issue --yes -c sanli",
        "import {sheet} -c sanli",
        "forget 张小花 -r 本人要求 --yes",
        "restore {backup} --yes",
        "recover --yes",
    ],
)
def test_nothing_is_written_into_a_file_that_was_replaced_during_the_wait(
    run: Run, ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    named = run("log", "5.1", "1人次", "-d", "6-3", "--who", "张小花", "-t", "访", "-c", "sanli")
    assert named.code == 0
    assert run("backup").code == 0
    sheet, file = tmp_path / "表.csv", tmp_path / "签到.txt"
    sheet.write_text("日期,服务项,活动名称,人次\n2026-6-5,5.1,表里的,2\n", encoding="utf-8")
    file.write_text("到了", encoding="utf-8")
    if words.startswith("recover"):
        drop_a_trigger(ledger)
    backup = next(one for one in list_backups(ledger) if one.reason is Reason.MANUAL)
    entry_id = next(entry["id"] for entry in list_entries(run) if entry["title"] == "一")
    line = words.format(id=entry_id, file=file, sheet=sheet, backup=backup.name).split()

    def replace() -> None:
        shutil.copyfile(ledger, ledger.with_name("new.db"))
        ledger.with_name("new.db").replace(ledger)

    before = ledger.read_bytes()
    with ledger.open("rb") as old:
        begun = run_before_turn(monkeypatch, replace)
        ran = run(*line)
        assert (ran.code, begun) == (0, ["begun"]), ran.err
        assert old.read() == before
    assert ledger.read_bytes() != before
    assert run("verify").code == 0
