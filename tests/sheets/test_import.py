"""A sheet with days and items is imported completely, or refused with every bad cell named."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from sgtrack.model.errors import Refused
from sgtrack.sheets.cell_parsing import place_of
from sgtrack.sheets.headings import find_layout, meaning_of, plain_heading
from sgtrack.sheets.row_parsing import read_rows
from sgtrack.sheets.table_reader import SheetTable, read_tables
from sgtrack.targets.loading import load_folder
from sgtrack.workspace import Workspace, packaged

from ..support.command_line import Run
from ..support.files import read_tree
from ..support.ledgers import raw
from ..support.tables import workbook, write_csv

HERE = ("-c", "xianheguan")
HEAD = ("日期", "服务项", "活动名称", "人次", "场次", "备注")
ROWS: list[tuple[Any, ...]] = [
    ("3月5日", "5.1", "入户", "4", "", ""),
    ("2026/4/6", "殡葬", "宣讲一", "８０", "1", "=1+1"),
]
WANTED = [
    ("2026-03-05", "5.1", "入户", {"人次": 4}, ""),
    ("2026-04-06", "7.3.1", "宣讲一", {"场": 1, "人次": 80}, "=1+1"),
]


def listed(run: Run) -> list[tuple[Any, ...]]:
    return [
        (one["date"], one["item"], one["title"], one["amounts"], one["note"])
        for one in json.loads(run("list", "--json", *HERE).out)
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_a_csv_of_any_common_encoding(run: Run, tmp_path: Path, encoding: str) -> None:
    file = write_csv(tmp_path / "台账.csv", [HEAD, *ROWS], encoding)
    assert "可以导入 2 条" in run("import", str(file), "--dry-run", *HERE).out
    assert listed(run) == []
    assert "导入了 2 条记录" in run("import", str(file), *HERE).out
    assert listed(run) == WANTED
    again = run("import", str(file), *HERE)
    assert (again.code, again.out) == (0, "导入了 0 条记录，2 条台账里已有，跳过\n")
    assert listed(run) == WANTED


def test_days_as_dates_serial_numbers_and_text_in_merged_cells(run: Run, tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook, sheet: Any) -> None:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.merge_range(0, 0, 0, 4, "某社工站活动登记表")
        for column, heading in enumerate(("日 期", "服务项目*", "活动名称", "人次", "份")):
            sheet.write(1, column, heading)
        sheet.merge_range(2, 0, 4, 0, date(2026, 3, 5), day)
        sheet.merge_range(2, 3, 3, 3, 30)  # 30 visits of the first two rows together
        for line, (code, title) in enumerate((("7.3", "甲"), ("7.3", "乙"), ("5.1", "丙")), 2):
            sheet.write(line, 1, code)
            sheet.write(line, 2, title)
        sheet.write(3, 4, 100)
        sheet.write(4, 3, 2)
        sheet.write(5, 0, 46118)  # 2026-04-06 as Excel counts
        sheet.write_row(5, 1, ["5.1", "丁", 3])
        sheet.write_datetime(6, 0, datetime(2026, 4, 7, 9, 30), day)  # noqa: DTZ001
        sheet.write_row(6, 1, ["5.1 入户访视", "戊", 1])
        sheet.write_row(7, 0, ["合计", "", "", 36])

    file = tmp_path / "登记.xlsx"
    file.write_bytes(workbook(fill))
    assert run("import", str(file), *HERE).err == ""
    assert [one[:4] for one in listed(run)] == [
        ("2026-03-05", "7.3", "甲", {"场": 1, "人次": 30}),
        ("2026-03-05", "7.3", "乙", {"份": 100}),
        ("2026-03-05", "5.1", "丙", {"人次": 2}),
        ("2026-04-06", "5.1", "丁", {"人次": 3}),
        ("2026-04-07", "5.1", "戊", {"人次": 1}),
    ]


def test_an_excel_97_file(run: Run) -> None:
    file = Path(__file__).parents[1] / "data" / "excel97.xls"
    assert "导入了 2 条记录" in run("import", str(file), *HERE).out
    assert listed(run) == WANTED


def test_the_form_is_filled_in_and_imported(run: Run, tmp_path: Path) -> None:
    form = tmp_path / "空表.xlsx"
    assert run("sheet", str(form), *HERE).code == 0
    head = list(read_tables(form, lambda _: "")[0].rows)[2]

    def fill(book: xlsxwriter.Workbook, sheet: Any) -> None:
        sheet.write_row(0, 0, head)
        sheet.write_row(
            1,
            0,
            ["3-12", "7.3.1 惠民殡葬政策宣讲", "进小区", 80, "人次", 100, "份", "", "", "广场"],
        )
        sheet.write(1, 9, "广场")
        sheet.write_row(2, 0, ["3-13", "7.2.2 注册志愿者", "注册", 2, "人"])
        sheet.write(2, 10, "甲、乙")

    filled = tmp_path / "填好.xlsx"
    filled.write_bytes(workbook(fill))
    assert run("import", str(filled), *HERE).err == ""
    first, second = json.loads(run("list", "--json", *HERE).out)
    assert (first["amounts"], first["place"]) == ({"场": 1, "份": 100, "人次": 80}, "广场")
    assert (second["amounts"], second["people"]) == ({"人": 2}, 2)


def test_every_bad_cell_is_named_and_nothing_is_written(
    run: Run, workspace: Workspace, tmp_path: Path
) -> None:
    run("log", "5.1", "3人次", "-d", "3-1", "-t", "已有", *HERE)
    before = read_tree(workspace.root)
    rows = [
        ("4-31", "7.3", "没有这一天", "10", "", ""),
        ("5-1", "没有这项", "x", "10", "", ""),
        ("5-2", "7.3", "负数", "-3", "", ""),
        ("5-3", "7.3", "不是数", "很多", "", ""),
        ("", "7.3", "没有日期", "3", "", ""),
        ("3-1", "5.1", "已有", "9", "", ""),
        ("5-4", "5.1", "两次", "1", "", ""),
        ("5-4", "5.1", "两次", "2", "", ""),
        ("5-5", "5.1", "好的", "2", "", ""),
        ("12-30", "5.1", "还没有到", "2", "", ""),
    ]
    ran = run("import", str(write_csv(tmp_path / "a.csv", [HEAD, *rows])), *HERE)
    assert ran.code == 1
    assert "有 8 处不对" in ran.err
    for place in ("A2", "B3", "D4", "D5", "A6", "第7行", "第9行", "第11行"):
        assert f"a.csv!{place}" in ran.err
    assert "“很多”" in ran.err
    assert read_tree(workspace.root) == before


def test_unknown_headings_are_asked_about_and_remembered(run: Run, tmp_path: Path) -> None:
    head = ("日期", "服务项", "干了啥", "心情", "来了多少人次")
    file = write_csv(tmp_path / "a.csv", [head, ("3-5", "5.1", "入户", "好", "4")])
    ran = run("import", str(file), *HERE)
    assert (ran.code, "不认识这些列：干了啥、心情" in ran.err) == (1, True)
    maps = ("--map", "干了啥=标题", "--map", "心情=不用")
    assert "导入了 1 条" in run("import", str(file), *maps, *HERE).out
    assert listed(run)[0][2:4] == ("入户", {"人次": 4})
    later = write_csv(tmp_path / "b.csv", [head, ("3-6", "5.1", "入户", "好", "4")])
    assert "导入了 1 条" in run("import", str(later), *HERE).out


@pytest.mark.parametrize(
    ("words", "place", "code"),
    [
        (("--map", "人次=地点", "--dry-run"), "4", 0),
        (("--map", "人次=地点", "--map", "错=标题"), "x" * 500, 1),
        (("--map", "人次=地点", "--map", "备注=服务项目"), "4", 1),
        (("--map", "人次=不用", "--map", "日期=不用"), "4", 1),
    ],
)
def test_a_dry_or_refused_import_leaves_no_memory(
    run: Run, workspace: Workspace, tmp_path: Path, words: tuple[str, ...], place: str, code: int
) -> None:
    head = ("日期", "服务项", "人次")
    tried = write_csv(tmp_path / "a.csv", [(*head, "数量"), ("3-5", "5.1", place, "3")])
    before = read_tree(workspace.root)
    assert run("import", str(tried), *words, *HERE).code == code
    assert read_tree(workspace.root) == before
    plain = write_csv(tmp_path / "b.csv", [head, ("3-5", "5.1", "4")])
    assert run("import", str(plain), *HERE).code == 0
    assert listed(run)[0][3] == {"人次": 4}


def test_rows_are_kept_where_the_headings_cannot_be_remembered(
    run: Run, workspace: Workspace, tmp_path: Path
) -> None:
    (workspace.root / "headings.json").mkdir()
    file = write_csv(tmp_path / "a.csv", [("日期", "服务项", "来人"), ("3-5", "5.1", "4")])
    ran = run("import", str(file), "--map", "来人=人次", *HERE)
    assert (ran.code, "导入了 1 条" in ran.out) == (0, True)
    assert "未能记住列名" in ran.err
    assert listed(run)[0][3] == {"人次": 4}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("空.csv", b""),
        ("坏.xlsx", b"PK\x03\x04 nothing of the kind"),
        ("图.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xfe\x81"),
        ("没有列名.csv", "甲,乙\n1,2\n".encode()),
        ("只有列名.csv", "日期,服务项\n".encode()),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_files_that_hold_no_activities(
    run: Run, workspace: Workspace, tmp_path: Path, name: str, content: bytes
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    before = read_tree(workspace.root)
    ran = run("import", str(file), *HERE)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("错误：")
    assert "改法：" in ran.err
    assert read_tree(workspace.root) == before


def many(path: Path, count: int = 10_000) -> Path:
    rows = [
        (f"2026-{1 + n % 6:02}-{1 + n % 28:02}", "6.2", f"第{n}次", 1 + n % 9) for n in range(count)
    ]
    return write_csv(path, [("日期", "服务项", "标题", "人次"), *rows])


@pytest.mark.skipif(os.name != "posix", reason="pexpect needs a POSIX terminal")
def test_ten_thousand_rows_in_one_transaction_with_a_bar(
    workspace: Workspace, tmp_path: Path
) -> None:
    pexpect = pytest.importorskip("pexpect")
    file = many(tmp_path / "多.csv")
    child = pexpect.spawn(
        sys.executable,
        ["-m", "sgtrack", "import", str(file), *HERE],
        env=os.environ | {"SGTRACK_HOME": str(workspace.root), "TERM": "xterm"},
        encoding="utf-8",
        timeout=120,
        dimensions=(30, 80),
    )
    child.expect_exact("写入")
    child.expect_exact("10000/10000")
    child.expect_exact("导入了 10000 条记录")
    with raw(workspace.ledger) as db:
        counted = db.execute("SELECT count(*), count(DISTINCT id) FROM activity").fetchone()
    assert counted == (10000, 10000)


@pytest.mark.about_the_file("its journal tells when it is being written")
def test_an_interrupted_import_leaves_nothing(
    run: Run, workspace: Workspace, tmp_path: Path
) -> None:
    run("log", "5.1", "3人次", "-d", "3-1", *HERE)
    running = subprocess.Popen(
        [sys.executable, "-m", "sgtrack", "import", str(many(tmp_path / "多.csv")), *HERE],
        env=os.environ | {"SGTRACK_HOME": str(workspace.root)},
    )
    journal = workspace.root / "ledger.db-journal"
    while not (journal.exists() and journal.stat().st_size > 0):  # it is writing
        assert running.poll() is None
        time.sleep(0.01)
    running.kill()
    running.wait()
    assert len(json.loads(run("list", "--json", *HERE).out)) == 1
    assert run("verify").code == 0


@given(st.integers(0, 20_000), st.integers(0, 18_000))
def test_cells_are_named_as_excel_does(row: int, column: int) -> None:
    from xlsxwriter.utility import xl_rowcol_to_cell

    assert place_of(row, column) == xl_rowcol_to_cell(row, column)


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("活动时间", "日期"),
        ("数量1（个）", "数量"),
        (" 服务 人次 ", "人次"),
        ("发放资料份", None),
        ("场", "场"),
        ("志愿时长", None),
    ],
)
def test_what_a_heading_means(heading: str, meaning: str | None) -> None:
    assert meaning_of(plain_heading(heading)) == meaning


PROJECT = load_folder(packaged("targets")).projects[1]
"""No fixture, because hypothesis prints the arguments of a failure."""
CELLS = st.one_of(st.none(), st.text(max_size=12), st.floats(allow_nan=False), st.dates())


@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), max_size=6))
def test_no_cells_crash_the_reader(rows: list[tuple[Any, ...]]) -> None:
    table = SheetTable("表", (("日期", "服务项", "人次", "备注"), *rows))
    layout = find_layout(table, {})
    assert layout is not None
    assert len(list(read_rows(PROJECT, layout, date(2026, 6, 30)))) <= len(rows)


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "大.csv"
    with file.open("wb") as handle:
        handle.truncate(50_000_001)
    with pytest.raises(Refused, match="太大"):
        read_tables(file, lambda _: "")
