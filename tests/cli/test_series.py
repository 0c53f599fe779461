"""Groups and cases run over several sessions and count once."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from sgtrack.workspace import Workspace

from ..support.command_line import Run, run_command

HERE = ("-c", "xianheguan")


def groups(run: Run) -> float:
    (community,) = json.loads(run("status", "6.8.2", "--json", *HERE).out)["communities"]
    (found,) = [i["actual"] for i in community["indicators"] if i["unit"] == "个"]
    return float(found)


def session(log: Run, day: str, title: str, *more: str) -> str:
    said = log("6.8.2", "8人次", "-t", title, "-d", day, *more).out
    found = re.search(r"已记录  (\S+)", said)
    assert found is not None
    return found[1]


def open_ones(run: Run) -> str:
    return run("status", *HERE).out


def unpadded(screen: str) -> str:
    return "".join(screen.split()).replace("最近", "最近 ")


def test_a_group_counts_once_and_stays_open_until_it_is_closed(run: Run, log: Run) -> None:
    session(log, "3-1", "夕阳红")
    session(log, "3-8", "夕阳红")
    assert groups(run) == 1
    assert "夕阳红" in open_ones(run)
    last = session(log, "3-15", "夕阳红", "--close")
    assert groups(run) == 1
    assert "夕阳红" not in open_ones(run)
    run("amend", last, "--reopen", "-r", "还有一次")
    assert "夕阳红" in open_ones(run)


@pytest.fixture
def three_sessions(workspace: Workspace) -> None:
    """A contract that requires three sessions of a group."""
    path = workspace.targets / "shared" / "lezhi.yaml"
    was = path.read_text(encoding="utf-8")
    now = was.replace("name: 小组服务\n", "name: 小组服务\n            sessions: 3\n")
    assert was != now
    path.write_text(now, encoding="utf-8")


@pytest.mark.usefixtures("three_sessions")
def test_a_group_counts_when_it_has_its_sessions(run: Run, log: Run) -> None:
    for number, day in enumerate(("3-01", "3-08", "3-15"), start=1):
        assert groups(run) == 0
        session(log, day, "夕阳红")
        waiting = "" if number == 3 else "，尚未计入"
        assert f"{number}/3次，最近 2026-0{day}{waiting}" in unpadded(open_ones(run))
    assert groups(run) == 1


@pytest.mark.usefixtures("three_sessions")
def test_a_group_that_is_closed_early_counts(run: Run, log: Run) -> None:
    session(log, "3-1", "向日葵")
    assert groups(run) == 0
    session(log, "3-8", "向日葵", "--close")
    assert groups(run) == 1


def test_what_is_also_a_session_of_a_group_keeps_its_type(run: Run, log: Run) -> None:
    """Reading all items at once does not mix up types and groups."""
    said = log("7.1", "1支", "-d", "3-5", "-t", "腰鼓队", "--type", "文体", "--also", "6.8.2").out
    assert re.search(r"类型4类）\s+0 → 1", said)
    (community,) = json.loads(run("status", "7.1", "--json", *HERE).out)["communities"]
    assert {i["unit"]: i["actual"] for i in community["indicators"]} == {"支": 1, "类": 1}
    assert groups(run) == 1


@pytest.mark.parametrize("second", ["夕阳红小组第二节", "夕阳红 小组", "“夕阳红”小组（第2次）"])
def test_other_spellings_and_numbers_make_no_new_group(run: Run, log: Run, second: str) -> None:
    session(log, "3-1", "夕阳红小组第一节")
    session(log, "3-8", second)
    assert groups(run) == 1
    entries = json.loads(run("list", "6.8.2", "--json", *HERE).out)
    assert [(e["title"], e["series"]) for e in entries] == [("夕阳红小组", "夕阳红小组")] * 2
    assert entries[0]["session"] == 1


def test_the_answer_says_how_a_session_counts_and_its_theme_is_kept(run: Run, log: Run) -> None:
    session(log, "3-1", "夕阳红小组")
    second = log("6.8.2", "-t", "夕阳红小组第2节“认识情绪”", "-d", "3-8").out
    assert "夕阳红小组第2节，仍计1个" in second
    third = log("6.8.2", "-t", "夕阳红小组", "-d", "3-15").out
    assert "夕阳红小组，共3条记录，仍计1个" in third
    *_, last, _ = json.loads(run("list", "6.8.2", "--json", *HERE).out)
    assert (last["session"], last["note"]) == (2, "主题：认识情绪")
    log("5.1", "3人次", "-t", "夕阳红小组第2节")
    visit = json.loads(run("list", "5.1", "--json", *HERE).out)
    assert [(e["title"], e["series"], e["session"]) for e in visit] == [
        ("夕阳红小组第2节", None, None)
    ]


def test_two_sessions_of_a_day_differ_in_their_numbers(run: Run, log: Run) -> None:
    session(log, "3-1", "夕阳红小组第1节")
    session(log, "3-1", "夕阳红小组第2节")
    for again in ("夕阳红 小组第二节", "夕阳红小组"):
        refused = run("log", "6.8.2", "-t", again, "-d", "3-1", *HERE)
        assert (refused.code, "已经记过" in refused.err) == (1, True)


def test_a_close_name_is_refused_with_two_ways_out(run: Run, log: Run) -> None:
    first = session(log, "3-1", "夕阳红小组")
    for words in (
        ("6.8.2", "8人次", "-t", "夕阳虹小组"),
        ("7.1", "1支", "-t", "夕阳红", "--type", "文体", "--also", "6.8.2"),
    ):
        refused = run("log", *words, "-d", "3-8", *HERE)
        assert refused.code == 1
        assert f"和进行中的“夕阳红小组”（编号 {first}）名称相近" in refused.err
        assert "是同一个就写 -t 夕阳红小组；是另一个就加 --again" in refused.err
    assert groups(run) == 1
    session(log, "3-8", "夕阳虹小组", "--again")
    assert groups(run) == 2
    session(log, "3-15", "夕阳虹小组第二节")
    assert groups(run) == 2


def test_a_close_name_is_asked_on_a_terminal(
    run: Run, log: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    session(log, "3-1", "夕阳红小组")
    asked: list[str] = []
    answers = [True, False, True]

    def answer(question: str, _no: str = "") -> bool:
        asked.append(question)
        return answers.pop(0)

    monkeypatch.setattr("sgtrack.cli.prompts.ask_yes", answer)
    monkeypatch.setattr("sgtrack.cli.log_command.can_ask", lambda: True)
    monkeypatch.setattr("sgtrack.cli.amend_commands.can_ask", lambda: True)
    session(log, "3-8", "夕阳虹小组第2节“再见”")
    session(log, "3-15", "夕阳红互助小组")
    visit = session(log, "3-22", "木棉小组")
    run("amend", visit, "-t", "夕阳红互助组第3节", "-r", "写错")
    assert asked == ["是不是夕阳红小组", "是不是夕阳红小组", "是不是夕阳红小组"]
    entries = json.loads(run("list", "6.8.2", "--json", *HERE).out)
    assert [(e["series"], e["session"], e["note"]) for e in entries] == [
        ("夕阳红小组", None, ""),
        ("夕阳红小组", 2, "主题：再见"),
        ("夕阳红互助小组", None, ""),
        ("夕阳红小组", 3, ""),
    ]


def test_a_correction_takes_the_name_of_the_group(run: Run, log: Run) -> None:
    session(log, "3-1", "夕阳红小组")
    wrong = session(log, "3-8", "木棉")
    amended = run("amend", wrong, "-t", "“夕阳红”小组第二次活动", "-r", "名称写错")
    assert "夕阳红小组第2节，仍计1个" in amended.out
    assert groups(run) == 1
    newest = json.loads(run("list", "6.8.2", "--json", *HERE).out)[-1]
    same = run("amend", newest["id"], "-t", "夕阳红 小组", "-r", "再改")
    assert (same.code, "没有写要改什么" in same.err) == (1, True)
    # Its own name is no other group, so the only session of a group can be renamed.
    alone = session(log, "3-9", "向日葵小组")
    assert run("amend", alone, "-t", "向日葵互助小组", "-r", "名称写错").code == 0


def test_what_is_typed_of_people_is_not_shown(run: Run, log: Run) -> None:
    log("7.2.2", "1人", "--who", "张桂芳", "-t", "招募", "-d", "3-1")
    log("6.8.1", "-t", "张桂芳个案", "-d", "3-2")
    refused = run("log", "6.8.1", "-t", "张桂芬个案", "-d", "3-9", *HERE)
    assert refused.code == 1
    assert "张桂芳" not in refused.err
    assert "张桂芳" not in log("6.8.1", "-t", "张桂芳个案第2次", "-d", "3-9").out


@pytest.fixture
def ended(log: Run) -> str:
    """The id of the session that ended 夕阳红小组."""
    session(log, "3-1", "夕阳红小组")
    return session(log, "3-8", "夕阳红小组第2节", "--close")


def test_a_session_after_the_end_is_refused_with_two_ways_out(
    run: Run, log: Run, ended: str
) -> None:
    refused = run("log", "6.8.2", "-t", "夕阳红小组第3节", "-d", "3-15", *HERE)
    assert refused.code == 1
    assert f"“夕阳红小组”2026-03-08 已经结束（编号 {ended}）" in refused.err
    assert "接着做就加 --reopen；是新的一个就加 --again，名称写成 夕阳红小组（二）" in refused.err
    session(log, "3-5", "夕阳红小组")
    assert groups(run) == 1
    session(log, "3-15", "夕阳红小组", "--again")
    assert groups(run) == 2
    assert "夕阳红小组（二）" in open_ones(run)


def test_a_group_that_goes_on_is_open_until_that_is_undone(run: Run, log: Run, ended: str) -> None:
    said = log("6.8.2", "-t", "夕阳红小组第3节", "-d", "3-15", "--reopen").out
    assert "接着做，2026-03-08 写的“结束”去掉" in said
    assert groups(run) == 1
    assert "夕阳红小组" in open_ones(run)
    assert run("undo", "--yes").code == 0
    assert "夕阳红小组" not in open_ones(run)
    entries = json.loads(run("list", "6.8.2", "--json", *HERE).out)
    assert [entry["date"] for entry in entries] == ["2026-03-01", "2026-03-08"]
    assert run("verify").code == 0


@pytest.mark.usefixtures("three_sessions")
def test_a_group_that_goes_on_counts_again_when_it_has_its_sessions(run: Run, log: Run) -> None:
    session(log, "3-8", "夕阳红小组", "--close")
    said = log("6.8.2", "-t", "夕阳红小组", "-d", "3-15", "--reopen").out
    assert groups(run) == 0
    assert re.search(r"小组服务（4个）\s+1 → 0", said)


@pytest.mark.usefixtures("ended")
def test_only_a_group_that_was_logged_goes_on(run: Run) -> None:
    for words in (("6.8.2", "-t", "木棉小组"), ("5.1", "3人次")):
        ran = run("log", *words, "-d", "3-15", "--reopen", *HERE)
        assert (ran.code, "去掉 --reopen" in ran.err) == (1, True)


def test_a_correction_into_an_ended_group_is_asked_too(run: Run, log: Run, ended: str) -> None:
    other = session(log, "3-15", "木棉小组")
    words = ("amend", other, "-t", "夕阳红小组第3节", "-r", "名称写错")
    refused = run(*words)
    assert (refused.code, "已经结束" in refused.err) == (1, True)
    assert run(*words, "--reopen").code == 0
    assert "夕阳红小组" in open_ones(run)
    assert "木棉" not in open_ones(run)


def test_a_row_of_a_sheet_after_the_end_is_named(run: Run, ended: str) -> None:
    Path("表.csv").write_text("日期,服务项,标题,人次\n3-15,6.8.2,夕阳红小组,8\n", encoding="utf-8")
    ran = run("import", "表.csv", *HERE)
    assert ran.code == 1
    assert "夕阳红小组（二）" in ran.err
    assert f"sgtrack amend {ended} --reopen" in ran.err


def test_two_sessions_of_one_report_go_on_after_the_end(
    workspace: Workspace, run: Run, log: Run, ended: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def choose(label: str, choices: list[str], **_: object) -> int:
        asked.append(choices[0])
        return 0

    monkeypatch.setattr("sgtrack.cli.prompts.ask_choice", choose)
    monkeypatch.setattr("sgtrack.cli.prompts.can_ask", lambda: True)
    monkeypatch.setattr("sgtrack.cli.draft_prompts.ask", lambda *_, **__: "")
    report = (
        "1、3月15日，开展夕阳红小组第三节活动，8人次参加。\n"
        "2、3月22日，开展夕阳红小组第四节活动，9人次参加。\n"
    )
    ran = run_command(workspace.root, "log", "--paste", *HERE, input=report)
    assert ran.code == 0, ran.err
    assert set(asked) == {"接着“夕阳红小组”做，它没有结束"}
    entries = json.loads(run("list", "6.8.2", "--json", *HERE).out)
    assert [entry["session"] for entry in entries] == [None, 2, 3, 4]
    assert "夕阳红小组" in open_ones(run)
    assert run("verify").code == 0
