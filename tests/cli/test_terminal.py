"""Answers the questions of ``log`` in a real terminal."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from sgtrack.workspace import Workspace

from ..support.command_line import Run

if os.name != "posix":
    pytest.skip("pexpect needs a POSIX terminal", allow_module_level=True)
from ..support.terminal import ENTER, PROMPT_IS_DRAWN, Terminal, pexpect

CONFIRM = "确认写入？（"
FIVE = [
    # a visit by its code, everything else as offered
    "服务项=5.1 日期= 标题= 人次=3 地点= 佐证材料=",
    # a campaign by a Chinese fragment, yesterday, with files
    "服务项=殡葬 日期=昨天 标题=惠民殡葬进小区 场= 份=100 人次=80 地点=社区广场 "
    "佐证材料=签到表.pdf,现场.pdf",
    # a group by its name, in pinyin initials
    "服务项=xzfw 日期=6-20 标题=夕阳红小组 个= 人次=8 地点= 佐证材料=",
    # training hours by the names of those who were there
    "服务项=9.1.2 日期=3月12日 标题=社工实务 姓名=甲、乙 学时=2.5 地点= 佐证材料=",
    # a milestone has no amounts
    "服务项=1.1 日期= 标题=阵地优化 地点= 佐证材料=",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two files of evidence."""
    for name in ("签到表.pdf", "现场.pdf"):
        (tmp_path / name).write_bytes(name.encode())
    return tmp_path


def test_five_activities_without_one_error_message(
    workspace: Workspace, run: Run, folder: Path
) -> None:
    run("people", "add", "甲", "乙", "-c", "sanli")
    for answers in FIVE:
        terminal = Terminal(workspace, folder, "log", "-c", "sanli")
        for question, _, answer in (told.partition("=") for told in answers.split()):
            terminal.answer(question, answer.replace(",", " "))
        terminal.answer(CONFIRM)
        screen = terminal.finish()
        assert "已记录" in screen
        for complaint in ("错误", "改法", "没有找到", "不是", "Traceback"):
            assert complaint not in screen, screen
    listed = json.loads(run("list", "-c", "sanli", "--json").out)
    assert [(one["date"], one["item"], one["amounts"]) for one in listed] == [
        ("2026-03-12", "9.1.2", {"学时": 2.5}),
        ("2026-06-20", "6.8.2", {"个": 1, "人次": 8}),
        ("2026-06-29", "7.3.1", {"场": 1, "份": 100, "人次": 80}),
        ("2026-06-30", "5.1", {"人次": 3}),
        ("2026-06-30", "1.1", {}),
    ]
    assert len(listed[2]["evidence"]) == 2


def test_an_earlier_activity_can_be_started_from(
    workspace: Workspace, run: Run, log: Run, folder: Path
) -> None:
    run("log", "殡葬", "80人次", "100份", "-d", "3-12", "-t", "进小区", "-c", "sanli")
    (first,) = json.loads(run("list", "--json").out)
    terminal = Terminal(workspace, folder, "log", "--again-like", first["id"][-6:], "-c", "sanli")
    terminal.answer(CONFIRM, "5")
    terminal.answer("人次", "65")
    terminal.answer(CONFIRM)
    assert "已记录" in terminal.finish()
    *_, again = json.loads(run("list", "--json").out)
    assert (again["date"], again["title"]) == ("2026-06-30", "进小区")
    assert again["amounts"] == {"场": 1, "份": 100, "人次": 65}


def test_a_sentence_is_asked_about_and_written_after_a_yes(
    workspace: Workspace, run: Run, folder: Path
) -> None:
    sentence = "3月12日在社区广场开展惠民殡葬政策宣讲，发放资料100份，服务居民80余人次"
    terminal = Terminal(workspace, folder, "log", sentence, "-c", "sanli")
    terminal.answer("人次", "83")
    terminal.answer(CONFIRM)
    assert "已记录" in terminal.finish()
    (entry,) = json.loads(run("list", "--json").out)
    assert entry["amounts"] == {"场": 1, "份": 100, "人次": 83}
    assert (entry["date"], entry["place"]) == ("2026-03-12", "社区广场")


