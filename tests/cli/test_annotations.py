"""Texts beside an entry: the effect of an activity, and the reason why it was logged late."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sgtrack.cli import draft_prompts, late_entry, prompts
from sgtrack.workspace import Workspace, make_workspace

from ..support.command_line import Run, list_entries, run_command, run_in

HERE = ("-c", "xianheguan")


def newest(run: Run) -> dict[str, Any]:
    return max(list_entries(run, *HERE), key=lambda entry: str(entry["id"]))


def effect(run: Run) -> str:
    return str(newest(run)["effect"])


def test_an_effect_is_logged_shown_and_listed(log: Run, run: Run) -> None:
    said = log("5.1", "3人次", "--effect", "王老师答应参加合唱队").out
    assert "成效：王老师答应参加合唱队" in said
    assert effect(run) == "王老师答应参加合唱队"
    assert "王老师答应参加合唱队" in run("show", newest(run)["id"]).out


def test_an_effect_written_later_is_no_correction(log: Run, run: Run) -> None:
    log("5.1", "3人次", "-t", "走访")
    entry = newest(run)
    ran = run("amend", entry["id"], "--effect", "第一行\r\n  第二行\n\n")
    assert (ran.code, "已补写" in ran.out) == (0, True), ran.err
    assert newest(run) == entry | {"effect": "第一行\n  第二行"}
    for words in ("别的话", ""):
        assert run("amend", entry["id"], "--effect", words).code == 0
        assert newest(run) == entry | {"effect": words}
    assert len(list_entries(run, "--all")) == 1


def test_an_effect_follows_the_corrections_of_its_entry(log: Run, run: Run) -> None:
    log("5.1", "3人次", "--effect", "愿意出门了")
    run("amend", newest(run)["id"], "4人次", "-r", "核对")
    assert effect(run) == "愿意出门了"
    run("amend", newest(run)["id"], "5人次", "-r", "核对", "--effect", "常来活动")
    assert effect(run) == "常来活动"
    run("amend", newest(run)["id"], "--effect", "会用手机挂号")
    assert effect(run) == "会用手机挂号"
    assert run("verify").code == 0


def test_each_change_of_an_effect_can_be_undone(log: Run, run: Run) -> None:
    log("5.1", "3人次")
    for words in ("甲", "乙"):
        run("amend", newest(run)["id"], "--effect", words)
    run("amend", newest(run)["id"], "4人次", "--effect", "丙", "-r", "核对")
    seen = []
    for _ in range(3):
        assert run("undo", "--yes").code == 0
        seen.append((effect(run), newest(run)["amounts"]["人次"]))
    assert seen == [("乙", 3), ("甲", 3), ("", 3)]


def test_an_effect_is_merged_and_stays_with_its_entry(
    log: Run, run: Run, workspace: Workspace, tmp_path: Path
) -> None:
    log("5.1", "3人次", "-d", "3-1", "--effect", "旧的")
    other = run_in(make_workspace(tmp_path / "other"))
    for here, *words in (
        (run, "bundle", "-o", "台账.zip", "--with-names"),
        (other, "merge", "台账.zip"),
        (other, "amend", newest(run)["id"], "--effect", "新的"),
        (other, "bundle", "-o", "回来.zip", "--with-names"),
        (run, "merge", "回来.zip"),
    ):
        ran = here(*words)
        assert ran.code == 0, (words, ran.err)
    assert effect(run) == "新的"
    assert run("verify").code == 0


def test_an_effect_of_a_voided_entry_is_refused(log: Run, run: Run) -> None:
    log("5.1", "3人次")
    entry = newest(run)["id"]
    run("void", entry, "-r", "重复")
    ran = run("amend", entry, "--effect", "很好")
    assert (ran.code, "已经作废" in ran.err) == (1, True)


def test_a_reason_beside_an_effect_alone_is_refused(log: Run, run: Run) -> None:
    log("5.1", "3人次")
    ran = run("amend", newest(run)["id"], "--effect", "很好", "-r", "核对")
    assert (ran.code, "不用写原因" in ran.err) == (1, True)
    assert effect(run) == ""


@pytest.fixture
def late(log: Run, run: Run) -> Run:
    """A workspace in which the brief of January is issued."""
    log("5.1", "3人次", "-d", "1-10")
    assert run("brief", "--month", "1", "--issue", "--yes", *HERE).code == 0
    return log


def test_the_reason_of_a_late_entry_can_be_written_later(late: Run, run: Run) -> None:
    said = late("5.1", "4人次", "-d", "1-12", "-t", "漏记的").out
    entry = newest(run)
    assert f"sgtrack amend {entry['id'][-6:]} -r 原因" in said
    assert run("amend", entry["id"], "-r", "纸质记录后交").code == 0
    assert newest(run)["late_reason"] == "纸质记录后交"
    run("amend", entry["id"], "5人次", "-r", "核对")
    assert newest(run)["late_reason"] == "纸质记录后交"
    run("brief", "--month", "2", *HERE)
    (draft,) = Path.cwd().parent.rglob("*2026-02*.md")
    text = draft.read_text(encoding="utf-8")
    assert "纸质记录后交" in text
    run("undo", "--yes")
    run("undo", "--yes")
    assert newest(run)["late_reason"] == ""


def test_a_reason_alone_changes_nothing_else(late: Run, run: Run) -> None:
    late("5.1", "4人次", "-d", "3-12")
    ran = run("amend", newest(run)["id"], "-r", "核对")
    assert (ran.code, "没有写要改什么" in ran.err) == (1, True)


@pytest.mark.parametrize(
    ("words", "typed", "asked"),
    [
        (("5.1", "4人次", "-d", "1-12"), "纸质记录后交", True),
        (("5.1", "4人次", "-d", "1-12"), "", True),
        (("5.1", "4人次", "-d", "1-12", "-r", "写过了"), "", False),
        (("5.1", "4人次", "-d", "3-12"), "", False),
        (("5.1", "4人次", "-d", "1-12", "--yes"), "", False),
        (("1月12日在南街开展惠民殡葬政策宣讲1场，发放资料100份，服务80人次", "--yes"), "", False),
    ],
    ids=["reason", "no reason", "reason given", "not late", "yes", "sentence with yes"],
)
def test_on_a_terminal_the_reason_is_asked_before_writing(
    late: Run,
    run: Run,
    workspace: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    typed: str,
    asked: bool,
) -> None:
    questions = []

    def answer(label: str, check: Any, **_: object) -> str:
        questions.append((label, len(list_entries(run, *HERE))))
        check(typed)
        return typed

    monkeypatch.setattr(late_entry, "ask", answer)
    monkeypatch.setattr(late_entry, "can_ask", lambda: True)
    before = len(list_entries(run, *HERE))
    ran = run_command(workspace.root, "log", *words, *HERE)
    assert ran.code == 0, ran.err
    assert questions == ([("补记的原因", before)] if asked else [])
    assert len(list_entries(run, *HERE)) == before + 1
    reason = typed or ("写过了" if "-r" in words else "")
    assert newest(run)["late_reason"] == reason


def test_a_sentence_asks_for_the_reason_too(
    late: Run, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(late_entry, "ask", lambda *_, **__: "纸质记录后交")
    monkeypatch.setattr(late_entry, "can_ask", lambda: True)
    monkeypatch.setattr(prompts, "can_ask", lambda: True)
    monkeypatch.setattr(draft_prompts, "ask", lambda *_, **__: "")
    ran = run("log", "1月12日在南街开展惠民殡葬政策宣讲1场，发放资料100份，服务80人次", *HERE)
    assert ran.code == 0, ran.err
    assert newest(run)["late_reason"] == "纸质记录后交"


@pytest.mark.parametrize("typed", ["120", "120人次", "120 人", "１２０人次"])
def test_attendance_is_noted_and_counts_for_nothing(log: Run, run: Run, typed: str) -> None:
    before = run("status", "--json", *HERE).out
    said = log("1.1", "--attendance", typed).out
    assert "到场120人次（不计入指标）" in said
    entry = newest(run)
    assert (entry["attendance"], entry["amounts"]) == (120, {})
    assert "到场" in run("show", entry["id"]).out
    run("amend", entry["id"], "--attendance", "100", "-r", "核对")
    assert newest(run)["attendance"] == 100
    run("amend", newest(run)["id"], "--attendance", "0", "-r", "没有人来")
    assert newest(run)["attendance"] is None
    run("void", newest(run)["id"], "-r", "试试")
    assert json.loads(run("status", "--json", *HERE).out) == json.loads(before)


@pytest.mark.parametrize("typed", ["一些", "3份", "2.5", "0", "-3", "99999999999", "3 4"])
def test_attendance_that_is_no_number_of_people_is_refused(run: Run, typed: str) -> None:
    ran = run("log", "1.1", f"--attendance={typed}", *HERE)
    assert (ran.code, "错误" in ran.err) == (1, True), ran.out
    assert list_entries(run, *HERE) == []
