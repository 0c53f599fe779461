"""Entries moved to the other community, 全体 for a roster, and items that count nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ..support.command_line import Run, list_entries, run_command

HERE, THERE = ("-c", "xianheguan"), ("-c", "sanli")


def only(run: Run, where: tuple[str, str]) -> dict[str, Any]:
    (entry,) = list_entries(run, *where)
    return entry


def actual(run: Run, item: str, where: tuple[str, str]) -> list[float]:
    (community,) = json.loads(run("status", item, "--json", *where).out)["communities"]
    return [indicator["actual"] for indicator in community["indicators"]]


@pytest.fixture
def moved(log: Run, run: Run) -> dict[str, Any]:
    """An entry with everything, before it was moved from 仙鹤观 to 三里."""
    Path("签到表.pdf").write_bytes(b"signed")
    words = ("-d", "3-12", "-t", "进小区", "--place", "广场", "--note", "下雨", "--also", "7.4")
    log("7.3.1", "80人次", "100份", *words, "--effect", "很满意", "-e", "签到表.pdf")
    entry = only(run, HERE)
    ran = run("amend", entry["id"], *THERE, "-r", "记错了社区")
    assert ran.code == 0, ran.err
    assert "作废" in ran.out
    assert "三里社区" in ran.out
    return entry


def test_an_entry_moves_with_everything_it_has(run: Run, moved: dict[str, Any]) -> None:
    assert list_entries(run, *HERE) == []
    entry = only(run, THERE)
    same = ("item", "date", "title", "place", "note", "amounts", "also", "effect")
    assert {key: entry[key] for key in same} == {key: moved[key] for key in same}
    assert [file["name"] for file in entry["evidence"]] == ["签到表.pdf"]
    assert (actual(run, "7.3.1", HERE)[0], actual(run, "7.3.1", THERE)[0]) == (0, 1)
    assert "记错了社区" in run("show", moved["id"]).out
    assert "从仙鹤观社区改记：记错了社区" in run("show", entry["id"]).out
    assert run("verify").code == 0


def test_a_move_is_undone_as_one_command(run: Run, moved: dict[str, Any]) -> None:
    there = only(run, THERE)["id"]
    ran = run("undo", "--yes")
    assert ran.code == 0
    assert list_entries(run, *THERE) == []
    entry = only(run, HERE)
    shown = " ".join(ran.out.split())
    assert f"移回 {there[-6:]} 2026-03-12 三里社区" in shown
    assert f"现在是 {entry['id'][-6:]} 2026-03-12 仙鹤观社区" in shown
    assert (entry["amounts"], entry["effect"]) == (moved["amounts"], "很满意")
    assert [file["name"] for file in entry["evidence"]] == ["签到表.pdf"]
    assert run("verify").code == 0


def test_a_move_may_change_more(log: Run, run: Run) -> None:
    log("5.1", "3人次", "-d", "3-12")
    words = ("5人次", "-d", "3-13", "--item", "5.2", "--effect", "好转", "-r", "记错了")
    ran = run("amend", only(run, HERE)["id"], *THERE, *words, "--json")
    entry = json.loads(ran.out)
    assert (entry["community"], entry["item"], entry["date"]) == ("sanli", "5.2", "2026-03-13")
    assert (entry["amounts"], entry["effect"]) == ({"人次": 5}, "好转")


def test_both_briefs_tell_a_move_of_a_reported_entry(log: Run, run: Run) -> None:
    log("5.1", "3人次", "-d", "1-10", "-t", "入户走访")
    for where in (HERE, THERE):
        assert run("brief", "--month", "1", "--issue", "--yes", *where).code == 0
    entry = next(entry for entry in list_entries(run, *HERE) if entry["item"] == "5.1")
    assert run("amend", entry["id"], *THERE, "-r", "记错了社区").code == 0
    for where in (HERE, THERE):
        assert run("brief", "--month", "2", "--issue", "--yes", *where).code == 0
    drafts = {path.name: path.read_text("utf-8") for path in Path.cwd().parent.rglob("*2026-02.md")}
    assert all("记错了社区" in text for text in drafts.values())
    assert len(drafts) >= 2
    assert run("verify").code == 0


def test_its_own_community_moves_nothing(log: Run, run: Run) -> None:
    log("5.1", "3人次")
    assert run("amend", only(run, HERE)["id"], "4人次", *HERE, "-r", "核对").code == 0
    assert only(run, HERE)["amounts"] == {"人次": 4}


@pytest.mark.parametrize("words", [("-r", ""), ("--dry-run", "-r", "试试")])
def test_nothing_moves_without_a_reason_or_on_trial(
    log: Run, run: Run, words: tuple[str, ...]
) -> None:
    log("5.1", "3人次")
    run("amend", only(run, HERE)["id"], *THERE, *words)
    assert list_entries(run, *THERE) == []
    assert only(run, HERE)["amounts"] == {"人次": 3}


def test_a_submitted_brief_is_not_moved(log: Run, run: Run) -> None:
    log("5.1", "3人次", "-d", "1-10")
    run("brief", "--month", "1", "--issue", "--yes", *HERE)
    entry = next(entry for entry in list_entries(run, *HERE) if entry["item"] == "10.3.1")
    ran = run("amend", entry["id"], *THERE, "-r", "试试")
    assert (ran.code, "提交记录" in ran.err) == (1, True)


@pytest.fixture
def staffed(run: Run) -> Run:
    """A roster of workers: one left in May, one came in June."""
    run("people", "add", "工甲", "工乙", *HERE)
    run("people", "add", "工丙", "--since", "6-1", *HERE)
    run("people", "add", "志愿丁", "--role", "志愿者", *HERE)
    run("people", "leave", "工乙", "--on", "5-31", *HERE)
    return run


def names(run: Run, entry_id: str) -> list[str]:
    shown = json.loads(run("show", entry_id, "--with-names", "--json").out)
    return list(shown["names"])


@pytest.mark.parametrize(
    ("day", "words", "expected"),
    [
        ("3-1", ("全体",), ["工甲", "工乙"]),
        ("5-31", ("全体",), ["工甲", "工乙"]),
        ("6-1", ("全体",), ["工甲", "工丙"]),
        ("6-2", ("全体、外聘戊",), ["工甲", "工丙", "外聘戊"]),
        ("6-2", ("工甲", "全体"), ["工甲", "工丙"]),
    ],
)
def test_everyone_is_the_roster_of_the_day(
    staffed: Run, log: Run, day: str, words: tuple[str, ...], expected: list[str]
) -> None:
    log("9.1.2", "2学时", "-t", "课程", "-d", day, "--who", *words)
    entry = only(staffed, HERE)
    assert (names(staffed, entry["id"]), entry["participants"]) == (expected, len(expected))


def test_everyone_in_a_correction_is_of_the_day_of_the_activity(staffed: Run, log: Run) -> None:
    log("9.1.2", "2学时", "-t", "课程", "-d", "3-1", "--who", "工甲")
    ran = staffed("amend", only(staffed, HERE)["id"], "--who", "全体", "-r", "补写")
    assert ran.code == 0, ran.err
    assert names(staffed, only(staffed, HERE)["id"]) == ["工甲", "工乙"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("5.1", "3人次", "--who", "全体"), "不按名册计"),
        (("9.1.2", "2学时", "-t", "课程", "--who", "全体", "-c", "sanli"), "名册是空的"),
    ],
)
def test_everyone_of_nobody_is_refused(staffed: Run, words: tuple[str, ...], said: str) -> None:
    ran = staffed("log", *(() if "-c" in words else HERE), *words)
    assert (ran.code, said in ran.err) == (1, True), ran.err
    assert list_entries(staffed) == []


@pytest.mark.parametrize(
    ("words", "code", "unit"),
    [
        (("5.1", "3人次", "--also", "7.2.4"), "7.2.4", "小时"),
        (("5.1", "3人次", "--also", "9.1.2", "--who", "工甲"), "9.1.2", "学时"),
    ],
)
def test_a_further_item_that_counts_nothing_is_told(
    log: Run, words: tuple[str, ...], code: str, unit: str
) -> None:
    said = log(*words, "-d", "3-12").out.replace("\n", "")
    assert f"注意：{code}" in said
    assert f"如 1{unit}" in said


@pytest.mark.parametrize(
    "words",
    [
        ("7.3.1", "80人次", "--also", "7.4"),
        ("5.1", "3人次", "--also", "1.2"),
        ("5.1", "3人次", "2.5小时", "--also", "7.2.4"),
    ],
)
def test_a_further_item_that_counts_is_not_told(log: Run, words: tuple[str, ...]) -> None:
    assert "没有计数" not in log(*words, "-d", "3-12").out


def test_the_default_ledger_is_named_when_it_is_written_to(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("SGTRACK_DB", raising=False)
    ran = run_command(None, "log", "5.1", "3人次", "--json", *HERE)
    assert ran.code == 0, ran.err
    (line,) = ran.err.splitlines()
    assert "默认的台账" in line
    assert "ledger.db" in line
    assert json.loads(ran.out)["amounts"] == {"人次": 3}
    assert run_command(None, "list").err == ""
    assert run_command(None, "log", "5.2", "3人次", "--dry-run", *HERE).err == ""
    assert run("log", "5.1", "3人次", *HERE).err == ""