def test_an_item_that_is_not_certain_is_asked(workspace: Workspace, run: Run, folder: Path) -> None:
    sentence = "3月12日，社工为服务对象做心理疏导12人次"
    terminal = Terminal(workspace, folder, "log", sentence, "-c", "sanli")
    terminal.answer("服务项", "5.3")
    terminal.answer(CONFIRM)
    assert "已记录" in terminal.finish()
    (entry,) = json.loads(run("list", "--json").out)
    assert (entry["item"], entry["amounts"]) == ("5.3", {"人次": 12})


def test_a_pasted_report_is_asked_about_event_by_event(
    workspace: Workspace, run: Run, folder: Path
) -> None:
    terminal = Terminal(workspace, folder, "log", "--paste", "-c", "sanli")
    terminal.child.expect_exact("按 Ctrl-D 结束")
    terminal.child.send("6月22日，走访低保户8人次。\n6月23日，走访特困人员近10人次。\n")
    terminal.child.sendeof()
    terminal.answer(CONFIRM, "n")
    terminal.answer("人次", "9")
    terminal.answer(CONFIRM)
    screen = terminal.finish()
    assert "第 2 次，共 2 次" in screen
    assert "跳过" in screen
    (entry,) = json.loads(run("list", "--json").out)
    assert (entry["date"], entry["amounts"]) == ("2026-06-23", {"人次": 9})


def test_a_no_writes_nothing(workspace: Workspace, run: Run, folder: Path) -> None:
    terminal = Terminal(workspace, folder, "log", "昨天入户访视3人次，都是独居老人", "-c", "sanli")
    terminal.answer(CONFIRM, "n")
    assert "没有写入" in terminal.finish()
    assert json.loads(run("list", "--json").out) == []


def test_a_wrong_answer_is_explained_and_asked_again(
    workspace: Workspace, run: Run, folder: Path
) -> None:
    terminal = Terminal(workspace, folder, "log", "-c", "sanli")
    terminal.child.expect_exact("服务项：")
    terminal.child.send("没有这个" + ENTER)
    terminal.child.expect_exact("没有找到")
    terminal.child.send("\x15")  # Ctrl-U: a refused answer stays to be edited
    terminal.child.send("5.1" + ENTER)
    terminal.child.expect_exact("日期：")
    terminal.child.send("明天" + ENTER)
    terminal.child.expect_exact("不是日期")
    terminal.child.expect_exact("日期：")
    terminal.child.expect_exact(PROMPT_IS_DRAWN)
    terminal.child.sendcontrol("c")
    terminal.child.expect_exact("已中断")
    terminal.child.expect(pexpect.EOF)
    terminal.child.close()
    assert terminal.child.exitstatus == 130
    assert json.loads(run("list", "--json").out) == []


def entry_of(run: Run) -> dict[str, Any]:
    (entry,) = json.loads(run("list", "--json", "--with-names").out)
    found: dict[str, Any] = entry
    return found


def test_a_wrong_item_amount_and_day_are_corrected_in_the_draft(
    workspace: Workspace, run: Run, folder: Path
) -> None:
    sentence = "6月22日走访低保户8人次，送米3袋"
    terminal = Terminal(workspace, folder, "log", sentence, "-c", "sanli")
    terminal.answer(CONFIRM, "3")
    terminal.answer("人次", "9")
    terminal.answer(CONFIRM, "1")
    terminal.answer("日期", "6-23")
    terminal.answer(CONFIRM, "2")
    terminal.answer("服务项", "5.2")
    terminal.answer(CONFIRM)
    screen = terminal.finish()
    assert "没有用到：送米3袋" in screen
    entry = entry_of(run)
    assert (entry["date"], entry["item"], entry["amounts"]) == ("2026-06-23", "5.2", {"人次": 9})
    assert entry["source"] == sentence
    assert entry["note"] == "没有用到：送米3袋"


