"""Answers the questions of ``log`` in a real terminal."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import pytest

from sgtrack.workspace import Workspace

from ..support.command_line import Run

if os.name != "posix":
    pytest.skip("pexpect needs a POSIX terminal", allow_module_level=True)
pexpect = pytest.importorskip("pexpect")
WAIT = 30
ENTER = "\r"
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]")


class Terminal:
    """A terminal of 100 columns with ``sgtrack`` running in it."""

    def __init__(self, workspace: Workspace, folder: Path, *words: str) -> None:
        env = os.environ | {
            "SGTRACK_HOME": str(workspace.root),
            "TERM": "xterm",
            "PYTHONUTF8": "1",
            "PROMPT_TOOLKIT_NO_CPR": "1",
        }
        self.screen = ""
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "sgtrack", *words],
            env=env,
            cwd=str(folder),
            encoding="utf-8",
            timeout=WAIT,
            dimensions=(40, 100),
        )

    def answer(self, question: str, answer: str = "", *, fresh: bool = False) -> None:
        """Wait for a question, then type the answer; ``fresh`` first deletes the default."""
        self.child.expect_exact(f"{question}：")
        self.screen += self.child.before
        if fresh:
            self.child.send("\x15")  # Ctrl-U
        self.child.send(answer)
        # What was typed is echoed before Enter is pressed, as a person would see it.
        self.child.send(ENTER)

    def finish(self) -> str:
        self.child.expect(pexpect.EOF)
        self.screen += self.child.before
        self.child.close()
        assert self.child.exitstatus == 0, self.screen
        return CONTROL.sub("", self.screen)


CONFIRM = "写入吗（回车=是，n=否）"
FIVE = [
    # a visit by its code, everything else as offered
    "服务项=5.1 日期= 标题= 人次=3 地点= 佐证材料=",
    # a campaign by a Chinese fragment, yesterday, with files
    "服务项=殡葬 日期=昨天 标题=惠民殡葬进小区 场= 份=100 人次=80 地点=社区广场 "
    "佐证材料=签到表.jpg,现场.jpg",
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
    for name in ("签到表.jpg", "现场.jpg"):
        (tmp_path / name).write_bytes(name.encode())
    return tmp_path


def test_five_activities_without_one_error_message(
    workspace: Workspace, run: Run, folder: Path
) -> None:
    run("people", "add", "甲", "乙", "-c", "sanli")
    for answers in FIVE:
        terminal = Terminal(workspace, folder, "log", "-c", "sanli")
        for question, _, answer in (told.partition("=") for told in answers.split()):
            fresh = question == "日期" and answer != ""
            terminal.answer(question, answer.replace(",", " "), fresh=fresh)
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
    for question, answer in (("服务项", ""), ("日期", ""), ("标题", ""), ("场", ""), ("份", "")):
        terminal.answer(question, answer)
    terminal.answer("人次", "65", fresh=True)
    for question in ("地点", "佐证材料", CONFIRM):
        terminal.answer(question)
    assert "已记录" in terminal.finish()
    *_, again = json.loads(run("list", "--json").out)
    assert (again["date"], again["title"]) == ("2026-06-30", "进小区")
    assert again["amounts"] == {"场": 1, "份": 100, "人次": 65}


def test_a_sentence_is_asked_about_and_written_after_a_yes(
    workspace: Workspace, run: Run, folder: Path
) -> None:
    sentence = "3月12日在社区广场开展惠民殡葬政策宣讲，发放资料100份，服务居民80余人次"
    terminal = Terminal(workspace, folder, "log", sentence, "-c", "sanli")
    terminal.answer("人次", "83", fresh=True)
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
    terminal.answer("人次", "9", fresh=True)
    terminal.answer(CONFIRM)
    assert "第 2 次，共 2 次" in terminal.finish()
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
    terminal.answer("服务项", "没有这个")
    terminal.child.expect_exact("没有找到")
    terminal.child.send("\x15")
    terminal.child.send("5.1" + ENTER)
    terminal.answer("日期", "明天", fresh=True)
    terminal.child.expect_exact("不是日期")
    terminal.child.sendcontrol("c")
    terminal.child.expect_exact("已中断")
    terminal.child.expect(pexpect.EOF)
    terminal.child.close()
    assert terminal.child.exitstatus == 130
    assert json.loads(run("list", "--json").out) == []
