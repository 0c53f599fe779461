"""Every option of ``log`` takes effect with each way of entering, or is refused in plain words."""

from __future__ import annotations

import inspect
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from sgtrack.cli.amend_commands import amend
from sgtrack.cli.log_command import log
from sgtrack.entry.activity_input import ActivityInput
from sgtrack.entry.amount_parsing import read_amounts
from sgtrack.sheets.headings import NOT_IN_SHEETS, meaning_of
from sgtrack.workspace import Workspace

from ..support.command_line import Ran, Run, list_entries, run_command
from ..support.ledgers import read
from ..support.officer import answer_questions

SENTENCE = "3月12日在社区广场开展惠民殡葬政策宣讲1场，发放资料100份，服务居民80人次"
EVENTS = "1、6月22日，开展惠民殡葬政策宣讲1场，居民62人次。\n2、6月23日，走访低保户8人次。\n"
MODES = {"again_like", "paste", "certain", "dry_run", "as_json", "community"}
"""Parameters that choose the way of entering and are no part of the activity."""

WRITTEN: dict[str, tuple[list[str], str, Any]] = {
    "item": (["7.3.2"], "item", "7.3.2"),
    "amounts": (["90人次"], "amounts", 90),
    "day": (["-d", "3-13"], "date", "2026-03-13"),
    "title": (["-t", "另一个标题"], "title", "另一个标题"),
    "place": (["--place", "南街广场"], "place", "南街广场"),
    "who": (["--who", "甲、乙"], "people", 2),
    "type_": (["--type", "文体"], "type", "文体活动类"),
    "also": (["--also", "7.4"], "also", ["7.4"]),
    "files": (["-e", "签到表.jpg"], "evidence", "签到表.jpg"),
    "note": (["--note", "下雨"], "note", "下雨"),
    "effect": (["--effect", "老人学会了挂号"], "effect", "老人学会了挂号"),
    "attendance": (["--attendance", "120人次"], "attendance", 120),
    "close": (["--close"], "结束", "小组或个案到此结束"),
    "reason": (["-r", "补记的原因"], "reason", "补记的原因"),
    "again": (["--again"], "again", None),
}
"""For each option: how it is typed, and the expected part of the entry."""
WITHOUT_ITEM = [option for option in WRITTEN if option != "item"]


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("签到表.jpg").write_bytes(b"picture")


def entries(run: Run) -> list[dict[str, Any]]:
    """The entries that nothing has replaced."""
    listed = list_entries(run, "-c", "sanli", "--with-names")
    return [e for e in listed if e["replaced_by"] is None]


def check(run: Run, ran: Ran, option: str, count: int = 1) -> None:
    """Find an option in the newest entries, or the refusal that names why it does not fit."""
    if ran.code:
        assert ran.code == 1
        assert "错误" in ran.err
        assert "改法" in ran.err
        assert "Traceback" not in ran.err
        single = ("item", "amounts", "day", "title", "files", "effect", "attendance")
        assert option in ("type_", "close", *single), ran.err
        return
    _, key, value = WRITTEN[option]
    made = sorted(entries(run), key=lambda entry: str(entry["id"]))[-count:]
    assert len(made) == count
    for entry in made:
        if option == "amounts":
            assert entry["amounts"]["人次"] == value
        elif option == "files":
            assert [file["name"] for file in entry["evidence"]] == [value]
        elif option == "close":
            assert value in run("show", entry["id"]).out
        elif option == "reason":
            assert _reason(run, str(entry["id"])) == value
        elif option != "again":
            assert entry[key] == value


def _reason(run: Run, entry_id: str) -> str:
    from sgtrack.ledger.entry_reads import find_entry

    return read(find_entry, _PLACE[0].ledger, entry_id).reason


_PLACE: list[Workspace] = []


@pytest.fixture(autouse=True)
def _place(workspace: Workspace) -> None:
    _PLACE[:] = [workspace]


def test_no_option_is_forgotten() -> None:
    assert set(inspect.signature(log).parameters) - {"ctx"} == set(WRITTEN) | MODES
    renamed = {"community", "entry_id", "ctx", "dry_run", "as_json", "certain"}
    assert set(inspect.signature(amend).parameters) - renamed <= set(WRITTEN)


@pytest.mark.parametrize("option", WITHOUT_ITEM)
def test_beside_options(run: Run, option: str) -> None:
    words = ["7.3.1", *([] if option == "amounts" else ["80人次"]), *WRITTEN[option][0]]
    check(run, run("log", *words, "-c", "sanli"), option)


@pytest.mark.parametrize("option", WITHOUT_ITEM)
def test_beside_a_sentence(run: Run, option: str) -> None:
    ran = run("log", SENTENCE, *WRITTEN[option][0], "-c", "sanli", "--yes")
    check(run, ran, option)
    if option == "amounts":
        assert entries(run)[-1]["amounts"] == {"场": 1, "份": 100, "人次": 90}


@pytest.mark.parametrize("report", [SENTENCE, EVENTS], ids=["one event", "two events"])
@pytest.mark.parametrize("option", WRITTEN)
def test_beside_a_report(run: Run, workspace: Workspace, option: str, report: str) -> None:
    given = ["5.1", "90人次"] if option == "amounts" else WRITTEN[option][0]
    words = ("log", *given, "--paste", "-c", "sanli", "--yes")
    ran = run_command(workspace.root, *words, input=report)
    check(run, ran, option, count=2 if report is EVENTS else 1)