def test_a_report_of_six_events_with_one_skipped_joined_and_corrected(
    workspace: Workspace, run: Run, folder: Path
) -> None:
    report = (
        "1、6月1日，走访低保户8人次。\n2、6月2日，走访特困人员10人次。\n"
        "3、6月3日，开展惠民殡葬政策宣讲1场，居民62人次。\n4、6月4日，走访残疾人5人次。\n"
        "5、6月5日，开展垃圾分类宣讲1场，居民30人次参加。\n6、6月8日，走访低保户4人次。\n"
    )
    terminal = Terminal(workspace, folder, "log", "--paste", "-c", "sanli")
    terminal.child.expect_exact("按 Ctrl-D 结束")
    terminal.child.send(report)
    terminal.child.sendeof()
    terminal.answer(CONFIRM)
    terminal.answer(CONFIRM, "n")
    terminal.answer(CONFIRM, "5")
    terminal.answer("人次", "63")
    terminal.answer(CONFIRM)
    terminal.answer(CONFIRM)
    terminal.answer(CONFIRM)
    terminal.answer(CONFIRM, "j")
    terminal.answer("服务项")
    terminal.answer("人次", "30")
    terminal.answer(CONFIRM)
    screen = terminal.finish()
    assert screen.count("已记录") == 4
    entries = json.loads(run("list", "--json", "--with-names").out)
    assert [(one["date"], one["item"], one["amounts"]) for one in entries] == [
        ("2026-06-01", "5.1", {"人次": 8}),
        ("2026-06-03", "7.3.1", {"场": 1, "人次": 63}),
        ("2026-06-04", "5.1", {"人次": 5}),
        ("2026-06-05", "7.3.3", {"场": 1, "人次": 30}),
    ]
    assert "走访低保户4人次" in entries[3]["source"]


def test_confirmed_events_can_be_kept_after_ctrl_c(
    workspace: Workspace, run: Run, folder: Path
) -> None:
    terminal = Terminal(workspace, folder, "log", "--paste", "-c", "sanli")
    terminal.child.expect_exact("按 Ctrl-D 结束")
    terminal.child.send("6月22日，走访低保户8人次。\n6月23日，走访特困人员10人次。\n")
    terminal.child.sendeof()
    terminal.answer(CONFIRM)
    terminal.child.expect_exact("第 2 次，共 2 次")
    terminal.child.expect_exact(CONFIRM)
    terminal.child.expect_exact(PROMPT_IS_DRAWN)
    terminal.child.sendcontrol("c")
    terminal.answer("已经确认的 1 次写入台账")
    assert "已记录" in terminal.finish()
    assert entry_of(run)["amounts"] == {"人次": 8}


def test_an_unusual_amount_is_asked_again_and_not_thrown_away(
    workspace: Workspace, run: Run, folder: Path
) -> None:
    terminal = Terminal(workspace, folder, "log", "6月3日走访低保户2151人次", "-c", "sanli")
    terminal.answer("确实是 2151人次 吗", "n")
    terminal.answer(CONFIRM, "3")
    terminal.answer("人次", "2152")
    terminal.answer("确实是 2152人次 吗")
    terminal.answer(CONFIRM)
    assert "已记录" in terminal.finish()
    assert entry_of(run)["amounts"] == {"人次": 2152}


def test_one_can_go_back_and_defaults_are_replaced(
    workspace: Workspace, run: Run, folder: Path
) -> None:
    terminal = Terminal(workspace, folder, "log", "-c", "sanli", "--place", "老地方")
    terminal.answer("服务项", "5.1")
    terminal.answer("日期", "6-1")
    terminal.answer("标题", "走访")
    terminal.answer("人次", "12")
    terminal.answer("地点", "<")
    terminal.answer("人次", "12")
    terminal.answer("地点", "南街")
    terminal.answer("佐证材料")
    terminal.answer(CONFIRM)
    assert "已记录" in terminal.finish()
    entry = entry_of(run)
    assert (entry["amounts"], entry["place"]) == ({"人次": 12}, "南街")


