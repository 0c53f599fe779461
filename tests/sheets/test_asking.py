"""An import asks on a terminal for what only the officer knows."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from sgtrack.workspace import Workspace

from ..support.command_line import Run, list_entries
from ..support.ledgers import environment
from ..support.office import edit_cells
from ..support.tables import workbook, write_csv

if os.name != "posix":
    pytest.skip("pexpect needs a POSIX terminal", allow_module_level=True)
pexpect = pytest.importorskip("pexpect")
HERE = ("-c", "xianheguan")
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]")


def import_asking(
    workspace: Workspace, file: Path, *answers: tuple[str, str], code: int = 0
) -> str:
    """Import a file, and answer the questions; return what was on the screen."""
    env = os.environ | environment(workspace)
    env |= {"SGTRACK_HOME": str(workspace.root), "TERM": "xterm"}
    env |= {"PYTHONUTF8": "1", "PROMPT_TOOLKIT_NO_CPR": "1"}
    child = pexpect.spawn(
        sys.executable,
        ["-m", "sgtrack", "import", str(file), *HERE],
        env={name: value for name, value in env.items() if value is not None},
        encoding="utf-8",
        timeout=30,
        dimensions=(50, 120),
    )
    screen = ""
    for question, answer in answers:
        child.expect_exact(f"{question}：")
        screen += child.before
        child.send(answer)
        child.send("\r")
    child.expect(pexpect.EOF)
    screen = CONTROL.sub("", screen + child.before)
    child.close()
    assert child.exitstatus == code, screen
    return screen


@pytest.fixture
def book(run: Run, log: Run, tmp_path: Path) -> Path:
    """The export of two entries, in the rows 5 and 6."""
    log("5.1", "3人次", "-d", "3-13", "-t", "访视一")
    log("5.1", "4人次", "-d", "3-14", "-t", "访视二")
    file = tmp_path / "台账.xlsx"
    assert run("export", str(file), *HERE).code == 0
    edit_cells(file, {"台账": {"F5": 6, "H6": "文化站"}})
    return file


def described(run: Run) -> list[tuple[str, str, int, str]]:
    return [
        (one["date"], one["title"], one["amounts"]["人次"], one["place"])
        for one in list_entries(run, *HERE)
    ]


def test_corrections_are_shown_and_confirmed(workspace: Workspace, run: Run, book: Path) -> None:
    before = described(run)
    screen = import_asking(
        workspace,
        book,
        ("这 2 条更正的原因", "签到表核对"),
        ("确认写入这 2 条更正？（回车确认，n 取消）", "n"),
        code=1,
    )
    assert "人次：3人次 → 6人次" in screen
    assert "地点：（空） → 文化站" in screen
    assert described(run) == before
    screen = import_asking(
        workspace,
        book,
        ("这 2 条更正的原因", "签到表核对"),
        ("确认写入这 2 条更正？（回车确认，n 取消）", ""),
    )
    assert "更正了 2 条" in screen
    assert [one[2:] for one in described(run)] == [(6, ""), (4, "文化站")]
    entry = list_entries(run, *HERE)[0]
    assert "签到表核对" in run("show", entry["id"]).out


@pytest.mark.parametrize(("answer", "amount"), [("1", 6), ("2", 5)])
def test_an_entry_that_changed_since_is_asked(
    workspace: Workspace, run: Run, book: Path, answer: str, amount: int
) -> None:
    entry = next(one for one in list_entries(run, *HERE) if one["title"] == "访视一")
    run("amend", entry["id"][-6:], "5人次", "-r", "数错了")
    count = 2 if answer == "1" else 1
    screen = import_asking(
        workspace,
        book,
        ("处理方式", answer),
        (f"这 {count} 条更正的原因", "核对"),
        (f"确认写入这 {count} 条更正？（回车确认，n 取消）", ""),
    )
    assert "导出以后台账也改过" in screen
    assert [one[2:] for one in described(run)] == [(amount, ""), (4, "文化站")]


HEAD = ("日期", "服务项", "标题", "人次")


@pytest.mark.parametrize(
    ("answer", "days"),
    [("1", ["2026-03-08"]), ("2", ["2026-03-05", "2026-03-08"]), ("3", ["2026-03-05"])],
)
def test_a_row_whose_day_was_changed_in_the_file(
    workspace: Workspace, run: Run, tmp_path: Path, answer: str, days: list[str]
) -> None:
    file = write_csv(tmp_path / "a.csv", [HEAD, ("3-5", "5.1", "入户", 4)])
    assert run("import", str(file), *HERE).code == 0
    write_csv(file, [HEAD, ("3-8", "5.1", "入户", 4)])
    more = (("这 1 条更正的原因", "日期写错"), ("确认写入这 1 条更正？（回车确认，n 取消）", ""))
    import_asking(workspace, file, ("处理方式", answer), *(more if answer == "1" else ()))
    assert [one[0] for one in described(run)] == days
    if answer == "1":
        assert "1 条台账里已有，跳过" in run("import", str(file), *HERE).out


def test_the_own_form_asks_nothing(workspace: Workspace, run: Run, tmp_path: Path) -> None:
    """Its help sheet has headings that an import does not know."""
    form = tmp_path / "登记表.xlsx"
    assert run("sheet", str(form), *HERE).code == 0
    cells = {"A4": "3-5", "B4": "5.1 入户访视", "C4": "入户", "D4": 4, "E4": "人次"}
    edit_cells(form, {"活动登记表": cells})
    assert "导入了 1 条记录" in import_asking(workspace, form)


def test_two_columns_of_one_meaning_are_asked(
    workspace: Workspace, run: Run, tmp_path: Path
) -> None:
    rows = [(*HEAD, "活动内容", "累计人次"), ("3-5", "5.1", "入户", 4, "量血压", 40)]
    file = write_csv(tmp_path / "a.csv", rows)
    import_asking(
        workspace,
        file,
        ("“累计人次”这一列是", "不用"),
        ("“活动内容”这一列（“标题”已经是标题）是", "备注"),
    )
    (entry,) = list_entries(run, *HERE)
    assert (entry["title"], entry["note"], entry["amounts"]) == ("入户", "量血压", {"人次": 4})


def test_a_number_as_an_item_is_asked_once(workspace: Workspace, run: Run, tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, ["3-5", 5.1, "入户一", 4])
        sheet.write_row(2, 0, ["3-6", 5.1, "入户二", 4])

    file = tmp_path / "登记.xlsx"
    file.write_bytes(workbook(fill))
    import_asking(workspace, file, ("“服务项”一列里的数字 5.1 是哪一项", "5.1"))
    assert [one["item"] for one in list_entries(run, *HERE)] == ["5.1", "5.1"]
