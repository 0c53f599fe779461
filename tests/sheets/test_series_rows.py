"""Sessions of groups and cases in imported sheets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ..support.command_line import Run
from ..support.office import edit_cells
from ..support.tables import write_csv

HERE = ("-c", "sanli")
HEAD = ("日期", "服务项", "标题", "人次", "备注")


def put(run: Run, folder: Path, *rows: tuple[str, str, str, str, str]) -> Any:
    return run("import", str(write_csv(folder / "小组.csv", [HEAD, *rows])), *HERE)


def listed(run: Run) -> list[tuple[str, int | None, str]]:
    entries = json.loads(run("list", "6.8.2", "--json", *HERE).out)
    return [(e["series"], e["session"], e["note"]) for e in entries]


def test_rows_of_one_group_have_one_name(run: Run, tmp_path: Path) -> None:
    rows = [
        ("2026-03-01", "6.8.2", "夕阳红小组第一节", "8", ""),
        ("2026-03-08", "6.8.2", "“夕阳红”小组（第2次）", "9", "下雨"),
        ("2026-03-15", "6.8.2", "夕阳红 小组：认识情绪", "9", "有雾"),
        ("2026-03-16", "6.8.2", "夕阳虹小组", "7", ""),
        ("2026-03-17", "5.1", "夕阳红小组第4节", "7", ""),
    ]
    assert put(run, tmp_path, *rows).code == 0
    known = [
        ("夕阳红小组", 1, ""),
        ("夕阳红小组", 2, "下雨"),
        ("夕阳红小组", None, "有雾；主题：认识情绪"),
        ("夕阳虹小组", None, ""),
    ]
    assert listed(run) == known
    assert put(run, tmp_path, *rows).code == 0
    assert listed(run) == known
    (visit,) = json.loads(run("list", "5.1", "--json", *HERE).out)
    assert (visit["title"], visit["series"]) == ("夕阳红小组第4节", None)


def test_a_row_takes_the_spelling_of_the_ledger(run: Run, tmp_path: Path) -> None:
    run("log", "6.8.2", "8人次", "-t", "夕阳红小组", "-d", "3-1", *HERE)
    assert put(run, tmp_path, ("2026-03-08", "6.8.2", "夕阳红　小组第二节", "9", "")).code == 0
    assert listed(run) == [("夕阳红小组", None, ""), ("夕阳红小组", 2, "")]


@pytest.mark.parametrize("title", ["夕阳虹小组第2节", "夕阳红互助小组", "小组活动"])
def test_a_close_name_in_a_sheet_is_refused(run: Run, tmp_path: Path, title: str) -> None:
    run("log", "6.8.2", "8人次", "-t", "夕阳红小组", "-d", "3-1", *HERE)
    row = ("2026-03-08", "6.8.2", title, "9", "")
    refused = put(run, tmp_path, row)
    assert refused.code == 1
    assert "第2行" in refused.err
    assert "进行中的" in refused.err
    assert "是它就把标题写成 夕阳红小组" in refused.err
    assert len(listed(run)) == 1
    if title == "小组活动":
        return
    run("log", "6.8.2", "8人次", "-t", title, "-d", "3-2", "--again", *HERE)
    assert put(run, tmp_path, row).code == 0
    assert len(listed(run)) == 3


def test_a_title_edited_in_an_export_takes_the_name_of_the_group(run: Run, tmp_path: Path) -> None:
    run("log", "6.8.2", "8人次", "-t", "夕阳红小组", "-d", "3-1", *HERE)
    run("log", "6.8.2", "8人次", "-t", "木棉小组", "-d", "3-8", *HERE)
    file = tmp_path / "台账.xlsx"
    assert run("export", str(file), *HERE).code == 0
    close = tmp_path / "相近.xlsx"
    edit_cells(file, {"台账": {"E7": "夕阳虹小组"}}, close)
    refused = run("import", str(close), "-r", "名称写错", *HERE)
    assert (refused.code, "是它就把标题写成 夕阳红小组" in refused.err) == (1, True)
    edit_cells(file, {"台账": {"E7": "“夕阳红”小组第二节“再见”"}})
    assert run("import", str(file), "-r", "名称写错", *HERE).code == 0
    corrected = [("夕阳红小组", None, ""), ("夕阳红小组", 2, "主题：再见")]
    assert listed(run) == corrected
    again = run("import", str(file), "-r", "名称写错", *HERE)
    assert (again.code, "更正了" in again.out) == (0, False)
    assert listed(run) == corrected


def test_two_sessions_of_a_day_are_two_rows(run: Run, tmp_path: Path) -> None:
    rows = [
        ("2026-03-01", "6.8.2", f"夕阳红小组第{number}节", people, "")
        for number, people in (("1", "8"), ("2", "8"), ("3", "9"))
    ]
    assert put(run, tmp_path, *rows).code == 0
    assert [session for _, session, _ in listed(run)] == [1, 2, 3]
    again = put(run, tmp_path, *rows)
    assert (again.code, len(listed(run))) == (0, 3)
    unnumbered = put(run, tmp_path, ("2026-03-01", "6.8.2", "夕阳红小组", "12", ""))
    assert (unnumbered.code, "台账里已有这次活动" in unnumbered.err) == (1, True)
    assert run("log", "6.8.2", "8人次", "-t", "木棉小组", "-d", "3-2", *HERE).code == 0
    number = put(run, tmp_path, ("2026-03-02", "6.8.2", "木棉小组第1节", "9", ""))
    assert (number.code, "台账里已有这次活动" in number.err) == (1, True)