def test_all_items_are_listed_with_the_arrow_before_anything_is_typed(
    workspace: Workspace, folder: Path
) -> None:
    terminal = Terminal(workspace, folder, "log", "-c", "sanli")
    terminal.child.expect_exact("服务项：")
    terminal.child.send("\x1b[B")
    terminal.child.expect_exact("社区党组织工作规则学习贯彻")
    terminal.child.sendcontrol("c")
    terminal.child.expect(pexpect.EOF)


def test_what_was_confirmed_stays_when_a_joined_event_is_skipped(
    workspace: Workspace, run: Run, folder: Path
) -> None:
    terminal = Terminal(workspace, folder, "log", "--paste", "-c", "sanli")
    terminal.child.expect_exact("按 Ctrl-D 结束")
    terminal.child.send("6月1日，走访低保户3人次。\n6月2日，走访特困人员2人次。\n")
    terminal.child.sendeof()
    terminal.answer(CONFIRM)
    terminal.answer(CONFIRM, "j")
    terminal.answer("人次", "5")
    terminal.answer(CONFIRM, "n")
    assert "上一次照确认过的" in terminal.finish()
    assert entry_of(run)["amounts"] == {"人次": 3}


def interrupt(terminal: Terminal, question: str) -> None:
    """Press Ctrl-C when a question stands on the screen."""
    terminal.child.expect_exact(question)
    terminal.child.expect_exact(PROMPT_IS_DRAWN)
    terminal.child.sendcontrol("c")


def test_a_missing_amount_and_a_missing_name_are_asked(
    workspace: Workspace, run: Run, folder: Path
) -> None:
    words = ("-d", "6-3", "-t", "第2期100人培训", "--note", "带投影仪", "-c", "sanli")
    terminal = Terminal(workspace, folder, "log", "9.1.2", *words)
    terminal.answer("学时", "2.5")
    terminal.answer("姓名", "甲、乙")
    terminal.answer(CONFIRM)
    assert "备注“带投影仪”" in terminal.finish()
    terminal = Terminal(workspace, folder, "log", "6.8.2", "9人次", "-d", "6-4", "-c", "sanli")
    terminal.answer("标题", "编织小组")
    terminal.answer(CONFIRM)
    terminal.finish()
    entries = json.loads(run("list", "--json").out)
    assert [(e["date"], e["title"], e["amounts"], e["people"], e["note"]) for e in entries] == [
        ("2026-06-03", "第2期100人培训", {"学时": 2.5}, 2, "带投影仪"),
        ("2026-06-04", "编织小组", {"个": 1, "人次": 9}, 0, ""),
    ]


def test_the_unit_of_a_number_is_asked(workspace: Workspace, run: Run, folder: Path) -> None:
    words = ("7.3.1", "80", "100份", "-d", "6-3", "-c", "sanli")
    terminal = Terminal(workspace, folder, "log", *words)
    terminal.answer("是哪个单位", "9")
    terminal.answer("是哪个单位", "3")
    terminal.answer(CONFIRM)
    assert "请写 1、2、3 中的一个" in terminal.finish()
    assert entry_of(run)["amounts"] == {"场": 1, "份": 100, "人次": 80}


def test_an_unusual_amount_of_an_option_is_asked(
    workspace: Workspace, run: Run, folder: Path
) -> None:
    terminal = Terminal(workspace, folder, "log", "5.1", "2151人次", "-d", "6-3", "-c", "sanli")
    terminal.answer("确实是 2151人次 吗", "n")
    terminal.answer(CONFIRM, "3")
    terminal.answer("人次", "215")
    terminal.answer(CONFIRM)
    assert "一般最多 500人次" in terminal.finish()
    entry = entry_of(run)
    assert entry["amounts"] == {"人次": 215}
    terminal = Terminal(workspace, folder, "amend", entry["id"], "2151人次", "-r", "五天的课程")
    terminal.answer("确实是 2151人次 吗")
    terminal.finish()
    assert run("amend", entry_of(run)["id"], "-t", "课程", "-r", "补写").code == 0
    assert entry_of(run)["amounts"] == {"人次": 2151}


