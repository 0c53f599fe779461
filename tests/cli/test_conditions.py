"""An activity that misses its condition stays in the ledger, and every screen says why."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from sgtrack.workspace import Workspace

from ..support.command_line import Run

HERE = ("-c", "xianheguan")
SHORT = "只有20人（每场不少于30人），不计"


@pytest.fixture(autouse=True)
def _conditions(workspace: Workspace) -> None:
    """政策宣讲每场不少于30人；小组每次不少于5人、满2次；入户访视每人只计一次."""
    path = workspace.targets / "shared" / "lezhi.yaml"
    text = path.read_text(encoding="utf-8")
    for name, added in (
        ("政策宣讲", "each: {人: 30}"),
        ("小组服务", "sessions: 2\n            each: {人: 5}"),
        ("入户访视", "once_per_person: true"),
    ):
        before = f"name: {name}\n"
        assert text.count(before) >= 1
        text = text.replace(before, f"{before}            {added}\n", 1)
    path.write_text(text, encoding="utf-8")


def actual(run: Run, item: str, unit: str) -> tuple[float, float]:
    """The claimed and the proven amount of an item in a unit."""
    (community,) = json.loads(run("status", item, "--json", *HERE).out)["communities"]
    (found,) = [i for i in community["indicators"] if i["unit"] == unit and i["item"] == item]
    return found["actual"], found["proven"]


def test_log_says_at_once_why_it_does_not_count(run: Run, log: Run) -> None:
    said = log("7.3.1", "20人次", "-d", "3-12").out
    assert f"注意：7.3 政策宣讲：{SHORT}" in said
    assert actual(run, "7.3", "场") == (0, 0)
    assert actual(run, "7.3.1", "场") == (1, 0)
    entry = re.search(r"已记录  (\S+)", said)
    assert entry is not None
    amended = run("amend", entry[1], "30人次", "-r", "核对").out
    assert "不计" not in amended
    assert actual(run, "7.3", "场") == (1, 0)


def test_only_what_counts_is_proven(run: Run, log: Run, tmp_path: Path) -> None:
    files = []
    for n, kind in enumerate(("签到表", "照片") * 2):
        file = tmp_path / f"{kind}{n}.jpg"
        file.write_text(str(n), encoding="utf-8")
        files.append(str(file))
    log("7.3", "20人次", "-d", "3-12", "-e", files[0], files[1])
    log("7.3", "40人次", "-d", "3-13", "-e", files[2], files[3])
    log("7.3", "50人次", "-d", "3-14")
    assert actual(run, "7.3", "人次") == (90, 40)


def test_explain_and_check_give_the_reason(run: Run, log: Run) -> None:
    log("7.3", "20人次", "100份", "-d", "3-12", "-t", "院坝会")
    log("7.3", "40人次", "-d", "3-13")
    explained = json.loads(run("explain", "7.3", "--json", *HERE).out)[0]["indicators"]
    assert [e["counted"] for e in explained[2]["entries"]] == [0, 40]
    assert explained[2]["entries"][0]["remark"] == SHORT
    assert "每场不少于30人，不足的不计" in explained[2]["rule"]
    found = json.loads(run("check", "--json", *HERE).out)
    (one,) = [f for f in found if f["topic"] == "condition_missed"]
    assert one["message"] == f"7.3 政策宣讲：{SHORT}"
    assert "未达到合同对每次活动的要求，不计入（1）" in run("check", *HERE).out


def test_a_group_counts_its_full_sessions(run: Run, log: Run) -> None:
    log("6.8.2", "8人次", "-t", "夕阳红", "-d", "3-1")
    assert "没有写人数（每次不少于5人），不计" in log("6.8.2", "-t", "夕阳红", "-d", "3-8").out
    assert actual(run, "6.8.2", "个")[0] == 0
    assert "1/2次" in run("status", *HERE).out.replace(" ", "")
    log("6.8.2", "5人次", "-t", "夕阳红", "-d", "3-15")
    assert actual(run, "6.8.2", "个")[0] == 1
    log("6.8.2", "9人次", "-t", "向日葵", "-d", "3-16", "--close")
    log("6.8.2", "8人次", "-t", "木棉", "-d", "3-17")
    log("6.8.2", "2人次", "-t", "木棉", "-d", "3-18", "--close")
    (told,) = json.loads(run("explain", "6.8.2", "--json", *HERE).out)[0]["indicators"]
    assert told["entries"][-1]["remark"] == (
        "这次只有2人（每次不少于5人），不计；前面做了1次，到此结束"
    )
    early = [f for f in json.loads(run("check", "--json", *HERE).out) if "early" in f["topic"]]
    assert early[0]["message"] == "“向日葵”开展1次即结束，合同要求2次，评估时须能说明"


def test_a_person_visited_twice_counts_once(run: Run, log: Run) -> None:
    assert "没有写姓名" in log("5.1", "2人次", "-d", "3-1").out
    log("5.1", "--who", "甲、乙", "-d", "3-2")
    log("5.1", "3人次", "--who", "乙、丙", "-d", "3-3")
    assert actual(run, "5.1", "人次")[0] == 2 + 2 + 2
    refused = run("log", "5.1", "1人次", "--who", "甲、乙", "-d", "3-4", *HERE)
    assert (refused.code, "写了 2 个姓名" in refused.err) == (1, True)
    unnamed = [
        f["message"]
        for f in json.loads(run("check", "--json", *HERE).out)
        if f["topic"] == "names_missing"
    ]
    assert unnamed == [
        "2人次中2人次未写名称，无法核对是否重复",
        "3人次中1人次未写名称，无法核对是否重复",
    ]


def test_the_brief_and_the_workbook_leave_it_out(run: Run, log: Run, tmp_path: Path) -> None:
    log("7.3", "20人次", "-d", "3-12")
    log("7.3", "40人次", "-d", "3-13")
    brief = run("brief", "--month", "2026-03", *HERE)
    assert brief.code == 0
    (page,) = tmp_path.rglob("*2026-03.md")
    text = page.read_text(encoding="utf-8")
    assert "（其中1次未达到合同对每次活动的要求，不计入指标）" in text
    assert "| 7.3 | 政策宣讲 | 10场、600人次 | 1场、40人次 | 1场、40人次 |" in text
    book = tmp_path / "台账.xlsx"
    assert run("export", str(book), *HERE).code == 0
    rows = CalamineWorkbook.from_path(str(book)).get_sheet_by_name("台账").to_python()
    assert [(row[5], row[11]) for row in rows[4:] if row[6] == "人次"] == [
        (20, ""),
        (40, "政策宣讲"),
    ]


def test_targets_shows_what_is_asked(run: Run) -> None:
    shown = run("targets", *HERE).out
    assert "（每场不少于30人）" in shown
    assert "每人只计一次" in shown
    (item,) = {
        json.dumps([i["each"], i["once_per_person"]], ensure_ascii=False)
        for i in json.loads(run("targets", "--json", *HERE).out)
        if i["item"] == "7.3"
    }
    assert item == '[{"人": 30}, false]'
