"""A contract that changes in mid-year, by an agreement or silently."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from sgtrack.workspace import Workspace

from ..support.command_line import Run
from ..support.ledgers import unguarded

HERE = ("-c", "xianheguan")
CHANGES = """
changes:
  - from: 2026-04-01
    document: 补充协议
    targets:
      5.1: {total: {人次: 60}}
    add:
      - clause: 5.9
        text: 开展防诈宣传4场。
        items:
          - {name: 防诈宣传, total: {场: 4}}
    end: [5.5]
"""


@pytest.fixture
def own(workspace: Workspace) -> Path:
    """The community's own target file."""
    return workspace.targets / "xianheguan.yaml"


@pytest.fixture
def agreed(own: Path) -> None:
    """Add the supplementary agreement to the file."""
    own.write_text(own.read_text(encoding="utf-8") + CHANGES, encoding="utf-8")


def replaced(path: Path, was: str, becomes: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(was) == 1
    path.write_text(text.replace(was, becomes), encoding="utf-8")


def indicators(run: Run, *words: str) -> dict[str, dict[str, Any]]:
    (community,) = json.loads(run("status", *words, "--json", *HERE).out)["communities"]
    return {one["item"]: one for one in community["indicators"]}


def silent(run: Run) -> list[str]:
    found = json.loads(run("check", "--json", *HERE).out)
    return [one["message"] for one in found if one["topic"] == "contract_changed"]


def page(workspace: Workspace, name: str) -> str:
    return (workspace.root / "briefs" / name).read_text(encoding="utf-8")


@pytest.mark.usefixtures("agreed")
def test_status_and_explain_show_both_values(run: Run, log: Run) -> None:
    log("5.1", "6人次", "-d", "3-1")
    before = indicators(run, "5", "--as-of", "3-31")
    assert (before["5.1"]["target"], before["5.1"]["percent"]) == (50, 12)
    assert "5.9" not in before
    after = indicators(run, "5", "--as-of", "4-1")
    assert (after["5.1"]["target"], after["5.1"]["percent"]) == (60, 10)
    assert after["5.1"]["revised"] == [
        {"from": "2026-04-01", "document": "补充协议", "before": 50, "target": 60}
    ]
    assert (after["5.9"]["added"], after["5.9"]["ended"]) == ("2026-04-01", None)
    assert (after["5.5"]["state"], after["5.5"]["ended"]) == ("ended", "2026-04-01")
    assert (
        "5.1 入户访视（由50人次调整为60人次）：补充协议，自2026年4月1日起"
        in run("status", "5.1", *HERE).out
    )
    assert "由50人次调整为60人次（补充协议，自2026年4月1日起）" in run("explain", "5.1", *HERE).out
    assert "已终止" in run("status", "5.5", *HERE).out
    assert "终止1" not in run("status", "6", *HERE).out
    early = run("explain", "5.9", "--as-of", "3-1", *HERE)
    assert (early.code, "自 2026-04-01 起列入合同" in early.err) == (1, True)


@pytest.mark.usefixtures("agreed")
def test_activities_are_taken_only_while_the_item_is_in_the_contract(run: Run, log: Run) -> None:
    log("5.5", "2人次", "-d", "3-31")
    log("5.9", "1场", "-d", "4-1")
    for words, said in (
        (("5.5", "2人次", "-d", "4-1"), "5.5 社会融入 自 2026-04-01 起已终止（补充协议）"),
        (("5.9", "1场", "-d", "3-31"), "5.9 防诈宣传 自 2026-04-01 起列入合同（补充协议）"),
        (("5.1", "1人次", "-d", "4-2", "--also", "5.5"), "5.5 社会融入 自 2026-04-01 起已终止"),
    ):
        ran = run("log", *words, *HERE)
        assert (ran.code, said in ran.err) == (1, True), ran.err


def test_an_issued_brief_stays_and_the_next_one_shows_both(
    run: Run, log: Run, own: Path, workspace: Workspace
) -> None:
    log("5.1", "6人次", "-d", "3-1")
    assert run("brief", "--month", "3", "--issue", "--yes", *HERE).code == 0
    march = page(workspace, "xianheguan-2026-03.md")
    own.write_text(own.read_text(encoding="utf-8") + CHANGES, encoding="utf-8")
    assert silent(run) == []
    assert "5.1 入户访视（由50人次调整为60人次）" in log("5.1", "3人次", "-d", "4-2").out
    assert run("brief", "--month", "4", "--annex", "full", *HERE).code == 0
    april = page(workspace, "xianheguan-2026-04.md")
    assert run("brief", "--month", "4", "--issue", "--yes", *HERE).code == 0
    assert run("brief", "--month", "3", *HERE).code == 0
    assert page(workspace, "xianheguan-2026-03.md") == march
    assert "| 5.1 | 入户访视 | 50人次 | 6人次 | 6人次 |" in march
    target = "由50人次调整为60人次（补充协议，自2026年4月1日起）"
    assert f"| 5.1 | 入户访视 | {target} | 3人次 | 9人次 |" in april
    assert re.search(
        r"\| 5\.5 \| 社会融入 \| 20人次（补充协议，自2026年4月1日起终止）.*已终止", april
    )
    assert re.search(r"\| 5\.9 \| 防诈宣传 \| 4场（补充协议，自2026年4月1日起新增）", april)
    assert "已终止1项" in april
    assert "合同变更：自2026年4月1日起，依据补充协议：5.1 入户访视由50人次调整为60人次；" in april
    assert "合同变更" not in march
    assert silent(run) == []


@pytest.mark.usefixtures("agreed")
def test_the_report_tells_the_change(run: Run, log: Run, tmp_path: Path) -> None:
    log("5.1", "6人次", "-d", "3-1")
    assert run("report", "midterm", "--format", "md", *HERE).code == 0
    (report,) = tmp_path.rglob("reports/xianheguan*.md")
    text = report.read_text(encoding="utf-8")
    effects = "5.1 入户访视由50人次调整为60人次；新增5.9 防诈宣传，4场；终止5.5 社会融入"
    assert f"合同变更：自2026年4月1日起，依据补充协议：{effects}。" in text
    assert "由50人次调整为60人次（补充协议，自2026年4月1日起）" in text


@pytest.mark.usefixtures("agreed")
def test_targets_lists_the_changes(run: Run) -> None:
    assert run("targets", "check").code == 0
    assert (
        "变更：自2026年4月1日起，依据补充协议：5.1 入户访视由50人次调整为60人次"
        in run("targets", *HERE).out
    )


def test_a_target_that_changes_in_silence_is_noticed(
    run: Run, log: Run, workspace: Workspace
) -> None:
    shared = workspace.targets / "shared" / "lezhi.yaml"
    assert silent(run) == []
    replaced(shared, "total: {户次: 200}", "total: {户次: 210}")
    assert silent(run) == []  # nothing was logged before
    log("5.1", "6人次", "-d", "3-1")
    replaced(shared, "total: {户次: 210}", "total: {户次: 200}")
    replaced(shared, "            due_day: 25\n", "")
    replaced(shared, "          - name: 居民需求清单\n", "          - name: 需求清单\n")
    said = [
        "3.1 居民需求排查：原来是210户次，现在是200户次",
        "10.3.1 月度简报提交：原来是每月1期（25日前），现在是每月1期",
    ]
    assert silent(run) == said
    assert "目标文件已修改，但未写明变更（changes）（2）" in run("check", *HERE).out
    log("5.1", "6人次", "-d", "3-2")
    assert silent(run) == said
    replaced(shared, "total: {户次: 200}", "total: {户次: 210}")
    assert silent(run) == said[1:]
    other = json.loads(run("check", "--json", "-c", "sanli").out)
    assert [one for one in other if one["topic"] == "contract_changed"] == []


def test_silently_added_and_removed_items_are_noticed(run: Run, log: Run, own: Path) -> None:
    log("5.1", "6人次", "-d", "3-1")
    text = "开展救助对象和特殊困难群体入户访视50人次；"
    own.write_text(
        own.read_text(encoding="utf-8")
        + f"  5.1:\n    text: {text}\n    items:\n      - code: 5.1.1\n        name: 访视\n"
        "        total: {人次: 50}\n        each: {小时: 1}\n",
        encoding="utf-8",
    )
    assert silent(run) == ["原来有 5.1 入户访视，现在没有", "5.1.1 访视 是第一次登记以后加的"]


@pytest.mark.usefixtures("agreed")
def test_a_change_that_is_taken_back_or_rewritten_is_noticed(run: Run, log: Run, own: Path) -> None:
    log("5.1", "6人次", "-d", "4-1")
    assert silent(run) == []
    replaced(own, "\n      5.1: {total: {人次: 60}}", "\n      5.1: {total: {人次: 55}}")
    assert silent(run) == ["2026-04-01 的变更（补充协议）和登记时不同，或被删掉了"]
    replaced(own, "人次: 55", "人次: 60")
    assert silent(run) == []


def test_the_period_is_held_on_to_once_it_was_checked(run: Run, log: Run, own: Path) -> None:
    log("5.1", "6人次", "-d", "3-1")
    replaced(own, "end: 2026-12-31", "end: 2027-01-31")
    assert silent(run) == []
    replaced(own, "checked: false", "checked: true")
    log("5.1", "6人次", "-d", "3-2")
    replaced(own, "end: 2027-01-31", "end: 2027-02-28")
    assert silent(run) == ["项目期原来是 2026-01-01 至 2027-01-31，现在是2026-01-01 至 2027-02-28"]


def test_what_was_noted_is_part_of_the_chain(run: Run, log: Run, workspace: Workspace) -> None:
    log("5.1", "6人次", "-d", "3-1")
    log("5.1", "6人次", "-d", "3-2")
    assert run("verify").code == 0
    with unguarded(workspace.ledger) as db:
        assert db.execute("SELECT count(*) FROM contract").fetchone() == (1,)
        db.execute("UPDATE contract SET content = replace(content, '\"50\"', '\"40\"')")
    ran = run("verify")
    assert (ran.code, "合同目标的存档" in ran.out) == (1, True)