@pytest.mark.parametrize("answer", ["n", "Ｎ", "跳过"])
def test_an_event_with_an_open_question_is_skipped(
    workspace: Workspace, run: Run, folder: Path, answer: str
) -> None:
    terminal = Terminal(workspace, folder, "log", "--paste", "-c", "sanli")
    terminal.child.expect_exact("按 Ctrl-D 结束")
    terminal.child.send("6月22日，走访低保户近10人次。\n6月23日，走访特困人员9人次。\n")
    terminal.child.sendeof()
    terminal.answer("人次", answer)
    terminal.answer(CONFIRM)
    screen = terminal.finish()
    assert "跳过" in screen
    assert "n 跳过这一次" in screen
    assert entry_of(run)["date"] == "2026-06-23"


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("6月22日走访低保户近10人次", "人次"),
        ("2月30日走访低保户3人次", "日期"),
        ("3月12日，社工为服务对象做心理疏导12人次", "服务项"),
    ],
)
def test_a_no_to_an_open_question_writes_nothing(
    workspace: Workspace, run: Run, folder: Path, sentence: str, question: str
) -> None:
    terminal = Terminal(workspace, folder, "log", sentence, "-c", "sanli")
    terminal.answer(question, "n")
    assert "没有写入" in terminal.finish()
    assert json.loads(run("list", "--json").out) == []


def test_a_row_stays_as_it_is_after_a_no(workspace: Workspace, run: Run, folder: Path) -> None:
    terminal = Terminal(workspace, folder, "log", "6月3日走访低保户8人次", "-c", "sanli")
    for answer in ("n", "<"):
        terminal.answer(CONFIRM, "5")
        terminal.answer("标题", answer)
    terminal.answer(CONFIRM)
    terminal.finish()
    assert (entry_of(run)["title"], entry_of(run)["amounts"]) == ("", {"人次": 8})


@pytest.mark.parametrize("at", [CONFIRM, "人次："])
def test_what_was_confirmed_stays_when_joining_is_broken_off(
    workspace: Workspace, run: Run, folder: Path, at: str
) -> None:
    terminal = Terminal(workspace, folder, "log", "--paste", "-c", "sanli")
    terminal.child.expect_exact("按 Ctrl-D 结束")
    terminal.child.send("6月1日，走访低保户3人次。\n6月2日，走访特困人员2人次。\n")
    terminal.child.sendeof()
    terminal.answer(CONFIRM)
    terminal.answer(CONFIRM, "j")
    if at == CONFIRM:
        terminal.answer("人次", "5")
    interrupt(terminal, at)
    terminal.answer("已经确认的 1 次写入台账")
    assert "已记录" in terminal.finish()
    assert entry_of(run)["amounts"] == {"人次": 3}


@pytest.mark.parametrize("key", ["<", "＜", "《"])
def test_there_is_nothing_before_the_first_question(
    workspace: Workspace, run: Run, folder: Path, key: str
) -> None:
    terminal = Terminal(workspace, folder, "log", "-c", "sanli")
    terminal.answer("服务项", key)
    terminal.answer("服务项", "5.1")
    terminal.answer("日期", "6-1")
    terminal.answer("标题", "n")
    terminal.answer("标题", "\x7f")
    terminal.answer("人次", "3")
    terminal.answer("地点")
    terminal.answer("佐证材料")
    terminal.answer(CONFIRM)
    screen = terminal.finish()
    assert "前面没有问题了" in screen
    assert "“n”不是标题" in screen
    assert entry_of(run)["title"] == ""


def test_an_ended_group_is_asked_about(workspace: Workspace, run: Run, folder: Path) -> None:
    here = ("-c", "sanli")
    run("log", "6.8.2", "-t", "编织小组", "-d", "3-1", "--close", *here)
    terminal = Terminal(workspace, folder, "log", "6.8.2", "-t", "编织小组", "-d", "3-8", *here)
    terminal.answer("是哪一种", "2")
    terminal.answer("名称")
    assert "编织小组（二），新的1个" in terminal.finish()
    sentence = "3月15日开展编织小组第三节活动，8人次参加"
    terminal = Terminal(workspace, folder, "log", sentence, *here)
    terminal.answer("是哪一种", "3")
    terminal.answer(CONFIRM)
    assert "编织小组（二）第3节，仍计1个" in terminal.finish()
    terminal = Terminal(workspace, folder, "log", "6.8.2", "-t", "编织小组", "-d", "3-22", *here)
    terminal.answer("是哪一种", "1")
    assert "接着做" in terminal.finish()
    titles = [entry["title"] for entry in json.loads(run("list", "--json").out)]
    assert titles == ["编织小组", "编织小组（二）", "编织小组（二）", "编织小组"]


