"""What a command read before its turn is read again: nothing overtaken is written."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from sgtrack.checks import integrity
from sgtrack.merging import bundle
from sgtrack.workspace import Workspace

from ..support.command_line import Run, list_entries
from ..support.ledgers import contents, raw
from ..support.officer import WRITE, answer_questions
from ..support.turns import run_before_turn

NAME = "张小花"
HERE = ("-c", "sanli")


@pytest.fixture
def entry_id(run: Run) -> str:
    """An entry that names somebody in every way."""
    title, note = f"探访{NAME}家", f"{NAME}的女儿在"
    ran = run(
        *("log", "7.3.1", "3人次", "-d", "6-1", "-t", title, "--note", note, "--who", NAME),
        *("--place", f"{NAME}家", *HERE),
    )
    assert ran.code == 0, ran.err
    return str(list_entries(run)[0]["id"])


def forget(run: Run) -> None:
    ran = run("forget", NAME, "-r", "本人要求", "--yes")
    assert ran.code == 0, ran.err


@pytest.mark.parametrize(
    "words",
    [
        "amend {id} 4人次 -r 数错了",
        "amend {id} -d 6-2 -r 日期写错",
        "amend {id} -t 探访 -r 标题写错",
        "amend {id} --place 家里 -r 地点写错",
        "amend {id} --note 在家 -r 写错",
        "void {id} -r 重复",
        "evidence add {id} {file}",
    ],
)
def test_a_name_that_is_forgotten_during_the_wait_does_not_come_back(
    run: Run,
    workspace: Workspace,
    entry_id: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: str,
) -> None:
    file = tmp_path / "签到.txt"
    file.write_text("到了", encoding="utf-8")
    begun = run_before_turn(monkeypatch, lambda: forget(run))
    ran = run(*words.format(id=entry_id, file=file).split())
    assert (ran.code, begun) == (0, ["begun"]), ran.err
    assert NAME.encode() not in contents(workspace.ledger)
    assert NAME not in ran.out
    assert run("verify").code == 0


def test_an_older_entry_is_not_repeated_with_a_name_that_was_just_forgotten(
    run: Run, workspace: Workspace, entry_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = run_before_turn(monkeypatch, lambda: forget(run))
    ran = run("log", "--again-like", entry_id, "-d", "6-3", "--yes", *HERE)
    assert (ran.code, begun) == (1, ["begun"])
    assert "刚才另一个程序隐去了一个姓名" in ran.err
    assert NAME not in ran.out + ran.err
    assert NAME.encode() not in contents(workspace.ledger)
    again = run("log", "--again-like", entry_id, "-d", "6-3", "--yes", *HERE)
    assert again.code == 0, again.err
    assert NAME.encode() not in contents(workspace.ledger)


def test_an_offered_title_is_not_recorded_after_its_name_was_forgotten(
    run: Run, workspace: Workspace, entry_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(label: str, default: str) -> str:
        if label.startswith(WRITE):
            forget(run)
        return {"服务项": "7.3.1", "人次": "80", "标题": f"探访{NAME}家"}.get(label, default)

    answer_questions(monkeypatch, answer)
    ran = run("log", *HERE)
    assert ran.code == 1
    assert "刚才另一个程序隐去了一个姓名" in ran.err
    assert NAME.encode() not in contents(workspace.ledger)
    assert len(list_entries(run)) == 1


@pytest.mark.parametrize(
    ("words", "meanwhile", "message"),
    [
        ("amend {id} 4人次 -r 数错了", "void {id} -r 重复", "已经作废"),
        ("amend {id} 4人次 -r 数错了", "amend {id} 5人次 -r 核对", "已经更正过"),
        ("void {id} -r 重复", "void {id} -r 重复", "已经作废"),
        ("void {id} -r 重复", "amend {id} 5人次 -r 核对", "已经更正过"),
        ("evidence add {id} {file}", "void {id} -r 重复", "已经作废"),
        ("people void 甲某 -r 写错 -c sanli", "people void 甲某 -r 写错 -c sanli", "名册里没有"),
        ("people add 乙某 -c sanli", "people add 乙某 -c sanli", "已经在"),
        ("evidence void {evidence} -r 看不清", "evidence void {evidence} -r 看不清", "不是佐证"),
        (
            "brief --month 6 --issue --yes -c sanli",
            "brief --month 6 --issue --yes -c sanli",
            "已经在",
        ),
        ("log 5.1 2人次 -d 6-4 -c sanli", "log 5.1 2人次 -d 6-4 -c sanli", "已经记过"),
    ],
)
def test_what_another_command_decided_during_the_wait_counts(
    run: Run,
    entry_id: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: str,
    meanwhile: str,
    message: str,
) -> None:
    file, first = tmp_path / "签到.txt", tmp_path / "照片.jpg"
    file.write_text("到了", encoding="utf-8")
    first.write_bytes(b"photo")
    assert run("people", "add", "甲某", *HERE).code == 0
    assert run("evidence", "add", entry_id, str(first)).code == 0
    listed = run("evidence", "list", "--json").out
    evidence = listed.split('"evidence_id": "')[1].split('"')[0] if "evidence_id" in listed else ""
    evidence = evidence or listed.split('"id": "')[1].split('"')[0]
    fill = {"id": entry_id, "file": file, "evidence": evidence}
    other = meanwhile.format(**fill).split()
    results: list[int] = []
    run_before_turn(monkeypatch, lambda: results.append(run(*other).code))
    ran = run(*words.format(**fill).split())
    assert (results, ran.code) == ([0], 1), ran.out
    assert message in ran.err
    assert run("verify").code == 0


@pytest.mark.parametrize(
    ("meanwhile", "shown"),
    [
        ("log 7.3.1 20人次 -t 另一场 -d 6-2 -c sanli", "22 → 102"),
        ("void {id} -r 重复", "0 → 80"),
        ("log 5.1 1人次 -d 6-2 --who 赵小燕 -c sanli", "探访某家"),
        ("people add 赵小燕 -c sanli", "探访某家"),
        ("log 5.1 1人次 -d 6-2 -e {file} -c sanli", "一个文件只应证明一次活动"),
        ("brief --month 6 --issue --yes -c sanli", "作为补记"),
    ],
)
def test_a_log_that_waited_shows_the_ledger_as_it_was_left(
    run: Run,
    workspace: Workspace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    meanwhile: str,
    shown: str,
) -> None:
    file = tmp_path / "签到.txt"
    file.write_text("到了", encoding="utf-8")
    assert run("log", "7.3.1", "2人次", "-d", "6-1", *HERE).code == 0
    fill = {"id": list_entries(run)[0]["id"], "file": file}
    results: list[int] = []
    other = meanwhile.format(**fill).split()
    run_before_turn(monkeypatch, lambda: results.append(run(*other).code))
    words = ("log", "7.3.1", "80人次", "-d", "6-3", "-t", "探访赵小燕家", "-e", str(file), *HERE)
    ran = run(*words)
    assert (results, ran.code) == ([0], 0), ran.err
    assert shown in ran.out
    assert run("verify").code == 0


def test_a_contract_that_was_recorded_meanwhile_is_not_recorded_again(
    run: Run, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("log", "6.3", "45人次", "-d", "3-8", "-c", "xianheguan").code == 0
    run_before_turn(monkeypatch, lambda: run("log", "5.1", "1人次", "-d", "6-2", *HERE))
    assert run("log", "5.1", "1人次", "-d", "6-3", *HERE).code == 0
    with raw(workspace.ledger) as db:
        recorded = db.execute("SELECT community FROM contract ORDER BY community").fetchall()
    assert recorded == [("sanli",), ("xianheguan",)]


def test_a_file_that_changes_during_the_wait_is_recorded_as_it_is_stored(
    run: Run, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "签到.txt"
    file.write_text("到了", encoding="utf-8")
    run_before_turn(monkeypatch, lambda: file.write_text("都到了", encoding="utf-8"))
    assert run("log", "5.1", "1人次", "-d", "6-3", "-e", str(file), *HERE).code == 0
    assert run("evidence", "verify", *HERE).code == 0
    assert run("verify").code == 0


@pytest.mark.parametrize(
    ("meanwhile", "code", "message", "count"),
    [
        ("log 5.1 2人次 -d 6-5 -t 表里的 -c sanli", 0, "导入了 1 条记录，1 条台账里已有", 3),
        ("log 5.1 9人次 -d 6-5 -t 表里的 -c sanli", 1, "台账里已有这次活动，数量是 9人次", 2),
        ("log 5.1 9人次 -d 6-5 -t 别的 -c sanli", 0, "导入了 2 条记录\n", 4),
        ("void {id} -r 重复", 0, "导入了 2 条记录\n", 2),
    ],
)
@pytest.mark.parametrize("dry_run", [False, True])
def test_the_rows_of_a_sheet_are_compared_with_the_ledger_as_it_is_when_they_are_written(
    run: Run,
    entry_id: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    meanwhile: str,
    code: int,
    message: str,
    count: int,
    dry_run: bool,
) -> None:
    sheet = tmp_path / "表.csv"
    rows = ["日期,服务项,活动名称,人次", "2026-6-5,5.1,表里的,2", "2026-6-6,5.1,还有,2"]
    sheet.write_text("\n".join(rows), encoding="utf-8")
    other = meanwhile.format(id=entry_id).split()
    run_before_turn(monkeypatch, lambda: run(*other))
    ran = run("import", str(sheet), *(["--dry-run"] if dry_run else []), *HERE)
    assert ran.code == code, ran.err
    assert (message.replace("导入了", "可以导入") if dry_run else message) in ran.out + ran.err
    written = 0 if dry_run or code else int(message[4])
    assert len(list_entries(run)) == count - (int(message[4]) if not code else 0) + written


@pytest.mark.parametrize(
    ("module", "words"),
    [(bundle, "bundle -o {zip}"), (integrity, "verify")],
    ids=["bundle", "verify"],
)
def test_what_is_verified_and_what_is_copied_are_one_state(
    run: Run,
    workspace: Workspace,
    entry_id: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    module: Any,
    words: str,
) -> None:
    """A writer commits between the statements that read, or has to wait until all have read."""
    verify_chain = module.chain.verify_chain
    written: list[str] = []

    def write_first(db: Any, **options: Any) -> Any:
        # The snapshot begins with the first statement that reads.
        before = db.execute("SELECT count(*) FROM link").fetchone()
        _write(run, workspace)
        written.append("written")
        report = verify_chain(db, **options)
        assert report.links == before[0]
        return report

    monkeypatch.setattr(module.chain, "verify_chain", write_first)
    ran = run(*words.format(zip=tmp_path / "包.zip").split())
    assert (ran.code, len(written)) == (0, 1), ran.out + ran.err


def _write(run: Run, workspace: Workspace) -> None:
    if workspace.server is not None:
        assert run("log", "5.1", "1人次", "-d", "6-7", *HERE).code == 0
        return
    with closing(sqlite3.connect(workspace.ledger_file, timeout=0, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("CREATE TABLE mine (x)")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("COMMIT")
        other.execute("ROLLBACK")


@pytest.mark.about_the_file("its journal")
def test_a_ledger_that_is_written_to_while_it_is_merged_is_not_copied_byte_by_byte(
    run: Run, workspace: Workspace, entry_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such a copy could have some pages from before and some from after a commit."""
    north = tmp_path / "north.db"
    shutil.copyfile(workspace.ledger_file, north)
    copied: list[object] = []
    with closing(sqlite3.connect(north, isolation_level=None)) as writer:
        (version,) = writer.execute("PRAGMA user_version").fetchone()
        writer.execute("BEGIN IMMEDIATE")
        writer.execute(f"PRAGMA user_version = {version:d}")
        assert north.with_name("north.db-journal").exists()
        monkeypatch.setattr("sgtrack.merging.source.shutil.copyfile", lambda *f: copied.append(f))
        ran = run("merge", str(north))
        writer.execute("COMMIT")
    assert (ran.code, copied) == (0, []), ran.err


@pytest.mark.about_the_file("its locks")
def test_a_ledger_that_another_program_locks_is_not_called_damaged(
    run: Run, workspace: Workspace, entry_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    north = tmp_path / "north.db"
    shutil.copyfile(workspace.ledger_file, north)
    monkeypatch.setattr("sgtrack.merging.source.WAIT_SECONDS", 0)
    with closing(sqlite3.connect(north, isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        ran = run("merge", str(north))
    assert ran.code == 1
    assert "正被另一个程序使用" in ran.err
