"""Rosters from the command line and from files, and the training record of every worker."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from sgtrack.workspace import Workspace

from ..support.command_line import Run
from ..support.tables import csv_bytes, read_text, workbook

HERE = ("-c", "xianheguan")
ROWS = [
    ("姓名", "电话", "角色", "起始日期"),
    ("甲", "1", "志愿者", "2026-03-01"),
    ("乙", "2", "", ""),
]


def fill_roster(_: object, sheet: Any) -> None:
    for line, row in enumerate(ROWS):
        sheet.write_row(line, 0, row)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("名册.csv", partial(csv_bytes, ROWS)),
        ("名册.csv", partial(csv_bytes, ROWS, "utf-8-sig")),
        ("名册.csv", partial(csv_bytes, ROWS, "gbk")),
        ("名册.xlsx", partial(workbook, fill_roster)),
    ],
    ids=["utf-8", "utf-8 with a mark", "gbk", "xlsx"],
)
def test_a_roster_is_read_from_a_file(
    run: Run, tmp_path: Path, name: str, content: Callable[[], bytes]
) -> None:
    file = tmp_path / name
    file.write_bytes(content())
    assert "可以导入 2 人" in run("people", "import", str(file), "--dry-run", *HERE).out
    assert json.loads(run("people", "list", "--json", *HERE).out) == []
    assert "导入了 2 人" in run("people", "import", str(file), *HERE).out
    listed = json.loads(run("people", "list", "--json", "--with-names", *HERE).out)
    assert sorted((one["name"], one["role"], one["since"]) for one in listed) == [
        ("乙", "社区工作者", "2026-01-01"),
        ("甲", "志愿者", "2026-03-01"),
    ]


def test_every_wrong_row_is_named_and_none_is_written(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "名册.csv"
    file.write_text(
        "姓名,角色,起始日期\n甲,,\n,志愿者,\n乙,县长,\n甲,,\n丙,,2030-01-01\n丁,,某天\n",
        encoding="utf-8",
    )
    ran = run("people", "import", str(file), *HERE)
    assert ran.code == 1
    for row in (3, 4, 5, 6, 7):
        assert f"第{row}行" in ran.err
    assert "第2行" not in ran.err
    assert json.loads(run("people", "list", "--json", *HERE).out) == []


def test_people_already_on_the_roster_are_named(run: Run, tmp_path: Path) -> None:
    run("people", "add", "乙", *HERE)
    file = tmp_path / "名册.csv"
    file.write_text("姓名\n甲\n乙\n", encoding="utf-8")
    ran = run("people", "import", str(file), *HERE)
    assert ran.code == 1
    assert "第 2 个人已经在" in ran.err
    assert len(json.loads(run("people", "list", "--json", *HERE).out)) == 1


def test_someone_taken_off_the_roster_is_no_longer_counted(run: Run, log: Run) -> None:
    run("people", "add", "工甲", "错名", *HERE)
    log("9.1.2", "20学时", "--who", "工甲", "-t", "课程", "-d", "3-1")
    assert least(run) == 0
    assert run("people", "void", "错名", "-r", "名字写错", *HERE).code == 0
    assert least(run) == 20


def least(run: Run, *words: str) -> float:
    (community,) = json.loads(run("status", "9.1.2", "--json", *words, *HERE).out)["communities"]
    (found,) = [i["actual"] for i in community["indicators"] if i["kind"] == "per_person"]
    return float(found)


def test_someone_who_left_counts_until_the_last_day(run: Run, log: Run) -> None:
    run("people", "add", "工甲", "工乙", *HERE)
    log("9.1.2", "20学时", "--who", "工甲", "-t", "课程", "-d", "3-1")
    log("9.1.2", "4学时", "--who", "工乙", "-t", "课程二", "-d", "3-2")
    assert least(run) == 4
    ran = run("people", "leave", "工乙", "--on", "5-31", *HERE)
    assert (ran.code, "2026-05-31" in ran.out) == (0, True), ran.err
    assert least(run) == 20
    assert [least(run, "--as-of", day) for day in ("5-30", "5-31", "6-1")] == [4, 4, 20]
    assert "工乙" not in log("5.1", "3人次", "-d", "6-2", "-t", "工乙交接").out
    shown = run("people", "list", "--with-names", *HERE).out
    assert "2026-05-31" in shown
    record = run("people", "training", "--with-names", *HERE).out
    assert "已离开" in record
    assert "课程二" in record


def test_someone_who_left_is_added_again(run: Run, log: Run) -> None:
    run("people", "add", "工甲", *HERE)
    run("people", "leave", "工甲", "--on", "3-31", *HERE)
    for since in ("2-1", "3-31"):
        ran = run("people", "add", "工甲", "--since", since, *HERE)
        assert (ran.code, "到 2026-03-31 为止" in ran.err) == (1, True)
    assert run("people", "add", "工甲", "--since", "5-1", *HERE).code == 0
    log("9.1.2", "6学时", "--who", "工甲", "-t", "课程", "-d", "5-2")
    assert least(run) == 6
    assert run("people", "leave", "工甲", "--on", "6-15", *HERE).code == 0
    listed = json.loads(run("people", "list", "--json", *HERE).out)
    assert [(p["since"], p["last_day"]) for p in listed] == [
        ("2026-01-01", "2026-03-31"),
        ("2026-05-01", "2026-06-15"),
    ]


def test_a_last_day_can_be_corrected_and_undone(run: Run) -> None:
    def days() -> list[str | None]:
        return [p["last_day"] for p in json.loads(run("people", "list", "--json", *HERE).out)]

    run("people", "add", "工甲", "工乙", *HERE)
    run("people", "leave", "工甲", "工乙", "--on", "3-31", *HERE)
    run("people", "leave", "工乙", *HERE)
    assert days() == ["2026-03-31", "2026-06-30"]
    run("people", "void", "工乙", "-r", "登记错了", *HERE)
    assert days() == ["2026-03-31"]
    for expected in (["2026-03-31", "2026-06-30"], ["2026-03-31"] * 2, [None, None], []):
        assert run("undo", "--yes").code == 0
        assert days() == expected
    assert run("verify").code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("没有", "--on", "6-1"), "没有这个姓名"),
        (("工甲", "--on", "2-28"), "从 2026-03-01 起"),
        (("工甲", "--on", "某天"), "某天"),
        (("工甲", "--on", "6-1", "--role", "志愿者"), "没有这个姓名"),
    ],
)
def test_a_wrong_last_day_is_refused(run: Run, words: tuple[str, ...], said: str) -> None:
    run("people", "add", "工甲", "--since", "3-1", *HERE)
    ran = run("people", "leave", *words, *HERE)
    assert (ran.code, said in ran.err) == (1, True), ran.err
    (person,) = json.loads(run("people", "list", "--json", *HERE).out)
    assert person["last_day"] is None


@pytest.fixture
def trained(run: Run, log: Run) -> Run:
    """A workspace with two workers, one of whom was never trained."""
    run("people", "add", "工甲", "工乙", *HERE)
    log("9.1.2", "8学时", "--who", "工甲", "-t", "社工实务", "--place", "会议室", "-d", "3-1")
    log("9.1.2", "12.5学时", "--who", "工甲", "-t", "个案工作", "-d", "5-1")
    return run


def test_the_training_record_lists_untrained_people(trained: Run, tmp_path: Path) -> None:
    shown = trained("people", "training", "--with-names", *HERE).out
    assert "含姓名" in shown
    for words in ("工甲", "20.5学时", "达标", "社工实务", "工乙", "尚缺20学时"):
        assert words in shown
    hidden = trained("people", "training", *HERE).out
    assert "工甲" not in hidden
    assert "工乙" not in hidden
    assert "第2人" in hidden


def test_the_training_record_as_files(trained: Run, tmp_path: Path) -> None:
    texts = {}
    for kind in ("md", "docx", "xlsx"):
        file = tmp_path / f"培养记录.{kind}"
        assert trained("people", "training", "--with-names", "-o", str(file), *HERE).code == 0
        texts[kind] = read_text(file)
    for kind, text in texts.items():
        for words in ("含姓名", "工甲", "20.5学时", "社工实务", "12.5学时", "工乙", "0学时"):
            assert words in text, (kind, words)


def test_the_training_record_hides_names_by_default(trained: Run, tmp_path: Path) -> None:
    for kind in ("md", "docx", "xlsx"):
        file = tmp_path / f"培养记录.{kind}"
        trained("people", "training", "-o", str(file), *HERE)
        text = read_text(file)
        assert "第2人" in text
        assert "工甲" not in text
        assert "工乙" not in text
        assert "含姓名" not in text


def test_the_training_record_of_an_earlier_day(trained: Run) -> None:
    shown = trained("people", "training", "--as-of", "3-31", *HERE).out
    assert "社工实务" in shown
    assert "个案工作" not in shown
    assert "尚缺12学时" in shown


def test_an_installed_template_of_her_own_is_taken(trained: Run, workspace: Workspace) -> None:
    (workspace.templates / "training.md").write_text("自己的：{{ role }}", encoding="utf-8")
    trained("people", "training", "-o", "记录.md", *HERE)
    assert Path("记录.md").read_text(encoding="utf-8").strip() == "自己的：社区工作者"