def test_a_copy_needs_no_community_and_says_what_it_leaves_out(
    workspace: Workspace, run: Run, folder: Path
) -> None:
    words = ("-d", "3-12", "-t", "进小区", "--note", "下雨", "--attendance", "95", "--also", "7.4")
    run("log", "7.3.1", "80人次", *words, "--place", "广场", "-c", "sanli")
    first = entry_of(run)
    terminal = Terminal(workspace, folder, "log", "--again-like", first["id"][-6:])
    terminal.answer(CONFIRM)
    screen = terminal.finish()
    assert "没有照抄：备注、到场95人次" in screen
    assert "同时计入 7.4" in screen
    _, again = json.loads(run("list", "--json").out)
    same = ("community", "item", "title", "place", "amounts", "also")
    assert {key: again[key] for key in same} == {key: first[key] for key in same}
    assert (again["note"], again["attendance"], again["date"]) == ("", None, "2026-06-30")


def test_a_wrong_community_is_asked_again(workspace: Workspace, run: Run, folder: Path) -> None:
    terminal = Terminal(workspace, folder, "log", "5.1", "3人次")
    for answer in ("没有", "sanli"):
        terminal.child.expect_exact("社区: ")
        terminal.child.send(answer + ENTER)
    assert "已记录" in terminal.finish()
    assert entry_of(run)["community"] == "sanli"


@pytest.mark.parametrize(
    ("words", "question"),
    [
        (("log",), "服务项："),
        (("log", "5.1"), "人次："),
        (("log", "2月30日走访低保户3人次"), "日期："),
        (("log", "6月3日走访低保户8人次"), CONFIRM),
        (("log", "5.1", "2151人次"), "确实是 2151人次 吗"),
    ],
)
def test_ctrl_c_prints_plain_words_at_every_question(
    workspace: Workspace, folder: Path, words: tuple[str, ...], question: str
) -> None:
    terminal = Terminal(workspace, folder, *words, "-c", "sanli")
    interrupt(terminal, question)
    terminal.child.sendcontrol("c")
    terminal.child.expect(pexpect.EOF)
    screen = terminal.child.before
    terminal.child.close()
    assert "已中断" in screen
    for word in ("Traceback", "KeyboardInterrupt", "xception"):
        assert word not in screen
    assert terminal.child.exitstatus == 130


def test_one_goes_back_from_the_draft_by_the_number_of_a_row(
    workspace: Workspace, run: Run, folder: Path
) -> None:
    terminal = Terminal(workspace, folder, "log", "6月3日走访低保户8人次", "-c", "sanli")
    terminal.answer(CONFIRM, "<")
    terminal.answer(CONFIRM, "３")
    terminal.answer("人次", "9")
    terminal.answer(CONFIRM)
    assert "就写那一行的编号" in terminal.finish()
    assert entry_of(run)["amounts"] == {"人次": 9}


def test_a_correction_to_an_unusual_amount_can_be_declined(
    workspace: Workspace, run: Run, folder: Path
) -> None:
    run("log", "5.1", "3人次", "-d", "6-3", "-c", "sanli")
    words = ("amend", entry_of(run)["id"], "2151人次", "-r", "核对")
    terminal = Terminal(workspace, folder, *words)
    terminal.answer("确实是 2151人次 吗", "n")
    terminal.child.expect(pexpect.EOF)
    assert "没有写入" in terminal.child.before
    assert entry_of(run)["amounts"] == {"人次": 3}
    assert run(*words).code == 1
    assert run(*words, "--yes").code == 0
    assert entry_of(run)["amounts"] == {"人次": 2151}
