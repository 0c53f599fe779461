"""The menu in a real terminal of 80 columns and 24 lines."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from sgtrack.workspace import SETTINGS, Workspace

from ..support.command_line import Run, list_entries, run_command

if os.name != "posix":
    pytest.skip("pexpect needs a POSIX terminal", allow_module_level=True)
from ..support.terminal import PROMPT_IS_DRAWN, Terminal

SIZE = (24, 80)
BACK = "按回车返回菜单"
CHOOSE = "请选择"
SENTENCE = "6月12日在社区广场开展惠民殡葬政策宣讲，发放资料100份，服务80人次"


@pytest.fixture
def own(workspace: Workspace) -> Workspace:
    """A workspace whose community was chosen."""
    (workspace.root / SETTINGS).write_text('community = "sanli"\n', "utf-8")
    return workspace


def start(workspace: Workspace | None, folder: Path) -> Terminal:
    return Terminal(workspace, folder, "menu", size=SIZE)


def interrupt(terminal: Terminal, question: str) -> None:
    terminal.child.expect_exact(question)
    terminal.child.expect_exact(PROMPT_IS_DRAWN)
    terminal.child.sendcontrol("c")


def test_from_nothing_to_an_issued_brief(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SGTRACK_TODAY", "2026-03-24")
    for name in ("签到表.pdf", "现场 1.pdf"):
        (tmp_path / name).write_bytes(name.encode())
    terminal = start(None, tmp_path)
    terminal.answer("社区", "2")
    terminal.answer(CHOOSE, "1")
    terminal.answer("怎样记", "1")
    terminal.answer("服务项", "5.1")
    for question, answer in (("日期", "3-12"), ("标题", ""), ("人次", "3"), ("地点", "")):
        terminal.answer(question, answer)
    terminal.answer("佐证材料", f"'{tmp_path / '现场 1.pdf'}' {tmp_path / '签到表.pdf'}")
    terminal.answer("确认写入？（")
    terminal.answer(BACK)
    terminal.answer(CHOOSE, "1")
    terminal.answer("怎样记", "2")
    terminal.answer("一句话", SENTENCE.replace("6月", "3月"))
    terminal.answer("确认写入？（")
    terminal.answer(BACK)
    terminal.answer(CHOOSE, "3")
    terminal.answer("哪个月的简报")
    terminal.answer("接着", "2")
    terminal.answer("确认发出？（")
    terminal.answer("接着", "0")
    terminal.answer(CHOOSE, "6")
    terminal.answer(BACK)
    terminal.answer(CHOOSE, "0")
    screen = terminal.finish()
    root = Path(os.environ["XDG_DATA_HOME"]) / "sgtrack"
    assert (root / SETTINGS).read_text("utf-8") == 'community = "xianheguan"\n'
    listed = json.loads(run_command(root, "list", "--json").out)
    assert [(one["item"], one["community"]) for one in listed][:2] == [
        ("5.1", "xianheguan"),
        ("7.3.1", "xianheguan"),
    ]
    assert len(listed[0]["evidence"]) == 2
    (brief,) = json.loads(run_command(root, "brief", "list", "--json").out)
    assert brief["issued"] == "2026-03-24"
    assert (root / "briefs" / "xianheguan-2026-03.docx").exists()
    assert "已备份，检查过是完好的" in screen
    assert screen.count("您做的是哪个社区的项目") == 1


def test_errors_and_ctrl_c_return_to_the_menu(own: Workspace, tmp_path: Path) -> None:
    terminal = start(own, tmp_path)
    terminal.answer(CHOOSE, "9")
    terminal.answer(CHOOSE, "1")
    terminal.answer("怎样记", "1")
    interrupt(terminal, "服务项：")
    terminal.answer(CHOOSE, "1")
    interrupt(terminal, "怎样记：")
    terminal.answer(CHOOSE, "2")
    terminal.answer("看哪一类、哪一项", "没有这一类")
    terminal.answer("看哪一类、哪一项", "5.1")
    terminal.answer("看哪一类、哪一项")
    terminal.answer(CHOOSE, "0")
    screen = terminal.finish()
    assert screen.count("已中断") == 2
    assert "请写 0、1、2、3、4、5、6、7 中的一个" in screen
    assert "没有找到“没有这一类”" in screen
    assert "Traceback" not in screen


def test_a_broken_target_file_is_said_until_it_is_mended(own: Workspace, tmp_path: Path) -> None:
    file = own.targets / "sanli.yaml"
    good = file.read_bytes()
    file.write_bytes(good.replace("name: 三里社区".encode(), "nome: 三里社区".encode()))
    terminal = start(own, tmp_path)
    terminal.child.expect_exact("sanli.yaml")
    terminal.child.expect_exact("改好以后按回车再试")
    file.write_bytes(good)
    terminal.child.expect_exact(PROMPT_IS_DRAWN)
    terminal.child.send("\r")
    terminal.answer(CHOOSE, "0")
    terminal.finish()


def test_a_sheet_is_imported_by_dragging_it_into_the_window(own: Workspace, tmp_path: Path) -> None:
    sheet = tmp_path / "三月 登记.csv"
    sheet.write_text("日期,服务项,人次\n2026-06-03,5.1,3\n", "utf-8")
    terminal = start(own, tmp_path)
    terminal.answer(CHOOSE, "4")
    terminal.answer("文件", str(tmp_path / "没有.xlsx"))
    terminal.child.expect_exact("没有文件")
    terminal.child.send("\x15")  # Ctrl-U: a refused answer stays to be edited
    terminal.answer("文件", f"'{sheet}'")
    terminal.answer(BACK)
    terminal.answer(CHOOSE, "4")
    terminal.answer("文件")
    terminal.answer(BACK)
    terminal.answer(CHOOSE, "0")
    terminal.finish()
    (entry,) = list_entries(lambda *words: run_command(own.root, *words))
    assert (entry["item"], entry["amounts"]) == ("5.1", {"人次": 3})
    assert (own.root / "活动登记表.xlsx").exists()


def test_a_command_is_typed(own: Workspace, tmp_path: Path) -> None:
    terminal = start(own, tmp_path)
    for typed in ("log 5.1 3人次 -t '走访 二组'", "sgtrack sheet 空表.xlsx", "没有这个命令"):
        terminal.answer(CHOOSE, "7")
        terminal.answer("命令", typed)
        terminal.answer(BACK)
    terminal.answer(CHOOSE, "7")
    terminal.answer("命令", ".\\sgtrack --help" if os.name == "nt" else "./sgtrack --help")
    terminal.answer(BACK)
    terminal.answer(CHOOSE, "0")
    screen = terminal.finish()
    (entry,) = list_entries(lambda *words: run_command(own.root, *words))
    assert (entry["item"], entry["title"]) == ("5.1", "走访 二组")
    assert (own.root / "空表.xlsx").exists()
    assert "没有命令 没有这个命令" in screen
    assert "写当月简报" in screen


def test_a_typed_command_stays_in_the_workspace_that_was_named(
    own: Workspace, tmp_path: Path
) -> None:
    home = os.path.relpath(own.root, tmp_path)
    terminal = Terminal(None, tmp_path, "--home", home, "menu", size=SIZE)
    terminal.answer(CHOOSE, "7")
    terminal.answer("命令", "log 5.1 3人次")
    terminal.answer(BACK)
    terminal.answer(CHOOSE, "0")
    terminal.finish()
    assert len(list_entries(lambda *words: run_command(own.root, *words))) == 1


def test_an_early_brief_needs_a_reason(own: Workspace, tmp_path: Path, run: Run) -> None:
    assert run("log", "5.1", "3人次", "-d", "6-30", "-c", "sanli").code == 0
    terminal = start(own, tmp_path)
    terminal.answer(CHOOSE, "3")
    terminal.answer("哪个月的简报", "7")
    terminal.answer("接着", "2")
    terminal.answer("提前发出的原因", "n")
    terminal.answer("接着", "2")
    terminal.answer("提前发出的原因", "街道要求提前报送")
    terminal.answer("确认发出？（")
    terminal.answer("接着", "0")
    terminal.answer(CHOOSE, "0")
    assert "已发出" in terminal.finish()


def test_the_folder_is_opened(
    own: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    opener = programs / "xdg-open"
    opener.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\n', "utf-8")
    opener.chmod(opener.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    monkeypatch.setenv("DISPLAY", ":0")
    terminal = start(own, tmp_path)
    terminal.answer(CHOOSE, "5")
    terminal.answer(BACK)
    terminal.answer(CHOOSE, "0")
    terminal.finish()
    assert (tmp_path / "opened").read_text("utf-8") == f"{own.root}\n"


def test_without_a_terminal_the_menu_is_refused(run: Run) -> None:
    ran = run("menu")
    assert ran.code == 1
    assert "菜单要在终端里用" in ran.err