@pytest.mark.parametrize("option", WRITTEN)
def test_beside_an_older_entry(run: Run, option: str) -> None:
    run("log", "7.3.1", "80人次", "-d", "3-12", "-t", "进小区", "-c", "sanli")
    (old,) = entries(run)
    given = ["7.3.1", "90人次"] if option == "amounts" else WRITTEN[option][0]
    ran = run("log", *given, "--again-like", old["id"], "-c", "sanli", "--yes")
    check(run, ran, option)


@pytest.mark.parametrize("option", [o for o in WRITTEN if o in inspect.signature(amend).parameters])
def test_beside_an_amendment(run: Run, option: str) -> None:
    run("log", "7.3.1", "80人次", "-d", "3-12", "-t", "进小区", "-c", "sanli")
    (old,) = entries(run)
    given = ["--item", "7.3.2"] if option == "item" else WRITTEN[option][0]
    reason = [] if option in ("reason", "effect") else ["-r", "写错了"]
    change = ["--note", "改"] if option in ("reason", "again") else []
    check(run, run("amend", old["id"], *given, *reason, *change), option)


FITTING = {"type_": "7.1", "close": "6.8.1"}
"""Items that have types, or run over several sessions; the other options fit 7.3.1."""


@pytest.mark.parametrize("option", [option for option in WITHOUT_ITEM if option != "amounts"])
def test_beside_the_questions(run: Run, option: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers are asked for where nothing is typed; the entry has what was typed."""
    item = FITTING.get(option, "7.3.1")
    answers = {"服务项": item, "人次": "80", "支": "1", "个": "1"}

    def answer(label: str, default: str) -> str:
        return answers.get(label) or default or ("甲组" if label == "标题" else "")

    answer_questions(monkeypatch, answer)
    ran = run("log", *WRITTEN[option][0], "-c", "sanli")
    assert ran.code == 0, ran.err
    check(run, ran, option)
    (entry,) = entries(run)
    assert entry["item"] == item


IN_SHEETS = {
    "item": "服务项",
    "amounts": "人次",
    "day": "日期",
    "title": "标题",
    "place": "地点",
    "activity_type": "类型",
    "note": "备注",
    "participants": "姓名",
    "also": "同时计入",
    "closes": "结束",
    "session": "节次",
    "attendance": "到场",
    "source": "原文",
}
"""The column of each field of an activity."""
REFUSED_IN_SHEETS = {"evidence": "佐证材料", "reason": "原因", "effect": "成效"}
WITHOUT_COLUMN = {
    "again": "a row that is there already is skipped, and says so",
    "large": "too large an amount in a row is refused",
    "reopens": "the session that ended the group is corrected before the import",
    "for_month": "only the program itself sets it",
}
ROW = {
    "日期": "3-13",
    "服务项": "7.1",
    "支": "1",
    "人次": "90",
    "标题": "另一个标题",
    "地点": "南街广场",
    "类型": "文体",
    "备注": "下雨",
    "姓名": "甲",
    "同时计入": "7.3.1",
    "节次": "2",
    "到场": "95",
    "原文": "签到表",
}


def import_row(run: Run, row: dict[str, str]) -> Ran:
    Path("登记表.csv").write_text(f"{','.join(row)}\n{','.join(row.values())}\n", "utf-8")
    return run("import", "登记表.csv", "-c", "sanli")


def test_every_field_has_a_column_or_a_reason_why_not() -> None:
    names = {field.name for field in fields(ActivityInput)}
    assert names == {*IN_SHEETS, *REFUSED_IN_SHEETS, *WITHOUT_COLUMN}
    assert set(REFUSED_IN_SHEETS.values()) == set(NOT_IN_SHEETS)
    assert all(meaning_of(heading) is not None for heading in IN_SHEETS.values())


def test_a_row_of_a_sheet_has_every_field(run: Run) -> None:
    ran = import_row(run, ROW)
    assert ran.code == 0, ran.err
    (entry,) = entries(run)
    assert entry["amounts"]["人次"] == 90
    assert (entry["date"], entry["item"], entry["people"]) == ("2026-03-13", "7.1", 1)
    assert (entry["title"], entry["place"]) == ("另一个标题", "南街广场")
    assert (entry["type"], entry["note"], entry["also"]) == ("文体活动类", "下雨", ["7.3.1"])
    assert (entry["session"], entry["attendance"], entry["source"]) == (2, 95, "签到表")


def test_a_row_can_close_a_group(run: Run) -> None:
    row = {"日期": "3-13", "服务项": "6.8.2", "人次": "9", "标题": "编织小组", "结束": "是"}
    ran = import_row(run, row)
    assert ran.code == 0, ran.err
    assert "小组或个案到此结束" in run("show", entries(run)[0]["id"]).out


@pytest.mark.parametrize("heading", REFUSED_IN_SHEETS.values())
def test_a_column_that_a_sheet_cannot_have_is_refused(run: Run, heading: str) -> None:
    ran = import_row(run, ROW | {heading: "x"})
    assert ran.code == 1
    assert f"不能写“{heading}”" in ran.err
    assert f"--map {heading}=不用" in ran.err
    assert entries(run) == []


def test_amounts_are_merged_unit_by_unit() -> None:
    typed = ActivityInput(amounts=tuple(read_amounts(["90人次"])))
    read = ActivityInput(item="7.3.1", amounts=tuple(read_amounts(["1场", "80人次"])))
    merged = typed.over(read, ("场", "份", "人次"))
    assert merged.item == "7.3.1"
    assert {(a.unit, int(a.amount)) for a in merged.amounts or ()} == {("人次", 90), ("场", 1)}


def test_a_sentence_and_an_older_entry_are_refused_together(run: Run) -> None:
    ran = run("log", SENTENCE, "--again-like", "ABCDEF", "-c", "sanli", "--yes")
    assert ran.code == 1
    assert "不能和一句话或 --paste 一起用" in ran.err
